"""A review as SARIF 2.1.0, for code-scanning tabs and editors.

Beyond the schema it keeps to what GitHub's code scanning asks for: a region and a rule text for each result, at most
25,000 results, and the fingerprint under the only name that is read there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from smista_git import __version__
from smista_git.phases.review.builtin.catalogue import RULES
from smista_git.phases.review.finding import Finding
from smista_git.phases.review.report import Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# Where paths start; viewers resolve it to the checkout.
ROOT = "%SRCROOT%"
# GitHub refuses a run with more; https://docs.github.com, "SARIF results exceed one or more limits".
MOST_RESULTS = 25_000
_SECURITY = frozenset({"security", "secrets", "prompt-injection"})


def sarif(report: Report) -> dict[str, Any]:
    """The log with one run, the worst results first. A finding on a file as a whole, or on a removed line, points at
    the file's first line: the new file has no better one.
    """
    findings = report.findings[:MOST_RESULTS]
    rules = {_rule_id(finding): finding for finding in reversed(findings)}
    index = {rule: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "smista",
                "semanticVersion": __version__,
                "rules": [_rule(rule, finding) for rule, finding in rules.items()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(report)],
        "results": [_result(finding, index) for finding in findings],
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


def _rule(rule: str, finding: Finding) -> dict[str, Any]:
    """What a code-scanning tab shows of a rule; ``finding`` is one that follows it."""
    told = RULES.get(finding.rule, f"A model's finding of the category {finding.category}.")
    security = ["security"] if finding.category in _SECURITY else []
    return {
        "id": rule,
        "shortDescription": {"text": told},
        "fullDescription": {"text": told},
        "help": {"text": f"{told} Found by {'a rule' if finding.rule else 'a model'} of git smista review."},
        "defaultConfiguration": {"level": "warning"},
        "properties": {
            "precision": "high" if finding.rule else "medium",
            "tags": list(dict.fromkeys([finding.category, *security])),
        },
    }


def _invocation(report: Report) -> dict[str, Any]:
    told = [("error", why) for why in report.failures]
    if report.interrupted:
        told.append(("error", "The review was interrupted: what was not asked yet is not in it."))
    if (more := len(report.findings) - MOST_RESULTS) > 0:
        told.append(("warning", f"{more} findings are left out: no more than {MOST_RESULTS} are taken."))
    said = [{"level": level, "message": {"text": legible(text)}} for level, text in told]
    return {"executionSuccessful": report.complete, "toolExecutionNotifications": said}


def _result(finding: Finding, index: Mapping[str, int]) -> dict[str, Any]:
    rule = _rule_id(finding)
    removed = f"Removed line {finding.line}: " if finding.side == "old" else ""
    result: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": index[rule],
        "level": finding.severity,
        "message": {"text": legible(f"{removed}{finding.title}. {finding.why}")},
        "locations": [
            {"physicalLocation": {"artifactLocation": _place(finding), "region": _region(finding)}}
        ],
        "partialFingerprints": {
            "smista/v1": finding.fingerprint,
            # GitHub reads no other name, and would make one of the line's surroundings.
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
        },
        "properties": {"category": finding.category, "source": legible(finding.source)},
    }
    if finding.suggestion is not None and finding.side == "new":
        result["fixes"] = [_fix(finding)]
    return result


def _place(finding: Finding) -> dict[str, Any]:
    return {"uri": uri_of(finding.path), "uriBaseId": ROOT}


def _region(finding: Finding) -> dict[str, Any]:
    if finding.side != "new":
        return {"startLine": 1}
    return {
        "startLine": finding.line,
        "endLine": finding.end,
        "snippet": {"text": legible(finding.quote)},
    }


def _fix(finding: Finding) -> dict[str, Any]:
    """The lines without the last one's end, replaced."""
    region = {"startLine": finding.line, "endLine": finding.end}
    text = legible(finding.suggestion or "")
    return {
        "description": {"text": "Replace the quoted lines"},
        "artifactChanges": [
            {
                "artifactLocation": _place(finding),
                "replacements": [{"deletedRegion": region, "insertedContent": {"text": text}}],
            }
        ],
    }
