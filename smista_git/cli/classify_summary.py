"""The table of a classified range, and the line that says how far it is."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from smista_git.cli.classify_rows import Row

FIELDS = ("type", "kind", "tier")
EVERY_S = 0.2
BAR = 20  # signs


class Summary:
    """Counts of what was seen; it holds numbers alone, so it does not grow with the commits."""

    def __init__(self) -> None:
        self.commits = 0
        self._counts: Counter[tuple[str, str]] = Counter()
        self._confidence: Counter[tuple[str, str]] = Counter()

    def add(self, row: Row) -> None:
        """Count one commit."""
        self.commits += 1
        for field in FIELDS:
            key = (field, str(getattr(row, field)))
            self._counts[key] += 1
            self._confidence[key] += row.confidence  # type: ignore[assignment]

    def rows(self, field: str) -> list[tuple[str, int, float, float]]:
        """Each value of the field with its count, its share and its mean confidence; the commonest first."""
        found = [(value, count) for (name, value), count in self._counts.items() if name == field]
        found.sort(key=lambda row: (-row[1], row[0]))
        return [
            (value, count, count / self.commits, self._confidence[field, value] / count)
            for value, count in found
        ]

    def table(self) -> str:
        """The table for people."""
        lines = [f"{self.commits} commits"]
        for field in FIELDS:
            lines.append(f"{field:16}{'commits':>9}{'share':>8}{'confidence':>12}")
            lines += [f"  {v:14}{n:>9}{share:>8.1%}{sure:>12.2f}" for v, n, share, sure in self.rows(field)]
        return "\n".join(lines)

    def as_json(self) -> str:
        """The same as one JSON object."""
        summary: dict[str, Any] = {"commits": self.commits}
        for field in FIELDS:
            summary[field] = {
                value: {"commits": count, "share": round(share, 4), "confidence": round(sure, 2)}
                for value, count, share, sure in self.rows(field)
            }
        return json.dumps({"v": 1, "summary": summary})


class Progress:
    """One line on stderr that says how far a range is; silent where stderr is no terminal."""

    def __init__(self, count: Callable[[], int | None]) -> None:
        self._shown = sys.stderr.isatty()
        self._total = count() if self._shown else None
        self._done = 0
        self._start = self._last = time.monotonic()
        self._drawn = False

    def step(self) -> None:
        """One commit more; draws at most five times a second."""
        self._done += 1
        now = time.monotonic()
        if not self._shown or now - self._last < EVERY_S:
            return
        self._last = now
        click.echo(f"\r\x1b[K{self._said(now)}", err=True, nl=False)
        self._drawn = True

    def _said(self, now: float) -> str:
        """How many are done, how fast, and how long it will take; short, for a line that is full cannot be taken away."""
        speed = self._done / (now - self._start)
        pace = f"{speed:,.0f} a second"
        if not self._total:
            return f"{self._done:,} commits, {pace}"
        full = round(BAR * min(self._done / self._total, 1.0))
        left_s = round(max(self._total - self._done, 0) / speed)
        return f"{'#' * full:-<{BAR}} {self._done:,} of {self._total:,} commits, {pace}, {left_s // 60}:{left_s % 60:02} left"

    def clear(self) -> None:
        """Take the line away, so that what follows starts at the left."""
        if self._drawn:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._drawn = False
