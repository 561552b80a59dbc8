"""``git smista commit``: the message from the staged diff, then ``git commit``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from smista_git.cli.commit.finish import conclude, show
from smista_git.cli.commit.settle import How, settle
from smista_git.cli.console import interactive, talk
from smista_git.cli.options import dry_run_option, json_option, override_of, routing_options
from smista_git.errors import UsageError

MOST_CANDIDATES = 9  # one key chooses

if TYPE_CHECKING:
    from pathlib import Path

    from smista_git.workflow.commit import CommitOptions
    from smista_git.workflow.session import Session


# What git commit takes a message from, and would refuse beside the one that is written here.
OWN_MESSAGE = frozenset(["-m", "--message", "-F", "--file", "-C", "-c", "--fixup", "--squash"])


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
  git smista commit --split              one commit for each concern of what is staged
  git smista commit -- --signoff src/    git's own arguments and paths
""",
)
@click.option(
    "-a", "--all", "take_all", is_flag=True, help="Take all changes of tracked files, like git commit -a."
)
@click.option("--amend", is_flag=True, help="Rewrite the last commit's message, staged changes included.")
@click.option("--hint", metavar="TEXT", default="", help="What the diff cannot tell: a reason, an issue.")
@click.option("-m", "--message", "own", hidden=True)
@click.option("-y", "--yes", is_flag=True, help="Commit without asking.")
@click.option(
    "--candidates",
    type=click.IntRange(1, MOST_CANDIDATES),
    default=1,
    metavar="N",
    help="Write N messages to choose from, each at its own cost.",
)
@click.option(
    "--split", is_flag=True, help="Make one commit for each concern of what is staged; all of them, or none."
)
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

    if words["own"] is not None or OWN_MESSAGE.intersection(words["git_args"]):
        hint = "with a message of your own: `git commit -m`; what the diff cannot tell: `--hint TEXT`"
        raise UsageError("`git smista commit` writes the message itself", hint=hint)
    how = How(yes=words["yes"], as_json=words["as_json"], candidates=words["candidates"])
    if how.yes and how.candidates > 1:
        raise UsageError(
            "--candidates asks which one to take, and -y asks nothing", hint="leave one of them out"
        )
    session = open_session()
    show_only = words["dry_run"] or words["show_payload"]
    if not (show_only or how.yes or interactive()):
        hint = "`git smista commit -y` commits without asking, `-n` shows the plan"
        raise UsageError("there is no terminal to ask on", hint=hint)
    # The secret scanner loads in the background meanwhile.
    from smista_git.workflow.commit import CommitOptions, message_of_git, read_commit

    git_args = ("-a",) * words["take_all"] + ("--amend",) * words["amend"] + words["git_args"]
    override = override_of(words["model"], words["tier"], words["effort"])
    options = CommitOptions(git_args=git_args, hint=words["hint"], override=override)
    prepared = message_of_git(session, options)
    if prepared is not None:
        if words["split"]:
            raise UsageError("what git has begun is one commit", hint="finish it without --split")
        _commit_prepared(session, options, prepared, how, dry_run=show_only)
        return
    job = read_commit(session, options)
    for notice in (*session.settings.policy.notices, *job.reading.notices):
        talk(f"note: {notice}")
    if words["split"]:
        from smista_git.cli.commit.split import commit_split

        commit_split(job, how, show_only=show_only, payload=words["show_payload"])
    elif show_only:
        show(job, as_json=how.as_json, payload=words["show_payload"])
    else:
        conclude(settle(job, how), how)


def _commit_prepared(
    session: Session, options: CommitOptions, prepared: Path, how: How, *, dry_run: bool
) -> None:
    """Finish what git has begun, with the message that git has prepared for it."""
    from smista_git.workflow.commit import finish_operation

    talk(f"git has prepared the message ({prepared.name}); no model is asked")
    if not dry_run:
        made = finish_operation(session, options, edit=not how.yes, terminal=not how.as_json)
        if how.as_json:
            click.echo(json.dumps({"v": 1, "commit": made, "message": None, "record": None}))
