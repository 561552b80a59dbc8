"""Reads commits of any repository for the measurements: one git process a repository, diffs as Changes."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from smista_git.change.model import Change
from smista_git.change.parse import parse_change

PINNED = (
    "-z", "--raw", "--numstat", "-p", "--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/",
    "--dst-prefix=b/", "-M", "--submodule=short", "--full-index", "--no-abbrev", "-r", "--root",
)  # fmt: skip
CONVENTIONAL = re.compile(r"(?P<type>[A-Za-z]+)(?:\((?P<scope>[^()]*)\))?!?: +(?P<rest>.*)")
SPELLINGS = {
    "feature": "feat",
    "bugfix": "fix",
    "doc": "docs",
    "ref": "refactor",
    "tests": "test",
    "deps": "build",
}
BLOCK_BYTES = 1 << 20
MOST_PATCH_BYTES = 600_000


@dataclass(frozen=True, slots=True)
class Subject:
    """The author's words for one commit, and the labels that they give."""

    commit: str
    author: str
    text: str
    type: str | None
    scope: str | None


def subjects(repository: Path) -> list[Subject]:
    """The subjects of every commit but merges, newest first; ``type`` is None where none is written."""
    out = git(repository, "log", "--no-merges", "--format=%H%x00%an%x00%s").decode("utf-8", "replace")
    rows = (line.split("\0", 2) for line in out.split("\n") if line.count("\0") >= 2)
    return [_subject(*row) for row in rows]


def _subject(commit: str, author: str, text: str) -> Subject:
    match = CONVENTIONAL.match(text)
    if match is None:
        return Subject(commit, author, text, None, None)
    name = match["type"].lower()
    return Subject(commit, author, text, SPELLINGS.get(name, name), match["scope"] or None)


def git(repository: Path, *words: str) -> bytes:
    """What git prints."""
    command = ["git", "-C", str(repository), "-c", "core.quotePath=false", *words]
    return subprocess.run(command, capture_output=True, check=True).stdout


def changes(repository: Path, commits: Sequence[str]) -> Iterator[tuple[str, Change]]:
    """Each commit with its Change, in the given order; those whose objects are missing or too large are left out."""
    for commit, output in raw_outputs(repository, commits):
        if len(output) <= MOST_PATCH_BYTES:
            yield commit, parse_change(*split_output(output))


def raw_outputs(repository: Path, commits: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Each commit with git's raw, numstat and patch output in one; past a commit that git dies of, it starts anew."""
    left = list(commits)
    while left:
        done = 0
        for commit, output in _one_process(repository, left):
            yield commit, output
            done += 1
        left = left[done + 1 :]


def _one_process(repository: Path, commits: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    command = ["git", "-C", str(repository), "-c", "core.quotePath=false", "diff-tree", "--stdin", "--always"]
    process = subprocess.Popen(
        [*command, *PINNED],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    threading.Thread(target=_feed, args=(process, commits), daemon=True).start()
    assert process.stdout is not None
    data, current, searched = b"", None, 0
    waiting = iter(commits)
    following = next(waiting, None)
    while block := process.stdout.read(BLOCK_BYTES):
        data += block
        while following is not None and (at := _find_start(data, following, searched)) >= 0:
            if current is not None:
                yield current, data[:at]
            data, searched = data[at + len(following) + 1 :], 0
            current, following = following, next(waiting, None)
        searched = max(len(data) - 64, 0)
    if process.wait() == 0 and current is not None:
        yield current, data


def _find_start(data: bytes, commit: str, start: int) -> int:
    """Where the output of a commit begins: its name alone, at the start of a line."""
    key = commit.encode() + b"\0"
    at = data.find(key, start)
    while at > 0 and data[at - 1] not in b"\0\n":
        at = data.find(key, at + 1)
    return at


def _feed(process: subprocess.Popen[bytes], commits: Sequence[str]) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(("\n".join(commits) + "\n").encode())
        process.stdin.close()
    except BrokenPipeError:
        pass  # git died of a commit; the reader starts another behind it


def split_output(output: bytes) -> tuple[bytes, bytes, bytes]:
    """Raw, numstat and patch parts of one commit's output."""
    cuts = [at for mark in (b"\0\0diff --", b"\0\0* Unm") if (at := output.find(mark)) >= 0]
    head, patch = (output[: min(cuts) + 1], output[min(cuts) + 2 :]) if cuts else (output, b"")
    tokens = head.split(b"\0")
    at = 0
    while at < len(tokens) and tokens[at].startswith(b":"):
        at += 3 if tokens[at].rpartition(b" ")[2][:1] in b"RC" else 2
    return b"\0".join([*tokens[:at], b""]), b"\0".join(tokens[at:]), patch


def name_of(repository: Path) -> str:
    """A short name for reports: the folder, or its parent where the folder only says ``repo``."""
    real = repository.resolve()
    return real.parent.name.replace("+", "/") if real.name in {"repo", ".git"} else real.name
