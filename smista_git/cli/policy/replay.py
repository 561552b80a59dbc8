"""``git smista policy replay``: what a policy would have done with the commits of a range."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from smista_git.cli.console import printable, talk
from smista_git.cli.range_progress import RangeProgress
from smista_git.errors import GateTripped, Interrupted

if TYPE_CHECKING:
    from smista_git.workflow.replay.report import Summary
    from smista_git.workflow.replay.route import Route, Row

COLUMNS = (
    "commit", "type", "kind", "size", "flags", "tier", "tokens", "changed", "leaks",
    *(f"{side}_{key}" for side in ("then", "now") for key in
      ("where", "model", "effort", "rule", "tier", "low_usd", "high_usd", "refused")),
)  # fmt: skip


class Percent(click.ParamType[Decimal]):
    """A number of percent, zero or more."""

    name = "pct"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The number, with or without its sign."""
        try:
            number = Decimal(str(value).removesuffix("%").strip())
        except ArithmeticError:
            number = Decimal(-1)
        if not number.is_finite() or number < 0:
            self.fail(f"{value!r} is no number of percent", param, ctx)
        return number


@click.command(
    name="replay",
    epilog="""
\b
Examples:
  git smista policy replay v1.0..HEAD                          the policy in force, by itself
  git smista policy replay main~500..main --policy new.toml    beside another one
  git smista policy replay HEAD --against main:.smista.toml --max-cost-increase 10
                                                               a gate for policy changes, over all history
""",
)
@click.argument("range", required=False, metavar="[RANGE]", default="HEAD")
@click.option(
    "--policy", metavar="FILE|REV:PATH", help="The policy in question; without it, the one in force."
)
@click.option(
    "--against", metavar="FILE|REV:PATH", help="Compare with this policy, not with the one in force."
)
@click.option(
    "--intent",
    type=click.Choice(("commit", "review")),
    default="commit",
    show_default=True,
    help="What is to be done with each commit.",
)
@click.option("--branch", metavar="NAME", help="The branch to assume, for rules that ask for one.")
@click.option(
    "--max-cost-increase",
    type=Percent(),
    metavar="PCT",
    help="Exit with 1 where the cost rises by more than this.",
)
@click.option(
    "--json", "form", flag_value="json", help="One JSON object a commit, then the summary, a line each."
)
@click.option(
    "--csv", "form", flag_value="csv", help="One CSV row a commit on stdout; the summary goes to stderr."
)
def command(
    range: str,
    policy: str | None,
    against: str | None,
    intent: str,
    branch: str | None,
    max_cost_increase: Decimal | None,
    form: str | None,
) -> None:
    """Route every commit of RANGE as if it were made now, under one policy or two side by side.

    RANGE is A..B, or a name for all that it reaches; the default is HEAD. Merges are left out. FILE stands in
    for the repository's .smista.toml; your own and the system's config hold beside it.

    Nothing is sent, and no server is asked. So that the result does not hang on the moment, every model that a
    policy names counts as available, local or not as your configuration says (an Ollama host by name counts as
    remote, but for localhost); nothing is spent yet, nothing was learned, both policies count as trusted, and
    the repository's habits are those before the end of RANGE. A commit is routed as a whole, also for reviews,
    which in use go file by file. Costs are estimates, from the least to the most, by the tokens of the diff; an unknown
    price stays unknown.

    Exits with 1 where work would go remote that either policy calls sensitive, or that holds a secret.
    """
    from smista_git.errors import UsageError
    from smista_git.workflow.replay.replay import Wanted, open_replay
    from smista_git.workflow.replay.report import Summary

    if max_cost_increase is not None and policy is None and against is None:
        raise UsageError(
            "--max-cost-increase compares two policies", hint="name one with --policy or --against"
        )
    replay = open_replay(Wanted(range, policy, against, "review" if intent == "review" else "commit", branch))
    for notice in replay.notices:
        talk(notice)
    summary = Summary.of(range, intent, replay.total, replay.sides)
    with closing(replay.rows()) as rows:
        _run(rows, summary, form)
    _print_summary(summary, form, max_cost_increase)
    _end(summary, max_cost_increase)


def _run(rows: Iterable[Row], summary: Summary, form: str | None) -> None:
    """Count and show each row; Ctrl-C leaves what is counted so far."""
    show = _printer(form)
    # Where the rows themselves go to the terminal, they are progress enough.
    progress = RangeProgress(lambda: summary.total, quiet=form is not None and sys.stdout.isatty())
    try:
        for row in rows:
            summary.add(row)
            show(row)
            progress.at(summary.commits)
    except KeyboardInterrupt:
        summary.partial = True
    finally:
        progress.clear()


def _printer(form: str | None) -> Callable[[Row], None]:
    if form == "json":
        return lambda row: click.echo(json.dumps(row.to_json()))
    if form == "csv":
        click.echo(_csv_line(COLUMNS))
        return lambda row: click.echo(_csv_line(_cells(row)))
    return lambda row: None


def _cells(row: Row) -> list[object]:
    labels = row.labels
    head: list[object] = [
        row.commit,
        labels.type,
        labels.kind,
        labels.size,
        " ".join(labels.flags),
        labels.tier,
    ]
    head += [row.tokens, "yes" if row.changed else "no", "; ".join(row.leaks)]
    return [*head, *_route_cells(row.then), *_route_cells(row.now)]


def _route_cells(route: Route | None) -> list[object]:
    if route is None:
        return [""] * 8
    unknown = "unknown"
    low = unknown if route.low_usd is None else route.low_usd
    high = unknown if route.high_usd is None else route.high_usd
    return [route.where, route.model, route.effort, route.rule, route.tier, low, high, route.refused]


def _csv_line(cells: Iterable[object]) -> str:
    """One row; text that a spreadsheet would take for a formula gets an apostrophe before it."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def _harmless(cell: object) -> str:
    text = "" if cell is None else printable(str(cell))
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


def _print_summary(summary: Summary, form: str | None, max_cost_increase: Decimal | None) -> None:
    if form == "json":
        click.echo(json.dumps(summary.to_json(max_cost_increase=max_cost_increase)))
        return
    from smista_git.cli.policy.replay_view import bullets, view

    width = shutil.get_terminal_size().columns
    text = view(summary, width=width) + bullets("\nWarnings", summary.warnings())
    click.echo(printable(text), nl=False, err=form == "csv")


def _end(summary: Summary, max_cost_increase: Decimal | None) -> None:
    """Nothing where all is well. Raises: Interrupted for a partial result, GateTripped for a regression."""
    if summary.partial:
        done = f"the result covers {summary.commits:,} of {summary.total:,} commits"
        raise Interrupted(f"interrupted: {done}", hint="run it again, or over a shorter range")
    found = list(summary.regressions(max_cost_increase=max_cost_increase))
    if found:
        raise GateTripped(
            "; ".join(found), hint="see which with --json, and why with `git smista policy explain REV`"
        )
