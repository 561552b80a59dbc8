"""``git smista cost``: what was spent and what routing saved, by model, phase, tier or day."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal

import click

from smista_git.cli.console import printable, talk
from smista_git.cli.options import json_option
from smista_git.ledger.rows import GROUPINGS, By, Line


@click.command(name="cost")
@click.option("--by", type=click.Choice(GROUPINGS), default="model", show_default=True, help="How to add up.")
@click.option(
    "--all", "everywhere", is_flag=True, help="All projects of this user, not only this repository."
)
@click.option("--days", type=click.IntRange(1), metavar="N", help="Only the last N days, today included.")
@json_option
def command(by: By, everywhere: bool, days: int | None, as_json: bool) -> None:
    """Show what was spent, and what was saved against sending everything to the heavy tier's model.

    A cost that nobody knows is counted apart and never shown as zero.
    """
    from smista_git.workflow.costs import costs

    told = costs(by, everywhere=everywhere, days=days)
    if as_json:
        rows = [
            {k: str(v) if isinstance(v, Decimal) else v for k, v in dataclasses.asdict(r).items()}
            for r in told.lines
        ]
        click.echo(json.dumps({"v": 1, "by": by, "baseline": told.baseline, "lines": rows}))
        return
    if told.notice:
        talk(f"note: {told.notice}")
    click.echo(f"{by:32} {'calls':>6} {'in':>9} {'out':>8} {'cost':>10} {'saved':>10}")
    for line in told.lines:
        click.echo(printable(_row(line)))
    click.echo(
        f"saved against {told.baseline}"
        if told.baseline
        else "no baseline: the heavy tier has no known price"
    )


def _row(line: Line) -> str:
    cost = f"${line.cost_usd:.4f}" + (f" +{line.unknown} unknown" if line.unknown else "")
    saved = "" if line.saved_usd is None else f"${line.saved_usd:.4f}"
    return (
        f"{line.key:32} {line.dispatches:>6} {line.tokens_in:>9} {line.tokens_out:>8} {cost:>10} {saved:>10}"
    )
