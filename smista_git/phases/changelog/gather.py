"""From commits to entries, as the commits come: what pull requests say of them, without those that undid each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from smista_git.phases.changelog.entries import Commit, Entry, known, of_message
from smista_git.phases.changelog.reverts import Reverts
from smista_git.phases.conventional import Message, Reference, parse_message

# What a merge is called that is no change of its own, where git's own words for it were written over.
_JOINS = re.compile(r"merg(?:e[ds]?|ing)\b|conflicts?\b|reconcile\b", re.IGNORECASE)
# So many entries of one commit keep their order; further ones may stand before those of the next commit.
_RANKS = 1 << 10


def entries_of(commits: Iterable[Commit]) -> list[Entry]:
    """The entries of commits given newest first, oldest first; what was undone among them is left out."""
    gathered = Gathered()
    for commit in commits:
        gathered.add(commit)
    return gathered.entries()


@dataclass(slots=True)
class _Group:
    """A merged pull request: ``titled`` is None until its commits are all known."""

    pull: Reference
    titled: bool | None


@dataclass(slots=True)
class _Block:
    """What one commit says; ``group`` is the merge that brought it, ``conventional`` whether its subject is."""

    oid: str
    entries: tuple[Entry, ...]
    group: str | None = None
    conventional: bool = False
    author: tuple[str, str] = ("", "")


@dataclass(slots=True)
class Gathered:
    """The commits of one release, newest first. Their entries are kept, not their messages.

    The title of a merged pull request speaks for its commits, unless most of these are conventional and the title is not.
    """

    commits: int = 0
    _blocks: list[_Block] = field(default_factory=list)
    _groups: dict[str, _Group] = field(default_factory=dict)
    _reverts: Reverts = field(default_factory=Reverts)

    def add(self, commit: Commit) -> None:
        """Take the next older commit."""
        message = parse_message(f"{commit.subject}\n\n{commit.body}" if commit.body else commit.subject)
        self._reverts.saw(commit, message)
        if message.merge or _joins(commit, message):
            self._merge(commit, message)
        else:
            group = self._groups.get(commit.merge or "")
            spoken_for = message.fixup or (group is not None and group.titled is True)
            found = () if spoken_for else self._entries(commit, message, group.pull if group else None)
            merge = commit.merge if group else None
            author = (commit.author, commit.email)
            self._blocks.append(_Block(commit.oid, found, merge, known(message.said), author))
        self.commits += 1

    def _merge(self, commit: Commit, message: Message) -> None:
        said = message.said
        if said.pull is None:
            return
        has_title = said.text != commit.subject
        titled = None if has_title and not known(said) else has_title
        self._groups[commit.oid] = _Group(said.pull, titled)
        found = self._entries(commit, message, None) if has_title else ()
        self._blocks.append(_Block(commit.oid, found, commit.oid))

    def _entries(self, commit: Commit, message: Message, pull: Reference | None) -> tuple[Entry, ...]:
        return tuple(of_message(message, commit, pull=pull, rank=-self.commits * _RANKS))

    def entries(self) -> list[Entry]:
        """What the commits so far say, oldest first."""
        gone = self._reverts.gone()
        blocks = [b for b in reversed(self._blocks) if b.oid not in gone] if gone else self._blocks[::-1]
        members: dict[str, list[_Block]] = {}
        for block in blocks:
            if block.group and block.group != block.oid:
                members.setdefault(block.group, []).append(block)
        titled = {oid for oid, group in self._groups.items() if _speaks(group, members.get(oid, []))}
        entries: list[Entry] = []
        for block in blocks:
            if block.group == block.oid:
                entries += _of_merge(block, members.get(block.oid, [])) if block.oid in titled else ()
            elif block.group not in titled:
                entries += block.entries
        return entries


def _joins(commit: Commit, message: Message) -> bool:
    """Whether a commit of several parents is the merge of a pull request by its title, or says no more than that it merges."""
    said = message.said
    return len(commit.parents) > 1 and (said.pull is not None or _JOINS.search(commit.subject) is not None)


def _speaks(group: _Group, members: list[_Block]) -> bool:
    if group.titled is not None:
        return group.titled
    return not members or sum(block.conventional for block in members) * 2 < len(members)


def _of_merge(merge: _Block, members: list[_Block]) -> Iterable[Entry]:
    """The entries of a merge's title, standing for the commits that it brought, by the author of the oldest."""
    if not members:
        return merge.entries
    oids = (merge.oid, *(member.oid for member in members))
    author, email = members[0].author
    return [replace(entry, oids=oids, author=author, email=email) for entry in merge.entries]
