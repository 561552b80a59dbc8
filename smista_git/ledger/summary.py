"""Sums for ``git smista cost``: what was spent, and saved against a stated baseline."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from smista_git.ledger.rows import Group, Line
from smista_git.plan.estimate import Price


def lines(groups: Iterable[Group], *, baseline: Price | None) -> tuple[Line, ...]:
    """One line a key, in the order in which keys first come.

    Saved is what the same tokens would have cost at the baseline's price, less what they did cost; it is negative
    where the baseline would have been cheaper. Dispatches of unknown cost take no part in it.
    """
    found: dict[str, list[Group]] = {}
    for group in groups:
        found.setdefault(group.key, []).append(group)
    return tuple(_line(key, members, baseline) for key, members in found.items())


def total(parts: Iterable[Line]) -> Line:
    """The sum of all lines, under the key ``total``."""
    rows = list(parts)
    saved = [row.saved_usd for row in rows if row.saved_usd is not None]
    return Line(
        key="total",
        dispatches=sum(row.dispatches for row in rows),
        tokens_in=sum(row.tokens_in for row in rows),
        tokens_out=sum(row.tokens_out for row in rows),
        cost_usd=sum((row.cost_usd for row in rows), Decimal(0)),
        unknown=sum(row.unknown for row in rows),
        saved_usd=sum(saved, Decimal(0)) if saved else None,
    )


def _line(key: str, members: list[Group], baseline: Price | None) -> Line:
    known = [(Decimal(m.cost_usd), m) for m in members if m.cost_usd is not None]
    cost = sum((usd * m.dispatches for usd, m in known), Decimal(0))
    return Line(
        key=key,
        dispatches=sum(m.dispatches for m in members),
        tokens_in=sum(m.tokens_in for m in members),
        tokens_out=sum(m.tokens_out for m in members),
        cost_usd=cost,
        unknown=sum(m.dispatches for m in members if m.cost_usd is None),
        saved_usd=None if baseline is None else _baseline(known, baseline) - cost,
    )


def _baseline(known: list[tuple[Decimal, Group]], price: Price) -> Decimal:
    return price.cost_usd(sum(m.tokens_in for _, m in known), sum(m.tokens_out for _, m in known))
