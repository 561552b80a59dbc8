"""What the repository says to whoever writes for it: SMISTA.md and AGENTS.md at its root."""

from __future__ import annotations

from pathlib import Path

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
