"""A review as Markdown: a summary for a pull request, a job page, or a person's notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smista_git.phases.review.finding import Finding
from smista_git.phases.review.report import Report
from smista_git.plan.printable import fenced, printable

# What Markdown, HTML or a forge would act on: links, images, tags, mentions, references.
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>()#!|~])")
_MENTION = re.compile(r"@(?=\w)")
_SIGNS = {"error": "🛑", "warning": "⚠️", "note": "💡"}


def markdown(report: Report) -> str:
    """The whole review; nothing in a finding can make a heading, a link, a mention or a tag."""
    return "\n".join(_lines(report))


def plain(text: str) -> str:
    """Text from elsewhere on one line, with everything escaped that Markdown or a forge would act on."""
    escaped = _ACTIVE.sub(r"\\\1", " ".join(printable(text.replace("\n", " ")).split()))
    return _MENTION.sub("@\u200b", escaped)


def code(text: str) -> str:
    """Text as a code span that it cannot close."""
    text = printable(text)
    run = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (run + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def body(finding: Finding) -> str:
    """A finding without its place, as a comment on its line says it."""
    lines = [
        f"{_SIGNS[finding.severity]} **{finding.severity}**: {plain(finding.title)}",
        "",
        plain(finding.why),
    ]
    if finding.suggestion is not None and finding.side == "new":
        lines += ["", fenced(finding.suggestion, name="suggestion")]
    lines += ["", f"<sub>{plain(finding.category)}, by {plain(finding.source)}</sub>"]
    return "\n".join(lines)


def _lines(report: Report) -> Iterator[str]:
    yield "## Review"
    yield ""
    yield f"{plain(report.summary())}."
    for aside in (*report.asides(), *report.failures):
        yield f"- {plain(aside)}"
    for finding in report.findings:
        yield ""
        yield from _finding(finding)


def _finding(finding: Finding) -> Iterator[str]:
    place = f"{finding.path}:{finding.line}" if finding.line else finding.path
    yield f"### {_SIGNS[finding.severity]} {code(place)}: {plain(finding.title)}"
    yield ""
    if finding.line:
        yield fenced(f"{'-' if finding.side == 'old' else '+'}{printable(finding.quote)}", name="diff")
        yield ""
    yield plain(finding.why)
    if finding.suggestion is not None:
        yield ""
        yield fenced(printable_block(finding.suggestion))
    yield ""
    yield f"{finding.severity}, {plain(finding.category)}, by {plain(finding.source)}"


def printable_block(text: str) -> str:
    """Several lines, each safe to show."""
    return "\n".join(printable(line) for line in text.split("\n"))
