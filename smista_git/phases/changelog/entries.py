"""From commits to entries: what each commit says that it did, without those that undid each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from smista_git.phases.changelog.wording import SURE, kind_of_words, split_area, verb_kind
from smista_git.phases.conventional import Message, Reference, Said, parse_message, without_pull
from smista_git.phases.conventional_types import TYPES

# Below this, what the words or the classifier say is no more than a guess, and the entry counts as a change.
LEAST_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit as history gives it; ``release`` is the tag that holds it, or None after the last one.

    ``merge`` is the full name of the merge that brought it into the main line, or None where it is on that line.
    """

    oid: str
    parents: tuple[str, ...]
    time_s: int
    author: str
    email: str
    subject: str
    body: str
    release: str | None = None
    merge: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that changed. ``kind`` is the Angular type, or change, deprecate, remove, security, deps, release.

    ``text`` is what the message says, without type, scope and the number of the pull request. ``confidence`` is that
    of ``kind``; ``oids`` are the commits that it stands for, oldest first; ``rank`` is its place in history.
    """

    text: str
    kind: str
    oids: tuple[str, ...]
    scope: str | None = None
    breaking: bool = False
    notes: tuple[str, ...] = ()
    pull: Reference | None = None
    references: tuple[Reference, ...] = ()
    author: str = ""
    email: str = ""
    co_authors: tuple[str, ...] = ()
    time_s: int = 0
    rank: int = 0
    release: str | None = None
    conventional: bool = False
    confidence: float = 1.0

    @property
    def unsure(self) -> bool:
        """True when neither the message nor the change says well enough what it is."""
        return self.confidence < LEAST_CONFIDENCE

    @property
    def mentions(self) -> tuple[Reference, ...]:
        """The pull request, then what the message closes or names, each once."""
        both = ((self.pull,) if self.pull else ()) + self.references
        return tuple({str(reference): reference for reference in reversed(both)}.values())[::-1]


@dataclass(frozen=True, slots=True)
class Read:
    """A commit with its message read."""

    commit: Commit
    message: Message


def read_commits(commits: Iterable[Commit]) -> Iterator[Read]:
    """The commits with their messages read, in the order given."""
    for commit in commits:
        yield Read(
            commit, parse_message(f"{commit.subject}\n\n{commit.body}" if commit.body else commit.subject)
        )


def entries_of(reads: Sequence[Read]) -> list[Entry]:
    """The entries of commits given newest first, oldest first; what was undone within the range is left out."""
    alive = cancel_reverts(reads)
    groups = _Groups(alive)
    entries: list[Entry] = []
    for read in reversed(alive):
        if read.message.fixup or groups.speaks_for(read):
            continue
        if read.message.merge:
            entries += groups.of_merge(read)
        else:
            entries += of_message(read, pull=groups.pull_of(read))
    return [replace(entry, rank=rank) for rank, entry in enumerate(entries)]


def with_own_references(entries: Iterable[Entry], place: str) -> list[Entry]:
    """The entries, references by their whole address to ``place`` being this repository's own."""
    return [
        replace(
            entry,
            references=tuple(
                replace(r, place="") if r.place.lower() == place.lower() else r for r in entry.references
            ),
        )
        if any(reference.place for reference in entry.references)
        else entry
        for entry in entries
    ]


class _Groups:
    """Merged pull requests and the commits that each brought in.

    The title of a pull request speaks for its commits, unless most of these are conventional and the title is not.
    """

    def __init__(self, reads: Sequence[Read]) -> None:
        self._merges = {r.commit.oid: r for r in reads if r.message.merge and r.message.said.pull}
        self._members: dict[str, list[Read]] = {}
        for read in reads:
            if read.commit.merge in self._merges and not read.message.merge:
                self._members.setdefault(read.commit.merge or "", []).append(read)
        self._titled = {oid for oid, read in self._merges.items() if self._has_title(read)}

    def _has_title(self, merge: Read) -> bool:
        said = merge.message.said
        if said.text == merge.commit.subject:
            return False
        members = self._members.get(merge.commit.oid, [])
        return _known(said) or sum(_known(read.message.said) for read in members) * 2 < len(members)

    def speaks_for(self, read: Read) -> bool:
        """True when the title of the pull request that brought this commit says it already."""
        return not read.message.merge and read.commit.merge in self._titled

    def pull_of(self, read: Read) -> Reference | None:
        """The pull request that brought a commit in."""
        merge = self._merges.get(read.commit.merge or "")
        return merge.message.said.pull if merge else None

    def of_merge(self, read: Read) -> Iterator[Entry]:
        """The entries of a merge: those of its title, or none."""
        if read.commit.oid not in self._titled:
            return
        members = self._members.get(read.commit.oid, [])
        author = members[-1].commit if members else read.commit
        oids = (read.commit.oid, *(member.commit.oid for member in reversed(members)))
        for entry in of_message(read):
            yield replace(entry, oids=oids, author=author.author, email=author.email)


def of_message(read: Read, *, pull: Reference | None = None) -> Iterator[Entry]:
    """The entries of one commit: its subject's, or those in its body where the subject is none."""
    message, commit = read.message, read.commit
    saids = message.more if message.more and message.said.type is None else (message.said, *message.more)
    for said in saids:
        entry = _entry(said, commit)
        if entry is not None:
            shared = pull or message.said.pull
            yield replace(entry, pull=said.pull or shared, co_authors=message.co_authors)


def _entry(said: Said, commit: Commit) -> Entry | None:
    kind, confidence, scope, text = kind_of(said)
    if not text.strip():
        return None
    return Entry(
        text=text,
        kind=kind,
        oids=(commit.oid,),
        scope=scope,
        breaking=said.breaking,
        notes=said.notes,
        pull=said.pull,
        references=said.references,
        author=commit.author,
        email=commit.email,
        time_s=commit.time_s,
        release=commit.release,
        conventional=_known(said),
        confidence=confidence,
    )


def kind_of(said: Said) -> tuple[str, float, str | None, str]:
    """Kind, confidence, scope and text of what was said; an unknown type is the area that it speaks of."""
    if said.type in TYPES and said.type is not None:
        kind = TYPES[said.type]
        if said.scope and said.scope.lower() in ("deps", "deps-dev", "dependencies", "dev-deps"):
            kind = "deps"
        if kind in ("chore", "build") and (found := kind_of_words(said.text))[0] in ("release", "deps"):
            kind = found[0]
        if kind in ("feat", "change") and verb_kind(said.text) in ("deprecate", "remove"):
            kind = verb_kind(said.text) or kind
        if kind in ("fix", "change") and "security" in (said.scope or "").lower().split(","):
            kind = "security"
        return kind, 1.0, said.scope, said.text
    area: str | None
    area, text = (said.lead, said.text) if said.type else split_area(said.text)
    kind, confidence = kind_of_words(text)
    of_area = kind_of_words(area) if area else ("", 0.0)
    if of_area[1] >= SURE:
        kind, confidence = of_area
    return kind, confidence, area, text


def cancel_reverts(reads: Sequence[Read]) -> list[Read]:
    """The reads, newest first as given, without commits that a later one of them took back, and without that one.

    A revert of a revert brings the first one back; a revert of what is older than the range stays.
    """
    if not any(read.message.reverts or read.message.reverted for read in reads):
        return list(reads)
    by_oid: dict[str, Read] = {}
    by_subject: dict[str, Read] = {}
    turned: dict[str, set[str]] = {}
    gone: set[str] = set()
    for read in reversed(reads):
        oid = read.commit.oid
        for target in _targets(read.message, by_oid, by_subject):
            gone ^= turned.get(target, {target})
            turned[oid] = turned.get(target, {target})
            gone.add(oid)
        by_oid[oid] = read
        by_subject[_plain(read.commit.subject)] = by_subject[read.message.said.text.casefold()] = read
    return [read for read in reads if read.commit.oid not in gone]


def _targets(message: Message, by_oid: Mapping[str, Read], by_subject: Mapping[str, Read]) -> list[str]:
    if not message.reverts and not message.reverted:
        return []
    found = [oid for prefix in message.reverts for oid in by_oid if oid.startswith(prefix)]
    if not found and message.reverted:
        read = by_subject.get(_plain(message.reverted))
        found = [read.commit.oid] if read else []
    return found


def _plain(subject: str) -> str:
    return without_pull(subject)[0].casefold()


def _known(said: Said) -> bool:
    return said.type in TYPES
