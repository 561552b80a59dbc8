"""What is put into the file, or would be: shown, written, checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from smista_git.cli.console import interactive, printable, talk

if TYPE_CHECKING:
    from smista_git.workflow.changelog.changelog import ChangelogJob
    from smista_git.workflow.changelog.update import Update


def check(job: ChangelogJob) -> None:
    """Quiet where nothing is missing, but for a person who watches."""
    from smista_git.workflow.changelog.update import check as refuse_stale
    from smista_git.workflow.changelog.update import update_of

    update = update_of(job)
    _tell_seen(update)
    refuse_stale(update)
    if interactive():
        talk(f"{job.file.shown} has everything")


def conclude(update: Update, *, dry_run: bool, as_json: bool) -> None:
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
