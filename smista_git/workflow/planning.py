"""From what a change is to the Plan: decide, pack what the model may read, and estimate the bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smista_git.classify.habits import Habits, Style
from smista_git.classify.secrets.secrets import scan, scan_own
from smista_git.phases.commit_message import ask, pieces_of
from smista_git.phases.said import Said
from smista_git.plan.estimate import estimate
from smista_git.plan.pack import WHOLE, pack_change
from smista_git.plan.plan import Context, Excluded, Included, Plan, Redaction
from smista_git.plan.redact import Placeholders, Scan, redact
from smista_git.plan.request import Request
from smista_git.route.decide import decide
from smista_git.route.decision import BUILTIN, Circumstances, Decision, Override, Task
from smista_git.route.floors import excluded_paths
from smista_git.workflow.accounting import Accounts
from smista_git.workflow.guidance import guidance_left_out
from smista_git.workflow.reading import Reading
from smista_git.workflow.session import Session

# A message needs the gist, not every line: more context costs seconds on a laptop's model and cents elsewhere.
LOCAL_DIFF_TOKENS = 5_000
REMOTE_DIFF_TOKENS = 16_000
# What the instructions, the guidance and the answer take from a window, see phases/commit_message.py.
OVERHEAD_TOKENS = 2_800


def decide_task(session: Session, accounts: Accounts, task: Task, override: Override) -> Decision:
    """The decision for a task, with what is known now of every model that it could touch, of spend and outcomes.

    Raises: Refused, BudgetPaused, NothingAvailable.
    """
    policy = session.settings.policy
    named = (override.model,) if override.model else ()
    models = session.providers.statuses((*policy.models(task.intent), *named))
    circumstances = Circumstances(
        models=models,
        override=override,
        spend=accounts.spend(),
        learned=accounts.learned(task.intent, task.labels),
    )
    return decide(task, policy, circumstances)


def plan_message(
    session: Session,
    accounts: Accounts,
    task: Task,
    reading: Reading,
    *,
    said: Said,
    style: Style | None,
    override: Override,
) -> Plan:
    """The plan for a commit message. The builtin writer reads everything and is asked nothing.

    Raises: Refused, BudgetPaused, NothingAvailable.
    """
    decision = decide_task(session, accounts, task, override)
    if decision.model == BUILTIN:
        included = tuple(Included(file.path, WHOLE, 0) for file in reading.change.files)
        context, request = Context(included, redactions=reading.redactions), Request(())
    else:
        context, request = _message_request(session, decision, reading, said=said, style=style)
    local = decision.model == BUILTIN or session.providers.statuses([decision.model])[decision.model].local
    price = None if local else session.price_of(decision.model)
    thinking = 0 if local else session.providers.thinking_tokens(decision.model, decision.effort)
    bill = estimate(request, price, local=local, thinking_tokens=thinking)
    return Plan(task.intent, reading.labels, decision, context, bill, request, reading.sha256)


def _message_request(
    session: Session, decision: Decision, reading: Reading, *, said: Said, style: Style | None
) -> tuple[Context, Request]:
    policy = session.settings.policy
    packed = pack_change(
        reading.change,
        budget_tokens=_budget_tokens(session, decision),
        stays=excluded_paths(policy, reading.change),
    )
    # An engine that does not load is noticed again at the egress gate, which then lets nothing out.
    finder = scan if session.scanner_works() else scan_own
    left_out = tuple(guidance_left_out(session.repo.root, policy))
    said, habits, redactions = _clean(_without(said, left_out), reading.habits, finder, reading.placeholders)
    request = ask(
        packed,
        labels=reading.labels,
        habits=habits,
        said=said,
        style=style,
        effort=decision.effort,
        max_subject=policy.commit.max_subject,
        timeout_s=policy.commit.deadline_s,
    )
    context = replace(
        packed.context,
        included=packed.context.included + pieces_of(habits, said),
        excluded=packed.context.excluded + left_out,
        redactions=reading.redactions + redactions,
    )
    return context, request


def _budget_tokens(session: Session, decision: Decision) -> int:
    local = session.providers.statuses([decision.model])[decision.model].local
    window = session.window_of(decision.model)
    return max(min(LOCAL_DIFF_TOKENS if local else REMOTE_DIFF_TOKENS, window - OVERHEAD_TOKENS), 500)


def _without(said: Said, left_out: Sequence[Excluded]) -> Said:
    names = {piece.path for piece in left_out}
    return replace(said, guidance=tuple(entry for entry in said.guidance if entry[0] not in names))


def _clean(
    said: Said, habits: Habits, finder: Scan, placeholders: Placeholders
) -> tuple[Said, Habits, tuple[Redaction, ...]]:
    """Everything that goes along beside the diff, without the secrets in it."""
    redactions: list[Redaction] = []

    def clean(text: str, path: str) -> str:
        shown, found = redact(text, finder(text), path=path, placeholders=placeholders)
        redactions.extend(found)
        return shown

    said = Said(
        hint=clean(said.hint, "hint"),
        branch=clean(said.branch, "branch name") if said.branch else said.branch,
        guidance=tuple((name, clean(text, name)) for name, text in said.guidance),
        remark=clean(said.remark, "remark"),
        previous=clean(said.previous, "previous answer"),
    )
    examples = tuple(clean(subject, "recent subjects") for subject in habits.examples)
    return said, replace(habits, examples=examples), tuple(redactions)
