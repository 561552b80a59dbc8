"""``git smista changelog``: what changed, for people, out of history as it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from smista_git.cli.changelog.polishing import polished
from smista_git.cli.changelog.printing import print_releases, show_left_out, tell, tell_next
from smista_git.cli.changelog.updating import check, conclude
from smista_git.cli.console import talk
from smista_git.cli.options import json_option, routing_options
from smista_git.cli.range_progress import RangeProgress
from smista_git.errors import UsageError

if TYPE_CHECKING:
    from smista_git.workflow.changelog.changelog import ChangelogJob
    from smista_git.workflow.changelog.listed import Listed, Tally
    from smista_git.workflow.changelog.update import Update


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
    from smista_git.workflow.changelog.update import compared

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
    writes = bool(words["write"] or words["release"])
    reads = bool(words["polish"] or words["check"] or writes)
    quiet = words["as_json"] or (sys.stdout.isatty() and not reads)
    job = replace(job, found=_watched(job, tally, quiet=quiet))
    if reads:
        job = changelog.collected(job)
    if words["polish"]:
        reworded = polished(job, words)
        if reworded is None:
            return
        job = reworded
    update = _update(job, words) if writes or words["check"] else None
    if update is None:
        job, would = compared(job)
        print_releases(job, tally, as_json=words["as_json"])
    if not words["as_json"] and not words["check"]:
        tell(job, tally)
    if words["left_out"] and not words["as_json"]:
        show_left_out(tally)
    if update is not None and words["check"]:
        check(job, update, tally, as_json=words["as_json"])
    elif update is not None:
        conclude(job, update, tally, dry_run=words["dry_run"], as_json=words["as_json"])
    elif not words["as_json"]:
        tell_next(job, tally, would)


def _watched(job: ChangelogJob, tally: Tally, *, quiet: bool) -> Iterator[Listed]:
    """The releases, counted; how far it is shows where they do not come by on the screen themselves."""
    revisions = job.span.revisions
    watch = RangeProgress(
        lambda: int(job.repo.ask("rev-list", "--count", *revisions, "--") or 0), quiet=quiet
    )
    for one in tally.over(job.found):
        watch.at(tally.commits)
        yield one
    watch.clear()


def _update(job: ChangelogJob, words: dict[str, Any]) -> Update:
    from smista_git.workflow.changelog.update import update_of

    count = sum(1 for listed in job.found if listed.entries)
    watch = RangeProgress(lambda: count, quiet=words["as_json"], unit="releases")
    try:
        return update_of(job, release=words["release"], at=watch.at)
    finally:
        watch.clear()


# What does not go together, and why not; "whole" is --all, "as_json" --json.
APART = (
    ("check", ("write", "release"), "--check writes nothing"),
    ("check", ("polish",), "--check asks no model"),
    ("release", ("whole",), "--release is about what is to come, --all about everything"),
    ("template", ("write", "release", "check", "as_json"), "--template prints in a form of its own"),
)


def _refuse_together(words: dict[str, Any]) -> None:
    for one, others, why in APART:
        if words[one] and any(words[other] for other in others):
            raise UsageError(why, hint="leave one of them out")
    files = ("write", "release", "check")
    if words["since_edit"] and (words["whole"] or words["range_"]) and not any(words[one] for one in files):
        raise UsageError("--since-edit is about what the file lacks", hint="add --write -n, or --check")
    asked = [name for name in ("model", "tier", "effort") if words[name]]
    if asked and not words["polish"]:
        raise UsageError(f"--{asked[0]} is for --polish, which alone asks a model", hint="add --polish")
