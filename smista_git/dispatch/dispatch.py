"""Sends a plan's request: the cheapest allowed model first, its answer verified, then whoever comes next.

Retry, repair, fallback and escalation live here alone; the SDKs below do none of it. One deadline bounds the whole
job, and the builtin writer stands at the end, so there is always an answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from smista_git.dispatch.attempts import Caller, Candidate, tier_above
from smista_git.dispatch.bill import total, total_usd
from smista_git.dispatch.outcome import Attempt, Ledger, Observer, Outcome
from smista_git.dispatch.repair import judged, repair_request
from smista_git.errors import (
    BudgetPaused,
    NothingAvailable,
    ProviderError,
    RateLimited,
    Refused,
    SmistaError,
    UsageError,
)
from smista_git.plan.estimate import Price
from smista_git.plan.plan import Plan
from smista_git.plan.request import Reply, Request
from smista_git.plan.verdict import Verdict
from smista_git.providers.builtin import BuiltinProvider
from smista_git.providers.registry import Providers
from smista_git.route.decision import BUILTIN

LEAST_ATTEMPT_S = 0.2
"""An attempt with less time than this is not worth its connection."""
BACKOFF_S = 0.5
SHARE = 0.6
"""Of the time that is left, what an attempt may take while another model still stands behind it."""

PASSABLE = (ProviderError, Refused, NothingAvailable, UsageError, BudgetPaused)


def dispatch(
    plan: Plan,
    *,
    providers: Providers,
    by_rules: Callable[[], str],
    verify: Callable[[str], Verdict],
    deadline_s: float,
    observer: Observer,
    price_of: Callable[[str], Price | None] = lambda model: None,
    ledger: Ledger | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """The first answer that passes ``verify``, within ``deadline_s`` seconds; else what the builtin writer wrote.

    Errors of servers are told to the observer and never raised; KeyboardInterrupt passes through.
    """
    caller = Caller(plan, providers, price_of, ledger, observer)
    job = _Job(caller, verify, clock() + deadline_s, clock, sleep)
    row, above = _row(plan, providers), _above(plan, providers)
    while row:
        candidate = row.pop(0)
        job.behind, job.above = len(row), above is not None
        answer = job.serve(candidate)
        if answer is not None:
            return _outcome(job, answer)
        if job.rejected and above is not None:
            row, above = [above, *row], None
    return _outcome(job, job.write(by_rules, chosen=plan.decision.model == BUILTIN))


def _row(plan: Plan, providers: Providers) -> list[Candidate]:
    """The models of the plan's tier to ask, in order, each once; nothing behind a builtin writer in the row."""
    decision = plan.decision
    models = [decision.model, *decision.fallbacks]
    models = models[: models.index(BUILTIN)] if BUILTIN in models else models
    kept: dict[str, Candidate] = {}
    for model in models:
        why = "fallback" if kept else "chosen"
        kept.setdefault(_known_as(model, providers), Candidate(model, decision.tier, why))
    return list(kept.values())


def _above(plan: Plan, providers: Providers) -> Candidate | None:
    """The model to ask where an answer was rejected, if it is another one than those of the row.

    A model that does not answer is no reason to go up: the fallbacks are for that.
    """
    decision = plan.decision
    if decision.escalation is None or _known_as(decision.escalation, providers) in {
        _known_as(model, providers) for model in (decision.model, *decision.fallbacks)
    }:
        return None
    return Candidate(decision.escalation, tier_above(decision.tier), "one tier up")


def _known_as(model: str, providers: Providers) -> str:
    return providers.resolved(model).removesuffix(":latest")


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer that will be used."""

    candidate: Candidate
    verdict: Verdict


class _Job:
    """The state of one dispatch: its clock, and what was tried so far."""

    def __init__(
        self,
        caller: Caller,
        verify: Callable[[str], Verdict],
        ends_s: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.caller, self.verify = caller, verify
        self.clock, self.sleep, self.ends_s = clock, sleep, ends_s
        self.behind, self.above = 0, False
        self.attempts: list[Attempt] = []

    @property
    def rejected(self) -> bool:
        """True when the last attempt was answered, but not well enough."""
        return bool(self.attempts) and self.attempts[-1].outcome == "rejected"

    def serve(self, candidate: Candidate) -> _Answer | None:
        """A verified answer of this candidate, after at most one retry and one repair; None when it has none."""
        request, retried, repaired = self.caller.plan.request, False, False
        while self._share_s() >= LEAST_ATTEMPT_S:
            self.caller.observer.started(candidate.model, candidate.why)
            try:
                reply = self.caller.call(candidate, replace(request, timeout_s=self._timeout_s(request)))
            except PASSABLE as error:
                self._note(self.caller.failed(candidate, error))
                if not self._again(candidate, error, retried=retried):
                    return None
                retried, candidate = True, replace(candidate, why="tried again")
                continue
            verdict = self._judge(candidate, reply)
            if verdict.ok:
                return _Answer(candidate, verdict)
            if repaired:
                return None
            repaired, candidate = True, replace(candidate, why="asked again, with what was wrong")
            request = repair_request(self.caller.plan.request, reply.text, verdict)
        return None

    def write(self, by_rules: Callable[[], str], *, chosen: bool) -> _Answer:
        """What the builtin writer wrote, verified; used whatever the verdict says."""
        candidate = Candidate(BUILTIN, self.caller.plan.decision.tier, "chosen" if chosen else "last resort")
        self.caller.begin()
        self.caller.observer.started(BUILTIN, candidate.why)
        reply = BuiltinProvider(by_rules).complete(
            self.caller.plan.request, BUILTIN, on_text=self.caller.observer.text
        )
        return _Answer(candidate, self._judge(candidate, reply))

    def _judge(self, candidate: Candidate, reply: Reply) -> Verdict:
        verdict = judged(reply, self.verify(reply.text))
        self._note(self.caller.answered(candidate, reply, verdict))
        self.caller.observer.verified(candidate.model, verdict)
        return verdict

    def _note(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)

    def _left_s(self) -> float:
        return max(0.0, self.ends_s - self.clock())

    def _share_s(self) -> float:
        return self._left_s() * (SHARE if self.behind or self.above else 1.0)

    def _timeout_s(self, request: Request) -> float:
        return min(request.timeout_s, self._share_s())

    def _again(self, candidate: Candidate, error: SmistaError, *, retried: bool) -> bool:
        """Whether to ask the same model once more; says what comes next, and waits when that is what it takes."""
        pause_s = None if retried else _pause_s(error)
        if pause_s is None or pause_s + LEAST_ATTEMPT_S > self._share_s():
            self.caller.observer.failed(candidate.model, error, self._next_step())
            return False
        self.caller.observer.failed(candidate.model, error, f"trying again in {pause_s:.3g} s")
        if pause_s:
            self.caller.observer.waiting(
                pause_s, "the server asked for it" if _asked(error) else "a short pause"
            )
            self.sleep(pause_s)
        return True

    def _next_step(self) -> str:
        return "asking the next model" if self.behind else "writing it by rules"


def _pause_s(error: SmistaError) -> float | None:
    """Seconds after which a retry makes sense, None when it never does."""
    if isinstance(error, RateLimited) and error.retry_after_s is not None:
        return error.retry_after_s
    return BACKOFF_S if isinstance(error, ProviderError) and error.retryable else None


def _asked(error: SmistaError) -> bool:
    return isinstance(error, RateLimited) and error.retry_after_s is not None


def _outcome(job: _Job, answer: _Answer) -> Outcome:
    attempts = tuple(job.attempts)
    return Outcome(
        answer=answer.verdict.answer,
        model=answer.candidate.model,
        tier=answer.candidate.tier,
        attempts=attempts,
        verdict=answer.verdict,
        by_rules=answer.candidate.model == BUILTIN,
        usage=total(a.usage for a in attempts),
        cost_usd=total_usd(a.cost_usd for a in attempts),
    )
