"""The changelog on the screen, as JSON or through a template, and what was read for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import indent
from typing import TYPE_CHECKING, Any

import click

from smista_git.cli.console import printable, talk

if TYPE_CHECKING:
    from smista_git.phases.changelog.release import Release
    from smista_git.workflow.changelog.changelog import ChangelogJob
    from smista_git.workflow.changelog.listed import Tally
    from smista_git.workflow.changelog.update import Update

# So many entries that the file lacks are said again below what was printed.
MOST_AGAIN = 10


def print_releases(job: ChangelogJob, tally: Tally, *, as_json: bool) -> None:
    """Print the releases as they come, in the form that was asked for."""
    from smista_git.workflow.changelog.changelog import releases_of
    from smista_git.workflow.changelog.template import rendered, template_of

    releases = releases_of(job)
    if as_json:
        _print_json(releases, job, tally)
    elif (template := template_of(job)) is not None:
        click.echo(printable(rendered(template, list(releases), job.links)), nl=False)
    else:
        _print_text(releases, job, tally)


def _print_json(releases: Iterator[Release], job: ChangelogJob, tally: Tally) -> None:
    """One object, printed as the releases come: a long history is never held as a whole."""
    from smista_git.phases.changelog.release import release_json

    click.echo('{\n  "v": 1,\n  "releases": [', nl=False)
    for number, release in enumerate(releases):
        shown = json.dumps(release_json(release, job.links), ensure_ascii=False, indent=2)
        click.echo(f"{',' if number else ''}\n{indent(shown, '    ')}", nl=False)
    click.echo("\n  ]", nl=False)
    if tally.keeps:
        left_out = json.dumps(left_out_json(job, tally), ensure_ascii=False)
        click.echo(f',\n  "left_out": {left_out}', nl=False)
    click.echo("\n}")


def _print_text(releases: Iterator[Release], job: ChangelogJob, tally: Tally) -> None:
    from smista_git.phases.changelog.release import definition_line, release_lines
    from smista_git.workflow.changelog.changelog import printing_style

    style = printing_style(job)
    definitions = []
    some = False
    for release in releases:
        lines = [""] * some + release_lines(release, style, job.links)
        click.echo(printable("\n".join(lines)))
        definitions += definition_line(release, job.links)
        some = True
    if definitions:
        click.echo(printable("\n".join(["", *definitions])))
    if not some and tally.commits:
        talk("nothing that users would see has changed")


def tell(job: ChangelogJob, tally: Tally) -> None:
    """What was read, how much of it is listed, and where to look further."""
    where = _where(job)
    if not tally.commits:
        _tell_none(job, where)
        return
    told = f"{tally.commits} {'commit' if tally.commits == 1 else 'commits'} {where}"
    others = (
        "1 other merges, fixes up or undoes"
        if tally.silent == 1
        else f"{tally.silent} others merge, fix up or undo"
    )
    silent = f"; {others}" if tally.silent > 0 else ""
    look = "; which and why: --left-out" if tally.not_listed and not tally.keeps else ""
    talk(f"{told}: {tally.listed} to list, {tally.not_listed} not{silent}{look}", dim=True)


def _where(job: ChangelogJob) -> str:
    """Which commits were read, in words."""
    given, span = job.options.range, job.span
    if given and ".." in given:
        return f"in {given}"
    start = f"since {span.since.name}" if span.since else "in all"
    end = given or (span.release.name if span.release and not job.options.whole else "")
    return f"{start}, up to {end}" if end else start


def _tell_none(job: ChangelogJob, where: str) -> None:
    from smista_git.workflow.changelog.changelog import turned_round

    touching = f" touch {', '.join(job.options.paths)}" if job.options.paths else ""
    talk(f"no commits {where}{touching}")
    if other := turned_round(job):
        talk(f"next: git smista changelog {other}, which is the other way round", dim=True)


def tell_next(job: ChangelogJob, tally: Tally, update: Update | None) -> None:
    """What the file lacks of what was shown, and how to put it there, where that is what comes next."""
    if not tally.listed or job.options.range is not None or job.options.template is not None:
        return
    name, adds = job.file.shown, f"what {job.file.shown} lacks"
    if update is not None and len(update.added) < tally.listed:
        tell_seen(update)
        if not update.added:
            talk(f"{name} has all of these" if not update.seen else f"{name} has everything else")
            return
        adds = "it" if len(update.added) == 1 else "them"
        _tell_lacking(update, tally.listed)
    talk(f"next: the same with --write, which adds {adds}", dim=True)


def _tell_lacking(update: Update, listed: int) -> None:
    """The entries that the file lacks, where these are few enough to say them again."""
    told = f"{update.file.shown} lacks {len(update.added)} of these {listed}"
    if len(update.added) > MOST_AGAIN:
        talk(f"{told}; which: `git smista changelog --check`")
        return
    talk(f"{told}:")
    for section, entry in update.added:
        talk(f"  {section or 'Changes'}: {entry.text}")


def tell_seen(update: Update) -> None:
    """How many entries an edit by hand speaks for, and how to see them: none is passed over in silence."""
    if update.seen:
        count = len(update.seen)
        older = "1 entry is" if count == 1 else f"{count} entries are"
        edit = (
            f"the last edit of this section ({update.edit.oid[:9]})"
            if update.edit and update.edit.oid
            else "your edit"
        )
        talk(f"note: {older} older than {edit}, so taken for told by it; `--since-edit no` lists them")


def left_out_json(job: ChangelogJob, tally: Tally) -> list[dict[str, Any]]:
    """What is not listed, each with why, for other tools."""
    from smista_git.phases.changelog.release import entry_json

    return [{**entry_json(entry, job.links), "why": why} for entry, why in tally.left_out]


def show_left_out(tally: Tally) -> None:
    """Each entry that is not listed, the newest first, by what speaks against it."""
    click.echo("\nNot listed:")
    for entry, why in reversed(tally.left_out):
        click.echo(printable(f"  {entry.oids[-1][:9]} {entry.text} ({why})"))
