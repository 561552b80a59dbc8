"""Faults, fallbacks and verification: there is always an answer, in time, and every step is told."""

from __future__ import annotations

import os
import signal
import threading
import time
from decimal import Decimal
from itertools import product

import pytest

from smista_git.dispatch.dispatch import dispatch
from smista_git.dispatch.outcome import Attempt, Outcome
from smista_git.errors import BudgetPaused
from smista_git.plan.estimate import Price
from smista_git.plan.plan import Plan
from smista_git.plan.verdict import Problem, Verdict
from smista_git.route.decision import BUILTIN
from tests.dispatch.plans import (
    ANTHROPIC,
    BY_RULES,
    GOOD,
    OLLAMA,
    OPENAI,
    Told,
    plan,
    providers_for,
    verify,
)
from tests.servers.script import (
    Action,
    Drip,
    Drop,
    Hang,
    Say,
    Status,
    broken,
    empty,
    fence,
    garbage,
    html,
    prose,
    rate_limited,
)
from tests.servers.server import WireServer

PRICE = Price(Decimal(2), Decimal(10))


def run(
    the_plan: Plan, *servers: WireServer, deadline_s: float = 20.0, told: Told | None = None, **more: object
) -> Outcome:
    """The outcome; pauses are not slept but recorded, so that tests are quick."""
    settings: dict[str, object] = {"sleep": lambda s: None, "price_of": lambda model: PRICE, **more}
    return dispatch(
        the_plan,
        providers=providers_for(*servers),
        by_rules=lambda: BY_RULES,
        verify=verify,
        deadline_s=deadline_s,
        observer=told or Told(),
        **settings,  # type: ignore[arg-type]
    )


def how(outcome: Outcome) -> list[str]:
    """Each attempt in a word: who and how it ended."""
    return [f"{a.model.partition('/')[0]} {a.error or a.outcome}" for a in outcome.attempts]


def test_a_good_answer_ends_it(ollama_server: WireServer) -> None:
    told = Told()
    outcome = run(plan(OLLAMA, OPENAI), ollama_server, told=told)
    assert (outcome.answer, outcome.model, outcome.by_rules) == (GOOD, OLLAMA, False)
    assert outcome.verdict.ok
    assert told.streamed == GOOD
    assert told.lines == [f"started {OLLAMA}: chosen", f"verified {OLLAMA}: ok"]
    assert (outcome.usage.tokens_in, outcome.usage.tokens_out, outcome.cost_usd) == (120, 12, Decimal(0))
    assert outcome.answered_by == "qwen2.5-coder"


def test_a_builtin_plan_asks_nobody(ollama_server: WireServer) -> None:
    told = Told()
    outcome = run(plan("builtin/rules"), ollama_server, told=told)
    assert (outcome.answer, outcome.by_rules, outcome.cost_usd) == (BY_RULES, True, Decimal(0))
    assert told.lines == ["started builtin/rules: chosen", "verified builtin/rules: ok"]
    assert not ollama_server.raw


# What the first model does, and how its attempts are told; then the fallback or the builtin writer takes over.
FAULTS: dict[str, tuple[list[Action], list[str]]] = {
    "429 without a time": ([rate_limited()] * 2, ["RateLimited", "RateLimited"]),
    "429 longer than the deadline": ([rate_limited("3600")], ["RateLimited"]),
    "500 twice": ([broken()] * 2, ["BadReply", "BadReply"]),
    "401": ([Status(401, "authentication_error")], ["AccessRefused"]),
    "404": ([Status(404, "not_found_error")], ["BadRequest"]),
    "too long": ([Status(400, "invalid_request_error", "prompt is too long")], ["ContextTooLong"]),
    "dropped twice": ([Drop("docs: tell how")] * 2, ["BadReply", "BadReply"]),
    "hang": ([Hang()], ["TimedOut"]),
    "hang in the middle": ([Hang("docs: tell how to")], ["TimedOut"]),
    "slow drip": ([Drip()], ["TimedOut"]),
    "empty twice": ([empty()] * 2, ["BadReply", "BadReply"]),
    "html twice": ([html()] * 2, ["BadReply", "BadReply"]),
    "garbage twice": ([garbage()] * 2, ["BadReply", "BadReply"]),
    "prose, then a fence": ([prose(GOOD), fence(GOOD)], ["rejected", "rejected"]),
    "nonsense": ([Say("the the the"), Say("{}")], ["rejected", "rejected"]),
    "cut off twice": ([Say(GOOD, cut=True)] * 2, ["rejected", "rejected"]),
    "500, then nonsense, then nonsense": (
        [broken(), Say("x"), Say("y")],
        ["BadReply", "rejected", "rejected"],
    ),
}


@pytest.mark.parametrize(("fault", "local_first"), list(product(FAULTS, (True, False))))
def test_every_fault_ends_in_the_fallbacks_answer(
    ollama_server: WireServer, openai_server: WireServer, fault: str, local_first: bool
) -> None:
    script, expected = FAULTS[fault]
    first, second = (ollama_server, openai_server) if local_first else (openai_server, ollama_server)
    models = (OLLAMA, OPENAI) if local_first else (OPENAI, OLLAMA)
    first.then(*script)
    told = Told()
    timeout_s = 0.3 if "TimedOut" in expected else 10.0
    began_s = time.monotonic()
    outcome = run(plan(*models, timeout_s=timeout_s), first, second, told=told)
    assert time.monotonic() - began_s < timeout_s + 3
    assert outcome.answer == GOOD
    name, other = (m.partition("/")[0] for m in models)
    assert how(outcome) == [*(f"{name} {e}" for e in expected), f"{other} ok"]
    assert len(first.chats) == len(expected)
    assert told.lines[-2:] == [f"started {models[1]}: fallback", f"verified {models[1]}: ok"]


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_the_only_model_ends_in_the_builtin_writers_answer(
    anthropic_server: WireServer, fault: str
) -> None:
    script, expected = FAULTS[fault]
    anthropic_server.then(*script)
    timeout_s = 0.3 if "TimedOut" in expected else 10.0
    outcome = run(plan(ANTHROPIC, timeout_s=timeout_s), anthropic_server)
    assert (outcome.answer, outcome.by_rules) == (BY_RULES, True)
    assert how(outcome) == [*(f"anthropic {e}" for e in expected), "builtin ok"]


def test_nobody_there_at_all() -> None:
    told = Told()
    outcome = run(plan(OLLAMA, OPENAI, escalation=ANTHROPIC), told=told)
    assert how(outcome) == ["ollama Unreachable", "openai Unreachable", "builtin ok"]
    assert [line for line in told.lines if line.startswith("failed")] == [
        f"failed {OLLAMA}: Unreachable: asking the next model",
        f"failed {OPENAI}: Unreachable: writing it by rules",
    ]


def test_a_rejected_answer_is_asked_again_with_what_was_wrong(ollama_server: WireServer) -> None:
    ollama_server.then(Say("Update readme"), Say(GOOD))
    told = Told()
    outcome = run(plan(OLLAMA), ollama_server, told=told)
    assert how(outcome) == ["ollama rejected", "ollama ok"]
    first, second = (chat.json["messages"] for chat in ollama_server.chats)
    assert second[: len(first)] == first
    assert [m["role"] for m in second[len(first) :]] == ["assistant", "user"]
    assert second[-2]["content"] == "Update readme"
    assert "- Begin with the type" in second[-1]["content"]
    assert f"started {OLLAMA}: asked again, with what was wrong" in told.lines


def test_the_fallback_gets_the_first_question_not_the_repair(
    ollama_server: WireServer, openai_server: WireServer
) -> None:
    ollama_server.then(Say("one"), Say("two"))
    run(plan(OLLAMA, OPENAI), ollama_server, openai_server)
    assert len(openai_server.chats[0].json["messages"]) == 2


def test_after_a_rejected_answer_comes_one_tier_up_not_a_fallback(
    ollama_server: WireServer, openai_server: WireServer, anthropic_server: WireServer
) -> None:
    ollama_server.default = Say("nonsense")
    told = Told()
    outcome = run(
        plan(OLLAMA, OPENAI, escalation=ANTHROPIC), ollama_server, openai_server, anthropic_server, told=told
    )
    assert how(outcome) == ["ollama rejected"] * 2 + ["anthropic ok"]
    assert (outcome.model, outcome.tier) == (ANTHROPIC, "standard")
    assert [a.tier for a in outcome.attempts] == ["light"] * 2 + ["standard"]
    assert f"started {ANTHROPIC}: one tier up" in told.lines


def test_one_tier_up_comes_before_the_builtin_writer_at_the_end_of_the_row(
    ollama_server: WireServer, anthropic_server: WireServer
) -> None:
    ollama_server.default = Say("nonsense")
    outcome = run(plan(OLLAMA, BUILTIN, escalation=ANTHROPIC), ollama_server, anthropic_server)
    assert how(outcome) == ["ollama rejected"] * 2 + ["anthropic ok"]


def test_no_model_is_asked_under_two_names(ollama_server: WireServer) -> None:
    ollama_server.default = Say("nonsense")
    outcome = run(plan(OLLAMA, "ollama/auto", OLLAMA, escalation=OLLAMA), ollama_server)
    assert how(outcome) == ["ollama rejected"] * 2 + ["builtin ok"]


def test_a_builtin_fallback_ends_the_row(ollama_server: WireServer, openai_server: WireServer) -> None:
    ollama_server.default = Say("nonsense")
    outcome = run(plan(OLLAMA, "builtin/rules", OPENAI), ollama_server, openai_server)
    assert outcome.by_rules
    assert not openai_server.raw


def test_a_builtin_answer_that_fails_is_still_the_answer() -> None:
    wanting = Verdict("x", (Problem("format", "no"),))
    outcome = dispatch(
        plan("builtin/rules"),
        providers=providers_for(),
        by_rules=lambda: "x",
        verify=lambda text: wanting,
        deadline_s=1,
        observer=Told(),
    )
    assert (outcome.answer, outcome.verdict) == ("x", wanting)
    assert outcome.attempts[-1].outcome == "rejected"


def test_a_wait_that_fits_is_waited_for(openai_server: WireServer) -> None:
    openai_server.then(rate_limited("7"))
    told, slept = Told(), []
    outcome = run(plan(OPENAI, OLLAMA), openai_server, told=told, sleep=slept.append, deadline_s=30)
    assert how(outcome) == ["openai RateLimited", "openai ok"]
    assert slept == [7.0]
    assert "waiting 7 s: the server asked for it" in told.lines
    assert f"failed {OPENAI}: RateLimited: trying again in 7 s" in told.lines


def test_a_second_429_goes_to_the_next(openai_server: WireServer, ollama_server: WireServer) -> None:
    openai_server.then(rate_limited("1"), rate_limited("1"))
    outcome = run(plan(OPENAI, OLLAMA), openai_server, ollama_server)
    assert how(outcome) == ["openai RateLimited", "openai RateLimited", "ollama ok"]


def test_the_deadline_bounds_the_whole_job_and_leaves_room_for_the_fallback(
    ollama_server: WireServer, openai_server: WireServer, anthropic_server: WireServer
) -> None:
    for server in (ollama_server, openai_server):
        server.default = Hang()
    began_s = time.monotonic()
    outcome = run(
        plan(OLLAMA, OPENAI, ANTHROPIC, timeout_s=60),
        ollama_server,
        openai_server,
        anthropic_server,
        deadline_s=4.0,
    )
    assert time.monotonic() - began_s < 4.0
    assert how(outcome) == ["ollama TimedOut", "openai TimedOut", "anthropic ok"]


def test_when_everything_hangs_the_builtin_writer_is_in_time(
    ollama_server: WireServer, openai_server: WireServer
) -> None:
    for server in (ollama_server, openai_server):
        server.default = Drip(in_headers=True)
    began_s = time.monotonic()
    outcome = run(plan(OLLAMA, OPENAI, timeout_s=60), ollama_server, openai_server, deadline_s=1.0)
    assert time.monotonic() - began_s < 2.0
    assert outcome.answer == BY_RULES


def test_no_time_at_all_asks_nobody(ollama_server: WireServer) -> None:
    outcome = run(plan(OLLAMA), ollama_server, deadline_s=0.0)
    assert how(outcome) == ["builtin ok"]
    assert not ollama_server.chats


def test_ctrl_c_ends_it_and_settles_the_ledger(openai_server: WireServer) -> None:
    openai_server.default = Hang("docs: tell how to")
    book = Book()
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        run(plan(OPENAI, OLLAMA), openai_server, ledger=book)
    assert [a.estimated for _, a in book.settled] == [True]


class Book:
    """A ledger in memory; ``paused`` are the models that it has no money for."""

    def __init__(self, *paused: str) -> None:
        self.paused = paused
        self.reserved: list[str] = []
        self.settled: list[tuple[str, Attempt]] = []

    def reserve(self, plan: Plan, model: str, tier: str) -> str:
        if model in self.paused:
            raise BudgetPaused(f"{model}: the budget of the day is used up")
        self.reserved.append(model)
        return f"r{len(self.reserved)}"

    def settle(self, reservation: str, attempt: Attempt) -> None:
        self.settled.append((reservation, attempt))


def test_every_remote_attempt_is_reserved_and_settled(
    ollama_server: WireServer, openai_server: WireServer
) -> None:
    ollama_server.default = Say("nonsense")
    openai_server.then(
        broken(), Say("nonsense", tokens_in=1000, tokens_out=100), Say(GOOD, tokens_in=1100, tokens_out=10)
    )
    book = Book()
    outcome = run(plan(OLLAMA, OPENAI), ollama_server, openai_server, ledger=book)
    assert book.reserved == [OPENAI] * 3
    assert [(name, a.outcome) for name, a in book.settled] == [
        ("r1", "error"),
        ("r2", "rejected"),
        ("r3", "ok"),
    ]
    # 500: the estimate's 100 tokens in; then 1000 in, 100 out; then 1100 in, 10 out, at $2 and $10 a million.
    costs = [a.cost_usd for _, a in book.settled]
    assert costs == [Decimal("0.0002"), Decimal("0.003"), Decimal("0.0023")]
    assert outcome.cost_usd == Decimal("0.0055")
    assert [a.estimated for _, a in book.settled] == [True, False, False]


def test_a_paused_budget_goes_to_the_next(ollama_server: WireServer, openai_server: WireServer) -> None:
    outcome = run(plan(OPENAI, OLLAMA), ollama_server, openai_server, ledger=Book(OPENAI))
    assert how(outcome) == ["openai BudgetPaused", "ollama ok"]
    assert outcome.cost_usd == Decimal(0)
    assert not openai_server.raw


def test_an_unknown_price_makes_the_cost_unknown(openai_server: WireServer) -> None:
    outcome = run(plan(OPENAI), openai_server, price_of=lambda model: None)
    assert outcome.cost_usd is None
    assert outcome.usage.tokens_in == 120


@pytest.mark.parametrize(
    ("action", "billed"),
    [
        (rate_limited("3600"), False),
        (Status(401, "authentication_error"), False),
        (Status(400, "invalid_request_error"), False),
        (Hang("docs: tell how to run it and much more than that"), True),
    ],
)
def test_a_failed_attempt_costs_what_it_may_have_cost(
    openai_server: WireServer, action: Action, billed: bool
) -> None:
    openai_server.then(action)
    outcome = run(plan(OPENAI, timeout_s=0.5), openai_server)
    attempt = outcome.attempts[0]
    assert attempt.outcome == "error"
    assert (attempt.cost_usd > 0) is billed  # type: ignore[operator]
    assert attempt.estimated is billed
    assert (attempt.usage.tokens_in == 100) is billed


def test_an_unknown_provider_is_passed_over(ollama_server: WireServer) -> None:
    outcome = run(plan("nobody/nothing", OLLAMA), ollama_server)
    assert how(outcome) == ["nobody UsageError", "ollama ok"]


def test_each_failure_is_one_line(openai_server: WireServer) -> None:
    openai_server.then(Status(500, "api_error", "line one\nline two\r\nline three " + "x" * 1000))
    told = Told()
    run(plan(OPENAI), openai_server, told=told)
    assert "\n" not in str(told.errors[0])
    assert len(str(told.errors[0])) < 300
