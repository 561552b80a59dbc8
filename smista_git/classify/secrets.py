"""Secrets in any text that could be sent: where they are and by which rule, never what they are."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from smista_git.change.model import Change, FileChange, Line
from smista_git.classify.secret_engine import EngineFailed, engine_available, engine_spans, warm_up
from smista_git.classify.secret_rules import own_spans

__all__ = [
    "ChangeFinding",
    "EngineFailed",
    "SecretFinding",
    "engine_available",
    "scan",
    "scan_change",
    "scan_own",
    "warm_up",
]

Side = Literal["new", "old", "name"]
Span = tuple[str, int, int]


@dataclass(frozen=True, slots=True, order=True)
class SecretFinding:
    """Where a secret stands in a text: offsets ``[start, end)``, the 1-based line of its start, the rule."""

    start: int
    end: int
    line: int
    rule: str


@dataclass(frozen=True, slots=True, order=True)
class ChangeFinding:
    """Where a secret stands in a change; ``line`` counts on ``side``, and is 0 in a file name."""

    path: str
    line: int
    side: Side
    rule: str


def scan(text: str) -> tuple[SecretFinding, ...]:
    """Every secret in the text, by the engine and the own rules together; in order, none overlapping.

    Raises:
        EngineFailed: the engine is not there; a caller that keeps the text local may use ``scan_own``.
    """
    return _findings(text, [*own_spans(text), *engine_spans(text)])


def scan_own(text: str) -> tuple[SecretFinding, ...]:
    """Every secret that the own rules alone find; never enough for a text that leaves the machine."""
    return _findings(text, own_spans(text))


def scan_change(change: Change) -> tuple[ChangeFinding, ...]:
    """Every secret on added, removed and context lines and in file names; sorted, each place and rule once.

    Works without the engine too, by the own rules: ask ``engine_available`` before a remote send.
    """
    lines = [*_names(change), *(entry for f in change.files for entry in _sides(f))]
    text = "\n".join(line for _, _, _, line in lines)
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    found: set[ChangeFinding] = set()
    for finding in scan(text) if engine_available() else scan_own(text):
        first = bisect.bisect_right(starts, finding.start) - 1
        path, number, side, _ = lines[first]
        found.add(ChangeFinding(path, number, side, finding.rule))
    return tuple(sorted(found))


def _names(change: Change) -> Iterator[tuple[str, int, Side, str]]:
    for path in change.paths:
        yield path, 0, "name", path.replace("\n", " ")


def _sides(file: FileChange) -> Iterator[tuple[str, int, Side, str]]:
    """The new side and then the old side of a file, so that what spans hunks or sides stands together."""
    path = file.path
    lines = [line for hunk in file.hunks for line in hunk.lines]
    if any(line.kind != "-" for line in lines):
        yield from ((path, line.new_line or 0, "new", _text(line)) for line in lines if line.kind != "-")
    if any(line.kind == "-" for line in lines):
        yield from ((path, line.old_line or 0, "old", _text(line)) for line in lines if line.kind != "+")


def _text(line: Line) -> str:
    return line.text.replace("\n", " ")


def _findings(text: str, spans: Iterable[Span]) -> tuple[SecretFinding, ...]:
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    merged: list[Span] = []
    for rule, start, end in sorted(spans, key=lambda s: (s[1], -s[2], s[0])):
        if merged and start < merged[-1][2]:
            if end > merged[-1][2]:
                merged[-1] = (merged[-1][0], merged[-1][1], end)
        else:
            merged.append((rule, start, end))
    return tuple(SecretFinding(s, e, bisect.bisect_right(starts, s), r) for r, s, e in merged)
