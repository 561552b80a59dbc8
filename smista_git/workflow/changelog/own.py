"""Commits that wrote their own entry: those whose diff put a line into the changelog that is still there."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from smista_git.errors import GitFailed
from smista_git.git.process import decode
from smista_git.git.repository import Repository
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.match import words_of
from smista_git.workflow.changelog.file import ChangelogFile
from smista_git.workflow.changelog.history import Span

_LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Written:
    """The commits that wrote entries which the file still has, and which entries the file got as a whole by others."""

    oids: frozenset[str] = field(default_factory=frozenset)

    def has(self, entry: Entry) -> bool:
        """Whether one of the entry's commits put its own entry into the file."""
        return not self.oids.isdisjoint(entry.oids)


def entries_written(repo: Repository, span: Span, file: ChangelogFile) -> Written:
    """The commits of the span that put an entry into the file; a line that is gone, or that says little, counts not."""
    if not file.exists or not file.path.resolve().is_relative_to(repo.root.resolve()):
        return Written()
    name = os.path.relpath(file.path.resolve(), repo.root.resolve())
    kept = {line.strip() for line in file.text.split("\n")}
    words = (
        "log", "--format=%x01%H", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "-p", "-U0", "--no-merges",
    )  # fmt: skip
    try:
        done = repo.run("--literal-pathspecs", *words, *span.revisions, "--", name)
    except GitFailed:
        return Written()
    oids, oid = set(), ""
    for line in decode(done.stdout).split("\n"):
        if line.startswith("\x01"):
            oid = line[1:]
        elif (
            line.startswith("+")
            and not line.startswith("+++")
            and _is_entry(line[1:])
            and line[1:].strip() in kept
        ):
            oids.add(oid)
    return Written(frozenset(oids))


def _is_entry(line: str) -> bool:
    return line.lstrip()[:2] in ("- ", "* ", "+ ") and len(words_of(line)) >= _LEAST_WORDS
