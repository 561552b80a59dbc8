"""One staged change as several commits: which files go together, in which order, and the commits themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from smista_git.change.model import Change
from smista_git.change.parse import parse_change
from smista_git.classify.concerns import concerns
from smista_git.classify.labels import Kind
from smista_git.errors import UsageError
from smista_git.git.diffs import PATCH_LIMIT_BYTES
from smista_git.git.series import Series
from smista_git.workflow.commit import CommitJob
from smista_git.workflow.reading import read_with_habits

# What others stand on comes first; what speaks about them, last. Kinds that are not named lie between.
FIRST: tuple[Kind, ...] = ("rename", "format", "dependencies", "build", "config")
LAST: tuple[Kind, ...] = ("tests", "ci", "docs", "changelog")


@dataclass(frozen=True, slots=True)
class Part:
    """Files that make one commit, on both sides of a rename, and the job that writes its message."""

    paths: tuple[str, ...]
    job: CommitJob


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a staged change in the order of their commits, and mode and object name of each staged path."""

    whole: CommitJob
    parts: tuple[Part, ...]
    staged: dict[str, tuple[str, str]]


def split_commit(job: CommitJob) -> Split:
    """The staged change of a job by its concerns; one part where it has one.

    Raises:
        UsageError: something other than the index is to be committed.
    """
    scope = job.options.scope
    if not scope.index_only or scope.amend:
        raise UsageError(
            "--split takes what is staged, as it is",
            hint="stage it first (`git add -u`), without -a, paths or --amend",
        )
    diff = job.session.repo.staged_diff(limit_bytes=PATCH_LIMIT_BYTES)
    change = parse_change(diff.raw, diff.numstat, diff.patch)
    groups = inseparable(change, [set(concern.paths) for concern in concerns(change)])
    parts = [_part(job, change, group) for group in groups]
    staged = {f.new_path: (f.new_mode, f.new_oid) for f in change.files if f.new_path is not None}
    return Split(job, tuple(sorted(parts, key=_place)), staged)


def joined(split: Split, one: int, other: int) -> Split:
    """The same split with two of its parts, counted from 0, made one in the place of the earlier."""
    first, second = sorted((one, other))
    paths = tuple(sorted({*split.parts[first].paths, *split.parts[second].paths}))
    parts = list(split.parts)
    parts[first] = _part_of_paths(split.whole, paths)
    del parts[second]
    return replace(split, parts=tuple(parts))


def whole(split: Split) -> Split:
    """The same split with a single part."""
    every = tuple(path for part in split.parts for path in part.paths)
    return replace(split, parts=(Part(every, split.whole),))


def commit_part(made: Series, part: Part, message: str, *, terminal: bool) -> str:
    """Commit one part with its message and give the commit's full name. Raises: as Repository.commit."""
    return made.commit(
        part.paths,
        message.encode("utf-8", "surrogateescape"),
        args=part.job.options.git_args,
        terminal=terminal,
        cwd=part.job.session.cwd,
    )


def inseparable(change: Change, groups: Sequence[set[str]]) -> list[set[str]]:
    """The groups of files, each with both sides of its renames; those that share a path, or of which one has a file
    where another has a folder, are one, since git could not commit one without the other."""
    sides = {file.path: set(file.paths) for file in change.files}
    found: list[set[str]] = []
    for group in groups:
        whole = set().union(*(sides[path] for path in group))
        for other in [other for other in found if _touch(whole, other)]:
            found.remove(other)
            whole |= other
        found.append(whole)
    return found


def _touch(one: set[str], other: set[str]) -> bool:
    return not _with_folders(one).isdisjoint(other) or not _with_folders(other).isdisjoint(one)


def _with_folders(paths: set[str]) -> set[str]:
    return paths | {str(folder) for path in paths for folder in PurePosixPath(path).parents}


def _part(job: CommitJob, change: Change, group: set[str]) -> Part:
    return _part_of_paths(job, tuple(path for path in change.paths if path in group))


def _part_of_paths(job: CommitJob, paths: tuple[str, ...]) -> Part:
    diff = job.session.repo.staged_diff(paths=paths)
    policy = job.session.settings.policy
    reading = read_with_habits(diff, policy=policy, habits=job.reading.habits)
    return Part(paths, replace(job, reading=reading))


def _place(part: Part) -> tuple[int, str]:
    kind = part.job.reading.labels.kind
    if kind in FIRST:
        return FIRST.index(kind), part.paths[0]
    return len(FIRST) + (LAST.index(kind) + 1 if kind in LAST else 0), part.paths[0]
