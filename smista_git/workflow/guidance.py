"""What the repository says to whoever writes for it: SMISTA.md and AGENTS.md at its root."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smista_git.plan.plan import Excluded
from smista_git.route.floors import sensitive_path
from smista_git.route.policy import Policy

GUIDANCE_FILES = ("SMISTA.md", "AGENTS.md")
LIMIT_BYTES = 8 << 10


def read_guidance(root: Path) -> tuple[tuple[str, str], ...]:
    """Name and first 8 KiB of each guidance file that is there; symbolic links are never followed."""
    found = []
    for name in GUIDANCE_FILES:
        path = root / name
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                found.append((name, file.read(LIMIT_BYTES).decode("utf-8", "replace")))
    return tuple(found)


def guidance_left_out(root: Path, policy: Policy) -> Iterator[Excluded]:
    """The guidance files that are there and no model is shown, each with why: links, and what the policy guards."""
    for name in GUIDANCE_FILES:
        path = root / name
        if path.is_symlink():
            yield Excluded(name, "a symbolic link, which is not followed")
        elif path.is_file() and (reason := sensitive_path(policy, name)):
            yield Excluded(name, reason.what.replace(f"{name} is sensitive", "sensitive"))
