"""What a review says on a pull request: comments on lines, and one summary that is updated in place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Any

from smista_git.forge.markdown import body, code, plain
from smista_git.forge.sarif import legible
from smista_git.phases.review.finding import Finding
from smista_git.phases.review.report import Report

SUMMARY_MARK = "<!-- smista-review -->"
_MARK = re.compile(r"<!-- smista:([0-9a-f]{32}) -->")
# GitHub refuses bodies over 65,536 characters.
LONGEST_BODY = 60_000


@dataclass(frozen=True, slots=True)
class Comment:
    """One finding on its line, as it will stand on the pull request."""

    finding: Finding
    body: str


@dataclass(frozen=True, slots=True)
class Posted:
    """What was done: comments made, those the forge refused, those that were there before, and the summary's fate."""

    comments: int
    refused: int
    present: int
    summary: str


def comments_of(report: Report, *, present: Set[str], limit: int) -> tuple[Comment, ...]:
    """The comments to make, worst first, at most ``limit``; none whose fingerprint is ``present`` already."""
    on_lines = [f for f in report.findings if f.line and f.fingerprint not in present]
    return tuple(Comment(f, legible(f"{body(f)}\n<!-- smista:{f.fingerprint} -->")) for f in on_lines[:limit])


def fingerprints_in(bodies: Iterable[str]) -> frozenset[str]:
    """The fingerprints of the findings that these comments speak of."""
    return frozenset(mark for text in bodies for mark in _MARK.findall(text))


def summary_of(report: Report, *, on_lines: Set[str]) -> str:
    """The summary: counts, what could not be reviewed, and every finding that has no comment on its line."""
    lines = [SUMMARY_MARK, "## smista review", "", f"{plain(report.summary())}."]
    lines += [f"- {plain(aside)}" for aside in (*report.asides(), *report.failures)]
    rest = [finding for finding in report.findings if finding.fingerprint not in on_lines]
    if rest:
        lines += ["", "Without a comment of their own:", ""]
        lines += [_entry(finding) for finding in rest]
    return legible("\n".join(lines))[:LONGEST_BODY]


def preview_of(report: Report, *, limit: int) -> dict[str, Any]:
    """What would be posted on a pull request that has no comments yet, as JSON."""
    comments = comments_of(report, present=frozenset(), limit=limit)
    made = frozenset(comment.finding.fingerprint for comment in comments)
    return {
        "v": 1,
        "comments": [
            {"path": c.finding.path, "line": c.finding.end, "side": c.finding.side, "body": c.body}
            for c in comments
        ],
        "summary": summary_of(report, on_lines=made),
    }


def _entry(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}" if finding.line else finding.path
    return f"- **{finding.severity}** {code(place)}: {plain(finding.title)}. {plain(finding.why)}"
