"""``git smista hook install``: our hooks, in front of those that are there."""

from __future__ import annotations

import click

from smista_git.cli.console import printable, talk
from smista_git.cli.hook.steps import hook_option, show_steps
from smista_git.cli.options import json_option

WORDS = {
    "written": "written",
    "chained": "written; the hook that was there runs first",
    "renewed": "brought up to date",
    "unchanged": "in place already",
    "crowded": "left alone: another's hook is there, and one waits behind ours already",
}


@click.command(name="install")
@hook_option
@click.option("--anyway", is_flag=True, help="Write the hooks although another tool looks after them.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@json_option
def command(names: tuple[str, ...], anyway: bool, dry_run: bool, as_json: bool) -> int:
    """Write small scripts where git looks for hooks, also under core.hooksPath and in linked worktrees.

    A hook that is there stays: it is renamed to NAME.before-smista and runs first. Where a hook manager is at
    work nothing is written, and what to add to its configuration is printed instead.
    """
    from smista_git.workflow.hook.install import USUAL, find_place, install

    place = find_place()
    wanted = names or USUAL
    if place.managers and not anyway:
        for manager in place.managers:
            talk(f"{manager.name} looks after the hooks here ({manager.found}); add this to it:")
            click.echo(printable(manager.advice(wanted)))
        talk("nothing was written; `git smista hook install --anyway` does it all the same")
        return 0 if dry_run else 3
    for notice in place.notices:
        talk(f"note: {notice}")
    steps = list(install(place, wanted, dry_run=dry_run))
    show_steps(steps, WORDS, as_json=as_json, dry_run=dry_run)
    return 3 if any(step.what == "crowded" for step in steps) else 0
