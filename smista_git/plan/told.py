"""Why a plan is narrower than what was asked for: what stays, who is not asked, and what was blotted out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smista_git.plan.plan import Plan
from smista_git.plan.printable import printable
from smista_git.route.decision import TraceStep

# A change of a hundred sensitive files is told by its first ones; the plan's JSON has them all.
MOST = 4
HELD_BY = ("floors again", "budget")


def told(plan: Plan) -> tuple[str, ...]:
    """One line for each thing that holds the job back, floors first; empty where nothing does."""
    trace = plan.decision.trace
    floors = [line for step in trace if step.outcome == "in force" and (line := _floor(step))]
    asked = {step.outcome for step in trace if (step.stage, step.name) == ("override", "--model")}
    held = [_held(step) for step in trace if _is_held(step, asked)]
    lines = (*_first(floors), *_first(list(dict.fromkeys(held))), *_blotted(plan))
    return tuple(printable(line) for line in lines)


def _floor(step: TraceStep) -> str:
    if step.stage != "floors":
        return ""
    return f"left out: {step.why}" if step.name == "exclude" else f"stays on this machine: {step.why}"


def _is_held(step: TraceStep, asked: set[str]) -> bool:
    """Whether a step says that a model is not asked; plain absence counts only where a flag named the model."""
    if step.outcome == "waiting for trust":
        return True
    named = step.stage == "availability" and step.name in asked
    return step.outcome == "passed over" and (named or step.stage in HELD_BY)


def _held(step: TraceStep) -> str:
    if step.outcome == "waiting for trust":
        return f"{step.stage} {step.name} is passed over: {step.why}"
    return f"{step.name} is not asked: {step.why}"


def _blotted(plan: Plan) -> Iterator[str]:
    places = [f"{r.path}{f':{r.line}' if r.line else ''} ({r.rule})" for r in plan.context.redactions]
    if places:
        more = f" and {len(places) - MOST} more" if len(places) > MOST else ""
        yield f"blotted out: {', '.join(places[:MOST])}{more}"


def _first(lines: Sequence[str]) -> tuple[str, ...]:
    more = (f"... and {len(lines) - MOST} more: git smista policy explain",) if len(lines) > MOST else ()
    return (*lines[:MOST], *more)
