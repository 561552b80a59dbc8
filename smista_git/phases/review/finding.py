"""A finding: one thing that is wrong with a change, on a line that the change has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

Severity = Literal["error", "warning", "note"]
Side = Literal["new", "old", "file"]
Category = Literal[
    "bug", "security", "secrets", "data-loss", "concurrency", "performance", "error-handling", "compatibility",
    "dependencies", "tests", "debugging", "documentation", "maintainability", "prompt-injection", "other",
]  # fmt: skip
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
CATEGORIES: tuple[Category, ...] = get_args(Category)


@dataclass(frozen=True, slots=True)
class Finding:
    """``line`` is 1-based on ``side``, and 0 where ``side`` is ``file``: the finding speaks of the file as a whole.

    ``quote`` is the text of that line as the diff has it, secrets redacted. ``suggestion`` stands in for the lines
    ``line`` to ``last_line`` of the new side. ``nth`` counts lines of the same text in the file's diff, from 0.
    """

    path: str
    line: int
    side: Side
    severity: Severity
    category: Category
    title: str
    why: str
    quote: str = ""
    suggestion: str | None = None
    source: str = "builtin/rules"
    rule: str = ""
    nth: int = 0
    last_line: int = 0

    @property
    def end(self) -> int:
        """The last line that the finding speaks of, inclusive."""
        return max(self.line, self.last_line)

    @property
    def fingerprint(self) -> str:
        """What stays the same when lines above come and go: sha256 over file, text, kind and count, 32 digits of it."""
        text = " ".join(self.quote.split())
        key = "\0".join((self.path, self.side, self.rule or self.category, text, str(self.nth)))
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def to_json(self) -> dict[str, Any]:
        """The JSON shape of a finding."""
        return {
            "path": self.path,
            "line": self.line or None,
            "end_line": self.end or None,
            "side": self.side,
            "severity": self.severity,
            "category": self.category,
            "title": self.title,
            "why": self.why,
            "quote": self.quote,
            "suggestion": self.suggestion,
            "source": self.source,
            "rule": self.rule or None,
            "fingerprint": self.fingerprint,
        }


def at_or_above(severity: Severity, level: str) -> bool:
    """Whether a gate set to ``level`` trips on ``severity``; ``never`` trips on nothing."""
    return level in SEVERITIES and SEVERITIES.index(severity) <= SEVERITIES.index(level)


def sorted_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By severity, then path, then line."""
    return tuple(sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.path, f.line, f.title)))


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each thing once, the first teller kept: rules speak before models, so their words win.

    Two findings are one when they have one fingerprint, or speak of one line in the same category or in much the
    same words.
    """
    kept: list[Finding] = []
    for finding in findings:
        twin = next((i for i, other in enumerate(kept) if _same(other, finding)), None)
        if twin is None:
            kept.append(finding)
        elif SEVERITIES.index(finding.severity) < SEVERITIES.index(kept[twin].severity):
            kept[twin] = replace(kept[twin], severity=finding.severity)
    return tuple(kept)


def _same(one: Finding, other: Finding) -> bool:
    if one.fingerprint == other.fingerprint:
        return True
    if not one.line or (one.path, one.side) != (other.path, other.side):
        return False
    if not one.line <= other.line <= one.end:
        return False
    return one.category == other.category or _alike(one.title, other.title)


def _alike(one: str, other: str) -> bool:
    first, second = ({w for w in text.lower().split() if len(w) > 3} for text in (one, other))
    return bool(first and second) and len(first & second) * 2 >= min(len(first), len(second))
