"""``git smista hook uninstall``: our hooks out, the others back."""

from __future__ import annotations

import click

from smista_git.cli.hook.steps import NAMES, hook_option, show_steps
from smista_git.cli.options import json_option

WORDS = {
    "removed": "removed",
    "restored": "removed; the hook that was there before is back",
    "another's": "left alone: it is not ours",
    "missing": "nothing there",
}


@click.command(name="uninstall")
@hook_option
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@json_option
def command(names: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Take away the hooks that `git smista hook install` wrote, and put back what was there before."""
    from smista_git.workflow.hook.install import find_place, uninstall

    steps = list(uninstall(find_place(), names or NAMES, dry_run=dry_run))
    show_steps(steps, WORDS, as_json=as_json, dry_run=dry_run)
