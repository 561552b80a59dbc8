"""What goes into the ledger and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from smista_git.classify.labels import Tier

Ending = Literal["ok", "rejected", "error"]
Answer = Literal["accepted", "edited", "regenerated", "escalated", "rejected"]
By = Literal["model", "phase", "tier", "day"]
ANSWERS: tuple[str, ...] = get_args(Answer)
GROUPINGS: tuple[By, ...] = get_args(By)


@dataclass(frozen=True, slots=True)
class Entry:
    """One dispatch before its call; ``day`` is the person's local date.

    ``reserved_usd`` is what counts until the bill is known, and for good where it never will be: the upper end
    of the estimate, or for an unknown price that of the dearest known model of the tier.
    """

    project: str
    day: date
    phase: str
    kind: str
    tier: Tier
    original_tier: Tier
    model: str
    rule: str | None = None
    plan_id: str = ""
    reserved_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What must not be passed, in US dollars; None: no such limit."""

    day_usd: Decimal | None = None
    project_usd: Decimal | None = None

    @property
    def any(self) -> bool:
        """True when there is something to hold."""
        return self.day_usd is not None or self.project_usd is not None


@dataclass(frozen=True, slots=True)
class Line:
    """One group of a summary.

    ``cost_usd`` sums the known costs; ``unknown`` counts the dispatches whose cost is not known, and they are in
    neither money figure. ``saved_usd`` is None without a baseline.
    """

    key: str
    dispatches: int
    tokens_in: int
    tokens_out: int
    cost_usd: Decimal
    unknown: int
    saved_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Group:
    """The dispatches of one cost string within one group, as the store adds them up."""

    key: str
    cost_usd: str | None
    dispatches: int
    tokens_in: int
    tokens_out: int
