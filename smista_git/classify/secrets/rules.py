"""Own rules: what the engine misses. A cheap look for key words over the text, then a careful one at their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import PurePosixPath

from smista_git.classify.secrets.assignments import TRIGGERS, assignments, next_line
from smista_git.classify.secrets.blocks import MARKERS, key_blocks, wide_runs
from smista_git.classify.secrets.shapes import (
    ADDRESSES,
    HASHES,
    PREFIXES,
    address_shapes,
    colon_lines,
    exact_shapes,
    hash_shapes,
    jwk_shapes,
    lone_key,
    token_shapes,
)
from smista_git.classify.secrets.views import hidden_spans

Span = tuple[str, int, int]

# A line longer than this (minified code, data) is read by its first part only; the engine reads it whole.
LONGEST_LINE = 20_000
JWK = frozenset("dkpq")
EVERY_WORD = frozenset((*TRIGGERS, *ADDRESSES, *PREFIXES, *HASHES))

_CODE = frozenset(
    [
        ".py",
        ".pyi",
        ".js",
        ".mjs",
        ".cjs",
        ".ts",
        ".mts",
        ".jsx",
        ".tsx",
        ".go",
        ".java",
        ".kt",
        ".rb",
        ".php",
        ".cs",
        ".c",
        ".h",
        ".cpp",
        ".cc",
        ".hpp",
        ".rs",
        ".swift",
        ".scala",
        ".m",
        ".mm",
        ".hs",
        ".lua",
        ".pl",
        ".ex",
        ".exs",
        ".clj",
        ".dart",
        ".vue",
        ".svelte",
        ".groovy",
        ".gradle",
        ".ps1",
        ".r",
        ".sol",
        ".zig",
        ".nim",
        ".fs",
        ".erl",
        ".elm",
        ".html",
        ".css",
        ".scss",
        ".sql",
    ]
)
_CONFIG = frozenset(
    [
        ".env",
        ".yml",
        ".yaml",
        ".ini",
        ".cfg",
        ".conf",
        ".properties",
        ".toml",
        ".sh",
        ".bash",
        ".zsh",
        ".config",
        ".cnf",
        ".tf",
        ".tfvars",
    ]
)


def own_spans(text: str, *, path: str | None = None, among: frozenset[str] = EVERY_WORD) -> Iterator[Span]:
    """(rule, start, end) of everything the own rules find, in no particular order, overlaps included.

    ``among`` are the words that the text may hold, as ``words_of`` tells of it and others at once.
    """
    yield from plain_spans(text, path=path, among=among)
    yield from hidden_spans(text, lambda view: plain_spans(view, path=path))


def words_of(lines: Iterable[str]) -> frozenset[str]:
    """Which of the words that the rules look for stand in any of the lines: to look once for all is most of the work."""
    low = "\n".join(lines).lower()
    return frozenset(word for word in EVERY_WORD if word in low)


def plain_spans(text: str, *, path: str | None = None, among: frozenset[str] = EVERY_WORD) -> Iterator[Span]:
    """As ``own_spans``, of the text as it stands: nothing joined or decoded."""
    low = text.lower()
    if len(low) != len(text):
        # A few letters grow when lowered (U+0130): offsets must hold, so only ASCII is lowered then.
        low = re.sub("[A-Z]+", lambda found: found[0].lower(), text)
    code = is_code(path)
    # A lock file is names and checksums: "token-stream@^1.0" beside a key word is no value.
    for start, end in () if is_lock(path) else _lines_with(text, low, TRIGGERS, among):
        yield from assignments(text, start, end, code=code)
        yield from next_line(text, start, end)
    for start, end in _lines_with(text, low, ADDRESSES, among):
        yield from address_shapes(text, start, end)
    for start, end in _lines_with(text, low, PREFIXES, among):
        yield from token_shapes(text, start, end)
    for start, end in _lines_with(text, low, HASHES, among):
        yield from hash_shapes(text, start, end)
    if any(marker in low for marker in MARKERS):
        yield from key_blocks(text)
    if '"kty' in low or "kty:" in low or "'kty" in low:
        for start, end in _lines_with(text, low, JWK, JWK):
            yield from jwk_shapes(text, start, end)
    yield from colon_lines(text)
    yield from exact_shapes(text)
    yield from lone_key(text)
    yield from wide_runs(text)


@lru_cache(maxsize=1024)
def is_lock(path: str | None) -> bool:
    """True for the lock files of package managers, by name."""
    name = PurePosixPath(path or "").name.lower()
    return name.endswith((".lock", "-lock.json", "-lock.yaml", ".lockb")) or name in (
        "go.sum",
        "npm-shrinkwrap.json",
    )


@lru_cache(maxsize=1024)
def is_code(path: str | None) -> bool | None:
    """True where bare words are names (code), False where they are values (configuration), None: unknown."""
    if path is None:
        return None
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _CODE:
        return True
    return False if suffix in _CONFIG or PurePosixPath(path).name.startswith(".") else None


def _lines_with(text: str, low: str, words: Iterable[str], among: frozenset[str]) -> list[tuple[int, int]]:
    """Start and end of every line that holds one of the words, each once, in order."""
    found: dict[int, int] = {}
    for word in among.intersection(words):
        at = low.find(word)
        while at >= 0:
            start = text.rfind("\n", 0, at) + 1
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            stop = end - 1 if end > start and text[end - 1] == "\r" else end
            found[start] = min(stop, start + LONGEST_LINE)
            at = low.find(word, end)
    return sorted(found.items())
