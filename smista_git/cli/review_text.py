"""A review as text: each finding with its line and a caret, then one line that sums up."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from smista_git.cli.console import printable, styled
from smista_git.phases.review.finding import Finding
from smista_git.phases.review.report import Report

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
_WIDTH = 100
_LONGEST_EXCERPT = 160


def report_text(report: Report) -> str:
    """The whole report, without a newline at its end; colours are stripped where nobody sees them."""
    blocks = ["\n".join(_finding(finding)) for finding in report.findings]
    tail = [printable(report.summary()), *(f"({printable(aside)})" for aside in report.asides())]
    return "\n\n".join([*blocks, "\n".join(tail)])


def _finding(finding: Finding) -> Iterator[str]:
    place = f"{_one_line(finding.path)}:{finding.line}" if finding.line else _one_line(finding.path)
    removed = " (removed line)" if finding.side == "old" else ""
    level = styled(finding.severity, fg=_COLOURS[finding.severity], bold=True)
    yield f"{styled(place, bold=True)}{removed}: {level}: {_one_line(finding.title)} [{finding.category}]"
    if finding.line:
        yield from _excerpt(finding)
    yield _indented(finding.why)
    if finding.suggestion is not None:
        yield "    suggestion:"
        yield from (f"      {_one_line(line)}" for line in finding.suggestion.split("\n"))
    yield styled(f"    by {_one_line(finding.source)}{f', {finding.rule}' if finding.rule else ''}", dim=True)


def _excerpt(finding: Finding) -> Iterator[str]:
    gutter = f"{finding.line:>6}"
    shown = printable(finding.quote.replace("\t", "    "))
    lead = len(shown) - len(shown.lstrip())
    shown = shown.strip()
    if len(shown) > _LONGEST_EXCERPT:
        shown = shown[: _LONGEST_EXCERPT - 2] + " …"
    indent = " " * min(lead, 12)
    yield f"{gutter} | {indent}{shown}"
    yield f"{' ' * len(gutter)} | {indent}{styled('^' + '~' * max(len(shown) - 1, 0), fg=_COLOURS[finding.severity])}"


def _indented(text: str) -> str:
    return fill(_one_line(text), _WIDTH, initial_indent="    ", subsequent_indent="    ")


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())
