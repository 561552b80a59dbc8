"""prepare-commit-msg: a message for a commit that the person makes with plain ``git commit``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from smista_git.dispatch.outcome import Observer
from smista_git.errors import BudgetPaused, NothingAvailable, NothingToDo
from smista_git.git.committing import comment_strings
from smista_git.git.operation import operation_in
from smista_git.route.policy import HOOK_DEADLINE_S, Policy
from smista_git.workflow.commit import (
    CommitJob,
    CommitOptions,
    builtin_message,
    plan_commit,
    read_commit,
    record_for,
    write_commit_message,
)
from smista_git.workflow.hook.draft import Draft, read_draft
from smista_git.workflow.hook.pending import UNSEEN, Pending, keep_pending, key_of, recall, remember
from smista_git.workflow.session import Session, open_session

HOOK = "prepare-commit-msg"


@dataclass(frozen=True, slots=True)
class Told:
    """What a person should hear of a message that was written; empty where all went as planned."""

    notice: str = ""


def prepare_message(file: Path, *, template: bool, observer: Observer, environ: Mapping[str, str]) -> Told:
    """Write a message into git's file, above all that is in it; whatever somebody has written stays alone.

    Raises: what ``plan_commit`` raises where the policy refuses.
    """
    session = _hurried(open_session())
    if operation_in(session.repo) not in (None, "bisect"):
        return Told()
    draft = read_draft(file.read_bytes(), comment_strings(session.repo.settings()))
    if draft.has_message and not template:
        return Told()
    try:
        job = read_commit(session, CommitOptions(hook=HOOK))
    except NothingToDo:
        return Told()
    return _write(job, draft, file, observer, seen=environ.get("GIT_EDITOR") != ":")


def _write(job: CommitJob, draft: Draft, file: Path, observer: Observer, *, seen: bool) -> Told:
    try:
        plan = plan_commit(job)
    except (BudgetPaused, NothingAvailable) as exc:
        _save(job, draft, file, builtin_message(job))
        return Told(f"{exc.message}; written by rules")
    state_dir, key = job.session.settings.state_dir, key_of(plan)
    pending = recall(state_dir, key)
    if pending is None:
        outcome = write_commit_message(job, plan, observer=observer)
        job.accounts.keep(plan, outcome, person=None, message=outcome.answer)
        numbers = job.accounts.account.numbers
        pending = Pending(
            answer=outcome.answer,
            record=record_for(plan, outcome, person=UNSEEN),
            number=numbers[-1] if numbers else None,
            change_sha256=job.reading.sha256,
            seen=seen,
        )
        if not outcome.by_rules:
            remember(state_dir, key, pending)
    keep_pending(job.session.repo.git_dir, replace(pending, seen=seen))
    _save(job, draft, file, pending.answer)
    return Told()


def _save(job: CommitJob, draft: Draft, file: Path, message: str) -> None:
    """Put the message into git's file, in the encoding that git will read it in."""
    encoding = job.session.repo.config("i18n.commitEncoding") or "utf-8"
    try:
        encoded = message.encode(
            encoding, "replace" if encoding.lower() not in ("utf-8", "utf8") else "surrogateescape"
        )
    except LookupError:
        encoded = message.encode("utf-8", "surrogateescape")
    written = file.with_name(f"{file.name}.{os.getpid()}")
    written.write_bytes(draft.with_message(encoded))
    written.replace(file)


def _hurried(session: Session) -> Session:
    """The session with a hook's deadline, where nobody has set another."""
    return replace(
        session, settings=replace(session.settings, policy=_with_deadline(session.settings.policy))
    )


def _with_deadline(policy: Policy) -> Policy:
    if any(value.key == "commit.deadline_s" for value in policy.values):
        return policy
    return replace(policy, commit=replace(policy.commit, deadline_s=HOOK_DEADLINE_S))
