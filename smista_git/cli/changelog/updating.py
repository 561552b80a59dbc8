"""What is put into the file, or would be: shown, written, checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from smista_git.cli.changelog.printing import left_out_json, tell_seen
from smista_git.cli.console import interactive, printable, styled, talk

if TYPE_CHECKING:
    from smista_git.workflow.changelog.changelog import ChangelogJob
    from smista_git.workflow.changelog.listed import Tally
    from smista_git.workflow.changelog.update import Update


def check(job: ChangelogJob, update: Update, tally: Tally, *, as_json: bool) -> None:
    """Quiet where nothing is missing, but for a person who watches."""
    from smista_git.workflow.changelog.update import check as refuse_stale

    if as_json:
        _print_json(job, update, tally, written=False)
    tell_seen(update)
    refuse_stale(update)
    if interactive():
        talk(f"{update.file.shown} has everything")


def conclude(job: ChangelogJob, update: Update, tally: Tally, *, dry_run: bool, as_json: bool) -> None:
    """Write, or show what would be written, and say which it was and what comes next."""
    from smista_git.workflow.changelog.update import next_steps, write

    if update.changes and not dry_run:
        write(update)
    if as_json:
        _print_json(job, update, tally, written=update.changes and not dry_run)
    elif dry_run:
        _show_difference(update)
    for notice in update.notices:
        talk(f"note: {notice}")
    tell_seen(update)
    if not update.changes:
        talk(f"{update.file.shown} has everything; it is as it was")
        return
    _tell_added(update, dry_run=dry_run)
    steps = ["the same without -n"] if dry_run else next_steps(job, update)
    talk("next: " + "\n      ".join(steps), dim=True)


def _tell_added(update: Update, *, dry_run: bool) -> None:
    count = len(update.added)
    what = f"{count} {'entry' if count == 1 else 'entries'}"
    if count or not update.release:
        talk(f"{update.file.shown}: {what} {'would be added' if dry_run else 'added'}")
    for section, entry in () if dry_run else update.added:
        talk(f"  {section or 'Changes'}: {entry.text}")
    if update.release:
        cut = "would be released" if dry_run else "released"
        talk(f"{update.file.shown}: {cut} as {update.release.version} ({update.release.why})")


def _print_json(job: ChangelogJob, update: Update, tally: Tally, *, written: bool) -> None:
    found = {
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
    if tally.keeps:
        found["left_out"] = left_out_json(job, tally)
    click.echo(json.dumps(found, ensure_ascii=False))


def _show_difference(update: Update) -> None:
    """What would change, as git shows it; coloured on a terminal."""
    import difflib

    name = update.file.shown
    old, new = (text.splitlines(keepends=True) for text in (update.file.text, update.text))
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for line in difflib.unified_diff(old, new, f"a/{name}", f"b/{name}"):
        bold = line.startswith(("+++", "---"))
        colour = None if bold else colours.get(line[:1])
        click.echo(styled(printable(line), fg=colour, bold=bold or None), nl=False)
