"""The labels of the index, of a commit, or of each commit of a range."""

from __future__ import annotations

from collections.abc import Iterator

from smista_git.change.parse import parse_change
from smista_git.classify.classify import classify
from smista_git.classify.habits import Habits, learn_habits
from smista_git.classify.labels import Labels
from smista_git.classify.secrets import scan_change
from smista_git.errors import NothingToDo, UsageError
from smista_git.git.diffs import RawDiff
from smista_git.git.repository import Repository
from smista_git.workflow.reading import HISTORY
from smista_git.workflow.session import Session, open_session


def classify_index() -> Labels:
    """The labels of what is staged. Raises: NothingToDo."""
    session = open_session()
    diff = session.repo.staged_diff()
    if not diff.raw:
        raise NothingToDo(
            "nothing is staged", hint="`git add` something, or name a commit: `git smista classify HEAD`"
        )
    return _labels(session, diff, learn_habits(session.repo.recent_commits(HISTORY)))


def classify_range(rev: str) -> Iterator[tuple[str, Labels]]:
    """Each commit's full name and labels, newest first; a single revision gives that commit alone.

    Habits are those of the 200 commits before the tip. Raises: UsageError for a name that means nothing.
    """
    session = open_session()
    if ".." in rev:
        habits = learn_habits(session.repo.recent_commits(HISTORY))
        for commit, diff in session.repo.history_diffs(rev):
            yield commit, _labels(session, diff, habits)
        return
    yield _commit(session, session.repo, rev)


def _commit(session: Session, repo: Repository, rev: str) -> tuple[str, Labels]:
    commit = repo.resolve(rev)
    if commit is None:
        raise UsageError(f"{rev!r} names no commit", hint="see which there are with `git log --oneline`")
    parent = repo.resolve(f"{commit}^1")
    habits = learn_habits(repo.recent_commits(HISTORY, rev=parent)) if parent else Habits()
    return commit, _labels(session, repo.commit_diff(commit), habits)


def _labels(session: Session, diff: RawDiff, habits: Habits) -> Labels:
    change = parse_change(diff.raw, diff.numstat, diff.patch)
    sensitive = session.settings.policy.sensitive_paths
    return classify(change, habits=habits, sensitive_paths=sensitive, secrets=scan_change(change))
