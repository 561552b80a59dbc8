"""A turn among processes on one machine, where the system has one to give."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE_S = 0.005


@contextmanager
def turn(folder: Path, *, patience_s: float = 5.0) -> Iterator[None]:
    """Hold ``folder`` itself locked, which leaves no file behind and ends with the process.

    It saves work and is no guarantee: after ``patience_s``, or where folders cannot be locked (Windows, some
    network file systems), the body runs without it. Whoever needs safety compares and swaps as well.
    """
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        deadline = time.monotonic() + patience_s
        while not _taken(lambda: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)):
            if time.monotonic() > deadline:
                break
            time.sleep(PAUSE_S)
        yield
    finally:
        os.close(handle)


def _taken(take: Callable[[], None]) -> bool:
    try:
        take()
    except OSError:
        return False
    return True
