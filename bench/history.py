"""Reads the history of any repository, bare or not, for the measurements: what was changed, and what its author wrote."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smista_git.change.model import Change
from smista_git.change.parse import parse_change
from smista_git.classify.habits import PastCommit

_PINNED = ("-c", "core.quotePath=false", "-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false")
_DIFF = (
    "--no-commit-id",
    "--root",
    "-r",
    "-M",
    "--full-index",
    "--no-ext-diff",
    "--no-textconv",
    "--submodule=short",
)


@dataclass(frozen=True, slots=True)
class Written:
    """A commit as its author wrote it."""

    sha: str
    subject: str
    body: str


def git(repo: Path, *args: str) -> bytes:
    """What git prints for a command on that repository."""
    return subprocess.run(["git", *_PINNED, "-C", str(repo), *args], capture_output=True, check=True).stdout


def last_commits(repo: Path, count: int, *, tip: str = "HEAD") -> list[Written]:
    """The last commits that are no merges, newest first."""
    out = git(repo, "log", "--no-merges", f"-{count}", "-z", "--format=%H%x01%s%x01%b", tip)
    records = out.decode("utf-8", "replace").split("\0")
    return [Written(*record.lstrip("\n").split("\x01", 2)) for record in records if record.strip()]


def past_commits(repo: Path, rev: str, count: int) -> tuple[PastCommit, ...]:
    """The commits that led to ``rev``, newest first, with the paths that each touched; none before a root."""
    out = git(repo, "log", "--no-merges", f"-{count}", "--name-only", "-z", "--format=%x01%s", rev)
    return tuple(_past(out.decode("utf-8", "surrogateescape")))


def _past(text: str) -> Iterator[PastCommit]:
    for record in text.split("\x01")[1:]:
        subject, *paths = record.split("\0")
        yield PastCommit(subject.strip(), tuple(p.lstrip("\n") for p in paths if p.strip("\n")))


def change_of(repo: Path, sha: str) -> Change:
    """What a commit changed against its first parent."""
    raw = git(repo, "diff-tree", *_DIFF, "--raw", "-z", sha)
    numstat = git(repo, "diff-tree", *_DIFF, "--numstat", "-z", sha)
    patch = git(repo, "diff-tree", *_DIFF, "-p", "--src-prefix=a/", "--dst-prefix=b/", sha)
    return parse_change(raw, numstat, patch)


def has_parent(repo: Path, sha: str) -> bool:
    """True when the commit has a parent here: a root and the edge of a shallow clone have none."""
    return len(git(repo, "rev-list", "--parents", "-1", sha).split()) > 1
