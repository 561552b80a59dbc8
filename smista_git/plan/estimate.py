"""What a request will cost, from the least to the most, before it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from smista_git.plan.plan import Estimate
from smista_git.plan.request import Request
from smista_git.plan.tokens import count_tokens

# A one-line commit message: the least that a useful answer costs.
SMALL_ANSWER_TOKENS = 32
# Chat templates wrap each turn: three to five tokens with the templates of OpenAI and of SmolLM2.
_TOKENS_PER_MESSAGE = 5
_MILLION = Decimal(1_000_000)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens, in and out."""

    input_usd_per_mtok: Decimal
    output_usd_per_mtok: Decimal

    def cost_usd(self, tokens_in: int, tokens_out: int) -> Decimal:
        """The exact bill for so many tokens."""
        return (self.input_usd_per_mtok * tokens_in + self.output_usd_per_mtok * tokens_out) / _MILLION


def estimate(request: Request, price: Price | None, *, local: bool, thinking_tokens: int = 0) -> Estimate:
    """The bill with a small answer and with the longest one; zero for a local model, None for an unknown price.

    ``thinking_tokens`` are what the model may think beyond its answer, billed as output.
    """
    tokens_in, most = tokens_in_request(request), request.max_output_tokens + thinking_tokens
    if local:
        return Estimate(Decimal(0), Decimal(0), tokens_in, most)
    if price is None:
        return Estimate(None, None, tokens_in, most)
    low = price.cost_usd(tokens_in, min(SMALL_ANSWER_TOKENS, most))
    return Estimate(low, price.cost_usd(tokens_in, most), tokens_in, most)


def tokens_in_request(request: Request) -> int:
    """The tokens of all messages and of the schema, rather too many than too few."""
    schema = count_tokens(json.dumps(request.schema)) if request.schema is not None else 0
    return schema + sum(count_tokens(message.text) + _TOKENS_PER_MESSAGE for message in request.messages)


def dollars(amount_usd: Decimal) -> str:
    """``$0.08``: rounded up to the cent, so that what is shown is never below what is billed."""
    return f"${amount_usd.quantize(_CENT, rounding=ROUND_UP)}"


def total(bills: Iterable[Estimate]) -> Estimate:
    """Several bills as one; unknown where one of them is."""
    bills = list(bills)
    lows, highs = [bill.low_usd for bill in bills], [bill.high_usd for bill in bills]
    return Estimate(
        None if None in lows else sum((usd for usd in lows if usd is not None), Decimal(0)),
        None if None in highs else sum((usd for usd in highs if usd is not None), Decimal(0)),
        sum(bill.tokens_in for bill in bills),
        sum(bill.tokens_out_max for bill in bills),
    )


def cost_range(bill: Estimate) -> str:
    """What a bill comes to, for people: ``$0.01-$0.02``, ``free`` or ``unknown``."""
    if bill.low_usd is None or bill.high_usd is None:
        return "unknown"
    return f"{dollars(bill.low_usd)}-{dollars(bill.high_usd)}" if bill.high_usd else "free"
