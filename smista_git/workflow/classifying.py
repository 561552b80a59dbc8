"""The labels of the index, of a commit, of each commit of a range, or of a task in free text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from smista_git.change.parse import parse_change
from smista_git.classify.classify import classify
from smista_git.classify.concerns import Concern, concerns
from smista_git.classify.habits import Habits, learn_habits
from smista_git.classify.labels import Labels
from smista_git.classify.secrets.secrets import scan_change
from smista_git.classify.task.task import TaskLabels, classify_task
from smista_git.errors import NotARepository, NothingToDo, UsageError
from smista_git.git.diffs import RawDiff
from smista_git.git.repository import Repository
from smista_git.workflow.reading import HISTORY
from smista_git.workflow.session import Session, open_session
from smista_git.workflow.settings import load_settings

MOST_PATHS = 200_000  # of the index, that a task may name


@dataclass(frozen=True, slots=True)
class Classified:
    """A change's labels; ``commit`` is None for the index, ``concerns`` are left out in a range."""

    commit: str | None
    labels: Labels
    concerns: tuple[Concern, ...] = ()


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
    commit = repo.resolve(rev)
    if commit is None:
        raise UsageError(f"{rev!r} names no commit", hint="see which there are with `git log --oneline`")
    parent = repo.resolve(f"{commit}^1")
    habits = learn_habits(repo.recent_commits(HISTORY, rev=parent)) if parent else Habits()
    return _whole(session, commit, repo.commit_diff(commit), habits)


def classify_range(rev: str, *, secrets: bool = False) -> Iterator[Classified]:
    """Each commit but merges, newest first, as git reads them; memory does not grow.

    Habits are those of the 200 commits before the tip. Old commits have left the machine long ago, and looking for
    secrets takes several times the rest, so that is done only where ``secrets`` asks. Raises: NothingToDo.
    """
    repo = Repository.discover()  # a whole session would load what looks for secrets
    sensitive = load_settings(repo.root, os.environ).policy.sensitive_paths
    habits = learn_habits(repo.recent_commits(HISTORY))
    any_yet = False
    for commit, diff in repo.history_diffs(rev):
        any_yet = True
        change = parse_change(diff.raw, diff.numstat, diff.patch)
        found = scan_change(change) if secrets else ()
        yield Classified(commit, classify(change, habits=habits, sensitive_paths=sensitive, secrets=found))
    if not any_yet:
        raise NothingToDo(f"{rev} holds no commits", hint=f"look with `git log --oneline {rev}`")


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
    return Classified(commit, labels, concerns(change))
