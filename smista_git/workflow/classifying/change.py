"""The labels of the index or of a commit, with its secrets and concerns."""

from __future__ import annotations

import os
from dataclasses import replace

from smista_git.change.parse import parse_change
from smista_git.classify.classify import classify
from smista_git.classify.concerns import concerns
from smista_git.classify.habits import HISTORY, Habits, learn_habits
from smista_git.classify.labels import Evidence, Labels
from smista_git.classify.secrets.secrets import scan_change, warm_up
from smista_git.errors import NothingToDo, UsageError
from smista_git.git.diffs import RawDiff
from smista_git.git.repository import Repository
from smista_git.workflow.background import Background
from smista_git.workflow.classifying.classified import Classified
from smista_git.workflow.settings import load_settings


def classify_index() -> Classified:
    """What is staged. Raises: NothingToDo."""
    repo = _repository()
    recent = Background(lambda: repo.recent_commits(HISTORY))
    diff = repo.staged_diff()
    if not diff.raw:
        raise NothingToDo(
            "nothing is staged", hint="`git add` something, or name a commit: `git smista classify HEAD`"
        )
    return _whole(repo, None, diff, learn_habits(recent()))


def classify_commit(rev: str) -> Classified:
    """One commit against its first parent, by the habits of those before it. Raises: UsageError."""
    repo = _repository()
    named = repo.with_parents(rev)
    if not named:
        raise UsageError(f"{rev!r} names no commit", hint="see which there are with `git log --oneline`")
    commit, *parents = named
    recent = Background(lambda: repo.recent_commits(HISTORY, rev=parents[0]) if parents else ())
    diff = repo.commit_diff(commit)
    found = _whole(repo, commit, diff, learn_habits(recent()))
    return replace(found, labels=_of_merge(found.labels, len(parents))) if len(parents) > 1 else found


def _repository() -> Repository:
    """The repository here; what looks for secrets loads while git reads."""
    repo = Repository.discover()
    warm_up()
    return repo


def _whole(repo: Repository, commit: str | None, diff: RawDiff, habits: Habits) -> Classified:
    change = parse_change(diff.raw, diff.numstat, diff.patch)
    sensitive = load_settings(repo.root, os.environ).policy.sensitive_paths
    labels = classify(change, habits=habits, sensitive_paths=sensitive, secrets=scan_change(change))
    return Classified(commit, labels, change, concerns(change), diff.notices)


def _of_merge(labels: Labels, parents: int) -> Labels:
    """The labels of a merge: what it brings in was work of its own, so it is at least standard."""
    tier = "standard" if labels.tier == "light" else labels.tier
    evidence = (Evidence("parents", parents, "merge"), *labels.evidence)
    return replace(labels, kind="merge", tier=tier, evidence=evidence)
