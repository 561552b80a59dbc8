"""``git smista changelog``: what changed, for people, out of history as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from smista_git.cli.changelog.polishing import polished
from smista_git.cli.changelog.printing import print_releases, show_left_out, tell
from smista_git.cli.changelog.updating import check, conclude
from smista_git.cli.console import talk
from smista_git.cli.options import json_option, routing_options
from smista_git.errors import UsageError


@click.command(
    name="changelog",
    epilog="""
\b
Examples:
  git smista changelog                   what changed since the last release
  git smista changelog v1.0..v1.1        what changed between two
  git smista changelog --write           put what is missing into CHANGELOG.md
  git smista changelog --release auto    do that, and cut the next version
  git smista changelog --write --polish  have the new entries reworded for users first
  git smista changelog --check           exit 1 when the file lacks something
  git smista changelog --path packages/ui --tags 'ui-v*'
""",
)
@click.argument("range_", required=False, metavar="[RANGE]")
@click.option(
    "-w", "--write", is_flag=True, help="Put what is missing into the file. No line of yours changes."
)
@click.option(
    "--release",
    metavar="V|auto|rc",
    help="Write, and cut the release: a version, the one that fits, or the next alpha, beta or rc.",
)
@click.option("--check", is_flag=True, help="Exit 1 with the missing entries when the file is behind.")
@click.option(
    "--polish",
    is_flag=True,
    help="Let the policy's model reword each entry for users; what it says is checked.",
)
@click.option(
    "-n",
    "--dry-run",
    is_flag=True,
    help="Show the difference, or with --polish the plans. Write and send nothing.",
)
@click.option(
    "--since-edit",
    type=click.Choice(("auto", "yes", "no")),
    help="Take what is older than the last edit of the section for told there: 'auto' where it is kept by hand.",
)
@click.option("--all", "whole", is_flag=True, help="Every release, from the first commit on.")
@click.option(
    "--file", metavar="FILE", help="The changelog. Default: CHANGELOG.md, or what is there instead."
)
@click.option(
    "--path", "paths", multiple=True, metavar="PATH", help="Only commits that touch PATH, as of a package."
)
@click.option("--tags", "tag_pattern", metavar="GLOB", help="Which tags are releases, such as 'ui-v*'.")
@click.option(
    "--template", metavar="FILE", help="Print through a Jinja2 template of yours; it gets what --json has."
)
@click.option("--left-out", is_flag=True, help="Show what is not listed too, each with why.")
@routing_options
@json_option
def command(**words: Any) -> None:
    """Write the changelog that you would have written, out of history as it is.

    Without RANGE it is about what changed since the last release. Commits need no convention: what their messages
    do not say, the change itself does. What a file's past releases list decides what is listed now.
    """
    from smista_git.workflow.changelog import changelog
    from smista_git.workflow.changelog.listed import Tally

    _refuse_together(words)
    options = changelog.ChangelogOptions(
        words["range_"],
        words["paths"],
        words["tag_pattern"],
        whole=words["whole"],
        file=words["file"],
        template=words["template"],
        since_edit=words["since_edit"],
    )
    tally = Tally(keeps=words["left_out"])
    job = changelog.read_changelog(options)
    for notice in job.notices:
        talk(f"note: {notice}")
    job = replace(job, found=tally.over(job.found))
    if words["polish"] or words["check"] or words["write"] or words["release"]:
        job = changelog.collected(job)
    if words["polish"]:
        reworded = polished(job, words)
        if reworded is None:
            return
        job = reworded
    if words["check"]:
        check(job)
    elif words["write"] or words["release"]:
        from smista_git.workflow.changelog.update import update_of

        update = update_of(job, release=words["release"])
        conclude(update, dry_run=words["dry_run"], as_json=words["as_json"])
    else:
        print_releases(job, tally, as_json=words["as_json"])
    if not words["as_json"] and not words["check"]:
        tell(job, tally, writes=bool(words["write"] or words["release"]))
    if words["left_out"] and not words["as_json"]:
        show_left_out(tally)


def _refuse_together(words: dict[str, Any]) -> None:
    if words["check"] and (words["write"] or words["release"]):
        raise UsageError("--check writes nothing, so it goes with neither --write nor --release")
    if words["check"] and words["polish"]:
        raise UsageError("--check asks no model, so it does not go with --polish")
    if words["release"] and words["whole"]:
        raise UsageError(
            "--release is about what is to come, --all about everything", hint="leave one of them out"
        )
