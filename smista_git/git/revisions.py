"""What to say of a name that means nothing here."""

from __future__ import annotations

from smista_git.errors import NothingToDo, SmistaError, UsageError
from smista_git.git.repository import RANGE_HINT, Repository


def no_commit(repo: Repository, rev: str) -> SmistaError:
    """The error for a name that means no commit; before the first one there is none to name."""
    if repo.head() is None and rev.startswith(("HEAD", "@")):
        return NothingToDo("there are no commits yet", hint="make the first one: `git smista commit`")
    return UsageError(f"{rev!r} names no commit", hint=names_hint(repo))


def names_hint(repo: Repository) -> str:
    """How to come by a name that means something here."""
    if repo.place.shallow:
        return "the history here is shallow: `git fetch --unshallow` brings the rest"
    return RANGE_HINT
