"""``git smista policy init``: the first policy of a repository, made from what is there."""

from __future__ import annotations

import click

from smista_git.cli.console import talk
from smista_git.errors import UsageError


@click.command(name="init")
@click.option("--remote", is_flag=True, help="Name remote models for the providers whose key is set.")
@click.option("-n", "--dry-run", is_flag=True, help="Print the file instead of writing it.")
def command(remote: bool, dry_run: bool) -> None:
    """Look at Ollama's models, keys, languages and likely sensitive paths, and write a commented .smista.toml.

    The file is trusted at once, since you see it here. A key in the environment is no permission: remote models
    are named only with --remote.
    """
    from smista_git.workflow.policies import draft_for, write_policy
    from smista_git.workflow.session import open_session

    session = open_session()
    if session.repo.place.bare:
        hint = "clone it, and make the policy there"
        raise UsageError(f"{session.repo.root} is bare: no file lies beside its history", hint=hint)
    text = draft_for(session, remote=remote)
    if dry_run:
        click.echo(text, nl=False)
        return
    path = write_policy(session, text)
    if path is None:
        raise UsageError(
            ".smista.toml is there already",
            hint="edit it, or print a new one with `git smista policy init -n`",
        )
    click.echo(text, nl=False)
    talk(f"written to {path.name} and trusted; commit it, and see `git smista policy show`")
