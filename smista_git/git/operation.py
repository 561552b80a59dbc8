"""What the repository is in the middle of, read from what git leaves in its directory and among its refs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smista_git.git.command_line import CommandLine

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
PICKS = frozenset({"CHERRY_PICK_HEAD", "REVERT_HEAD"})


@dataclass(frozen=True, slots=True)
class State:
    """``operation`` is what is in progress, or None; ``superproject`` is the root above a submodule, or None."""

    operation: Operation | None
    detached: bool
    unborn: bool
    shallow: bool
    bare: bool
    superproject: str | None


def operation_in(repo: CommandLine) -> Operation | None:
    """The operation in progress, or None; costs no process where refs are files.

    In a reftable (git 2.45) CHERRY_PICK_HEAD and REVERT_HEAD are refs like others, while MERGE_HEAD stays a file.
    """
    folder = repo.place.git_dir
    tabled = (folder / "reftable").is_dir()
    for marker, name in MARKERS:
        if (folder / marker).exists() or (tabled and marker in PICKS and repo.resolve(marker)):
            return name
    return None
