"""The labels of a task in free text."""

from __future__ import annotations

from itertools import islice

from smista_git.classify.task.task import TaskLabels, classify_task
from smista_git.errors import NotARepository
from smista_git.git.repository import Repository

MOST_PATHS = 200_000  # of the index, that a task may name


def classify_text(text: str) -> TaskLabels:
    """A task in free text; files of the repository around, if there is one, make what names them concrete."""
    return classify_task(text, known_paths=_known_paths())


def _known_paths() -> tuple[str, ...]:
    try:
        listing = Repository.discover().ask("ls-files", "-z")
    except NotARepository:
        return ()
    return tuple(islice((path for path in (listing or "").split("\0") if path), MOST_PATHS))
