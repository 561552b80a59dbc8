"""The result of a replay as a table and a bar chart, in plain characters, as wide as the terminal allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from smista_git.classify.labels import TIERS
from smista_git.plan.estimate import dollars
from smista_git.workflow.replay.report import Bill, Summary, Tally, ordered, share
from smista_git.workflow.replay.route import WHERES

MOST_MODELS = 12
MOST_MOVES = 10
NARROWEST = 40
_SIDES = ("then", "now")


def view(summary: Summary, *, width: int) -> str:
    """The whole result, no line wider than ``width`` unless a single word is; ends in a newline."""
    width = max(width, NARROWEST)
    blocks = [
        _head(summary),
        _table(summary, width),
        _charts(summary, width),
        _moves(summary),
        _leaks(summary),
    ]
    return "\n".join("\n".join(_cut(line, width) for line in lines) + "\n" for lines in blocks if lines)


def _head(summary: Summary) -> list[str]:
    done = f"{summary.commits:,}"
    if summary.partial:
        done = f"PARTIAL: the newest {summary.commits:,} of {summary.total:,}"
    head = [f"Replayed {summary.revisions} as {summary.intent}: {done} commits, merges left out."]
    if len(summary.tallies) > 1:
        changed = summary.moves.total()
        head.append(f"Another route: {changed:,} commits ({share(changed, summary.commits)}).")
    return head


def _names(summary: Summary) -> tuple[str, ...]:
    return _SIDES[-len(summary.tallies) :]


def _table(summary: Summary, width: int) -> list[str]:
    """A line for each figure, a column for each policy; numbers stand on the right."""
    tallies = summary.tallies
    rows = [("", *_names(summary)), ("policy", *(_end_of(tally.side.name, width // 3) for tally in tallies))]
    rows += [(where, *(_of(t.wheres[where], t) for t in tallies)) for where in WHERES]
    rows += [(f"tier {tier}", *(_of(t.tiers[tier], t) for t in tallies)) for tier in TIERS]
    models = sum((tally.models for tally in tallies), start=type(tallies[0].models)())
    for model, _ in ordered(models)[:MOST_MODELS]:
        rows.append((model, *(_of(t.models[model], t) for t in tallies)))
    if len(models) > MOST_MODELS:
        rows.append((f"and {len(models) - MOST_MODELS} more models", *("" for _ in tallies)))
    rows.append(("cost, estimated", *(_bill(t.bill) for t in tallies)))
    rows.append(("unknown prices", *(f"{t.bill.unknown:,}" for t in tallies)))
    return list(_columns(rows, width))


def _of(count: int, tally: Tally) -> str:
    return f"{count:,} {share(count, tally.commits):>8}"


def _bill(bill: Bill) -> str:
    if bill.unknown and not bill.high_usd:
        return "unknown"
    more = " + unknown" if bill.unknown else ""
    return f"{dollars(bill.low_usd)}-{dollars(bill.high_usd)}{more}"


def _columns(rows: Sequence[tuple[str, ...]], width: int) -> Iterator[str]:
    most = (width - 2 * len(rows[0])) // len(rows[0])
    widths = [min(max(len(row[i]) for row in rows), most) for i in range(len(rows[0]))]
    for row in rows:
        first, *others = (_cut(cell, size) for cell, size in zip(row, widths, strict=True))
        cells = (f"{cell:>{size}}" for cell, size in zip(others, widths[1:], strict=True))
        yield "  ".join((f"{first:<{widths[0]}}", *cells)).rstrip()


def _charts(summary: Summary, width: int) -> list[str]:
    """A bar for each place and tier, one policy below the other, so that a shift shows."""
    lines = ["Shares of the commits"]
    for label, counts in _bars(summary):
        for name, tally, count in zip(_names(summary), summary.tallies, counts, strict=True):
            room = width - 32
            bar = "#" * round(room * count / tally.commits) if tally.commits else ""
            lines.append(f"{label:<14} {name:<5}{share(count, tally.commits):>8}  {bar}".rstrip())
            label = ""
    return lines


def _bars(summary: Summary) -> Iterator[tuple[str, tuple[int, ...]]]:
    for where in WHERES:
        counts = tuple(tally.wheres[where] for tally in summary.tallies)
        if any(counts):
            yield where, counts
    for tier in TIERS:
        counts = tuple(tally.tiers[tier] for tally in summary.tallies)
        if any(counts):
            yield f"tier {tier}", counts


def _moves(summary: Summary) -> list[str]:
    moves = ordered(summary.moves)
    if not moves:
        return []
    lines = ["Changed routes"]
    for (then, now), count in moves[:MOST_MOVES]:
        lines += [f"{count:>8,}  {then}", f"{'':>8}  -> {now}"]
    rest = len(moves) - MOST_MOVES
    return lines + ([f"{'':>8}  and {rest} more kinds of change: see --json"] if rest > 0 else [])


def _leaks(summary: Summary) -> list[str]:
    if not summary.leaking:
        return ["Sensitive work that would go remote: none"]
    lines = [f"Sensitive work that would go remote: {summary.leaking:,} commits"]
    lines += [f"  {commit[:12]}  {why}" for commit, why in summary.leaks]
    rest = summary.leaking - len(summary.leaks)
    return lines + ([f"  and {rest:,} more: see --json"] if rest > 0 else [])


def bullets(title: str, lines: Iterable[str]) -> str:
    """The lines under a title, or nothing where there are none."""
    found = [f"  {line}" for line in lines]
    return "\n".join([title, *found]) + "\n" if found else ""


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _end_of(name: str, width: int) -> str:
    """A path's last part says more than its first."""
    return name if len(name) <= width else "..." + name[3 - width :]
