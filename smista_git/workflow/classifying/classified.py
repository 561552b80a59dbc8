"""A change with its labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smista_git.change.model import Change
from smista_git.classify.labels import Labels

if TYPE_CHECKING:
    from smista_git.classify.concerns import Concern


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
