"""``git smista policy packs``: the shipped policies."""

from __future__ import annotations

import click

from smista_git.cli.console import talk


@click.command(name="packs")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """List the shipped policies, or print the one called NAME; use one with `extends = ["pack:NAME"]`."""
    from smista_git.workflow.policies import pack_text, packs

    if name is not None:
        click.echo(pack_text(name), nl=False)
        return
    for pack, line in packs():
        click.echo(f"{pack:12} {line}")
    talk("print one with `git smista policy packs NAME`", dim=True)
