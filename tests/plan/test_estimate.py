from __future__ import annotations

from decimal import Decimal

import pytest

from smista_git.plan.estimate import Price, dollars, estimate, tokens_in_request
from smista_git.plan.plan import Estimate
from smista_git.plan.request import Message, Request

ASKED = Request((Message("system", "Be brief."), Message("user", "What changed?")), max_output_tokens=500)


def test_from_a_small_answer_to_the_longest() -> None:
    bill = estimate(ASKED, Price(Decimal("3"), Decimal("15")), local=False)
    tokens = tokens_in_request(ASKED)
    assert bill.low_usd == (3 * tokens + 15 * 32) / Decimal(1_000_000)
    assert bill.high_usd == (3 * tokens + 15 * 500) / Decimal(1_000_000)
    assert (bill.tokens_in, bill.tokens_out_max) == (tokens, 500)


def test_a_local_model_is_free_whatever_its_price() -> None:
    bill = estimate(ASKED, Price(Decimal("3"), Decimal("15")), local=True)
    assert (bill.low_usd, bill.high_usd) == (Decimal(0), Decimal(0))


def test_an_unknown_price_is_never_zero() -> None:
    bill = estimate(ASKED, None, local=False)
    assert bill == Estimate(None, None, tokens_in_request(ASKED), 500)


def test_a_schema_counts() -> None:
    plain = tokens_in_request(ASKED)
    with_schema = tokens_in_request(Request(ASKED.messages, schema={"type": "object", "properties": {}}))
    assert with_schema > plain


@pytest.mark.parametrize(
    ("amount", "shown"), [("0.08", "$0.08"), ("0.0801", "$0.09"), ("0.00001", "$0.01"), ("12.5", "$12.50")]
)
def test_dollars_round_up(amount: str, shown: str) -> None:
    assert dollars(Decimal(amount)) == shown
