"""The line that says how far a range of commits is."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

import click

from smista_git.cli.console import redraws

EVERY_S = 0.2
BAR = 20  # signs


class RangeProgress:
    """One line on stderr that is written over; silent where nothing can be, or where it is to be ``quiet``.

    ``count`` says how many of the ``unit`` there will be, or None; it is asked only where the line is shown.
    """

    def __init__(
        self, count: Callable[[], int | None], *, quiet: bool = False, unit: str = "commits"
    ) -> None:
        self._unit = unit
        self._shown = redraws() and not quiet
        self._total = count() if self._shown else None
        self._start = self._last = time.monotonic()
        self._drawn = False

    def at(self, done: int) -> None:
        """So many commits are done; draws at most five times a second."""
        now = time.monotonic()
        if not self._shown or now - self._last < EVERY_S:
            return
        self._last = now
        room = os.get_terminal_size(sys.stderr.fileno()).columns or 80
        click.echo(f"\r\x1b[K{self._said(done, now, room - 1)}", err=True, nl=False)
        self._drawn = True

    def _said(self, done: int, now: float, room: int) -> str:
        """How many are done, how fast, and how long it will take; a line that goes over the edge cannot be taken away."""
        speed = max(done, 1) / (now - self._start)
        pace = f"{speed:,.0f} a second"
        if not self._total:
            return f"{done:,} {self._unit}, {pace}"[:room]
        full = round(BAR * min(done / self._total, 1.0))
        left_s = round(max(self._total - done, 0) / speed)
        far = f"{done:,} of {self._total:,} {self._unit}, {pace}, {left_s // 60}:{left_s % 60:02} left"
        with_bar = f"{'#' * full:-<{BAR}} {far}"
        return with_bar if len(with_bar) <= room else far[:room]

    def clear(self) -> None:
        """Take the line away, so that what follows starts at the left."""
        if self._drawn:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._drawn = False
