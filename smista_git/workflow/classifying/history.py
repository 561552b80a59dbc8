"""The labels of each commit of a range. Of a long one, other processes make what is shown.

What reads a diff is loaded while git writes the first ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from smista_git.change.pattern import regex
from smista_git.errors import GitFailed, NothingToDo, UsageError
from smista_git.git.diffs import RawDiff
from smista_git.git.repository import RANGE_HINT, Repository
from smista_git.git.revisions import names_hint, no_commit
from smista_git.workflow.background import Background

if TYPE_CHECKING:
    from smista_git.workflow.classifying.classified import Classified
    from smista_git.workflow.classifying.in_range import InRange

R = TypeVar("R")

# A commit takes a millisecond or two, and a new interpreter a third of a second to come.
WORTH_WORKERS = 300
_SEVERAL = regex(r"\^[!@]$|\^-\d*$")


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
    diffs = _named_diffs(repo, rev, skip)
    first = Background(lambda: next(diffs, None))
    classifier = _classifier(repo, shown, secrets=secrets)
    if (newest := first()) is None:
        after = f" after the first {skip}" if skip else ""
        raise NothingToDo(
            f"{rev} holds no commits but merges{after}", hint=f"look with `git log --oneline {rev}`"
        )
    from smista_git.workflow.workers import in_order

    yield from in_order(classifier, chain([newest], diffs), worth=WORTH_WORKERS)


def _classifier(repo: Repository, shown: Callable[[Classified], R], *, secrets: bool) -> InRange[R]:
    from smista_git.classify.habits import HISTORY, learn_habits

    recent = Background(lambda: repo.recent_commits(HISTORY))
    from smista_git.workflow.classifying.in_range import InRange
    from smista_git.workflow.classifying.sensitive import sensitive_paths

    sensitive = sensitive_paths(repo.root, os.environ)
    return InRange(learn_habits(recent()), sensitive, secrets, shown)


def _named_diffs(repo: Repository, rev: str, skip: int) -> Iterator[tuple[str, RawDiff]]:
    try:
        yield from repo.history_diffs(f"--skip={skip}", rev)
    except GitFailed as failed:
        if not any(words in failed.stderr for words in ("bad revision", "unknown revision", "Invalid rev")):
            raise
        if repo.head() is None:
            raise no_commit(repo, "HEAD") from failed
        raise UsageError(f"{rev!r} is no range of commits here", hint=names_hint(repo)) from failed


def count_commits(rev: str, *, skip: int = 0) -> int | None:
    """How many commits ``classify_range`` will give; None where git cannot say."""
    said = Repository.discover().ask("rev-list", "--count", "--no-merges", f"--skip={skip}", rev, "--")
    return int(said) if said and said.isdigit() else None
