"""SARIF, rdjson and Markdown: the rules of each format that a reader relies on."""

from __future__ import annotations

import json
import re

from smista_git.forge.markdown import markdown
from smista_git.forge.rdjson import rdjson
from smista_git.forge.sarif import sarif
from smista_git.phases.review.finding import Finding
from smista_git.phases.review.report import Report

NEW = Finding(
    "src/na\u00efve \udcff.py", 3, "new", "error", "bug", "It is wrong", "It breaks", "x = '\udcff'",
    suggestion="    y = 2", source="ollama/x", last_line=4,
)  # fmt: skip
OLD = Finding(
    "gone.py", 7, "old", "warning", "bug", "It was needed", "Callers break", "def f():", source="ollama/x"
)
FILE = Finding("lib/x.dll", 0, "file", "note", "other", "A program", "Nobody reads it", rule="binary")
REPORT = Report("main..HEAD", 3, 10, 2, (NEW, OLD, FILE), failures=("openai/x: no key",))


def test_sarif_has_what_its_schema_requires() -> None:
    log = json.loads(json.dumps(sarif(REPORT)).encode())
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert run["invocations"][0]["executionSuccessful"] is False
    for result, finding in zip(run["results"], REPORT.findings, strict=True):
        assert result["level"] in ("error", "warning", "note", "none") and result["message"]["text"]
        assert rules[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"[\w./%~-]+", place["artifactLocation"]["uri"])
        assert ("snippet" in place["region"]) == (finding.side == "new")
        assert 1 <= place["region"]["startLine"] <= place["region"].get("endLine", 1)
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith(
        "%20%FF.py"
    )
    (fix,) = run["results"][0]["fixes"]
    assert fix["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "    y = 2"


def test_an_empty_review_is_a_valid_log() -> None:
    log = sarif(Report("x", 0, 0, 0, ()))
    assert log["runs"][0]["results"] == [] and log["runs"][0]["invocations"][0]["executionSuccessful"]


def test_rdjson_is_what_reviewdog_documents() -> None:
    result = json.loads(json.dumps(rdjson(REPORT)).encode())
    assert result["source"] == {"name": "smista"}
    for diagnostic in result["diagnostics"]:
        assert isinstance(diagnostic["message"], str) and diagnostic["severity"] in (
            "ERROR",
            "WARNING",
            "INFO",
        )
        assert set(diagnostic) <= {"message", "location", "severity", "source", "code", "suggestions"}
        assert isinstance(diagnostic["location"]["path"], str)
    new, old, file = result["diagnostics"]
    assert new["location"]["range"] == {"start": {"line": 3}, "end": {"line": 4}}
    assert "range" not in old["location"] and "range" not in file["location"]
    (suggestion,) = new["suggestions"]
    assert suggestion["range"]["end"] == {"line": 5, "column": 1} and suggestion["text"] == "    y = 2\n"


def test_nothing_in_a_finding_is_markdown() -> None:
    nasty = Finding(
        "a`b](x).py", 3, "new", "error", "bug", "# [x](http://e) <img src=x> @ada #12", "```\n## H\n<script>", "```\nend",
        suggestion="````\n<b>", source="m/`x`",
    )  # fmt: skip
    text = markdown(Report("x", 1, 1, 0, (nasty,)))
    outside = re.sub(r"(?ms)^(`{3,}|~{3,})\w*\n.*?\n\1$", "", text)
    outside = re.sub(r"(`+)[^\n]*?\1", "", outside)
    assert "<script" not in outside.replace("\\<", "") and "<img" not in outside.replace("\\<", "")
    assert "](http" not in outside.replace("\\]", "").replace("\\(", "")
    assert "@ada" not in text
    assert next(line for line in outside.splitlines() if line.startswith("#")) == "## Review"
    assert sum(line.startswith("#") for line in outside.splitlines()) == 2
