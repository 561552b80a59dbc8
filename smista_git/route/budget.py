"""What the budget says: how near each limit is, and what follows from that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from smista_git.route.decision import Spend
from smista_git.route.policy import BudgetFloor, Policy

Strain = Literal["none", "downgrade", "pause"]
STRAINS: tuple[Strain, ...] = ("none", "downgrade", "pause")


@dataclass(frozen=True, slots=True)
class Pressure:
    """The strictest of what all budgets say, and its why."""

    strain: Strain
    why: str


def pressure(policy: Policy, spend: Spend) -> Pressure:
    """How hard the budgets of all layers press; with none set, not at all."""
    lines = [line for floor in policy.budgets for line in _lines(floor, spend)]
    if not lines:
        return Pressure("none", "no budget is set")
    return max(lines, key=lambda line: STRAINS.index(line.strain))


def _lines(floor: BudgetFloor, spend: Spend) -> Iterator[Pressure]:
    if floor.daily_usd is not None:
        yield _line(floor, spend.day_usd, floor.daily_usd, "daily_usd")
    if floor.project_usd is not None:
        yield _line(floor, spend.project_usd, floor.project_usd, "project_usd")


def _line(floor: BudgetFloor, spent: Decimal, limit: Decimal, key: str) -> Pressure:
    used = f"${spent} of ${limit} {key} is spent [{floor.origin}]"
    if spent >= limit * floor.pause_at:
        return Pressure("pause", used)
    if spent >= limit * floor.downgrade_at:
        return Pressure("downgrade", used)
    return Pressure("none", used)
