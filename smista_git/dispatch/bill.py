"""What an attempt cost: from the server's own count, or from an estimate where it never got to count."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from smista_git.errors import BadReply, TimedOut
from smista_git.plan.estimate import Price
from smista_git.plan.request import Usage

CHARS_PER_TOKEN = 4
NOTHING = Usage()


def cost_usd(usage: Usage, price: Price | None) -> Decimal | None:
    """The price of some tokens, cached ones at the full price; None when the price is unknown, never zero for that."""
    if price is None:
        return None
    return price.cost_usd(usage.tokens_in, usage.tokens_out)


def usage_of_failure(error: Exception, *, tokens_in: int, chars_out: int) -> Usage:
    """The tokens that a failed attempt may be billed for: all it read and wrote when it broke off while answering,
    none when it was turned away.
    """
    if isinstance(error, (TimedOut, BadReply)) or chars_out:
        return Usage(tokens_in=tokens_in, tokens_out=-(-chars_out // CHARS_PER_TOKEN))
    return NOTHING


def total(usages: Iterable[Usage]) -> Usage:
    """The sum of several counts."""
    seen = tuple(usages)
    return Usage(
        tokens_in=sum(u.tokens_in for u in seen),
        tokens_out=sum(u.tokens_out for u in seen),
        cached_in=sum(u.cached_in for u in seen),
    )


def total_usd(costs: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of several costs, None as soon as one is unknown."""
    sum_usd = Decimal(0)
    for cost in costs:
        if cost is None:
            return None
        sum_usd += cost
    return sum_usd
