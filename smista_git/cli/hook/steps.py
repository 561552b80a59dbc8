"""What install and uninstall share: which hooks, and one line for each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from smista_git.cli.console import printable

if TYPE_CHECKING:
    from smista_git.workflow.hook.install import Step

NAMES = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-rewrite", "pre-push")

hook_option = click.option(
    "--hook",
    "names",
    multiple=True,
    type=click.Choice(NAMES),
    metavar="NAME",
    help="Only this one; repeatable.",
)


def show_steps(steps: Sequence[Step], words: Mapping[str, str], *, as_json: bool, dry_run: bool) -> None:
    """One line a hook, or one JSON object."""
    if as_json:
        done = [{"hook": step.name, "what": step.what, "path": str(step.path)} for step in steps]
        click.echo(json.dumps({"v": 1, "dry_run": dry_run, "hooks": done}, ensure_ascii=False))
        return
    for step in steps:
        click.echo(printable(f"{step.name:19} {'would be ' * dry_run}{words[step.what]}"))
    if steps:
        click.echo(printable(f"in {steps[0].path.parent}"), err=True)
