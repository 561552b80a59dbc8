"""The lines below a classified change or task: what speaks for each label, and which files belong together."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from smista_git.cli.console import printable

if TYPE_CHECKING:
    from smista_git.classify.concerns import Concern
    from smista_git.classify.labels import Evidence

INDENT = "  "
MOST_FILES = 30  # of a concern, in text; JSON has them all


def evidence_lines(evidence: Iterable[Evidence]) -> Iterator[str]:
    """A line for each label, with the signals that point to it, strongest first."""
    groups: dict[str, list[str]] = {}
    for item in evidence:
        groups.setdefault(item.points_to, []).append(_said(item))
    widest = max(map(len, groups), default=0)
    for label, items in groups.items():
        yield from _listed(items, head=f"{INDENT}{label:<{widest}}  ")


def concern_lines(concerns: Sequence[Concern]) -> Iterator[str]:
    """Each concern with its files, and below them what ties them."""
    yield f"{len(concerns)} concerns:"
    for number, concern in enumerate(concerns, start=1):
        head = f"{INDENT}{number:>{len(str(len(concerns)))}}  "
        more = len(concern.paths) - MOST_FILES
        paths = concern.paths[:MOST_FILES] + ((f"and {more} more",) if more > 0 else ())
        yield from _listed(paths, head=head)
        ties = list(dict.fromkeys(item.signal for item in concern.evidence))
        if ties:
            yield from _listed(ties, head=" " * (len(head) - 2) + "= ")


def _said(item: Evidence) -> str:
    if item.signal == "flag":
        return str(item.value)
    if item.value is True or item.value == 1.0:
        return item.signal
    return (
        f"{item.signal} {item.value:.2g}" if isinstance(item.value, float) else f"{item.signal} {item.value}"
    )


def _listed(items: Sequence[str], *, head: str) -> Iterator[str]:
    """The items behind the head, set off by commas; on a terminal a line ends between two of them where it is full."""
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    line: list[str] = []
    used = _width(head)
    for at, item in enumerate(items):
        said = printable(item) + ("," if at < len(items) - 1 else "")
        if line and used + 1 + _width(said) > room:
            yield head + " ".join(line)
            head, line, used = " " * len(head), [], len(head)
        used += bool(line) + _width(said)
        line.append(said)
    yield head + " ".join(line)


def _width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(2 if east_asian_width(sign) in "WF" else not combining(sign) for sign in text)
