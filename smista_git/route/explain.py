"""Tells a decision and a policy in text, for people who ask why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from smista_git.route.decision import Decision, TraceStep
from smista_git.route.policy import Policy, Value

# The stages in the words of people, in the order in which they happen.
STAGES = {
    "facts": "What it is",
    "floors": "Floors",
    "override": "Command line",
    "rule": "Rules",
    "confidence": "Confidence",
    "learning": "Learning",
    "budget": "Budget",
    "tier": "Tier",
    "availability": "Availability",
    "floors again": "Floors again",
    "decision": "Decision",
    "escalation": "Escalation",
}
# What stands before a line that carried the day, and before one that could have.
MARKS = {"matched": "=>", "chosen": "=>", "in force": "!!", "waiting for trust": "??", "passed over": "--"}


def explain(decision: Decision) -> str:
    """Every step of the trace under its stage, then who does it; ends in a newline."""
    lines = list(_steps(decision.trace))
    lines.append(f"Model: {decision.model}, effort {decision.effort}")
    if decision.fallbacks:
        lines.append(f"Then: {', '.join(decision.fallbacks)}")
    if decision.escalation:
        lines.append(f"One tier up: {decision.escalation}")
    was = "" if decision.tier == decision.original_tier else f" (classified as {decision.original_tier})"
    lines.append(f"Tier: {decision.tier}{was}")
    return "\n".join(lines) + "\n"


def show(policy: Policy) -> str:
    """Every value of the effective policy with where it comes from, in columns; ends in a newline."""
    width = max((len(_said(value)) for value in policy.values), default=0)
    lines = [f"{_said(value):<{min(width, 70)}}  # {value.origin}" for value in policy.values]
    return "\n".join([*lines, *(f"# {notice}" for notice in policy.notices)]) + "\n"


def _said(value: Value) -> str:
    return f"{value.key} = {value.value}"


def _steps(trace: Iterable[TraceStep]) -> Iterator[str]:
    """Stages in their order; the steps of one stage stand together, in the order in which they happened."""
    in_order = sorted(trace, key=lambda step: list(STAGES).index(step.stage))
    for stage, steps in groupby(in_order, key=lambda step: step.stage):
        yield STAGES[stage]
        for step in steps:
            yield f"  {MARKS.get(step.outcome, '  ')} {step.name}: {step.outcome}"
            yield f"       {step.why}"
        yield ""
