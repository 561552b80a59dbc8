"""One attempt at one model: the way there, the gate where it leaves the machine, and its line on the bill."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from smista_git.classify.labels import TIERS, Tier
from smista_git.dispatch.bill import cost_usd, usage_of_failure
from smista_git.dispatch.egress import send_out
from smista_git.dispatch.outcome import Attempt, Ledger, Observer
from smista_git.errors import TimedOut
from smista_git.plan.estimate import Price
from smista_git.plan.plan import Plan
from smista_git.plan.request import Reply, Request, Usage
from smista_git.plan.verdict import Verdict
from smista_git.providers.registry import Providers

FREE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that may be asked, the tier it counts for, and why it is its turn."""

    model: str
    tier: Tier
    why: str


def tier_above(tier: Tier) -> Tier:
    """The next tier, or the highest itself."""
    return TIERS[min(TIERS.index(tier) + 1, len(TIERS) - 1)]


class Caller:
    """Makes attempts, one at a time, and keeps the ledger in step with them."""

    def __init__(
        self,
        plan: Plan,
        providers: Providers,
        price_of: Callable[[str], Price | None],
        ledger: Ledger | None,
        observer: Observer,
    ) -> None:
        self.plan, self.providers, self.price_of = plan, providers, price_of
        self.ledger, self.observer = ledger, observer
        self._reservation: str | None = None
        self._paid = False
        self._chars_out = 0
        self._began_s = 0.0

    def call(self, candidate: Candidate, request: Request) -> Reply:
        """The model's reply; text is shown as it comes. Raises: ProviderError, Refused, NothingAvailable, UsageError."""
        self.begin()
        provider, name = self.providers.provider_for(candidate.model)
        if provider.local:
            return provider.complete(request, name, on_text=self._show)
        if self.ledger is not None:
            self._reservation = self.ledger.reserve(self.plan, candidate.model, candidate.tier)
        self._paid = True
        try:
            return send_out(self.plan, provider, name, request, on_text=self._show)
        except KeyboardInterrupt:
            # Interrupted or not, the server may bill what it did so far.
            self.failed(candidate, TimedOut("interrupted"))
            raise

    def begin(self) -> None:
        """Starts the clock and the bill of the next attempt, at nothing."""
        self._reservation, self._paid = None, False
        self._chars_out, self._began_s = 0, time.monotonic()

    def answered(self, candidate: Candidate, reply: Reply, verdict: Verdict) -> Attempt:
        """The attempt of a reply that was judged, settled."""
        known = reply.usage.tokens_in or reply.usage.tokens_out or not self._paid
        usage = reply.usage if known else self._guess(TimedOut(""))
        return self._settled(
            Attempt(
                model=candidate.model,
                tier=candidate.tier,
                outcome="ok" if verdict.ok else "rejected",
                usage=usage,
                cost_usd=self._cost_usd(candidate, usage),
                latency_s=reply.latency_s,
                reason=", ".join(dict.fromkeys(p.rule for p in verdict.problems)),
                estimated=not known,
                answered_by=reply.model,
            )
        )

    def failed(self, candidate: Candidate, error: Exception) -> Attempt:
        """The attempt of an error, settled."""
        usage = self._guess(error) if self._paid else Usage()
        return self._settled(
            Attempt(
                model=candidate.model,
                tier=candidate.tier,
                outcome="error",
                usage=usage,
                cost_usd=self._cost_usd(candidate, usage),
                latency_s=time.monotonic() - self._began_s,
                error=type(error).__name__,
                reason=str(error),
                estimated=usage != Usage(),
            )
        )

    def _show(self, chunk: str) -> None:
        self._chars_out += len(chunk)
        self.observer.text(chunk)

    def _guess(self, error: Exception) -> Usage:
        return usage_of_failure(error, tokens_in=self.plan.estimate.tokens_in, chars_out=self._chars_out)

    def _cost_usd(self, candidate: Candidate, usage: Usage) -> Decimal | None:
        if not self._paid or usage == Usage():
            return FREE
        return cost_usd(usage, self.price_of(candidate.model))

    def _settled(self, attempt: Attempt) -> Attempt:
        if self.ledger is not None and self._reservation is not None:
            self.ledger.settle(self._reservation, attempt)
            self._reservation = None
        return attempt
