"""What the history of the changelog itself tells: which commits wrote their own entry, and what its edits speak for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from smista_git.errors import GitFailed
from smista_git.git.process import decode
from smista_git.git.repository import Repository
from smista_git.phases.changelog.by_hand import Edit, is_entry, last_summary, reworded
from smista_git.phases.changelog.document import Document, Item, Section
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.match import Matcher, known_of
from smista_git.route.policy import SinceEdit
from smista_git.workflow.changelog.file import ChangelogFile
from smista_git.workflow.changelog.fragments import commits_of
from smista_git.workflow.changelog.history import Span

_PLAIN = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "-U0")
_BULLET = re.compile(r"[ \t]*[-*+][ \t]+")


@dataclass(frozen=True, slots=True)
class Written:
    """The commits that wrote entries which the file, or a fragment for it, still has, and those in other words by now.

    ``edits`` are those of the span, newest first, what is in no commit yet before them.
    """

    oids: frozenset[str] = field(default_factory=frozenset)
    before: Matcher = field(default_factory=lambda: Matcher(()))
    edits: tuple[Edit, ...] = ()

    def has(self, entry: Entry) -> bool:
        """Whether one of its commits put its own entry into the file, or its entry was put into other words there."""
        return not self.oids.isdisjoint(entry.oids) or self.before.find(entry) is not None


@dataclass(frozen=True, slots=True)
class Seen:
    """The commits that were there when a person last edited the section to come; no ``edit`` speaks for none."""

    edit: Edit | None = None
    oids: frozenset[str] = field(default_factory=frozenset)

    def covers(self, entry: Entry) -> bool:
        """Whether that edit speaks for the entry: all that it stands for is older."""
        return self.edit is not None and self.oids.issuperset(entry.oids)


def entries_written(repo: Repository, span: Span, file: ChangelogFile, fragments: Sequence[str]) -> Written:
    """What the span did to the file; a line that is gone, or that says little, is no entry that a commit wrote."""
    edits = tuple(_edits(repo, span, file))
    kept = {line.strip() for line in file.text.split("\n")}
    oids = frozenset(edit.oid for edit in edits if edit.oid and not kept.isdisjoint(edit.added))
    oids |= commits_of(repo, span.revisions, fragments)
    lines = [_BULLET.sub("", line) for line in reworded(edits, kept)]
    before = Matcher([known_of(Item(0, 0, line, "-", "", " ")) for line in lines])
    return Written(oids, before, edits)


def seen_by_author(
    repo: Repository,
    span: Span,
    document: Document,
    section: Section | None,
    entries: Sequence[Entry],
    edits: Sequence[Edit],
    *,
    rule: SinceEdit,
) -> Seen:
    """The commits that an edit of the section speaks for: by ``auto`` where it is kept by hand, by ``yes`` always."""
    if section is None or rule == "no":
        return Seen()
    if rule == "yes":
        edit = next((edit for edit in edits if edit.added or edit.removed), None)
    else:
        edit = last_summary(document, section, entries, edits)
    if edit is None:
        return Seen()
    revisions = (edit.oid or span.tip, *span.revisions[1:])
    return Seen(edit, frozenset(decode(repo.run("rev-list", *revisions, "--").stdout).split("\n")))


def _edits(repo: Repository, span: Span, file: ChangelogFile) -> Iterator[Edit]:
    if not file.exists or not file.path.resolve().is_relative_to(repo.root.resolve()):
        return
    name = os.path.relpath(file.path.resolve(), repo.root.resolve())
    yield from _read(_asked(repo, "diff", *_PLAIN, span.tip, "--", name))
    yield from _edits_in(repo, span.revisions, name)


def lines_written(repo: Repository, revisions: Sequence[str], name: str) -> dict[str, tuple[str, ...]]:
    """The first lines of the entries that each commit of a range put into a file."""
    return {edit.oid: edit.added for edit in _edits_in(repo, revisions, name) if edit.oid}


def _edits_in(repo: Repository, revisions: Sequence[str], name: str) -> Iterator[Edit]:
    """What the commits of a range did to a file, newest first."""
    return _read(_asked(repo, "log", "--format=%x01%H", *_PLAIN, "-p", "--no-merges", *revisions, "--", name))


def _asked(repo: Repository, *words: str) -> str:
    """What git says; nothing where a blob is not here."""
    try:
        return decode(repo.run("--literal-pathspecs", *words).stdout)
    except GitFailed:
        return ""


def _read(text: str) -> Iterator[Edit]:
    """The edits in what ``git log -p -U0`` prints, in its order; those without an entry in them left out."""
    for part in re.split(r"^\x01", text, flags=re.MULTILINE):
        oid, _, patch = part.partition("diff --git ")
        hunks = [_hunk(hunk) for hunk in re.split(r"^@@ .*$", patch, flags=re.MULTILINE)[1:]]
        added = tuple(line for new, _ in hunks for line in new)
        removed = tuple(line for _, old in hunks for line in old)
        pairs = tuple(
            pair for new, old in hunks if len(new) == len(old) for pair in zip(old, new, strict=True)
        )
        if added or removed:
            yield Edit(oid.strip() or None, added, removed, pairs)


def _hunk(text: str) -> tuple[list[str], list[str]]:
    """The entries that a hunk puts in and those that it takes out."""
    lines = [line for line in text.split("\n") if is_entry(line[1:])]
    new, old = ([line[1:].strip() for line in lines if line[0] == sign] for sign in "+-")
    return new, old
