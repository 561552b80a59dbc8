"""What a model costs. Local models cost nothing; an unknown price is None, and never counts as nothing."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from smista_git.plan.estimate import Price
from smista_git.providers.base import Endpoint
from smista_git.providers.catalogue import facts_of
from smista_git.route.aliases import SHIPPED_ALIASES, resolve_alias

FREE = Price(Decimal(0), Decimal(0))
BUILT_IN = ("openai", "anthropic")


def price_of(model: str, *, cache_dir: Path | None, endpoint: Endpoint | None = None) -> Price | None:
    """US dollars a million tokens for a remote ``provider/model``, None when unknown.

    Without an ``endpoint`` the provider's name decides. ``Providers.price_of`` knows which models are local.
    """
    provider, _, name = resolve_alias(model, {}).partition("/")
    if provider == "builtin":
        return FREE
    known = provider if provider in BUILT_IN else None
    url = endpoint.base_url if endpoint else None
    if known is None and url is None:
        return None
    return facts_of(name, provider=known, api_url=url, cache_dir=cache_dir).price


def dearest(prices: Iterable[Price | None]) -> Price | None:
    """The dearest of those that are known, by output, then input: what an unknown price counts as in a budget."""
    known = [p for p in prices if p is not None]
    return max(known, key=lambda p: (p.output_usd_per_mtok, p.input_usd_per_mtok), default=None)


def price_for_budget(
    model_price: Price | None, tier_prices: Iterable[Price | None], *, cache_dir: Path | None
) -> Price:
    """The price itself; an unknown one counts as the dearest known model of its tier.

    Where the whole tier is unknown, as the dearest that the built-in aliases name.
    """
    if model_price is not None:
        return model_price
    found = dearest(tier_prices) or dearest(price_of(m, cache_dir=cache_dir) for m in SHIPPED_ALIASES)
    assert found is not None, "the price library knows every alias: a test sees to it"
    return found
