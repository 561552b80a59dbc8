"""The name that a change puts for another, over all its lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from smista_git.phases.builtin_message.pairs import swaps
from smista_git.phases.builtin_message.reading import Reading

LITERALS = frozenset(
    {"true", "false", "True", "False", "null", "None", "nil", "undefined", "let", "const", "var"}
)
# One of these put for another is a mended sentence, not a name.
_FUNCTION_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "be",
        "but",
        "by",
        "for",
        "from",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "this",
        "to",
        "with",
    ]
)
_MOST_PAIRS = 400


@dataclass(frozen=True, slots=True)
class Swap:
    """A name put for another throughout: ``share`` of the changed lines, ``times`` in all, in ``files`` files."""

    old: str
    new: str
    share: float
    times: int
    files: int


def main_swap(readings: Sequence[Reading]) -> Swap | None:
    """The name that was most often put for another, or None where no lines are such pairs."""
    counted: Counter[tuple[str, str]] = Counter()
    homes: dict[tuple[str, str], set[str]] = {}
    lines = seen = 0
    for reading in readings:
        for block in reading.blocks:
            lines += max(len(block.removed), len(block.added))
            for pair in block.pairs if seen < _MOST_PAIRS else ():
                seen += 1
                for swap in dict.fromkeys((_bare(a), _bare(b)) for a, b in swaps(pair)):
                    counted[swap] += 1
                    homes.setdefault(swap, set()).add(reading.path)
    for swap in [s for s in counted if min(map(len, s)) < 2 or (LITERALS | _FUNCTION_WORDS) & {*s}]:
        del counted[swap]
    best = max(counted, key=lambda s: (counted[s], s), default=None)
    if best is None or best[0] == best[1]:
        return None
    return Swap(*best, counted[best] / lines, counted[best], len(homes[best]))


def _bare(name: str) -> str:
    return name.strip("\"'`")
