"""``git smista hook run NAME``: what the scripts call. Whatever goes wrong here, the commit goes on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from smista_git.cli.console import talk
from smista_git.cli.hook.steps import NAMES
from smista_git.errors import NothingToDo, SmistaError

Arguments = tuple[str, ...]

# git/committing.py sets it for the commits that we make ourselves.
GUARD = "SMISTA_ACTIVE"
GATES = ("pre-commit", "pre-push")


@click.command(name="run", hidden=True, context_settings={"ignore_unknown_options": True})
@click.argument("name", type=click.Choice(NAMES))
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def command(name: str, args: Arguments) -> int:
    """Do the work of one hook, with the arguments and the stdin that git gave it."""
    if os.environ.get(GUARD) and name not in GATES:
        return 0
    try:
        return WORK[name](args)
    except SmistaError as exc:
        talk(f"smista: {name}: {' '.join(exc.message.split())}")
        return 1 if name in (*GATES, "prepare-commit-msg", "commit-msg") and _closed() else 0
    except click.ClickException:
        raise
    except Exception as exc:  # noqa: BLE001 - a bug of ours is reported, and stops nobody's commit
        from smista_git.cli.bug_report import report_bug

        report_bug(exc, ["hook", "run", name])
        return 0


def _prepare(args: Arguments) -> int:
    """Write the message, unless git or the person has one: the table is in git's own documentation of the hook."""
    source = args[1] if len(args) > 1 else os.environ.get("PRE_COMMIT_COMMIT_MSG_SOURCE", "")
    if not args or source not in ("", "template"):
        return 0
    if any((Path(args[0]).parent / name).is_dir() for name in ("rebase-merge", "rebase-apply")):
        return 0
    from smista_git.cli.hook.patience import Patience
    from smista_git.workflow.hook.message import prepare_message

    with Patience("prepare-commit-msg") as patience:
        told = prepare_message(
            Path(args[0]), template=source == "template", observer=patience, environ=os.environ
        )
    if notice := told.notice or patience.trouble:
        talk(f"smista: {notice}")
    return 0


def _check(args: Arguments) -> int:
    if not args:
        return 0
    from smista_git.workflow.hook.check import check_message_file

    checked = check_message_file(Path(args[0]), environ=os.environ)
    for line in checked.demands:
        talk(f"smista: {line}")
    for line in checked.hints:
        talk(f"smista: note: {line}")
    if checked.demands:
        talk(f"  the policy asks for it; the message is in {args[0]}")
    return 1 if checked.demands else 0


def _record(args: Arguments) -> int:
    from smista_git.workflow.hook.record import keep_record

    keep_record(os.environ)
    return 0


def _carry(args: Arguments) -> int:
    from smista_git.workflow.hook.record import carry_records

    carry_records(_stdin())
    return 0


def _review(args: Arguments) -> int:
    """Review what is committed; a merge and a rebase bring what was reviewed where it was made."""
    from smista_git.git.operation import operation_in
    from smista_git.git.repository import Repository

    if operation_in(Repository.discover()) not in (None, "bisect"):
        return 0
    return _reviewed(["review", "--staged", "--hook", "pre-commit"])


def _review_push(args: Arguments) -> int:
    from smista_git.workflow.hook.push import pushed_commits

    pushed = pushed_commits(_stdin(), remote=args[0] if args else "", environ=os.environ)
    for notice in pushed.notices:
        talk(f"smista: pre-push: {notice}")
    return max((_reviewed(["review", brought, "--hook", "pre-push"]) for brought in pushed.ranges), default=0)


def _reviewed(words: list[str]) -> int:
    """The exit code of a review; one that found nothing to review has nothing against the commit."""
    from smista_git.cli.main import cli

    try:
        code = cli.main(args=words, prog_name="git smista", standalone_mode=False)
    except NothingToDo:
        return 0
    return code if isinstance(code, int) else 0


def _closed() -> bool:
    """Whether the policy wants a hook that could not do its work to stop the commit."""
    from smista_git.workflow.session import open_session

    try:
        return open_session().settings.policy.review.on_failure == "closed"
    except SmistaError:
        return False


def _stdin() -> list[str]:
    """What git lists there; nothing where nobody wrote to it, so that no terminal is waited for."""
    if sys.stdin is None or sys.stdin.isatty():
        return []
    return sys.stdin.read().splitlines()


WORK: dict[str, Callable[[Arguments], int]] = {
    "pre-commit": _review,
    "prepare-commit-msg": _prepare,
    "commit-msg": _check,
    "post-commit": _record,
    "post-rewrite": _carry,
    "pre-push": _review_push,
}
