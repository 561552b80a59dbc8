"""Secrets in any text that could be sent: where they are and by which rule, never what they are."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from smista_git.change.model import Change, FileChange
from smista_git.classify.secrets.engine import (
    EngineFailed,
    engine_available,
    engine_spans,
    warm_up,
)
from smista_git.classify.secrets.rules import is_lock, own_spans, words_of
from smista_git.classify.secrets.values import Grade, grade

__all__ = [
    "ChangeFinding",
    "EngineFailed",
    "SecretFinding",
    "engine_available",
    "engine_spans",
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


def scan(text: str, *, path: str | None = None) -> tuple[SecretFinding, ...]:
    """Every secret in the text, by the engine and the own rules together; in order, none overlapping.

    ``path``, where there is one, says whether bare words are names or values.

    Raises:
        EngineFailed: the engine is not there; a caller that keeps the text local may use ``scan_own``.
    """
    return _findings(text, [*own_spans(text, path=path), *_engine(text, path)])


def scan_own(text: str, *, path: str | None = None) -> tuple[SecretFinding, ...]:
    """Every secret that the own rules alone find; never enough for a text that leaves the machine."""
    return _findings(text, own_spans(text, path=path))


def scan_change(change: Change) -> tuple[ChangeFinding, ...]:
    """Every secret on added, removed and context lines and in file names; sorted, each place and rule once.

    Works without the engine too, by the own rules: ask ``engine_available`` before a remote send.
    """
    with_engine = engine_available()
    found: set[ChangeFinding] = set()
    stretches = list(_stretches(change))
    among = words_of({text for lines in stretches for text in lines.texts})
    for lines in stretches:
        text = "\n".join(lines.texts)
        path = None if lines.side == "name" else lines.paths[0]
        spans = own_spans(text, path=path, among=among)
        for finding in _findings(text, [*spans, *(_engine(text, path) if with_engine else ())]):
            found.add(lines.finding(finding))
    return tuple(sorted(found))


class _Lines(NamedTuple):
    """Lines that are read together: of one file, with their numbers, or one for each path."""

    side: Side
    paths: Sequence[str]
    numbers: Sequence[int]
    texts: Sequence[str]

    def finding(self, found: SecretFinding) -> ChangeFinding:
        """What was found in the text of these lines, with its place in the change."""
        at = found.line - 1
        path = self.paths[at if self.side == "name" else 0]
        return ChangeFinding(path, self.numbers[at], self.side, found.rule)


def _stretches(change: Change) -> Iterator[_Lines]:
    """All file names, then the new and the old side of each file."""
    if names := change.paths:
        yield _Lines("name", names, [0] * len(names), [name.replace("\n", " ") for name in names])
    for file in change.files:
        yield from _sides(file)


def _sides(file: FileChange) -> Iterator[_Lines]:
    """Each side on its own, so that what spans hunks stands together; context only once where nothing was removed."""
    new = _together("new", file, [(hunk.new_start, hunk.after) for hunk in file.hunks])
    if new.texts:
        yield new
    if any(hunk.counts[1] for hunk in file.hunks):
        yield _together("old", file, [(hunk.old_start, hunk.before) for hunk in file.hunks])


def _together(side: Side, file: FileChange, hunks: Sequence[tuple[int, list[str]]]) -> _Lines:
    numbers = [number for first, texts in hunks for number in range(first, first + len(texts))]
    return _Lines(side, [file.path], numbers, [text for _, texts in hunks for text in texts])


def _engine(text: str, path: str | None) -> Iterator[Span]:
    """The engine's spans, its generic rules checked: they take ``password = password`` for a secret."""
    for rule, start, end in engine_spans(text):
        if not rule.startswith("generic-") or (not is_lock(path) and _holds(text, rule, start, end)):
            yield rule, start, end


def _holds(text: str, rule: str, start: int, end: int) -> bool:
    graded = grade(text[start:end])
    if rule == "generic-credential-uri" or "\n" in text[start:end]:
        return "password@" not in text[start:end] and ":pass@" not in text[start:end]
    quoted = text[start - 1 : start] in ("'", '"', "`") and start > 0
    return graded >= (Grade.WORD if quoted else Grade.MIXED) and not re.search(
        r"[(){}\[\]]|^[*&]\w", text[start:end]
    )


def _everywhere(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans, and every other place of the text where one of their values stands again."""
    values: dict[str, str] = {}
    for rule, start, end in spans:
        yield rule, start, end
        value = text[start:end]
        if 16 <= len(value) <= 500 and "\n" not in value and grade(value) is Grade.RANDOM:
            values.setdefault(value, rule)
    for value, rule in values.items():
        at = text.find(value)
        while at >= 0:
            yield rule, at, at + len(value)
            at = text.find(value, at + len(value))


def _findings(text: str, spans: Iterable[Span]) -> tuple[SecretFinding, ...]:
    merged: list[Span] = []
    for rule, start, end in sorted(_everywhere(text, spans), key=lambda s: (s[1], -s[2], s[0])):
        if merged and start < merged[-1][2]:
            if end > merged[-1][2]:
                merged[-1] = (merged[-1][0], merged[-1][1], end)
        else:
            merged.append((rule, start, end))
    starts = [0, *(m.end() for m in re.finditer("\n", text))] if merged else []
    return tuple(SecretFinding(s, e, bisect.bisect_right(starts, s), r) for r, s, e in merged)
