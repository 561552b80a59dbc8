"""Reads TOML, and finds the line on which each key stands, which the parser does not tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from smista_git.route.problems import InvalidPolicy, Problem

Path = tuple[str | int, ...]

_BARE = r"[A-Za-z0-9_-]+"
_KEY = rf"""(?:{_BARE}|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
_ASSIGNMENT = re.compile(rf"\s*({_DOTTED})\s*=")
_PIECE = re.compile(_KEY)
# What can open or close a value that spans lines, strings and comments first so that they hide the brackets in them.
_TOKEN = re.compile(
    r'"""|' r"'''" r'|"(?:[^"\\\n]|\\.)*"|' r"'[^'\n]*'" r"|#[^\n]*|[\[\]{}]",
)


def read_toml(text: str, *, source: str) -> dict[str, Any]:
    """The tables of a TOML text; numbers with a fraction come as Decimal.

    Raises: PolicyError with the line that the parser stumbled over.
    """
    import tomli

    try:
        return tomli.loads(text, parse_float=Decimal)
    except tomli.TOMLDecodeError as exc:
        problem = Problem(source, exc.lineno, f"not valid TOML: {exc.msg}", f"see column {exc.colno}")
        raise InvalidPolicy([problem]) from exc
    except (RecursionError, ValueError) as exc:
        # The parser's own limits: 400 levels of nesting, 4300 digits.
        problem = Problem(
            source, 1, "not a policy: something in it is nested too deep or far too long", "cut it"
        )
        raise InvalidPolicy([problem]) from exc


class Lines:
    """The line, 1-based, of every table and key of a text that is valid TOML."""

    def __init__(self, text: str) -> None:
        self._found: dict[Path, int] = {}
        for number, path in _walk(text):
            for end in range(1, len(path) + 1):
                self._found.setdefault(path[:end], number)

    def of(self, path: Path) -> int:
        """The line of the key, or of the nearest table around it; 1 where nothing is known."""
        for end in range(len(path), 0, -1):
            if path[:end] in self._found:
                return self._found[path[:end]]
        return 1


def _walk(text: str) -> Iterator[tuple[int, Path]]:
    """Each header and each assignment with its full path; entries of an array of tables carry their index."""
    table: Path = ()
    entries: Counter[Path] = Counter()
    open_until: str | None = None
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if open_until is None and depth == 0:
            if header := _HEADER.match(line):
                table = _enter(header, entries)
                yield number, table
                continue
            if assignment := _ASSIGNMENT.match(line):
                yield number, table + _pieces(assignment[1])
        open_until, depth = _scan(line, open_until, depth)


def _enter(header: re.Match[str], entries: Counter[Path]) -> Path:
    """The path of a table header, where each array of tables on the way stands at its latest entry."""
    path: Path = ()
    pieces = _pieces(header[2])
    for position, piece in enumerate(pieces):
        path = (*path, piece)
        if position == len(pieces) - 1 and header[1] == "[[":
            entries[path] += 1
        if entries[path]:
            path = (*path, entries[path] - 1)
    return path


def _pieces(dotted: str) -> Path:
    return tuple(piece.strip("\"'") for piece in _PIECE.findall(dotted))


def _scan(line: str, open_until: str | None, depth: int) -> tuple[str | None, int]:
    """Whether a long string is still open after this line, and how many brackets are."""
    if open_until is not None:
        if open_until not in line:
            return open_until, depth
        line = line.split(open_until, 1)[1]
    for token in _TOKEN.finditer(line):
        found = token[0]
        if found in ('"""', "'''"):
            return _scan(line[token.end() :], found, depth)
        depth += (found in "[{") - (found in "]}")
    return None, depth
