"""A review as rdjson, the Reviewdog Diagnostic Format: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf"""

from __future__ import annotations

from typing import Any

from smista_git.forge.sarif import legible
from smista_git.phases.review.finding import Finding, Severity
from smista_git.phases.review.report import Report

_LEVELS: dict[Severity, str] = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def rdjson(report: Report) -> dict[str, Any]:
    """A ``DiagnosticResult``. A finding without a line on the new side speaks of its file alone."""
    return {
        "source": {"name": "smista"},
        "severity": "INFO",
        "diagnostics": [_diagnostic(finding) for finding in report.findings],
    }


def _diagnostic(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {"path": legible(finding.path)}
    if finding.side == "new":
        location["range"] = {"start": {"line": finding.line}, "end": {"line": finding.end}}
    diagnostic: dict[str, Any] = {
        "message": legible(f"{finding.title}. {finding.why}"),
        "location": location,
        "severity": _LEVELS[finding.severity],
        "source": {"name": f"smista ({legible(finding.source)})"},
        "code": {"value": finding.rule or finding.category},
    }
    if finding.suggestion is not None and finding.side == "new":
        diagnostic["suggestions"] = [
            {"range": _whole_lines(finding), "text": legible(finding.suggestion) + "\n"}
        ]
    return diagnostic


def _whole_lines(finding: Finding) -> dict[str, Any]:
    """The lines with their ends: from the first column up to the start of the line after."""
    return {"start": {"line": finding.line, "column": 1}, "end": {"line": finding.end + 1, "column": 1}}
