"""One project's account: what dispatching calls around every attempt that may cost money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from smista_git.classify.labels import Tier
from smista_git.ledger.rows import Ending, Entry, Limits
from smista_git.ledger.store import Ledger
from smista_git.plan.plan import Plan
from smista_git.plan.request import Usage
from smista_git.route.decision import Spend


class Settled(Protocol):
    """What an account needs to know of an attempt that ended."""

    @property
    def outcome(self) -> Ending: ...
    @property
    def usage(self) -> Usage: ...
    @property
    def cost_usd(self) -> Decimal | None: ...
    @property
    def latency_s(self) -> float: ...
    @property
    def error(self) -> str | None: ...


def limits_of(daily_usd: Decimal | None, project_usd: Decimal | None, *, pause_at: Decimal) -> Limits:
    """The limits of a policy's budget: where work is paused."""
    return Limits(*(None if usd is None else usd * pause_at for usd in (daily_usd, project_usd)))


@dataclass(slots=True)
class Account:
    """The ledger as seen by one project on one local day; ``numbers`` are its dispatches, oldest first.

    ``most_usd`` says the most that an attempt of a plan by a model may cost; where the price is unknown, as the
    dearest known model of its tier.
    """

    ledger: Ledger
    project: str
    day: date
    limits: Limits
    most_usd: Callable[[Plan, str, Tier], Decimal]
    numbers: list[int]

    def spend(self) -> Spend:
        """What counts against the budgets now."""
        return self.ledger.spend(self.project, self.day)

    def reserve(self, plan: Plan, model: str, tier: Tier) -> str:
        """A name for the money set aside for one attempt. Raises: BudgetPaused."""
        entry = self._entry(plan, model, tier, self.most_usd(plan, model, tier))
        self.numbers.append(self.ledger.reserve(entry, limits=self.limits))
        return str(self.numbers[-1])

    def settle(self, reservation: str, attempt: Settled) -> None:
        """Replaces what was set aside by what the attempt cost."""
        self.ledger.settle(
            int(reservation),
            attempt.usage,
            attempt.cost_usd,
            attempt.outcome,
            latency_s=attempt.latency_s,
            error=attempt.error,
        )

    def note(self, plan: Plan, model: str, tier: Tier, attempt: Settled) -> int:
        """The number of a dispatch that cost nothing (a local model, the builtin writer), kept for learning."""
        number = self.ledger.reserve(self._entry(plan, model, tier, Decimal(0)))
        self.numbers.append(number)
        self.settle(str(number), attempt)
        return number

    def _entry(self, plan: Plan, model: str, tier: Tier, reserved_usd: Decimal) -> Entry:
        return Entry(
            project=self.project,
            day=self.day,
            phase=plan.phase,
            kind=plan.labels.kind,
            tier=tier,
            original_tier=plan.decision.original_tier,
            model=model,
            rule=plan.decision.rule,
            plan_id=plan.id,
            reserved_usd=reserved_usd,
        )
