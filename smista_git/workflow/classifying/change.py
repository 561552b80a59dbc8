"""The labels of the index or of a commit, with its secrets and concerns.

What reads a diff is loaded while git writes it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from smista_git.classify.secrets.engine import warm_up
from smista_git.errors import NothingToDo
from smista_git.workflow.background import Background

if TYPE_CHECKING:
    from smista_git.classify.labels import Labels
    from smista_git.git.diffs import RawDiff
    from smista_git.git.repository import Repository
    from smista_git.workflow.classifying.classified import Classified


def classify_index() -> Classified:
    """What is staged. Raises: NothingToDo."""
    repo = _repository()
    return _whole(repo, None, repo.staged_diff, since="HEAD")


def classify_commit(rev: str) -> Classified:
    """One commit against its first parent, by the habits of those before it. Raises: UsageError."""
    repo = _repository()
    named = repo.with_parents(rev)
    if not named:
        from smista_git.git.revisions import no_commit

        raise no_commit(repo, rev)
    commit, *parents = named
    found = _whole(repo, commit, lambda: repo.commit_diff(commit), since=parents[0] if parents else None)
    return replace(found, labels=_of_merge(found.labels, len(parents))) if len(parents) > 1 else found


def _repository() -> Repository:
    """The repository here. What looks for secrets takes longest to load, and most of it without the interpreter."""
    warm_up()
    from smista_git.git.repository import Repository

    return Repository.discover()


def _whole(
    repo: Repository, commit: str | None, read: Callable[[], RawDiff], *, since: str | None
) -> Classified:
    """The diff that ``read`` gives, by the habits of the history up to ``since``."""
    from smista_git.classify.habits import HISTORY, learn_habits

    reading = Background(read)
    recent = Background(lambda: repo.recent_commits(HISTORY, rev=since) if since else ())
    from smista_git.change.parse import parse_change
    from smista_git.classify.classify import classify
    from smista_git.classify.concerns import concerns
    from smista_git.classify.secrets.secrets import scan_change
    from smista_git.workflow.classifying.classified import Classified
    from smista_git.workflow.classifying.sensitive import sensitive_paths

    sensitive = sensitive_paths(repo.root, os.environ)
    diff = reading()
    if commit is None and not diff.raw:
        raise NothingToDo(
            "nothing is staged", hint="`git add` something, or name a commit: `git smista classify HEAD`"
        )
    change = parse_change(diff.raw, diff.numstat, diff.patch)
    found = concerns(change)
    secrets = scan_change(change)
    habits = learn_habits(recent())
    labels = classify(change, habits=habits, sensitive_paths=sensitive, secrets=secrets)
    return Classified(commit, labels, change, found, diff.notices)


def _of_merge(labels: Labels, parents: int) -> Labels:
    """The labels of a merge: what it brings in was work of its own, so it is at least standard."""
    from smista_git.classify.labels import Evidence

    tier = "standard" if labels.tier == "light" else labels.tier
    evidence = (Evidence("parents", parents, "merge"), *labels.evidence)
    return replace(labels, kind="merge", tier=tier, evidence=evidence)
