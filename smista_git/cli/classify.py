"""``git smista classify``: what a change is, with the evidence; for the index, a commit or a range."""

from __future__ import annotations

import json

import click

from smista_git.classify.labels import Labels
from smista_git.cli.console import printable
from smista_git.cli.options import json_option


@click.command(
    name="classify",
    epilog="""
\b
Examples:
  git smista classify                    what is staged
  git smista classify HEAD~2             one commit
  git smista classify v1.0..HEAD --json  each commit of a range, one JSON object a line
""",
)
@click.argument("rev", required=False, metavar="[REV|RANGE]")
@click.option("--staged", is_flag=True, help="Classify the index; the default without REV.")
@json_option
def command(rev: str | None, staged: bool, as_json: bool) -> None:
    """Say what a change is: type, kind, scope, size, flags, tier, confidence, and the evidence for each.

    No model is asked, and the same change gets the same answer on every machine.
    """
    from smista_git.errors import UsageError
    from smista_git.workflow.classifying import classify_index, classify_range

    if rev and staged:
        raise UsageError("--staged and a revision exclude each other", hint="name one of them")
    if rev is None:
        _print(None, classify_index(), as_json=as_json)
        return
    for commit, labels in classify_range(rev):
        _print(commit, labels, as_json=as_json)


def _print(commit: str | None, labels: Labels, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"v": 1, "commit": commit, "labels": labels.to_json()}, ensure_ascii=False))
        return
    scope = f"({labels.scope})" if labels.scope else ""
    flags = f"  [{', '.join(labels.flags)}]" if labels.flags else ""
    head = f"{commit[:12]}  " if commit else ""
    summary = f"{labels.type}{scope}, {labels.kind}, {labels.size}, {labels.tier}, confidence {labels.confidence:.2f}"
    click.echo(printable(f"{head}{summary}{flags}"))
    if commit is None:
        for item in labels.evidence:
            click.echo(printable(f"  {item.signal}: {item.value} -> {item.points_to}"))
