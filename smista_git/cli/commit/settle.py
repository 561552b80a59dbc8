"""The dialogue until a message is settled: written, shown, taken or changed, or written again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from smista_git.cli.commit.dialogue import (
    COMMIT_QUESTION,
    Answer,
    ask_for_remark,
    ask_what_to_do,
    ask_which,
    edit_message,
    show_message,
)
from smista_git.cli.console import talk
from smista_git.cli.progress import Progress
from smista_git.errors import SmistaError

if TYPE_CHECKING:
    from smista_git.dispatch.outcome import Outcome
    from smista_git.ledger.rows import Answer as Person
    from smista_git.plan.plan import Plan
    from smista_git.workflow.commit import CommitJob

PERSON: dict[Answer, Person] = {
    "accept": "accepted",
    "edit": "edited",
    "regenerate": "regenerated",
    "up": "escalated",
    "quit": "rejected",
}
# What the record says of a message that was committed unseen; it teaches nothing.
UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class How:
    """How the person wants to be spoken to, and how many messages they want to choose from."""

    yes: bool
    as_json: bool
    candidates: int = 1


@dataclass(frozen=True, slots=True)
class Settled:
    """A message as the person left it, with the plan and the dispatch behind it; ``person`` is for the record."""

    job: CommitJob
    plan: Plan
    outcome: Outcome
    message: str
    person: str


@dataclass(frozen=True, slots=True)
class _Draft:
    """A message that was written, and what of it is on the screen already."""

    job: CommitJob
    plan: Plan
    outcome: Outcome
    seen: str


@dataclass(frozen=True, slots=True)
class _Step:
    """What the person decided, with the message as they left it or their remark."""

    answer: Answer
    message: str = ""
    remark: str = ""


def settle(job: CommitJob, how: How, *, question: str = COMMIT_QUESTION) -> Settled:
    """The message that the person takes, with ``how.yes`` the first one. Raises: click's Exit when they leave."""
    from smista_git.workflow import commit

    plan = commit.plan_commit(job)
    while True:
        drafts = _write(job, plan, how)
        draft = _choose(drafts) if len(drafts) > 1 else drafts[0]
        step = (
            _Step("accept", draft.outcome.answer) if how.yes else _ask(draft, question, again=len(drafts) > 1)
        )
        for each in drafts:
            person = None if how.yes or each is not draft else PERSON[step.answer]
            job.accounts.keep(each.plan, each.outcome, person=person, message=step.message)
        if step.answer in ("accept", "edit"):
            person_said = UNSEEN if how.yes else PERSON[step.answer]
            return Settled(draft.job, draft.plan, draft.outcome, step.message, person_said)
        if step.answer == "quit":
            talk("nothing was committed; what is staged is as it was")
            raise click.exceptions.Exit(130)
        job, plan = _again(draft, step)


def _write(job: CommitJob, plan: Plan, how: How) -> list[_Draft]:
    """One draft, or as many different ones as were asked for; the builtin writer has only one."""
    from smista_git.workflow import commit

    drafts = [_draft(job, plan)]
    while len(drafts) < how.candidates and not drafts[-1].outcome.by_rules:
        job = commit.with_remark(job, drafts[-1].outcome.answer, "")
        drafts.append(_draft(job, commit.plan_commit(job)))
    different = {draft.outcome.answer.strip(): draft for draft in reversed(drafts)}
    return [draft for draft in drafts if different[draft.outcome.answer.strip()] is draft]


def _draft(job: CommitJob, plan: Plan) -> _Draft:
    from smista_git.plan.preview import files_line, summary_line
    from smista_git.plan.told import told
    from smista_git.workflow import commit

    talk(summary_line(plan), dim=True)
    talk(files_line(plan), dim=True)
    for line in told(plan):
        talk(line)
    progress = Progress()
    outcome = commit.write_commit_message(job, plan, observer=progress)
    return _Draft(job, plan, outcome, progress.shown)


def _choose(drafts: list[_Draft]) -> _Draft:
    for number, draft in enumerate(drafts, 1):
        show_message(draft.outcome.answer, number=number)
    return drafts[ask_which(len(drafts)) - 1]


def _ask(draft: _Draft, question: str, *, again: bool) -> _Step:
    """The person's decision; an emptied edit and a needless retry ask again. ``again`` shows what was streamed."""
    message, seen = draft.outcome.answer, "" if again else draft.seen
    while True:
        if seen.strip() != message.strip():
            show_message(message)
        seen = ""
        answer = ask_what_to_do(question)
        if answer == "edit":
            edited = edit_message(message, draft.job.session.repo.ask("var", "GIT_EDITOR") or "vi")
            if edited is not None and edited.strip() != message.strip():
                return _Step("edit", edited)
            talk("the message is as it was" if edited else "an empty message is no message")
        elif answer == "regenerate":
            if draft.outcome.by_rules:
                talk("the builtin writer says the same each time: edit it, or go one tier up")
                continue
            return _Step("regenerate", message, ask_for_remark())
        else:
            return _Step(answer, message)


def _again(draft: _Draft, step: _Step) -> tuple[CommitJob, Plan]:
    """Job and plan for another try: with the person's remark, or one tier up."""
    from smista_git.workflow import commit

    job, plan = draft.job, draft.plan
    if step.answer == "regenerate":
        job = commit.with_remark(job, draft.outcome.answer, step.remark)
        return job, commit.plan_commit(job)
    try:
        return job, commit.plan_commit(job, override=commit.raised(job.options.override, plan))
    except SmistaError as exc:
        talk(f"{exc.message}{f'; {exc.hint}' if exc.hint else ''}")
        return job, plan
