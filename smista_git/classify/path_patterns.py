"""Matches paths against gitignore-style patterns: the last pattern that speaks of a path decides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from smista_git.change.pattern import regex

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_WILD = regex(r"[*?]")
_INTRICATE = regex(r"[\\\[\]!#]")


def matches(patterns: Sequence[str], path: str) -> str | None:
    """The pattern that takes the path in, as written, or None; a later ``!pattern`` lets it go again."""
    found = _last_match(tuple(patterns), path)
    return None if found is None else patterns[found]


def matches_any_case(patterns: Sequence[str], path: str) -> str | None:
    """As ``matches``, for all names that some file system takes for the same: in any case, in any Unicode form."""
    found = _last_match_any_case(tuple(patterns), path)
    return None if found is None else patterns[found]


@lru_cache(maxsize=65536)
def _last_match_any_case(patterns: tuple[str, ...], path: str) -> int | None:
    """Kept, since the files of a history are changed again and again."""
    return _last_match(_folded(patterns), _fold(path))


def _last_match(patterns: tuple[str, ...], path: str) -> int | None:
    """The position of the pattern that takes the path in, or None."""
    if not any(piece in path for piece in _pieces(patterns)):
        return None
    # The compiled patterns use ".", which a newline in the name of a file or folder would slip past.
    result = _spec(patterns).check_file(path.replace("\n", "\x01").replace("\r", "\x01"))
    return result.index if result.include else None


@lru_cache(maxsize=256)
def _folded(patterns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_fold(pattern) for pattern in patterns)


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    from unicodedata import normalize

    return normalize("NFC", normalize("NFC", text).casefold())


@lru_cache(maxsize=256)
def _pieces(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """For each pattern a piece of text that every path it matches contains; empty where none is certain.

    Most paths contain none of the pieces, so most runs never import pathspec (30 ms).
    """
    including = [pattern for pattern in patterns if not pattern.startswith("!")]
    return tuple(dict.fromkeys(_certain_piece(pattern) for pattern in including))


def _certain_piece(pattern: str) -> str:
    if _INTRICATE.search(pattern) or "//" in pattern:
        return ""
    return max((piece.strip(" \t/") for piece in _WILD.split(pattern)), key=len)


@lru_cache(maxsize=256)
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)
