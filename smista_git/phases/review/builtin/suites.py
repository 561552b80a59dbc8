"""Tests that were switched off, alone left on, or never written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from smista_git.phases.review.builtin.lines import Added, Sheet, in_string
from smista_git.phases.review.finding import Finding

_FOCUSED = re.compile(
    r"(?<![\w.])(?:describe|it|test|context|suite|specify|bench)(?:\.(?!only)\w+)*\.only(?:\.\w+)*\s*[(`]"
    r"|(?<![\w.])f(?:describe|it|context)\(|(?<![\w.])F(?:Describe|It|Context|Entry|DescribeTable)\(\""
)
# RSpec's tags and short names mean nothing elsewhere.
_FOCUSED_RUBY = re.compile(
    r"^\s*(?:fdescribe|fit|fcontext|fspecify)\b[ (]|^\s*(?:it|describe|context|specify)\b.*,\s*(?::focus\b|focus: true)"
)
_SKIPPED = re.compile(
    r"(?<![\w.])(?:(?:describe|it|test|context|suite)\.skip\(|x(?:describe|it|test|context)\()"
    r"|^\s*@(?:pytest\.mark\.skip|unittest\.skip)(?!if|If)\b(?!\(.*\w)"
    r"|^\s*@(?:Disabled|Ignore)\s*$|^\s*t\.Skip(?:Now)?\(\)|^\s*#\[ignore\]\s*$|^\s*\[Ignore\]\s*$"
    r"|\$this->markTestSkipped\(\)|^\s*(?:xit|xdescribe|xcontext|xspecify)\s+['\"]|^\s*skip\s*$"
)
# A function that others can call, on one line, where its language says so.
_PUBLIC = {
    "python": re.compile(r"^(?:async )?def (?P<name>[a-z]\w*)\("),
    "go": re.compile(r"^func (?:\([^)]*\) )?(?P<name>[A-Z]\w*)\("),
    "rust": re.compile(r"^\s*pub (?:async |const |unsafe )*fn (?P<name>\w+)"),
    "javascript": re.compile(r"^export (?:default )?(?:async )?function\*? (?P<name>\w+)"),
    "typescript": re.compile(r"^export (?:default )?(?:async )?function\*? (?P<name>\w+)"),
    "java": re.compile(r"^\s*public (?:static |final |synchronized )*[\w<>\[\], ?]+ (?P<name>[a-z]\w*)\("),
    "ruby": re.compile(r"^\s*def (?:self\.)?(?P<name>[a-z]\w*[!?]?)"),
}  # fmt: skip
_TEST_INSIDE = re.compile(r"#\[(?:\w+::)?test\b|^\s*def test_|\bdoctest\b|^\s*>>> ")


def switched_off(sheet: Sheet) -> Iterator[Finding]:
    """Findings about tests that no longer run."""
    if sheet.role != "test" and sheet.language != "rust":
        return
    for added in sheet.added:
        if added.moved or added.comment:
            continue
        if sheet.role == "test" and _focused(sheet, added):
            yield added.finding(
                "focused-test", "error", "tests", "Only this test runs",
                "Every other test of the file, or of the whole run, is passed over in silence.",
            )  # fmt: skip
        elif _hits(_SKIPPED, added):
            yield added.finding(
                "skipped-test", "note", "tests", "A test is skipped without a reason",
                "What it guarded can break unseen; say why and until when, or delete it.",
            )  # fmt: skip


def untested(sheets: Sequence[Sheet]) -> Iterator[Finding]:
    """One note, on the first function of several, where a change adds public functions and touches no test."""
    if any(sheet.role == "test" for sheet in sheets):
        return
    if any(_TEST_INSIDE.search(added.text) for sheet in sheets for added in sheet.added):
        return
    found = [pair for sheet in sheets if sheet.role == "source" for pair in _published(sheet)]
    if not found:
        return
    added, name = found[0]
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    yield added.finding(
        "untested", "note", "tests", f"{name}{more}: public, new or with a new signature, and no test in this change",
        "Nothing says what it should do, and nothing notices when it stops doing it.",
    )  # fmt: skip


def _published(sheet: Sheet) -> Iterator[tuple[Added, str]]:
    pattern = _PUBLIC.get(sheet.language)
    for added in sheet.added if pattern else ():
        assert pattern is not None
        if (
            not added.moved
            and (found := pattern.match(added.text))
            and found["name"] not in ("main", "initialize")
        ):
            yield added, found["name"]


def _focused(sheet: Sheet, added: Added) -> bool:
    return _hits(_FOCUSED, added) or (sheet.language == "ruby" and _hits(_FOCUSED_RUBY, added))


def _hits(pattern: re.Pattern[str], added: Added) -> bool:
    found = pattern.search(added.text)
    return found is not None and not in_string(added.text, found.start())
