"""``git smista commit``: the message from the staged diff, then ``git commit``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from smista_git.cli.console import interactive, talk
from smista_git.cli.dialogue import Answer, ask_for_remark, ask_what_to_do, edit_message, show_message
from smista_git.cli.options import dry_run_option, json_option, override_of, routing_options
from smista_git.cli.payload import payload_text
from smista_git.cli.progress import Progress
from smista_git.errors import SmistaError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from smista_git.dispatch.outcome import Outcome
    from smista_git.ledger.rows import Answer as Person
    from smista_git.plan.plan import Plan
    from smista_git.workflow.commit import CommitJob, CommitOptions
    from smista_git.workflow.session import Session


@click.command(
    name="commit",
    context_settings={"ignore_unknown_options": False},
    epilog="""
\b
Examples:
  git add -p && git smista commit        look, then accept, edit or ask again
  git smista commit -y                   no questions
  git smista commit -a -n                what would happen, and what it would cost
  git smista commit --hint "closes #12"  tell the writer what the diff cannot
  git smista commit -- --signoff src/    git's own arguments and paths
""",
)
@click.option(
    "-a", "--all", "take_all", is_flag=True, help="Take all changes of tracked files, like git commit -a."
)
@click.option("--amend", is_flag=True, help="Rewrite the last commit's message, staged changes included.")
@click.option("--hint", metavar="TEXT", default="", help="What the diff cannot tell: a reason, an issue.")
@click.option("-y", "--yes", is_flag=True, help="Commit without asking.")
@click.option("--candidates", type=int, hidden=True, help="Not supported yet.")
@click.option("--split", is_flag=True, hidden=True, help="Not supported yet.")
@click.option("--show-payload", is_flag=True, help="Print, byte for byte, what would be sent. Send nothing.")
@routing_options
@dry_run_option
@json_option
@click.argument("git_args", nargs=-1, type=click.UNPROCESSED, metavar="[-- GIT ARGS]")
def command(**words: Any) -> None:
    """Write the message for what is staged, show it, and commit.

    The change is classified and routed by the policy; the plan is shown before anything is sent. Without a
    policy nothing leaves this machine: a local model writes where one answers, the builtin writer where none does.
    """
    from smista_git.workflow.session import open_session

    for name in ("candidates", "split"):
        if words[name]:
            raise UsageError(f"--{name} is not supported yet", hint="git smista commit --help")
    how = _How(yes=words["yes"], as_json=words["as_json"])
    show_only = words["dry_run"] or words["show_payload"]
    if not (show_only or how.yes or interactive()):
        hint = "`git smista commit -y` commits without asking, `-n` shows the plan"
        raise UsageError("there is no terminal to ask on", hint=hint)
    session = open_session()
    # The secret scanner loads in the background meanwhile.
    from smista_git.workflow.commit import CommitOptions, message_of_git, read_commit

    git_args = ("-a",) * words["take_all"] + ("--amend",) * words["amend"] + words["git_args"]
    override = override_of(words["model"], words["tier"], words["effort"])
    options = CommitOptions(git_args=git_args, hint=words["hint"], override=override)
    prepared = message_of_git(session, options)
    if prepared is not None:
        _commit_prepared(session, options, prepared, how, dry_run=show_only)
        return
    job = read_commit(session, options)
    for notice in (*session.settings.policy.notices, *job.reading.notices):
        talk(f"note: {notice}")
    if show_only:
        _show(job, as_json=how.as_json, payload=words["show_payload"])
    else:
        _write_and_commit(job, how)


@dataclass(frozen=True, slots=True)
class _How:
    """How the person wants to be spoken to."""

    yes: bool
    as_json: bool


def _show(job: CommitJob, *, as_json: bool, payload: bool) -> None:
    """Print the plan, or the very bytes that would be sent, and do nothing."""
    from smista_git.plan.preview import preview
    from smista_git.plan.told import told
    from smista_git.workflow.commit import plan_commit

    plan = plan_commit(job)
    for line in told(plan):
        talk(line)
    if payload:
        click.echo(payload_text(plan), nl=False)
    elif as_json:
        click.echo(json.dumps(plan.to_json(), indent=2, ensure_ascii=False))
    else:
        click.echo(preview(plan))


def _write_and_commit(job: CommitJob, how: _How) -> None:
    """Write, ask, and commit; or write again with another plan, until the person is done."""
    from smista_git.plan.preview import files_line, summary_line
    from smista_git.plan.told import told
    from smista_git.workflow import commit

    plan = commit.plan_commit(job)
    while True:
        talk(summary_line(plan), dim=True)
        talk(files_line(plan), dim=True)
        for line in told(plan):
            talk(line)
        progress = Progress()
        outcome = commit.write_commit_message(job, plan, observer=progress)
        step = _Step("accept", outcome.answer) if how.yes else _ask(job, outcome, seen=progress.shown)
        job.accounts.keep(
            plan, outcome, person=None if how.yes else PERSON[step.answer], message=step.message
        )
        if step.answer in ("accept", "edit"):
            _conclude(job, plan, outcome, step, how)
            return
        if step.answer == "quit":
            talk("nothing was committed; what is staged is as it was")
            raise click.exceptions.Exit(130)
        job, plan = _again(job, plan, outcome, step)


@dataclass(frozen=True, slots=True)
class _Step:
    """What the person decided, with the message as they left it or their remark."""

    answer: Answer
    message: str = ""
    remark: str = ""


PERSON: dict[Answer, Person] = {
    "accept": "accepted",
    "edit": "edited",
    "regenerate": "regenerated",
    "up": "escalated",
    "quit": "rejected",
}
# What the record says of a message that was committed unseen; it teaches nothing.
UNSEEN = "unseen"


def _ask(job: CommitJob, outcome: Outcome, *, seen: str) -> _Step:
    """The person's decision; an emptied edit and a needless retry ask again. ``seen`` is on the screen already."""
    message = outcome.answer
    while True:
        if seen.strip() != message.strip():
            show_message(message)
        seen = ""
        answer = ask_what_to_do()
        if answer == "edit":
            edited = edit_message(message, job.session.repo.ask("var", "GIT_EDITOR") or "vi")
            if edited is not None and edited.strip() != message.strip():
                return _Step("edit", edited)
            talk("the message is as it was" if edited else "an empty message is no message")
        elif answer == "regenerate":
            if outcome.by_rules:
                talk("the builtin writer says the same each time: edit it, or go one tier up")
                continue
            return _Step("regenerate", message, ask_for_remark())
        else:
            return _Step(answer, message)


def _again(job: CommitJob, plan: Plan, outcome: Outcome, step: _Step) -> tuple[CommitJob, Plan]:
    """Job and plan for another try: with the person's remark, or one tier up."""
    from smista_git.workflow import commit

    if step.answer == "regenerate":
        job = commit.with_remark(job, outcome.answer, step.remark)
        return job, commit.plan_commit(job)
    try:
        return job, commit.plan_commit(job, override=commit.raised(job.options.override, plan))
    except SmistaError as exc:
        talk(f"{exc.message}{f'; {exc.hint}' if exc.hint else ''}")
        return job, plan


def _conclude(job: CommitJob, plan: Plan, outcome: Outcome, step: _Step, how: _How) -> None:
    """Commit, record, and say what was done."""
    from smista_git.workflow import commit

    replaced = job.session.repo.head() if job.options.scope.amend else None
    made = commit.conclude(job, step.message, terminal=not how.as_json)
    person = UNSEEN if how.yes else PERSON[step.answer]
    record, trouble = commit.record(job, plan, outcome, commit=made, person=person, replaced=replaced)
    if trouble:
        talk(f"note: the routing record could not be written: {trouble}")
    if how.as_json:
        result = {"v": 1, "commit": made, "message": step.message, "record": record}
        click.echo(json.dumps(result, ensure_ascii=False))


def _commit_prepared(
    session: Session, options: CommitOptions, prepared: Path, how: _How, *, dry_run: bool
) -> None:
    """Finish what git has begun, with the message that git has prepared for it."""
    from smista_git.workflow.commit import finish_operation

    talk(f"git has prepared the message ({prepared.name}); no model is asked")
    if not dry_run:
        made = finish_operation(session, options, edit=not how.yes, terminal=not how.as_json)
        if how.as_json:
            click.echo(json.dumps({"v": 1, "commit": made, "message": None, "record": None}))
