"""``git smista policy show``: what holds here, and where each value comes from."""

from __future__ import annotations

import json

import click

from smista_git.cli.console import printable
from smista_git.cli.options import json_option


@click.command(name="show")
@json_option
def command(as_json: bool) -> None:
    """Print the effective policy: every value with the layer, file and line that it comes from."""
    from smista_git.route.explain import show
    from smista_git.workflow.session import open_session

    policy = open_session().settings.policy
    if as_json:
        values = [
            {
                "key": v.key,
                "value": v.value,
                "layer": v.origin.layer,
                "source": v.origin.source,
                "line": v.origin.line,
                "trusted": v.origin.trusted,
            }
            for v in policy.values
        ]
        click.echo(json.dumps({"v": 1, "values": values, "notices": policy.notices}, indent=2))
        return
    click.echo(printable(show(policy)), nl=False)
