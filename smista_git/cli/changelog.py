"""``git smista changelog``: what changed, for people, out of history as it is."""

from __future__ import annotations

import json
from typing import Any

import click

from smista_git.cli.console import printable, talk
from smista_git.cli.options import json_option


@click.command(
    name="changelog",
    epilog="""
\b
Examples:
  git smista changelog                   what changed since the last release
  git smista changelog v1.0..v1.1        of a range
""",
)
@click.argument("range_", required=False, metavar="[RANGE]")
@click.option("--all", "whole", is_flag=True, help="Every release, from the first commit on.")
@click.option(
    "--path", "paths", multiple=True, metavar="PATH", help="Only commits that touch PATH, such as a package."
)
@click.option("--tags", "tag_pattern", metavar="GLOB", help="Which tags are releases, such as 'pkg-v*'.")
@json_option
def command(**words: Any) -> None:
    """Write the changelog that you would have written, out of history as it is.

    Without a RANGE: what changed since the last release.
    """
    from smista_git.phases.changelog.release import definition_lines, release_json, release_lines
    from smista_git.phases.changelog.style import Style
    from smista_git.workflow.changelog import ChangelogOptions, read_changelog, releases_of

    job = read_changelog(
        ChangelogOptions(words["range_"], words["paths"], words["tag_pattern"], whole=words["whole"])
    )
    for notice in job.notices:
        talk(f"note: {notice}")
    releases = list(releases_of(job))
    if words["as_json"]:
        shown = {"v": 1, "releases": [release_json(release, job.links) for release in releases]}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    if not releases:
        talk("nothing for users has changed")
    for release in releases:
        click.echo(printable("\n".join(release_lines(release, Style(), job.links))) + "\n")
    if definitions := definition_lines(releases, job.links):
        click.echo("\n".join(definitions))
