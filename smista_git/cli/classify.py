"""``git smista classify``: what a change or a task is, with the evidence; for the index, a commit or a range."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from shlex import quote

import click

from smista_git.cli.classify_summary import Summary
from smista_git.cli.classify_text import concern_lines, evidence_lines
from smista_git.cli.console import colourful, json_line, talk
from smista_git.cli.options import json_option
from smista_git.cli.range_progress import RangeProgress
from smista_git.errors import Interrupted, UsageError
from smista_git.wording import counted


@click.command(
    name="classify",
    epilog="""
\b
Examples:
  git smista classify                       what is staged
  git smista classify HEAD~2                one commit
  git smista classify v1.0..HEAD --json     each commit of a range, one JSON object a line
  git smista classify v1.0..HEAD --summary  how many of each type, kind and tier
  git smista classify --task "Add a cache"  a task in words
""",
)
@click.argument("rev", required=False, metavar="[REV|RANGE]")
@click.option("--staged", is_flag=True, help="Classify the index; the default without REV.")
@click.option("--task", "text", metavar="TEXT", help="Classify a task in words: its intent and tier.")
@click.option("--summary", is_flag=True, help="Of a range, print only a table of types, kinds and tiers.")
@click.option("--secrets", is_flag=True, help="Look for secrets in a range too; takes several times as long.")
@click.option(
    "--skip",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Of a range, leave out the first N commits.",
)
@json_option
def command(
    rev: str | None, staged: bool, text: str | None, summary: bool, secrets: bool, skip: int, as_json: bool
) -> None:
    """Say what a change is: type, kind, scope, size, flags, tier, confidence, and the evidence for each.

    No model is asked, and the same change gets the same answer on every machine. Of the index and of a single
    commit it also says which files belong together. Merges in a range are passed over.
    """
    if (rev is not None) + staged + (text is not None) > 1:
        raise UsageError("REV, --staged and --task exclude each other", hint="name one of them")
    several = rev is not None and _is_range(rev)
    if (summary or secrets or skip) and not several:
        raise UsageError(
            "--summary, --secrets and --skip are for a range",
            hint="name one: `git smista classify HEAD~20..HEAD`",
        )
    if text is not None:
        _print_task(text, as_json=as_json)
    elif rev is not None and several:
        _print_range(rev, skip, secrets=secrets, summary_only=summary, as_json=as_json)
    else:
        _print_change(rev, as_json=as_json)


def _is_range(rev: str) -> bool:
    from smista_git.workflow.classifying.history import is_range

    return is_range(rev)


def _print_range(rev: str, skip: int, *, secrets: bool, summary_only: bool, as_json: bool) -> None:
    """Each commit as it is read, or the table at the end; Ctrl-C ends in the table of what was done."""
    from smista_git.cli.classify_rows import Rows
    from smista_git.workflow.classifying.history import classify_range, count_commits

    tally, progress = Summary(), RangeProgress(lambda: count_commits(rev, skip=skip))
    form = Rows(as_json, summary_only, colour=colourful())
    rows = classify_range(rev, form, skip=skip, secrets=secrets)
    try:
        with closing(rows):
            for row in rows:
                if not summary_only:
                    progress.clear()
                    for notice in row.notices:
                        talk(notice)
                    click.echo(row.text)
                tally.add(row)
                progress.at(tally.commits)
    except KeyboardInterrupt:
        progress.clear()
        # Lines on stdout are the result; the table that nobody asked for is talk.
        click.echo(tally.as_json() if summary_only and as_json else tally.table(), err=not summary_only)
        options = {"--summary": summary_only, "--json": as_json, "--secrets": secrets}
        words = ["git smista classify", quote(rev), *(word for word, given in options.items() if given)]
        raise Interrupted(
            f"stopped after {counted(tally.commits, 'commit')}",
            hint=f"go on with `{' '.join(words)} --skip {skip + tally.commits}`",
        ) from None
    progress.clear()
    if summary_only:
        click.echo(tally.as_json() if as_json else tally.table())


def _print_change(rev: str | None, *, as_json: bool) -> None:
    """The index (None), or one commit."""
    from smista_git.cli import classify_rows
    from smista_git.workflow.classifying.change import classify_commit, classify_index

    found = classify_index() if rev is None else classify_commit(rev)
    if as_json:
        click.echo(classify_rows.as_json(found))
        return
    for notice in classify_rows.notices_of(found):
        talk(notice)
    click.echo(classify_rows.line_of(found))
    _print_lines(evidence_lines(found.labels.evidence))
    if len(found.concerns) > 1:
        _print_lines(concern_lines(found.concerns))


def _print_lines(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)


def _print_task(text: str, *, as_json: bool) -> None:
    from smista_git.workflow.classifying.task import classify_text

    if not text.strip():
        raise UsageError(
            "the task is empty", hint='say it in words: `git smista classify --task "Add a cache"`'
        )
    labels = classify_text(text)
    if as_json:
        click.echo(json_line({"v": 1, "task": labels.to_json()}))
        return
    other = f", runner-up {labels.runner_up}" if labels.runner_up else ""
    click.echo(f"{labels.intent}, {labels.tier}, confidence {labels.confidence:.2f}{other}")
    _print_lines(evidence_lines(labels.evidence))
