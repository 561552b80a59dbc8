"""A review before it runs: one plan a group, what each would be asked and cost, and the total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from smista_git.forge.posting import preview_of
from smista_git.phases.review.report import Report
from smista_git.plan.estimate import cost_range, total
from smista_git.plan.plan import Context, Included, Plan
from smista_git.plan.preview import preview
from smista_git.wording import counted
from smista_git.workflow.review.review import Part, ReviewJob


def preview_text(parts: Sequence[Part]) -> str:
    """Group by group in the fixed form of a plan, then the total."""
    groups = _groups(parts)
    blocks = []
    for number, members in groups.items():
        questions = sum(1 for part in members if part.plan.request.messages)
        asked = counted(questions, "question") if questions else "no question"
        files = len({file.path for part in members for file in part.change.files})
        blocks.append(
            f"Group {number} of {len(groups)}: {counted(files, 'file')}, {asked}\n{preview(_whole(members))}"
        )
    return "\n\n".join([*blocks, total_line(parts)])


def preview_json(parts: Sequence[Part]) -> dict[str, Any]:
    """Every plan under its group, each in the fixed shape of a plan, and the sum of the estimates."""
    bill = total([part.plan.estimate for part in parts])
    return {
        "v": 1,
        "phase": "review",
        "groups": [
            {"group": number, "plans": [part.plan.to_json() for part in members]}
            for number, members in _groups(parts).items()
        ],
        "estimate": {
            "low_usd": None if bill.low_usd is None else format(bill.low_usd, "f"),
            "high_usd": None if bill.high_usd is None else format(bill.high_usd, "f"),
            "tokens_in": bill.tokens_in,
            "tokens_out_max": bill.tokens_out_max,
        },
    }


def preview_post(job: ReviewJob) -> dict[str, Any]:
    """The comments and the summary that the rules' findings alone would make."""
    change = job.reading.change
    report = Report(job.subject.name, len(change.files), change.added, change.deleted, job.by_rules)
    return preview_of(report, limit=job.session.settings.policy.review.max_comments)


def _groups(parts: Sequence[Part]) -> dict[int, list[Part]]:
    groups: dict[int, list[Part]] = {}
    for part in parts:
        groups.setdefault(part.group, []).append(part)
    return groups


def _whole(members: Sequence[Part]) -> Plan:
    """The plans of a group as one, for showing: each file once, costs added up."""
    included: dict[str, Included] = {}
    for piece in (piece for part in members for piece in part.plan.context.included):
        known = included.get(piece.path)
        included[piece.path] = piece if known is None else replace(known, tokens=known.tokens + piece.tokens)
    context = Context(
        tuple(included.values()),
        tuple(dict.fromkeys(e for part in members for e in part.plan.context.excluded)),
        tuple(dict.fromkeys(r for part in members for r in part.plan.context.redactions)),
    )
    bill = total([part.plan.estimate for part in members])
    return replace(members[0].plan, context=context, estimate=bill)


def total_line(parts: Sequence[Part]) -> str:
    """How many questions, tokens and dollars the whole review comes to."""
    bill = total([part.plan.estimate for part in parts])
    questions = sum(1 for part in parts if part.plan.request.messages)
    return f"Total: {counted(questions, 'question')}, {bill.tokens_in} tokens in, {cost_range(bill)}"
