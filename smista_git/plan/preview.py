"""A plan as text: what a person reads before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smista_git.plan.estimate import dollars
from smista_git.plan.pack import CUT, WHOLE
from smista_git.plan.plan import Context, Estimate, Included, Plan
from smista_git.plan.printable import printable
from smista_git.route.decision import BUILTIN, Decision
from smista_git.wording import counted

# Longer lists are folded to their first entries; the JSON form has them all.
_LONGEST_LIST = 12
_SHOWN_OF_LONG = 10
_GLANCE = 3
_SEND = "send to "
GUIDANCE = "guidance"


def preview(plan: Plan) -> str:
    """The plan in the fixed form of the design, one line an entry, every name safe to print."""
    return "\n".join(_preview_lines(plan))


def summary_line(plan: Plan) -> str:
    """One glance: ``docs, light (0.93) -> ollama/qwen2.5-coder by rule "…": 3 files, free``."""
    labels, decision = plan.labels, plan.decision
    by = f'rule "{printable(decision.rule)}"' if decision.rule else "tier"
    files = sum(map(_is_file, plan.context.included))
    behind = f", {len(plan.context.excluded)} left out" if plan.context.excluded else ""
    return (
        f"{labels.kind}, {labels.tier} ({labels.confidence:.2f}) -> {printable(decision.model)} by {by}: "
        f"{counted(files, 'file')}{behind}, {_cost(plan)}"
    )


def files_line(plan: Plan) -> str:
    """Who reads what, where it may go, and what stays: ``openai/x reads a.py and 3 more; may go to api.openai.com``."""
    hosts = [p.removeprefix(_SEND) for p in plan.decision.permissions if p.startswith(_SEND)]
    included = [printable(piece.path) for piece in plan.context.included if _is_file(piece)]
    excluded = [f"{printable(piece.path)} ({printable(piece.why)})" for piece in plan.context.excluded]
    parts = [f"{printable(plan.decision.model)} reads {_some(included) or 'no file'}"]
    parts += [f"may go to {_some([printable(host) for host in hosts])}"] if hosts else []
    parts += [f"leaves out {_some(excluded)}"] if excluded else []
    return "; ".join(parts)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_GLANCE])
    return f"{shown} and {len(names) - _GLANCE} more" if len(names) > _GLANCE else shown


def _preview_lines(plan: Plan) -> Iterator[str]:
    labels, decision = plan.labels, plan.decision
    yield f"Detected task: {plan.phase} ({labels.kind}, {labels.tier}, confidence {labels.confidence:.2f})"
    yield f"Selected model: {printable(decision.model)}, effort {decision.effort}"
    if decision.original_tier != decision.tier:
        yield f"Original tier: {decision.original_tier}, moved to {decision.tier}"
    yield f"Matched rule: {printable(decision.rule) if decision.rule else f'none, the {decision.tier} tier decides'}"
    yield "Included context:"
    yield from _included(plan.context)
    yield "Excluded context:"
    yield from _excluded(plan.context)
    yield f"Estimated cost: {_cost(plan)}"
    yield "Required permissions:"
    yield from _listed([printable(permission) for permission in decision.permissions], "permissions")


def _included(context: Context) -> Iterator[str]:
    """The files first, folded when they are many, then every other piece."""
    files = [_entry(piece) for piece in context.included if _is_file(piece)]
    others = [_entry(piece) for piece in context.included if not _is_file(piece)]
    if files or not others:
        yield from _listed(files, "files")
    yield from (f"- {entry}" for entry in others)


def _excluded(context: Context) -> Iterator[str]:
    entries = [f"{printable(piece.path)} ({printable(piece.why)})" for piece in context.excluded]
    blotted = [
        f"{printable(r.path)}{f':{r.line}' if r.line else ''} (redacted: {printable(r.rule)})"
        for r in context.redactions
    ]
    yield from _listed(entries + blotted, "entries")


def _listed(entries: Sequence[str], noun: str) -> Iterator[str]:
    if not entries:
        yield "- none"
    shown = entries if len(entries) <= _LONGEST_LIST else entries[:_SHOWN_OF_LONG]
    yield from (f"- {entry}" for entry in shown)
    if len(shown) < len(entries):
        yield f"- … and {len(entries) - len(shown)} more {noun}"


def _entry(piece: Included) -> str:
    plain = piece.why in (WHOLE, GUIDANCE)
    return printable(piece.path) + ("" if plain else f" ({printable(piece.why)})")


def _is_file(piece: Included) -> bool:
    return piece.why == WHOLE or piece.why.startswith(CUT)


def _cost(plan: Plan) -> str:
    bill: Estimate = plan.estimate
    if bill.low_usd is None or bill.high_usd is None:
        return "unknown"
    if not bill.high_usd:
        return _why_free(plan.decision)
    low, high = dollars(bill.low_usd), dollars(bill.high_usd)
    return low if low == high else f"{low}-{high}"


def _why_free(decision: Decision) -> str:
    if decision.model == BUILTIN:
        return "free: no model"
    leaves = any(permission.startswith("send to ") for permission in decision.permissions)
    return "free" if leaves else "free: local"
