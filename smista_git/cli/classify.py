"""``git smista classify``: what a change or a task is, with the evidence; for the index, a commit or a range."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from smista_git.cli.classify_summary import Progress, Summary
from smista_git.cli.console import json_line, printable, talk
from smista_git.cli.options import json_option
from smista_git.errors import Interrupted, UsageError

if TYPE_CHECKING:
    from smista_git.classify.labels import Evidence
    from smista_git.classify.task.task import TaskLabels
    from smista_git.workflow.classifying import Classified


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
@json_option
def command(
    rev: str | None, staged: bool, text: str | None, summary: bool, secrets: bool, as_json: bool
) -> None:
    """Say what a change is: type, kind, scope, size, flags, tier, confidence, and the evidence for each.

    No model is asked, and the same change gets the same answer on every machine. Of the index and of a single
    commit it also says which files belong together. Merges in a range are passed over.
    """
    if (rev is not None) + staged + (text is not None) > 1:
        raise UsageError("REV, --staged and --task exclude each other", hint="name one of them")
    from smista_git.workflow import classifying

    several = rev is not None and classifying.is_range(rev)
    if (summary or secrets) and not several:
        raise UsageError(
            "--summary and --secrets are for a range", hint="name one: `git smista classify HEAD~20..HEAD`"
        )
    if text is not None:
        _print_task(classifying.classify_text(text), as_json=as_json)
    elif rev is not None and several:
        _print_range(rev, secrets=secrets, summary_only=summary, as_json=as_json)
    else:
        found = classifying.classify_index() if rev is None else classifying.classify_commit(rev)
        _print(found, as_json=as_json, evidence=rev is None)


def _print_range(rev: str, *, secrets: bool, summary_only: bool, as_json: bool) -> None:
    """Each commit as it is read, or the table at the end; Ctrl-C ends in the table of what was done."""
    from smista_git.workflow.classifying import classify_range, count_commits

    tally, progress = Summary(), Progress(lambda: count_commits(rev))
    try:
        for found in classify_range(rev, secrets=secrets):
            tally.add(found.labels)
            if not summary_only:
                progress.clear()
                _print(found, as_json=as_json, evidence=False)
            progress.step()
    except KeyboardInterrupt:
        progress.clear()
        # Lines on stdout are the result; the table that nobody asked for is talk.
        click.echo(tally.as_json() if summary_only and as_json else tally.table(), err=not summary_only)
        raise Interrupted(f"stopped after {tally.commits} commits") from None
    progress.clear()
    if summary_only:
        click.echo(tally.as_json() if as_json else tally.table())


def _print(found: Classified, *, as_json: bool, evidence: bool) -> None:
    labels, commit = found.labels, found.commit
    if as_json:
        click.echo(json_line(_as_json(found)))
        return
    for notice in found.notices:
        talk(f"{commit[:12]}: {notice}" if commit else notice)
    scope = f"({labels.scope})" if labels.scope else ""
    flags = f"  [{', '.join(labels.flags)}]" if labels.flags else ""
    head = f"{commit[:12]}  " if commit else ""
    said = f"{labels.type}{scope}, {labels.kind}, {labels.size}, {labels.tier}, confidence {labels.confidence:.2f}"
    click.echo(printable(f"{head}{said}{flags}"))
    if evidence:
        _print_lines(_evidence_lines(labels.evidence))
    if len(found.concerns) > 1:
        _print_lines(_concern_lines(found))


def _as_json(found: Classified) -> dict[str, object]:
    body: dict[str, object] = {"v": 1, "commit": found.commit, "labels": found.labels.to_json()}
    if found.concerns:
        body["concerns"] = [concern.to_json() for concern in found.concerns]
    body["files"] = [file.to_json() for file in found.change.files]
    if found.notices:
        body["notices"] = list(found.notices)
    return body


def _evidence_lines(evidence: tuple[Evidence, ...]) -> Iterator[str]:
    return (f"{item.signal}: {item.value} -> {item.points_to}" for item in evidence)


def _concern_lines(found: Classified) -> Iterator[str]:
    yield f"{len(found.concerns)} concerns:"
    for concern in found.concerns:
        why = f" ({', '.join(dict.fromkeys(e.signal for e in concern.evidence))})" if concern.evidence else ""
        yield f"- {', '.join(concern.paths)}{why}"


def _print_lines(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(printable(f"  {line}"))


def _print_task(labels: TaskLabels, *, as_json: bool) -> None:
    if as_json:
        click.echo(json_line({"v": 1, "task": labels.to_json()}))
        return
    click.echo(f"{labels.intent}, {labels.tier}, confidence {labels.confidence:.2f}")
    _print_lines(_evidence_lines(labels.evidence))
