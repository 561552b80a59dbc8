"""``git smista changelog``: what changed, for people, out of history as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from textwrap import indent
from typing import TYPE_CHECKING, Any

import click

from smista_git.cli.console import interactive, printable, talk
from smista_git.cli.options import json_option, override_of, routing_options
from smista_git.errors import UsageError

if TYPE_CHECKING:
    from smista_git.phases.changelog.polish import Rewording
    from smista_git.phases.changelog.release import Release
    from smista_git.plan.plan import Plan
    from smista_git.workflow.changelog.changelog import ChangelogJob
    from smista_git.workflow.changelog.listed import Tally
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
        polished = _polished(job, words)
        if polished is None:
            return
        job = polished
    if words["check"]:
        _check(job)
    elif words["write"] or words["release"]:
        from smista_git.workflow.changelog.update import update_of

        update = update_of(job, release=words["release"])
        _conclude(update, dry_run=words["dry_run"], as_json=words["as_json"])
    else:
        _print(job, tally, as_json=words["as_json"])
    if not words["as_json"] and not words["check"]:
        _tell(job, tally, writes=bool(words["write"] or words["release"]))
    if words["left_out"] and not words["as_json"]:
        _show_left_out(tally)


def _check(job: ChangelogJob) -> None:
    """Quiet where nothing is missing, but for a person who watches."""
    from smista_git.workflow.changelog.update import check, update_of

    update = update_of(job)
    _tell_seen(update)
    check(update)
    if interactive():
        talk(f"{job.file.shown} has everything")


def _tell_seen(update: Update) -> None:
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


def _tell(job: ChangelogJob, tally: Tally, *, writes: bool) -> None:
    """What was read, how much of it is listed, and where to look further."""
    since = job.span.since
    where = job.options.range or (
        "in all" if job.span.base is None else f"since {since.name if since else 'then'}"
    )
    told = f"{tally.commits} {'commit' if tally.commits == 1 else 'commits'} {where}"
    silent = f"; {tally.silent} are merges, fixups, or undo each other" if tally.silent > 0 else ""
    talk(f"{told}: {tally.listed} to list, {tally.not_listed} not{silent}", dim=True)
    if tally.not_listed and not tally.keeps:
        talk("  which and why: --left-out", dim=True)
    if tally.listed and not writes and job.options.range is None:
        talk(f"  next: git smista changelog --write, which adds what {job.file.shown} lacks", dim=True)


def _show_left_out(tally: Tally) -> None:
    """Each entry that is not listed, the newest first, by what speaks against it."""
    click.echo("\nNot listed:")
    for entry, why in reversed(tally.left_out):
        click.echo(printable(f"  {entry.oids[-1][:9]} {entry.text} ({why})"))


def _refuse_together(words: dict[str, Any]) -> None:
    if words["check"] and (words["write"] or words["release"]):
        raise UsageError("--check writes nothing, so it goes with neither --write nor --release")
    if words["check"] and words["polish"]:
        raise UsageError("--check asks no model, so it does not go with --polish")
    if words["release"] and words["whole"]:
        raise UsageError(
            "--release is about what is to come, --all about everything", hint="leave one of them out"
        )


def _polished(job: ChangelogJob, words: dict[str, Any]) -> ChangelogJob | None:
    """The job with its entries reworded, each shown before and after; None where only the plans were to be shown."""
    from smista_git.cli.progress import Progress
    from smista_git.workflow.changelog.polish import plan_polish, reworded, with_texts
    from smista_git.workflow.changelog.update import update_of

    writes = words["write"] or words["release"]
    entries = [entry for _, entry in update_of(job).added] if writes else list(job.entries)
    override = override_of(words["model"], words["tier"], words["effort"])
    polish = plan_polish(job, entries, override=override)
    if words["dry_run"]:
        _show_plans([batch.plan for batch in polish.batches], as_json=words["as_json"])
        return None
    for entry, why in polish.kept:
        talk(f"as it is: {entry.text} ({why})", dim=True)
    for line in polish.bill():
        talk(line, dim=True)
    texts = {}
    deadline_s = job.settings.policy.changelog.deadline_s
    try:
        for entry, rewording in reworded(polish, deadline_s=deadline_s, observer=Progress()):
            texts[entry] = rewording.text
            _show_rewording(rewording)
    except KeyboardInterrupt:
        _tell_interrupted(job, len(texts), len(entries))
        raise
    return with_texts(job, texts)


def _show_rewording(rewording: Rewording) -> None:
    """Before and after, or why the entry stays; nothing where the model left it as it was."""
    if rewording.before != rewording.after:
        talk(f"- {rewording.before}", dim=True)
        talk(f"  as it is: {rewording.objection}" if rewording.objection else f"+ {rewording.after}")


def _tell_interrupted(job: ChangelogJob, done: int, total: int) -> None:
    talk(
        f"\n{job.file.shown} is as it was; {done} of {total} entries were reworded, and the answers are kept"
    )
    talk("next: run it again, which asks for the rest alone; or without --polish", dim=True)


def _show_plans(plans: list[Plan], *, as_json: bool) -> None:
    from smista_git.plan.preview import preview

    if as_json:
        click.echo(
            json.dumps({"v": 1, "plans": [plan.to_json() for plan in plans]}, indent=2, ensure_ascii=False)
        )
    else:
        click.echo("\n\n".join(preview(plan) for plan in plans) or "nothing to reword")


def _print(job: ChangelogJob, tally: Tally, *, as_json: bool) -> None:
    from smista_git.workflow.changelog.changelog import releases_of
    from smista_git.workflow.changelog.template import rendered, template_of

    releases = releases_of(job)
    if as_json:
        _print_json(releases, job, tally)
    elif (template := template_of(job)) is not None:
        click.echo(printable(rendered(template, list(releases), job.links)), nl=False)
    else:
        _print_text(releases, job)


def _print_json(releases: Iterator[Release], job: ChangelogJob, tally: Tally) -> None:
    """One object, printed as the releases come: a long history is never held as a whole."""
    from smista_git.phases.changelog.release import entry_json, release_json

    click.echo('{\n  "v": 1,\n  "releases": [', nl=False)
    for number, release in enumerate(releases):
        shown = json.dumps(release_json(release, job.links), ensure_ascii=False, indent=2)
        click.echo(f"{',' if number else ''}\n{indent(shown, '    ')}", nl=False)
    click.echo("\n  ]", nl=False)
    if tally.keeps:
        left_out = [{**entry_json(entry, job.links), "why": why} for entry, why in tally.left_out]
        click.echo(f',\n  "left_out": {json.dumps(left_out, ensure_ascii=False)}', nl=False)
    click.echo("\n}")


def _print_text(releases: Iterator[Release], job: ChangelogJob) -> None:
    from smista_git.phases.changelog.release import definition_line, release_lines
    from smista_git.workflow.changelog.changelog import style_of

    style = style_of(job)
    definitions = []
    some = False
    for release in releases:
        lines = [""] * some + release_lines(release, style, job.links)
        click.echo(printable("\n".join(lines)))
        definitions += definition_line(release, job.links)
        some = True
    if definitions:
        click.echo(printable("\n".join(["", *definitions])))
    if not some:
        talk("nothing that users would see has changed")


def _conclude(update: Update, *, dry_run: bool, as_json: bool) -> None:
    """Write, or show what would be written, and say which it was."""
    from smista_git.workflow.changelog.update import write

    if update.changes and not dry_run:
        write(update)
    if as_json:
        click.echo(json.dumps(_result(update, written=update.changes and not dry_run), ensure_ascii=False))
    elif dry_run:
        click.echo(printable(_difference(update)), nl=False)
    for notice in update.notices:
        talk(f"note: {notice}")
    _tell_seen(update)
    name = update.file.shown
    if not update.changes:
        talk(f"{name} has everything; it is as it was")
        return
    if not dry_run:
        for section, entry in update.added:
            talk(f"  {section or 'Changes'}: {entry.text}")
    count = len(update.added)
    what = f"{count} {'entry' if count == 1 else 'entries'}"
    talk(f"{name}: {what} {'would be added' if dry_run else 'added'}")
    if dry_run and count and not update.release:
        talk("next: the same without -n", dim=True)
    if update.release:
        talk(f"{update.release.version}: {update.release.why}")
        if not dry_run:
            talk(f"next: git commit -m 'chore: release {update.release.version}' {name}", dim=True)
            talk(f"      git tag {update.release.tag}", dim=True)
    elif not dry_run:
        talk(f"next: look at it, `git diff {name}`", dim=True)


def _result(update: Update, *, written: bool) -> dict[str, Any]:
    return {
        "v": 1,
        "file": str(update.file.path),
        "written": written,
        "added": [
            {"section": section, "text": entry.text, "commits": entry.oids} for section, entry in update.added
        ],
        "older_than_edit": [{"text": entry.text, "commits": entry.oids} for entry in update.seen],
        "edit": update.edit.oid if update.edit and update.seen else None,
        "version": update.release.version if update.release else None,
        "tag": update.release.tag if update.release else None,
    }


def _difference(update: Update) -> str:
    import difflib

    name = update.file.shown
    old, new = (text.splitlines(keepends=True) for text in (update.file.text, update.text))
    return "".join(difflib.unified_diff(old, new, f"a/{name}", f"b/{name}"))
