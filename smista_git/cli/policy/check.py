"""``git smista policy check``: every error of the policy at once."""

from __future__ import annotations

from pathlib import Path

import click

from smista_git.cli.console import talk


@click.command(name="check")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(file: Path | None) -> None:
    """Find what is wrong with the policy: FILE, or every layer that holds here.

    Each error names file, line, what is wrong and how to mend it. Exits with 2 when there is one.
    """
    from smista_git.workflow.policies import check_policy

    for source in check_policy(file):
        talk(f"ok  {source.name} ({source.layer})")
