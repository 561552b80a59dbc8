"""What people did with the answers, turned into a tier to try: at most one up or down, and only on clear counts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, NamedTuple

from smista_git.classify.labels import TIERS, Tier

Shift = Literal[-1, 1]

# The 95 % quantile, two-sided, of the normal distribution.
Z = 1.959964
# Down only after 20 answers of which surely four in five were taken: with none refused the bound passes 0.8 at 16.
LEAST_DOWN, TAKEN_DOWN = 20, 0.8
# Up sooner: five refusals in a row put the upper bound at 0.43. Unsure is sent up, never down.
LEAST_UP, TAKEN_UP = 5, 0.5


class Cell(NamedTuple):
    """Where answers are counted together."""

    phase: str
    kind: str
    tier: Tier


class Counts(NamedTuple):
    """Answers that were taken (as they were, or nearly), and those that were not."""

    good: int
    bad: int


def wilson(good: int, total: int) -> tuple[float, float]:
    """The score interval of a share at 95 %, (0, 1) of nothing.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    """
    if total == 0:
        return 0.0, 1.0
    share, z2 = good / total, Z * Z
    middle = share + z2 / (2 * total)
    spread = Z * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    scale = 1 + z2 / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def suggest(counts: Mapping[Cell, Counts], cell: Cell) -> Shift | None:
    """-1: the tier below is worth a try; 1: this tier does not do; None: stay, or too few counts to say.

    Never down to a tier that was itself found wanting for this phase and kind, nor past either end.
    """
    at = TIERS.index(cell.tier)
    if at + 1 < len(TIERS) and _wanting(counts.get(cell)):
        return 1
    below = cell._replace(tier=TIERS[at - 1]) if at else None
    if below is not None and _convincing(counts.get(cell)) and not _wanting(counts.get(below)):
        return -1
    return None


def _convincing(counts: Counts | None) -> bool:
    total = sum(counts) if counts else 0
    return counts is not None and total >= LEAST_DOWN and wilson(counts.good, total)[0] >= TAKEN_DOWN


def _wanting(counts: Counts | None) -> bool:
    total = sum(counts) if counts else 0
    return counts is not None and total >= LEAST_UP and wilson(counts.good, total)[1] <= TAKEN_UP


def edit_distance(before: str, after: str) -> int:
    """How many words must be put in, taken out or replaced (Levenshtein over words)."""
    old, new = before.split(), after.split()
    row = list(range(len(new) + 1))
    for i, word in enumerate(old, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(new, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1]
