"""The session's account: what was spent, what may still be, and what people did with the answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from smista_git.classify.labels import Labels, Tier
from smista_git.dispatch.outcome import Attempt, Outcome
from smista_git.ledger.budget import Account, limits_of
from smista_git.ledger.learning import Cell, Counts, edit_distance, suggest
from smista_git.ledger.rows import Answer, Limits
from smista_git.ledger.store import Ledger
from smista_git.plan.estimate import estimate
from smista_git.plan.plan import Plan
from smista_git.providers.prices import price_for_budget
from smista_git.route.decision import Intent, Learned, Spend
from smista_git.route.policy import Policy
from smista_git.workflow.session import Session

# An answer of which so few words were changed counts as taken.
NEAR_WORDS = 3


class Accounts:
    """Opens the ledger when it is first needed; a run that costs and learns nothing never touches it."""

    def __init__(self, session: Session, *, today: date) -> None:
        self._session = session
        self._today = today
        self._account: Account | None = None

    @property
    def account(self) -> Account:
        """The project's account of today."""
        if self._account is None:
            ledger = Ledger.open(self._session.settings.state_dir)
            limits = strictest_limits(self._session.settings.policy)
            project = str(self._session.repo.common_dir)
            self._account = Account(ledger, project, self._today, limits, self._most_usd, [])
        return self._account

    def close(self) -> None:
        """Close the ledger, if it was opened."""
        if self._account is not None:
            self._account.ledger.close()

    def spend(self) -> Spend:
        """What counts against the budgets; nothing is read where no budget is set."""
        return self.account.spend() if self._session.settings.policy.budgets else Spend()

    def learned(self, intent: Intent, labels: Labels) -> Learned:
        """The shift of the tier that past answers of this kind speak for."""
        counts = self.account.ledger.counts(near_words=NEAR_WORDS, project=self.account.project)
        return learned_from(counts, Cell(intent, labels.kind, labels.tier))

    def keep(self, plan: Plan, outcome: Outcome, *, person: Answer | None, message: str) -> None:
        """Keep what came of a plan that cost nothing, and what the person did with the answer.

        ``person`` is None where nobody looked: such a dispatch is counted, and nothing is learned from it.
        """
        account = self.account
        last = outcome.attempts[-1] if outcome.attempts else None
        if last is not None and not _was_reserved(last, self._session):
            account.note(plan, last.model, last.tier, last)
        if person is not None and account.numbers:
            distance = edit_distance(outcome.answer, message) if person == "edited" else None
            account.ledger.record_outcome(account.numbers[-1], person, edit_distance=distance)

    def _most_usd(self, plan: Plan, model: str, tier: Tier) -> Decimal:
        choices = self._session.settings.policy.tiers.get(tier, ())
        tier_prices = (self._session.price_of(named) for choice in choices for named in choice.models)
        price = price_for_budget(
            self._session.price_of(model), tier_prices, cache_dir=self._session.settings.state_dir
        )
        thinking = self._session.providers.thinking_tokens(model, plan.decision.effort)
        high = estimate(plan.request, price, local=False, thinking_tokens=thinking).high_usd
        assert high is not None, "the price is known"
        return high


def strictest_limits(policy: Policy) -> Limits:
    """The lowest of each limit over all layers."""
    found = [limits_of(b.daily_usd, b.project_usd, pause_at=b.pause_at) for b in policy.budgets]
    days = [limit.day_usd for limit in found if limit.day_usd is not None]
    projects = [limit.project_usd for limit in found if limit.project_usd is not None]
    return Limits(min(days, default=None), min(projects, default=None))


def learned_from(counts: Mapping[Cell, Counts], cell: Cell) -> Learned:
    """What the counts say of one cell, with the figures behind it."""
    shift = suggest(counts, cell)
    if shift is None:
        return Learned()
    seen = counts[cell]
    total = seen.good + seen.bad
    return Learned(
        shift, f"{seen.good} of {total} answers of the {cell.tier} tier were taken for {cell.kind}"
    )


def _was_reserved(attempt: Attempt, session: Session) -> bool:
    status = session.providers.statuses([attempt.model])[attempt.model]
    return not status.local
