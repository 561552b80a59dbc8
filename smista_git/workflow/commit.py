"""``git smista commit``, step by step: read, plan, dispatch, commit, record. Asking the person is the caller's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smista_git.classify.habits import HISTORY, PastCommit, Style
from smista_git.errors import GitFailed, NothingToDo, Refused, UsageError
from smista_git.git import notes
from smista_git.git.operation import operation_in
from smista_git.git.scope import Scope, scope_of
from smista_git.git.would_commit import would_commit
from smista_git.phases.said import Said
from smista_git.plan.plan import Plan
from smista_git.plan.record import Result, Tried, record_of
from smista_git.plan.verdict import Verdict
from smista_git.route.decision import Override, Task
from smista_git.workflow.accounting import Accounts
from smista_git.workflow.background import Background
from smista_git.workflow.guidance import read_guidance
from smista_git.workflow.planning import plan_message
from smista_git.workflow.reading import Reading, fingerprint, read_change
from smista_git.workflow.session import Session

if TYPE_CHECKING:
    from smista_git.dispatch.outcome import Observer, Outcome

# Writing, judging and dispatching are imported inside the calls: their patterns take a tenth of a start-up to compile,
# and none of them is needed before a model is asked.

# git made the message of these itself, and it says what no diff can: what was merged, picked or reverted.
# A rebase has a message where it stopped at a conflict, and none where it stopped to let a person edit.
WRITTEN_BY_GIT = ("merge", "cherry-pick", "revert", "rebase")
# What git notes below a message for whoever edits it: ``git commit -F`` would keep it.
_CONFLICTS = re.compile(rb"\n+(?:(\S+) -+ >8 -+\n(?:\1[^\n]*\n)*?)?(\S+) Conflicts:\n(?:\2\t[^\n]*\n?)+\Z")


@dataclass(frozen=True, slots=True)
class CommitOptions:
    """What the command line asked for; ``git_args`` go to ``git commit`` as they are.

    ``hook`` is the git hook that asks, or None.
    """

    git_args: tuple[str, ...] = ()
    hint: str = ""
    override: Override = field(default_factory=Override)
    hook: str | None = None

    @property
    def scope(self) -> Scope:
        """Which part of the work tree is committed."""
        return scope_of(self.git_args)


@dataclass(frozen=True, slots=True)
class CommitJob:
    """A commit that is being written: the session, what was asked for, and what the change is."""

    session: Session
    accounts: Accounts
    options: CommitOptions
    reading: Reading
    said: Said

    @property
    def style(self) -> Style | None:
        """The style that the policy asks for; None lets the history decide."""
        style = self.session.settings.policy.commit.style
        return None if style == "auto" else style


def message_of_git(session: Session, options: CommitOptions) -> Path | None:
    """The message that git has prepared for a merge, pick, revert or rebase in progress, or None.

    Raises: Refused, while there are conflicts.
    """
    operation = operation_in(session.repo)
    if operation and session.repo.run("ls-files", "--unmerged", "-z").stdout:
        raise _conflicts()
    prepared = session.repo.git_dir / "MERGE_MSG"
    if operation in WRITTEN_BY_GIT and prepared.is_file() and not options.scope.amend:
        return prepared
    return None


def read_commit(session: Session, options: CommitOptions) -> CommitJob:
    """The job for what ``git commit`` would record now.

    Raises: NothingToDo where that is nothing.
    """
    scope = options.scope
    # An amended commit is no example for its own new message.
    tip = "HEAD^" if scope.amend else "HEAD"
    history: Background[tuple[PastCommit, ...]] = Background(
        lambda: session.repo.recent_commits(HISTORY, rev=tip)
    )
    diff = would_commit(session.repo, scope, cwd=session.cwd)
    if not diff.raw and "--allow-empty" not in options.git_args:
        raise _nothing_staged(session, scope)
    policy = session.settings.policy
    reading = read_change(diff, policy=policy, history=history())
    if any(file.status == "unmerged" for file in reading.change.files):
        raise _conflicts()
    guidance = read_guidance(session.repo.root)
    said = Said(hint=options.hint, branch=session.repo.branch(), guidance=guidance)
    accounts = Accounts(session, today=date.today())
    return CommitJob(session, accounts, options, reading, said)


def plan_commit(job: CommitJob, *, override: Override | None = None) -> Plan:
    """The plan for the message.

    Raises: Refused, BudgetPaused, NothingAvailable.
    """
    reading = job.reading
    task = Task(
        intent="commit",
        labels=reading.labels,
        change=reading.change,
        branch=job.said.branch,
        hook=job.options.hook,
        secret_paths=reading.secret_paths,
    )
    override = override or job.options.override
    return plan_message(
        job.session, job.accounts, task, reading, said=job.said, style=job.style, override=override
    )


def with_remark(job: CommitJob, previous: str, remark: str) -> CommitJob:
    """The same job, for another message than ``previous``."""
    remark = remark or "Say it in another way."
    return replace(job, said=replace(job.said, previous=previous, remark=remark))


def write_commit_message(job: CommitJob, plan: Plan, *, observer: Observer) -> Outcome:
    """The message, by the plan's model or whoever had to stand in; always one."""
    from smista_git.dispatch.dispatch import dispatch

    session = job.session
    settings = session.settings.policy.commit
    return dispatch(
        plan,
        providers=session.providers,
        by_rules=lambda: builtin_message(job),
        verify=verifier(job),
        deadline_s=settings.deadline_s,
        observer=observer,
        price_of=session.price_of,
        ledger=job.accounts.account,
    )


def builtin_message(job: CommitJob) -> str:
    """What the builtin writer makes of the change."""
    from smista_git.phases.builtin_message import write_message

    reading = job.reading
    return write_message(
        reading.quotable,
        reading.labels,
        reading.habits,
        style=job.style,
        max_subject=job.session.settings.policy.commit.max_subject,
    )


def verifier(job: CommitJob) -> Callable[[str], Verdict]:
    """The function that judges a message for this change."""

    def verify(text: str) -> Verdict:
        from smista_git.phases.message_check import check_message

        return check_message(
            text,
            change=job.reading.change,
            labels=job.reading.labels,
            habits=job.reading.habits,
            said=job.said,
            style=job.style,
            max_subject=job.session.settings.policy.commit.max_subject,
        )

    return verify


def conclude(job: CommitJob, message: str, *, terminal: bool) -> str:
    """Make the commit and give its full name.

    Raises: Refused when what would be committed changed since it was read, GitFailed when a hook refused.
    """
    check_unchanged(job)
    return job.session.repo.commit(
        message.encode("utf-8", "surrogateescape"),
        args=job.options.git_args,
        terminal=terminal,
        cwd=job.session.cwd,
    )


def check_unchanged(job: CommitJob) -> None:
    """Pass where what would be committed is what was read. Raises: Refused."""
    now = would_commit(job.session.repo, job.options.scope, cwd=job.session.cwd, limit_bytes=0)
    if fingerprint(now) != job.reading.sha256:
        raise Refused(
            "what would be committed changed while the message was written",
            hint="look at `git status`, then run `git smista commit` again",
        )


def finish_operation(session: Session, options: CommitOptions, *, edit: bool, terminal: bool) -> str:
    """Commit with the message that git itself has prepared, and give the commit's full name."""
    message = _CONFLICTS.sub(b"\n", (session.repo.git_dir / "MERGE_MSG").read_bytes())
    return session.repo.commit(message, args=options.git_args, edit=edit, terminal=terminal, cwd=session.cwd)


def record(
    job: CommitJob, plan: Plan, outcome: Outcome, *, commit: str, person: str, replaced: str | None
) -> tuple[dict[str, Any], str]:
    """Write the routing record to the commit's note; gives the record, and what went wrong or an empty string.

    ``replaced`` is the commit that an amend left behind, whose records are carried over first.
    """
    kept = record_for(plan, outcome, person=person)
    try:
        if replaced:
            notes.copy_note(job.session.repo, replaced, commit)
        notes.append_record(job.session.repo, commit, kept)
    except GitFailed as exc:
        return kept, f"{exc.message}; {exc.hint}"
    return kept, ""


def record_for(plan: Plan, outcome: Outcome, *, person: str) -> dict[str, Any]:
    """The routing record of a dispatch, as a note keeps it."""
    tried = tuple(Tried(a.model, a.outcome, a.error or a.reason) for a in outcome.attempts)
    return record_of(
        plan, Result(outcome.model, tried, outcome.usage, outcome.cost_usd, outcome.verdict, person)
    )


def _conflicts() -> Refused:
    return Refused(
        "there are conflicts to resolve before anything can be committed",
        hint="resolve them, `git add` the files, then run `git smista commit` again",
    )


def _nothing_staged(session: Session, scope: Scope) -> NothingToDo:
    if scope.amend:
        return NothingToDo(
            "the last commit records no change, and nothing is staged",
            hint="reword it with `git commit --amend`",
        )
    status = session.repo.run("status", "--porcelain", "-z").stdout
    if not status:
        return NothingToDo("nothing to commit, the work tree is clean", hint="change something first")
    tracked = any(not entry.startswith(b"??") for entry in status.split(b"\0") if entry)
    return NothingToDo(
        "nothing is staged",
        hint="`git smista commit -a` takes all tracked files, `git add -p` lets you choose"
        if tracked
        else "`git add` the new files that belong to the commit",
    )


def raised(override: Override, plan: Plan) -> Override:
    """The override that asks for one tier above the plan's, whatever model was named before.

    Raises: UsageError when there is no higher tier.
    """
    above = {"light": "standard", "standard": "heavy"}
    if plan.decision.tier not in above:
        raise UsageError("heavy is the highest tier", hint="name a model: `--model provider/name`")
    return replace(override, model=None, tier=above[plan.decision.tier])  # type: ignore[arg-type]
