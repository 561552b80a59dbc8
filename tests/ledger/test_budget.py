"""An account stands between dispatching and the ledger, in the form that dispatching asks for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from smista_git.classify.labels import Labels
from smista_git.dispatch.outcome import Attempt
from smista_git.dispatch.outcome import Ledger as Kept
from smista_git.errors import BudgetPaused
from smista_git.ledger.budget import Account, limits_of
from smista_git.ledger.rows import Limits
from smista_git.ledger.store import Ledger
from smista_git.plan.plan import Context, Estimate, Plan
from smista_git.plan.request import Message, Request, Usage
from smista_git.route.decision import Decision

DAY = date(2024, 5, 6)
PLAN = Plan(
    "commit",
    Labels("fix", "small-fix", None, "small", (), "light", 0.9, ()),
    Decision("a/b", "low", (), None, "light", "standard", (), ()),
    Context(),
    Estimate(Decimal("0.01"), Decimal("0.20"), 10, 20),
    Request((Message("user", "x"),)),
)


def _account(folder: Path, limits: Limits) -> Account:
    return Account(Ledger.open(folder), "demo", DAY, limits, lambda plan, model, tier: Decimal("0.20"), [])


def test_it_reserves_settles_and_pauses(tmp_path: Path) -> None:
    account = _account(tmp_path, limits_of(Decimal("0.50"), None, pause_at=Decimal("0.5")))
    kept: Kept = account
    name = kept.reserve(PLAN, "a/b", "light")
    assert account.spend().day_usd == Decimal("0.20")
    kept.settle(name, Attempt("a/b", "light", "rejected", Usage(10, 5), Decimal("0.06"), 1.5))
    assert account.spend().day_usd == Decimal("0.06")
    with pytest.raises(BudgetPaused):
        kept.reserve(PLAN, "a/b", "light")


def test_a_free_dispatch_is_kept_for_learning(tmp_path: Path) -> None:
    account = _account(tmp_path, Limits(day_usd=Decimal(0)))
    number = account.note(
        PLAN, "builtin/rules", "light", Attempt("builtin/rules", "light", "ok", Usage(), Decimal(0), 0.0)
    )
    account.ledger.record_outcome(number, "accepted")
    assert account.numbers == [number]
    assert [(c.kind, n.good) for c, n in account.ledger.counts(near_words=3).items()] == [("small-fix", 1)]
    assert account.spend().day_usd == 0
