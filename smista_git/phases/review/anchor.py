"""Where a quoted line stands in a change. Nothing that a model says of a place is believed: the quote is looked up.

A finding gets its path, line and side from here and from nowhere else, so each one lies on a line of the diff and
quotes it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smista_git.change.model import Change, Line
from smista_git.phases.review.finding import Side
from smista_git.plan.printable import printable_line

# A bracket alone stands everywhere and points nowhere.
LEAST_SIGNS = 3
_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"\w")
_GUTTER = re.compile(r"^[+\- ]")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Lines ``line`` to ``last_line`` of one side of one file; ``quote`` is the diff's own text of the first."""

    path: str
    line: int
    last_line: int
    side: Side
    quote: str
    nth: int
    hunk: int


@dataclass(frozen=True, slots=True)
class _Spot:
    """A changed line with its place, and its number among the lines of the same text in the file."""

    path: str
    hunk: int
    at: int
    line: Line
    nth: int

    @property
    def number(self) -> int:
        return (self.line.new_line if self.line.kind == "+" else self.line.old_line) or 0


class Anchors:
    """Finds quotes among the added and removed lines of a change; context lines were not changed and hold nothing."""

    def __init__(self, change: Change) -> None:
        self._exact: dict[str, list[_Spot]] = defaultdict(list)
        self._loose: dict[str, list[_Spot]] = defaultdict(list)
        self._hunks: dict[tuple[str, int], Sequence[Line]] = {}
        self._other_names: dict[str, str] = {}
        for spot in self._spots(change):
            for text in {spot.line.text, printable_line(spot.line.text)}:
                self._exact[text].append(spot)
                self._loose[squeezed(text)].append(spot)

    def find(self, path: str, quote: str, *, line: int | None = None) -> Anchor | None:
        """The place of ``quote`` in ``path``; None where no changed line of that file reads so.

        Of several places the one nearest to ``line`` is taken, on an added line rather than a removed one, else the
        first. A quote of several lines must stand in one piece.
        """
        path = self._other_names.get(path, path)
        wanted = [text for text in quote.split("\n") if text.strip()]
        if not wanted or sum(len(_WORD.findall(text)) for text in wanted) < LEAST_SIGNS:
            return None
        found = [
            (spot, last) for spot in self._candidates(path, wanted[0]) if (last := self._run(spot, wanted))
        ]
        if not found:
            return None
        spot, last = min(found, key=lambda pair: _rank(pair[0], line))
        side: Side = "new" if spot.line.kind == "+" else "old"
        return Anchor(spot.path, spot.number, last, side, spot.line.text, spot.nth, spot.hunk)

    def around(self, anchor: Anchor) -> Sequence[Line]:
        """The lines of the hunk that the anchor lies in."""
        return self._hunks[anchor.path, anchor.hunk]

    def _spots(self, change: Change) -> Iterator[_Spot]:
        for file in change.files:
            self._other_names |= {path: file.path for path in file.paths if path != file.path}
            self._other_names |= {printable_line(file.path): file.path}
            seen: dict[tuple[str, str], int] = defaultdict(int)
            for number, hunk in enumerate(file.hunks):
                self._hunks[file.path, number] = hunk.lines
                for at, line in enumerate(hunk.lines):
                    if line.kind != " ":
                        key = (line.kind, squeezed(line.text))
                        yield _Spot(file.path, number, at, line, seen[key])
                        seen[key] += 1

    def _candidates(self, path: str, text: str) -> list[_Spot]:
        """The lines of the file that read so: to the letter, else but for white space or the diff's own sign."""
        bare = _GUTTER.sub("", text, count=1)
        for table, key in (
            (self._exact, text),
            (self._exact, bare),
            (self._loose, squeezed(text)),
            (self._loose, squeezed(bare)),
        ):
            if spots := [spot for spot in table.get(key, ()) if spot.path == path and key]:
                return spots
        return []

    def _run(self, spot: _Spot, wanted: list[str]) -> int:
        """The last line's number when all of ``wanted`` stand there one below the other, else 0."""
        lines = self._hunks[spot.path, spot.hunk]
        number, at = spot.number, spot.at
        for text in wanted[1:]:
            at += 1
            while at < len(lines) and lines[at].kind == spot.line.kind and not lines[at].text.strip():
                at += 1
            if at >= len(lines) or lines[at].kind != spot.line.kind or not _reads(lines[at], text):
                return 0
            number = (lines[at].new_line if spot.line.kind == "+" else lines[at].old_line) or 0
        return number


def squeezed(text: str) -> str:
    """The text with every run of white space as one blank, none at the ends."""
    return _BLANKS.sub(" ", text).strip()


def _reads(line: Line, text: str) -> bool:
    bare = squeezed(_GUTTER.sub("", text, count=1))
    shown = {squeezed(line.text), squeezed(printable_line(line.text))}
    return squeezed(text) in shown or bare in shown


def _rank(spot: _Spot, line: int | None) -> tuple[int, int, int]:
    distance = abs(spot.number - line) if line else 0
    return (distance, 0 if spot.line.kind == "+" else 1, spot.number)
