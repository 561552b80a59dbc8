"""The table of a classified range."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from smista_git.wording import counted

if TYPE_CHECKING:
    from smista_git.cli.classify_rows import Row

FIELDS = ("type", "kind", "tier")


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
        lines = [counted(self.commits, "commit")]
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
