"""``git smista why``: how a commit's message came about."""

from __future__ import annotations

import json
from typing import Any

import click

from smista_git.cli.console import printable, styled
from smista_git.cli.options import json_option
from smista_git.wording import counted


@click.command(name="why")
@click.argument("rev", default="HEAD")
@json_option
def command(rev: str, as_json: bool) -> None:
    """Tell which model wrote the message of REV (HEAD), by which rule, at what price, after which attempts.

    The record is kept in refs/notes/smista, a review in refs/notes/smista-review. A commit that was squashed or cherry-picked is found by what it
    changes. With --json, one JSON object a line, oldest first.
    """
    from smista_git.git.repository import Repository
    from smista_git.workflow.review.notes import reviews_of
    from smista_git.workflow.why import records_of

    repo = Repository.discover()
    commit, found_by, records = records_of(repo, rev)
    reviews = reviews_of(repo, commit)
    if as_json:
        for record in (*records, *reviews):
            click.echo(json.dumps(record, ensure_ascii=False))
        return
    suffix = f" (found by {found_by})" if found_by != "commit" else ""
    click.echo(styled(f"commit {commit}{suffix}", fg="yellow"))
    for record in records:
        click.echo(printable(_told(record)))
    for review in reviews:
        click.echo(printable(_review(review)))


def _told(record: dict[str, Any]) -> str:
    tokens = record.get("tokens") or {}
    cost = record.get("cost_usd")
    lines = [
        f"{record.get('phase', '?')}: {record.get('kind', '?')}, {_tier(record)}, "
        f"confidence {_two_digits(record.get('confidence'))}",
        f"  model    {record.get('model', '?')}, effort {record.get('effort', '?')}",
        f"  rule     {record.get('rule') or 'none, the tier decided'}",
        f"  tokens   {tokens.get('in', 0)} in, {tokens.get('out', 0)} out",
        f"  cost     {'unknown' if cost is None else f'${cost}'}",
        f"  verdict  {_verdict(record.get('verdict'))}",
        f"  outcome  {record.get('outcome', '?')}",
        f"  plan     {str(record.get('plan', '?'))[:12]}",
    ]
    attempts = record.get("attempts") or []
    if len(attempts) > 1:
        lines += [f"  attempt  {_attempt(attempt)}" for attempt in attempts]
    return "\n".join(lines)


def _two_digits(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, int | float) else "?"


def _attempt(attempt: dict[str, Any]) -> str:
    why = f", {attempt['why']}" if attempt.get("why") else ""
    return f"{attempt.get('model')}: {attempt.get('outcome')}{why}"


def _tier(record: dict[str, Any]) -> str:
    tier, original = record.get("tier", "?"), record.get("original_tier")
    return f"{tier} (was {original})" if original and original != tier else str(tier)


def _verdict(verdict: Any) -> str:
    return ", ".join(map(str, verdict)) if isinstance(verdict, list) else str(verdict or "?")


def _review(record: dict[str, Any]) -> str:
    """A review that was kept on the commit: its counts and each finding on a line."""
    counts = record.get("counts") or {}
    said = ", ".join(counted(n, level) for level, n in counts.items() if n)
    partial = "" if record.get("complete") else ", partial"
    lines = [f"review of {record.get('subject', '?')}: {said or 'no findings'}{partial}"]
    lines += [f"  models   {', '.join(map(str, record.get('models') or [])) or '?'}"]
    for found in record.get("findings") or []:
        place = f"{found.get('path')}:{found.get('line')}" if found.get("line") else found.get("path")
        lines.append(f"  {found.get('severity', '?'):8} {place}: {found.get('title')}")
    return "\n".join(lines)
