"""What was spent, from the ledger, beside what one strong model for everything would have cost."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, timedelta

from smista_git.errors import NotARepository
from smista_git.git.repository import Repository
from smista_git.ledger.rows import By, Line
from smista_git.ledger.store import Ledger
from smista_git.ledger.summary import total
from smista_git.plan.estimate import Price
from smista_git.providers.registry import Providers
from smista_git.workflow.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Costs:
    """Lines by group, the total last; ``baseline`` is the model to compare with, empty where it has no price."""

    lines: tuple[Line, ...]
    baseline: str
    notice: str


def costs(by: By, *, everywhere: bool, days: int | None) -> Costs:
    """What the ledger holds for this repository, or for all of the user's: then only the user's config speaks.

    Raises: NotARepository, PolicyError.
    """
    try:
        repo = None if everywhere else Repository.discover()
    except NotARepository as exc:
        hint = f"{exc.hint}; all of yours: `git smista cost --all`"
        raise NotARepository(exc.message, hint=hint) from exc
    settings = load_settings(repo.root if repo else None, os.environ)
    model, price = _baseline(settings)
    ledger = Ledger.open(settings.state_dir)
    since = date.today() - timedelta(days=days - 1) if days else None
    lines = ledger.summary(by, baseline=price, project=str(repo.common_dir) if repo else None, since=since)
    return Costs((*lines, total(lines)), model, ledger.notice)


def _baseline(settings: Settings) -> tuple[str, Price | None]:
    """The strongest remote model that the policy names for heavy work, else the newest Claude Opus."""
    providers = Providers.from_settings(settings.providers_config, os.environ)
    named = [m for choice in settings.policy.tiers.get("heavy", ()) for m in choice.models]
    for model in (*named, "anthropic/claude-opus"):
        price = providers.price_of(model, cache_dir=settings.state_dir)
        if price is not None and price.output_usd_per_mtok:
            return model, price
    return "", None
