"""``git smista doctor``: what is in place, what is missing, and the next command for each."""

from __future__ import annotations

import dataclasses
import json

import click

from smista_git.cli.console import printable, styled
from smista_git.cli.options import json_option

COLOURS = {"ok": "green", "note": "yellow", "problem": "red"}


@click.command(name="doctor")
@json_option
def command(as_json: bool) -> int:
    """Check git, policy, models, keys, the secret scanner and the records; each gap with the command that closes it.

    Exits with 3 when something keeps the commands from working, else with 0: notes are choices, not faults.
    """
    from smista_git.workflow.doctor import diagnose

    worst = 0
    for check in diagnose():
        worst = 3 if check.mark == "problem" else worst
        if as_json:
            click.echo(json.dumps(dataclasses.asdict(check), ensure_ascii=False))
            continue
        click.echo(styled(f"{check.mark:8}", fg=COLOURS[check.mark]), nl=False)
        click.echo(printable(f"{check.name:11} {check.what}"))
        if check.next:
            click.echo(printable(f"{'':20}try: {check.next}"))
    return worst
