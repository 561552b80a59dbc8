"""The routing records of a commit, found by its name, or by what it changes."""

from __future__ import annotations

from typing import Any

from smista_git.errors import NothingToDo
from smista_git.git import notes
from smista_git.git.repository import Repository
from smista_git.git.revisions import no_commit
from smista_git.workflow.review.notes import reviews_of


def records_of(repo: Repository, rev: str) -> tuple[str, str, tuple[dict[str, Any], ...]]:
    """The commit's full name, how its records were found (commit, patch-id, squash), and the records, oldest first.

    A commit that has only been reviewed has none.

    Raises: UsageError for a name that means no commit, NothingToDo where there is no record.
    """
    commit = repo.resolve(rev)
    if commit is None:
        raise no_commit(repo, rev)
    ways = (
        ("commit", notes.read_records),
        ("patch-id", notes.find_by_patch_id),
        ("squash", notes.find_squashed),
    )
    for way, find in ways:
        if records := find(repo, commit):
            return commit, way, records
    if reviews_of(repo, commit):
        return commit, "commit", ()
    raise NothingToDo(
        f"there is no routing record for {commit[:12]}: its message was not written by smista, or the notes "
        "did not come along",
        hint="git fetch origin 'refs/notes/*:refs/notes/*'",
    )
