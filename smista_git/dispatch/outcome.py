"""What dispatching gives back, and the two protocols that watch it: the Observer and the Ledger."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from smista_git.classify.labels import Tier
from smista_git.plan.plan import Plan
from smista_git.plan.request import Usage
from smista_git.plan.verdict import Verdict

AttemptOutcome = Literal["ok", "rejected", "error"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: who, how it ended, what it cost.

    ``error`` is the class of the error, ``reason`` the sentence of it or the rules that the answer broke.
    ``cost_usd`` is None where the price is unknown; ``estimated`` says that the server never told the tokens.
    """

    model: str
    tier: Tier
    outcome: AttemptOutcome
    usage: Usage
    cost_usd: Decimal | None
    latency_s: float
    error: str | None = None
    reason: str = ""
    estimated: bool = False
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer that will be used, and everything that led to it, attempts oldest first.

    ``by_rules`` says that the builtin writer wrote it. ``usage`` and ``cost_usd`` are sums over all attempts, the
    failed ones included; the cost is None as soon as one of them is unknown.
    """

    answer: str
    model: str
    tier: Tier
    attempts: tuple[Attempt, ...]
    verdict: Verdict
    by_rules: bool
    usage: Usage
    cost_usd: Decimal | None

    @property
    def answered_by(self) -> str:
        """The model that wrote the answer, by the name that its server gave; ``model`` is what the policy says."""
        last = self.attempts[-1]
        return last.answered_by or last.model


class Observer(Protocol):
    """Told of each step as it happens; each call is worth at most one line."""

    def started(self, model: str, why: str) -> None:
        """A model is asked; ``why`` is a phrase such as ``chosen``, ``fallback`` or ``one tier up``."""

    def text(self, chunk: str) -> None:
        """New text of the answer that is being written."""

    def failed(self, model: str, error: Exception, next_step: str) -> None:
        """An attempt ended in an error; ``next_step`` says what is done about it."""

    def waiting(self, seconds: float, why: str) -> None:
        """Nothing is sent for so long."""

    def verified(self, model: str, verdict: Verdict) -> None:
        """An answer was judged."""


class Ledger(Protocol):
    """Keeps the budget: called around every attempt that may cost money."""

    def reserve(self, plan: Plan, model: str, tier: Tier) -> str:
        """A name for the money set aside for one attempt. Raises: BudgetPaused."""

    def settle(self, reservation: str, attempt: Attempt) -> None:
        """Replaces what was set aside by what the attempt cost."""
