"""Matches paths against gitignore-style patterns: the last pattern that speaks of a path decides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def matches(patterns: Sequence[str], path: str) -> str | None:
    """The pattern that takes the path in, as written, or None; a later ``!pattern`` lets it go again."""
    return _last_match(tuple(patterns), path)


def matches_any_case(patterns: Sequence[str], path: str) -> str | None:
    """As ``matches``, without regard to case: what a case-insensitive file system would call the same file."""
    wanted = tuple(patterns)
    found = _last_match(tuple(p.casefold() for p in wanted), path.casefold())
    return next((p for p in reversed(wanted) if p.casefold() == found), None) if found else None


def _last_match(patterns: tuple[str, ...], path: str) -> str | None:
    if not patterns:
        return None
    # The compiled patterns use ".", which a newline in a file name would slip past.
    result = _spec(patterns).check_file(path.replace("\n", "\x01").replace("\r", "\x01"))
    return patterns[result.index] if result.include and result.index is not None else None


@lru_cache(maxsize=256)
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)
