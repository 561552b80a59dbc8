"""The record of a dispatch that reached a commit: one JSON object, kept in a git note."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from smista_git.plan.plan import Plan
from smista_git.plan.request import Usage
from smista_git.plan.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt, as the record keeps it: the model, what came of it, and why in a few words."""

    model: str
    outcome: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a plan: who answered, after which attempts, at what price, and what the person did."""

    model: str
    tried: tuple[Tried, ...]
    usage: Usage
    cost_usd: Decimal | None
    verdict: Verdict
    person: str


def record_of(plan: Plan, result: Result) -> dict[str, Any]:
    """The record as a JSON object; it holds no line of the diff and no message text."""
    labels, decision = plan.labels, plan.decision
    return {
        "v": 1,
        "plan": plan.id,
        "phase": plan.phase,
        "type": labels.type,
        "kind": labels.kind,
        "tier": decision.tier,
        "original_tier": decision.original_tier,
        "confidence": round(labels.confidence, 2),
        "planned": decision.model,
        "model": result.model,
        "effort": decision.effort,
        "rule": decision.rule,
        "attempts": [{"model": t.model, "outcome": t.outcome, "why": t.why} for t in result.tried],
        "tokens": {"in": result.usage.tokens_in, "out": result.usage.tokens_out},
        "cost_usd": None if result.cost_usd is None else format(result.cost_usd, "f"),
        "verdict": "ok" if result.verdict.ok else sorted({p.rule for p in result.verdict.problems}),
        "outcome": result.person,
    }
