"""The labels of each commit of a range. Of a long one, other processes make what is shown."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from smista_git.change.parse import parse_change
from smista_git.change.pattern import regex
from smista_git.classify.classify import classify
from smista_git.classify.habits import HISTORY, Habits, learn_habits
from smista_git.errors import GitFailed, NothingToDo, UsageError
from smista_git.git.diffs import RawDiff
from smista_git.git.repository import RANGE_HINT, Repository
from smista_git.workflow.classifying.classified import Classified
from smista_git.workflow.classifying.sensitive import sensitive_paths
from smista_git.workflow.workers import in_order

R = TypeVar("R")

# A commit takes a millisecond or two, and a new interpreter a third of a second to come.
WORTH_WORKERS = 300
_SEVERAL = regex(r"\^[!@]$|\^-\d*$")


@dataclass(frozen=True, slots=True)
class _Classifier(Generic[R]):
    """Classifies one commit of a range and makes of it what is to be shown, so that little travels."""

    habits: Habits
    sensitive: tuple[str, ...]
    secrets: bool
    shown: Callable[[Classified], R]

    def __call__(self, commit: str, diff: RawDiff) -> R:
        change = parse_change(diff.raw, diff.numstat, diff.patch)
        if self.secrets:
            from smista_git.classify.secrets.secrets import scan_change

            secrets = scan_change(change)
        else:
            secrets = ()
        labels = classify(change, habits=self.habits, sensitive_paths=self.sensitive, secrets=secrets)
        return self.shown(Classified(commit, labels, change, notices=diff.notices))


def is_range(rev: str) -> bool:
    """True for what names several commits, by git's own signs for it."""
    return ".." in rev or _SEVERAL.search(rev) is not None


def classify_range(
    rev: str, shown: Callable[[Classified], R], *, skip: int = 0, secrets: bool = False
) -> Generator[R, None, None]:
    """What ``shown`` makes of each commit but merges, newest first, as git reads them; memory does not grow.

    The first ``skip`` are left out. ``shown`` may run in another process: it and what it gives are pickled. Habits are
    those of the 200 commits before the tip. Old commits have left the machine long ago, and looking for secrets takes
    several times the rest, so that is done only where ``secrets`` asks. Closing it early ends git and all processes.

    Raises: NothingToDo, UsageError.
    """
    repo = Repository.discover()
    if rev.startswith("-"):
        raise UsageError(f"{rev!r} is no range", hint=f"write A..B: {RANGE_HINT}")
    sensitive = sensitive_paths(repo.root, os.environ)
    habits = learn_habits(repo.recent_commits(HISTORY))
    any_yet = False
    classifier = _Classifier(habits, sensitive, secrets, shown)
    for found in in_order(classifier, _named_diffs(repo, rev, skip), worth=WORTH_WORKERS):
        any_yet = True
        yield found
    if not any_yet:
        after = f" after the first {skip}" if skip else ""
        raise NothingToDo(
            f"{rev} holds no commits but merges{after}", hint=f"look with `git log --oneline {rev}`"
        )


def _named_diffs(repo: Repository, rev: str, skip: int) -> Iterator[tuple[str, RawDiff]]:
    try:
        yield from repo.history_diffs(f"--skip={skip}", rev)
    except GitFailed as failed:
        if not any(words in failed.stderr for words in ("bad revision", "unknown revision", "Invalid rev")):
            raise
        hint = "the history here is shallow: `git fetch --unshallow` brings the rest"
        raise UsageError(
            f"{rev!r} is no range of commits here", hint=hint if repo.place.shallow else RANGE_HINT
        ) from failed


def count_commits(rev: str, *, skip: int = 0) -> int | None:
    """How many commits ``classify_range`` will give; None where git cannot say."""
    said = Repository.discover().ask("rev-list", "--count", "--no-merges", f"--skip={skip}", rev, "--")
    return int(said) if said and said.isdigit() else None
