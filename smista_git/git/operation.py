"""What the repository is in the middle of, read from the files that git leaves in its directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Operation = Literal["merge", "rebase", "am", "cherry-pick", "revert", "bisect"]

# In this order: a pick that stops inside a rebase leaves CHERRY_PICK_HEAD too, and the rebase is what goes on.
MARKERS: tuple[tuple[str, Operation], ...] = (
    ("rebase-merge", "rebase"),
    ("rebase-apply/applying", "am"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("BISECT_LOG", "bisect"),
)


@dataclass(frozen=True, slots=True)
class State:
    """``operation`` is what is in progress, or None; ``superproject`` is the root above a submodule, or None."""

    operation: Operation | None
    detached: bool
    unborn: bool
    shallow: bool
    bare: bool
    superproject: str | None


def operation_in(git_dir: Path) -> Operation | None:
    """The operation in progress, or None; costs no process."""
    return next((name for marker, name in MARKERS if (git_dir / marker).exists()), None)
