"""``git smista hook status``: whose each hook is."""

from __future__ import annotations

import json

import click

from smista_git.cli.console import talk
from smista_git.cli.options import json_option


@click.command(name="status")
@json_option
def command(as_json: bool) -> None:
    """Say of each hook whether it is ours, another's, both, or missing, and where git looks for it."""
    from smista_git.workflow.hook.install import find_place, status

    place = find_place()
    standings = list(status(place))
    if as_json:
        found = [
            {
                "hook": s.name,
                "state": s.state,
                "chained": s.chained,
                "outdated": s.outdated,
                "path": str(s.path),
            }
            for s in standings
        ]
        managers = [{"name": m.name, "found": m.found} for m in place.managers]
        whole = {"v": 1, "folder": str(place.folder.path), "hooks": found, "managers": managers}
        click.echo(json.dumps(whole, ensure_ascii=False))
        return
    for standing in standings:
        more = ", another's runs first" if standing.state == "ours" and standing.chained else ""
        more += ", out of date: `git smista hook install` renews it" if standing.outdated else ""
        click.echo(f"{standing.name:19} {standing.state}{more}")
    talk(f"git looks for hooks in {place.folder.path}")
    for notice in place.notices:
        talk(f"note: {notice}")
    for manager in place.managers:
        talk(f"note: {manager.name} looks after hooks here ({manager.found})")
