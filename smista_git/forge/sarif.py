"""A review as SARIF 2.1.0, for code-scanning tabs and editors."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from smista_git import __version__
from smista_git.phases.review.finding import Finding
from smista_git.phases.review.report import Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# Where paths start; viewers resolve it to the checkout.
ROOT = "%SRCROOT%"


def sarif(report: Report) -> dict[str, Any]:
    """The log with one run. A finding on a removed line points at its file alone: the new file has no such line."""
    rules = list(dict.fromkeys(_rule_id(finding) for finding in report.findings))
    run = {
        "tool": {
            "driver": {
                "name": "smista",
                "semanticVersion": __version__,
                "rules": [
                    {"id": rule, "shortDescription": {"text": rule.replace("/", ": ")}} for rule in rules
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [_result(finding, rules) for finding in report.findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def uri_of(path: str) -> str:
    """The path as a relative URI reference; bytes that are no UTF-8 are escaped as they are."""
    return quote(path.encode("utf-8", "surrogateescape"), safe="/")


def legible(text: str) -> str:
    """The text without lone surrogates, which no JSON reader takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _rule_id(finding: Finding) -> str:
    return f"rules/{finding.rule}" if finding.rule else f"model/{finding.category}"


def _invocation(report: Report) -> dict[str, Any]:
    told = [{"level": "error", "message": {"text": legible(why)}} for why in report.failures]
    return {"executionSuccessful": report.complete, "toolExecutionNotifications": told}


def _result(finding: Finding, rules: list[str]) -> dict[str, Any]:
    rule = _rule_id(finding)
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri_of(finding.path), "uriBaseId": ROOT}}
    if finding.side == "new":
        physical["region"] = {
            "startLine": finding.line,
            "endLine": finding.end,
            "snippet": {"text": legible(finding.quote)},
        }
    result: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": rules.index(rule),
        "level": finding.severity,
        "message": {"text": legible(f"{finding.title}. {finding.why}")},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"smista/v1": finding.fingerprint},
        "properties": {"category": finding.category, "source": legible(finding.source)},
    }
    if finding.suggestion is not None and finding.side == "new":
        result["fixes"] = [_fix(finding)]
    return result


def _fix(finding: Finding) -> dict[str, Any]:
    region = {"startLine": finding.line, "endLine": finding.end}
    text = legible(finding.suggestion or "")
    return {
        "description": {"text": "Replace the quoted lines"},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": uri_of(finding.path), "uriBaseId": ROOT},
                "replacements": [{"deletedRegion": region, "insertedContent": {"text": text}}],
            }
        ],
    }
