"""The labels of the index, of a commit, of each commit of a range, or of a task in free text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from smista_git.change.model import Change
from smista_git.change.parse import parse_change
from smista_git.change.pattern import regex
from smista_git.classify.classify import classify
from smista_git.classify.concerns import Concern, concerns
from smista_git.classify.habits import Habits, learn_habits
from smista_git.classify.labels import Evidence, Labels
from smista_git.classify.secrets.secrets import scan_change
from smista_git.classify.task.task import TaskLabels, classify_task
from smista_git.errors import GitFailed, NotARepository, NothingToDo, UsageError
from smista_git.git.diffs import RawDiff
from smista_git.git.repository import RANGE_HINT, Repository
from smista_git.workflow.reading import HISTORY
from smista_git.workflow.session import Session, open_session
from smista_git.workflow.settings import load_settings
from smista_git.workflow.workers import in_order

_SEVERAL = regex(r"\^[!@]$|\^-\d*$")
# A commit takes some milliseconds, and a process a third of a second to come: from so many on the second one pays.
WORTH_WORKERS = 300
MOST_PATHS = 200_000  # of the index, that a task may name


@dataclass(frozen=True, slots=True)
class Classified:
    """A change's labels and what was read of it; ``commit`` is None for the index, ``concerns`` are left out in a range.

    ``notices`` are sentences about what could not be read.
    """

    commit: str | None
    labels: Labels
    change: Change
    concerns: tuple[Concern, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Classifier:
    """Classifies one commit of a range; what it gives back holds no lines, so that it travels lightly."""

    habits: Habits
    sensitive: tuple[str, ...]
    secrets: bool

    def __call__(self, commit: str, diff: RawDiff) -> Classified:
        change = parse_change(diff.raw, diff.numstat, diff.patch)
        found = scan_change(change) if self.secrets else ()
        labels = classify(change, habits=self.habits, sensitive_paths=self.sensitive, secrets=found)
        bare = Change(tuple(replace(file, hunks=()) for file in change.files))
        return Classified(commit, labels, bare, notices=diff.notices)


def classify_index() -> Classified:
    """What is staged. Raises: NothingToDo."""
    session = open_session()
    diff = session.repo.staged_diff()
    if not diff.raw:
        raise NothingToDo(
            "nothing is staged", hint="`git add` something, or name a commit: `git smista classify HEAD`"
        )
    return _whole(session, None, diff, learn_habits(session.repo.recent_commits(HISTORY)))


def classify_commit(rev: str) -> Classified:
    """One commit against its first parent, by the habits of those before it. Raises: UsageError."""
    session = open_session()
    repo = session.repo
    named = repo.with_parents(rev)
    if not named:
        raise UsageError(f"{rev!r} names no commit", hint="see which there are with `git log --oneline`")
    commit, *parents = named
    habits = learn_habits(repo.recent_commits(HISTORY, rev=parents[0])) if parents else Habits()
    found = _whole(session, commit, repo.commit_diff(commit), habits)
    return replace(found, labels=_of_merge(found.labels, len(parents))) if len(parents) > 1 else found


def is_range(rev: str) -> bool:
    """True for what names several commits, by git's own signs for it."""
    return ".." in rev or _SEVERAL.search(rev) is not None


def classify_range(rev: str, *, secrets: bool = False) -> Iterator[Classified]:
    """Each commit but merges, newest first, as git reads them; memory does not grow.

    Habits are those of the 200 commits before the tip. Old commits have left the machine long ago, and looking for
    secrets takes several times the rest, so that is done only where ``secrets`` asks.

    Raises: NothingToDo, UsageError.
    """
    repo = Repository.discover()  # a whole session would load what looks for secrets
    if rev.startswith("-"):
        raise UsageError(f"{rev!r} is no range", hint=f"write A..B: {RANGE_HINT}")
    sensitive = load_settings(repo.root, os.environ).policy.sensitive_paths
    habits = learn_habits(repo.recent_commits(HISTORY))
    any_yet = False
    classifier = _Classifier(habits, sensitive, secrets)
    total = count_commits(rev) or 0
    for found in in_order(classifier, _named_diffs(repo, rev), total=total, worth=WORTH_WORKERS):
        any_yet = True
        yield found
    if not any_yet:
        raise NothingToDo(f"{rev} holds no commits but merges", hint=f"look with `git log --oneline {rev}`")


def _named_diffs(repo: Repository, rev: str) -> Iterator[tuple[str, RawDiff]]:
    try:
        yield from repo.history_diffs(rev)
    except GitFailed as failed:
        if not any(words in failed.stderr for words in ("bad revision", "unknown revision", "Invalid rev")):
            raise
        hint = "the history here is shallow: `git fetch --unshallow` brings the rest"
        raise UsageError(
            f"{rev!r} is no range of commits here", hint=hint if repo.place.shallow else RANGE_HINT
        ) from failed


def count_commits(rev: str) -> int | None:
    """How many commits ``classify_range`` will give; None where git cannot say."""
    said = Repository.discover().ask("rev-list", "--count", "--no-merges", rev, "--")
    return int(said) if said and said.isdigit() else None


def classify_text(text: str) -> TaskLabels:
    """A task in free text; files of the repository around, if there is one, make what names them concrete."""
    return classify_task(text, known_paths=_known_paths())


def _known_paths() -> tuple[str, ...]:
    try:
        listing = Repository.discover().ask("ls-files", "-z")
    except NotARepository:
        return ()
    return tuple(islice((path for path in (listing or "").split("\0") if path), MOST_PATHS))


def _whole(session: Session, commit: str | None, diff: RawDiff, habits: Habits) -> Classified:
    change = parse_change(diff.raw, diff.numstat, diff.patch)
    sensitive = session.settings.policy.sensitive_paths
    labels = classify(change, habits=habits, sensitive_paths=sensitive, secrets=scan_change(change))
    return Classified(commit, labels, change, concerns(change), diff.notices)


def _of_merge(labels: Labels, parents: int) -> Labels:
    """The labels of a merge: what it brings in was work of its own, so it is at least standard."""
    tier = "standard" if labels.tier == "light" else labels.tier
    evidence = (Evidence("parents", parents, "merge"), *labels.evidence)
    return replace(labels, kind="merge", tier=tier, evidence=evidence)
