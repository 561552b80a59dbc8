"""Whether what we read of each commit is what git says of it: paths, modes, counts, kinds of file, and lines.

    python -m bench.agree REPO... [--most 5000]

Every commit is read the way ``classify`` reads a range, merges and roots too, and held against an independent reading
of ``git diff-tree --raw -z`` and ``--numstat -z``. The lines of the hunks must add up to git's counts where a diff
was read whole. Each difference is printed; the exit status is 1 where there is one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from smista_git.change.model import FileChange
from smista_git.change.parse import parse_change
from smista_git.classify.classify import classify
from smista_git.classify.concerns import concerns
from smista_git.git.repository import Repository

SHOWN = 40  # differences of one repository
LETTERS = {
    "A": "added", "M": "modified", "D": "deleted", "R": "renamed", "C": "copied", "T": "type-changed",
}  # fmt: skip
WALK = (
    "diff-tree",
    "--stdin",
    "--always",
    "-r",
    "--root",
    "--diff-merges=first-parent",
    "-z",
    "-M50%",
    "-l1000",
)
PINNED = ("-c", "diff.ignoreSubmodules=none", "-c", "core.bigFileThreshold=32m")
NOT_THERE = "000000"


@dataclass(frozen=True, slots=True)
class Said:
    """One file as git says it; counts are None where git prints a dash."""

    status: str
    old_path: str | None
    new_path: str | None
    old_mode: str
    new_mode: str
    added: int | None
    deleted: int | None

    @property
    def flags(self) -> frozenset[str]:
        """The flags that follow from the modes and the counts alone."""
        modes = {self.old_mode, self.new_mode}
        stays = NOT_THERE not in modes and self.status != "type-changed"
        facts = {
            "binary": self.added is None,
            "submodule": "160000" in modes,
            "mode-change": stays and self.old_mode != self.new_mode,
        }
        return frozenset(flag for flag, holds in facts.items() if holds)


def git(repository: Path, *words: str, stdin: bytes = b"") -> bytes:
    """What git prints."""
    command = ["git", "-C", str(repository), *PINNED, *words]
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


def commits_of(repository: Path, most: int, revisions: Sequence[str]) -> list[str]:
    """The newest commits, merges and roots among them."""
    return git(repository, "rev-list", f"-n{most}", *revisions).decode().split()


def records(repository: Path, commits: Sequence[str], form: str) -> Iterator[tuple[str, list[str]]]:
    """Each commit with the NUL-ended tokens that git prints under it.

    Git dies of a commit whose blobs are not all here: it is left out, and the walk starts anew behind it.
    """
    # Some repositories hold files that are named like their commits.
    mark = os.urandom(16).hex()
    command = ["git", "-C", str(repository), *PINNED, *WALK, form, f"--format={mark}%H"]
    rest = list(commits)
    while rest:
        done = subprocess.run(
            command, input="\n".join(rest).encode() + b"\n", capture_output=True, check=False
        )
        found = list(_framed(done.stdout, mark))
        yield from found if done.returncode == 0 else found[:-1]
        rest = [] if done.returncode == 0 else rest[max(len(found), 1) :]


def _framed(out: bytes, mark: str) -> Iterator[tuple[str, list[str]]]:
    for frame in out.decode("utf-8", "surrogateescape").split(mark)[1:]:
        commit, *tokens = frame.split("\0")
        yield commit, [tokens[0].lstrip("\n"), *tokens[1:]] if tokens else []


def said_by_git(repository: Path, commits: Sequence[str]) -> Iterator[tuple[str, list[Said]]]:
    """Each commit that git could read whole, with its files in git's order, put together from two outputs."""
    raws = dict(records(repository, commits, "--raw"))
    for commit, numbers in records(repository, commits, "--numstat"):
        if commit in raws:
            yield commit, list(_joined(raws[commit], numbers))


def _joined(raw: Sequence[str], numbers: Sequence[str]) -> Iterator[Said]:
    tokens, counts = iter(raw), iter(numbers)
    for token in tokens:
        if not token.startswith(":"):
            assert not token, token
            continue
        old_mode, new_mode, _, _, letter = token[1:].split(" ")
        first = next(tokens)
        second = next(tokens) if letter[0] in "RC" else first
        added, deleted, path = next(counts).split("\t", 2)
        numbered = (next(counts), next(counts)) if not path else (path, path)
        assert numbered == (first, second), (numbered, first, second)
        yield Said(
            LETTERS[letter[0]],
            None if letter == "A" else first,
            None if letter == "D" else second,
            old_mode,
            new_mode,
            None if added == "-" else int(added),
            None if deleted == "-" else int(deleted),
        )


def as_we_say(file: FileChange) -> Said:
    """One of our files in the same form."""
    counts = (None, None) if file.binary else (file.added, file.deleted)
    return Said(file.status, file.old_path, file.new_path, file.old_mode, file.new_mode, *counts)


def differences(repository: Path, commits: Sequence[str], tally: Counter[str]) -> Iterator[str]:
    """A line for each thing that is not as git says it."""
    truth = dict(said_by_git(repository, commits))
    read = set()
    repo = Repository.discover(repository)
    for commit, diff in repo.history_diffs("--no-walk=unsorted", *commits, merges=True):
        read.add(commit)
        change = parse_change(diff.raw, diff.numstat, diff.patch)
        classify(change)
        concerns(change)
        if commit not in truth:
            tally["not whole"] += 1
            continue
        ours, theirs = [as_we_say(file) for file in change.files], truth[commit]
        for one, other in zip(ours, theirs, strict=False):
            if one != other:
                yield f"{commit}: {one} is {other}"
        if len(ours) != len(theirs):
            yield f"{commit}: {len(ours)} files are {len(theirs)}"
        yield from (f"{commit}: {said}" for file in change.files for said in wrong_lines(file, tally))
        flags = {*classify(change).flags} & {"binary", "submodule", "mode-change"}
        told = frozenset[str]().union(*(said.flags for said in theirs))
        if flags != told:
            yield f"{commit}: flags {sorted(flags)} are {sorted(told)}"
        count_odd(tally, theirs)
    yield from (f"{commit}: was not read" for commit in commits if commit not in read)


def wrong_lines(file: FileChange, tally: Counter[str]) -> Iterator[str]:
    """Where the lines of the hunks do not add up to git's counts."""
    tally["files"] += 1
    if file.truncated:
        tally["files read in part"] += 1
        return
    kinds = Counter(line.kind for hunk in file.hunks for line in hunk.lines)
    # Under two types of file git prints lines that it does not count: of one object, and of a binary side.
    uncounted = file.status == "type-changed" and (file.binary or file.old_oid == file.new_oid)
    if (kinds["+"], kinds["-"]) != (file.added, file.deleted) and not uncounted:
        yield f"{file.path!r} has +{kinds['+']} -{kinds['-']} for +{file.added} -{file.deleted}"


def count_odd(tally: Counter[str], files: Sequence[Said]) -> None:
    """What the repository held to be wrong about."""
    tally["empty"] += not files
    tally["of 100 files and more"] += len(files) >= 100
    for said in files:
        tally.update(said.flags)
        tally[said.status] += 1
        tally["symlinks"] += "120000" in (said.old_mode, said.new_mode)
        path = said.new_path or said.old_path or ""
        tally["odd paths"] += not path.isascii() or not path.isprintable() or '"' in path or "\\" in path


def main() -> int:
    """Compare each repository and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=5000, help="commits of a repository")
    parser.add_argument(
        "--revisions", nargs="+", default=["--all"], help="which, as `git rev-list` takes them"
    )
    options = parser.parse_args()
    wrong = 0
    for repository in options.repositories:
        tally = Counter[str]()
        commits = commits_of(repository, options.most, options.revisions)
        found = list(islice(differences(repository, commits, tally), SHOWN))
        seen = ", ".join(f"{count} {name}" for name, count in sorted(tally.items()) if count)
        print(f"{repository}: {len(commits)} commits, {len(found)} differences; {seen}", flush=True)
        print("".join(f"  {line}\n" for line in found), end="", flush=True)
        wrong += len(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
