"""A file that is written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Put the bytes at ``path`` in one step; where that fails what stood there still stands, and nothing beside it.

    Raises: OSError.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        if mode is not None:
            draft.chmod(mode)
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink()
