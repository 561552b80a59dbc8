"""What was spent, from the ledger, beside what one strong model for everything would have cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from smista_git.ledger.rows import By, Line
from smista_git.ledger.summary import total
from smista_git.plan.estimate import Price
from smista_git.workflow.accounting import Accounts
from smista_git.workflow.session import Session, open_session


@dataclass(frozen=True, slots=True)
class Costs:
    """Lines by group, the total last; ``baseline`` is the model to compare with, empty where it has no price."""

    lines: tuple[Line, ...]
    baseline: str
    notice: str


def costs(by: By, *, everywhere: bool, days: int | None) -> Costs:
    """What the ledger holds for this repository, or for all of the user's."""
    session = open_session()
    account = Accounts(session, today=date.today()).account
    model, price = _baseline(session)
    since = date.today() - timedelta(days=days - 1) if days else None
    project = None if everywhere else account.project
    lines = account.ledger.summary(by, baseline=price, project=project, since=since)
    return Costs((*lines, total(lines)), model, account.ledger.notice)


def _baseline(session: Session) -> tuple[str, Price | None]:
    """The strongest remote model that the policy names for heavy work, else the newest Claude Opus."""
    named = [m for choice in session.settings.policy.tiers.get("heavy", ()) for m in choice.models]
    for model in (*named, "anthropic/claude-opus"):
        price = session.price_of(model)
        if price is not None and price.output_usd_per_mtok:
            return model, price
    return "", None
