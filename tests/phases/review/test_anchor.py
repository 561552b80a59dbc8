"""Anchoring over generated replies: whatever is claimed, what is reported is a changed line and quotes it."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from smista_git.change.model import Change
from smista_git.phases.review.anchor import Anchors, squeezed
from smista_git.phases.review.judge import judge, verify_reply
from smista_git.phases.review.reply import read_reply
from tests.plan.changes import change, hunk, modified

# Few enough texts that lines repeat, also across files and sides.
TEXTS = (
    "return total", "    return total", "\treturn total", "if ready:", "value = compute(1)", "value  =  compute(1)",
    "}", "", "é = 'naïve'", "log.info('x')\r", "total += item.price", "+ plus = 1", "- minus = 1", "a\x1b[31mred = 1",
)  # fmt: skip
PATHS = ("src/app.py", "src/app_test.py", "lib/naïve.py", "-dash.py")


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """A change of one to three files with one to three hunks each."""
    files = []
    for path in draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=3, unique=True)):
        start, hunks = 1, []
        for _ in range(draw(st.integers(1, 3))):
            signs = st.sampled_from(" +-")
            lines = draw(st.lists(st.tuples(signs, st.sampled_from(TEXTS)), min_size=1, max_size=8))
            hunks.append(hunk(*(sign + text for sign, text in lines), start=start))
            start += 20
        files.append(modified(path, *hunks))
    return change(*files)


def twisted(draw: st.DrawFn, text: str) -> str:
    """A quote as models give them: true, near, with other white space, with the diff's sign, or made up."""
    ways = (
        text, f"+{text}", f"-{text}", f" {text}", text.strip(), f"  {text}  ", text.replace(" ", "  "),
        text.replace("total", "totals"), text[:-1], text.upper(), f"{text}\n{text}", "made up entirely", "",
    )  # fmt: skip
    return draw(st.sampled_from(ways))


@st.composite
def replies(draw: st.DrawFn) -> tuple[Change, str]:
    """A change, and an answer with up to six claims about it."""
    made = draw(changes())
    texts = [line.text for file in made.files for h in file.hunks for line in h.lines] + list(TEXTS)
    claims = [
        {
            "path": draw(st.sampled_from([*PATHS, "no/such.py", "app.py", "../src/app.py"])),
            "quote": twisted(draw, draw(st.sampled_from(texts))),
            "line": draw(st.one_of(st.none(), st.integers(-3, 90), st.just("7"))),
            "severity": draw(st.sampled_from(["error", "warning", "note", "fatal"])),
            "category": "bug",
            "title": "The total value is returned before it is ready",
            "why": "Callers compute with a value that is not complete yet.",
            "suggestion": draw(st.one_of(st.none(), st.just("return 0"))),
        }
        for _ in range(draw(st.integers(0, 6)))
    ]
    return made, json.dumps({"findings": claims})


@given(replies())
@settings(max_examples=1500, deadline=None)
def test_every_reported_line_is_a_changed_one_and_the_quoted_one(case: tuple[Change, str]) -> None:
    made, text = case
    claims, problems = read_reply(text)
    assert not problems or "Each finding" in problems[0].detail
    judged = judge(text, made, Anchors(made), source="model")
    lines = {
        (
            file.path,
            "new" if line.kind == "+" else "old",
            line.new_line if line.kind == "+" else line.old_line,
        ): line.text
        for file in made.files
        for h in file.hunks
        for line in h.lines
        if line.kind != " "
    }
    for finding in judged.findings:
        assert lines[finding.path, finding.side, finding.line] == finding.quote
        assert (finding.path, finding.side, finding.end) in lines
        quoted = {
            squeezed(part) for c in claims for part in (c.quote.split("\n")[0], c.quote.split("\n")[0][1:])
        }
        assert squeezed(finding.quote).replace("\x1b", "\\x1b") in quoted or squeezed(finding.quote) in quoted
    assert len(judged.findings) + judged.unanchored + sum(judged.dropped.values()) == len(claims)


@given(changes(), st.data())
@settings(max_examples=400, deadline=None)
def test_a_true_quote_is_found_where_it_is(made: Change, data: st.DataObject) -> None:
    spots = [
        (file, line)
        for file in made.files
        for h in file.hunks
        for line in h.lines
        if line.kind != " " and sum(c.isalnum() for c in line.text) >= 3
    ]
    if not spots:
        return
    file, line = data.draw(st.sampled_from(spots))
    number = line.new_line if line.kind == "+" else line.old_line
    found = Anchors(made).find(file.path, line.text, line=number)
    assert found is not None and (found.path, found.line) == (file.path, number)
    assert found.quote == line.text


MADE = change(
    modified(
        "a.py",
        hunk(
            " keep = 1",
            "-old = compute()",
            "+new = compute()",
            "+same = 1",
            " ctx = 2",
            "+same = 1",
            start=10,
        ),
    ),
    modified("b.py", hunk("+other = 3", start=5), old_path="was_b.py"),
)


def test_the_nearest_of_equal_lines_is_taken() -> None:
    anchors = Anchors(MADE)
    near, far, first = (anchors.find("a.py", "same = 1", line=n) for n in (14, 12, None))
    assert near is not None and far is not None and first is not None
    assert (near.line, far.line, first.line) == (14, 12, 12)
    assert (near.nth, far.nth) == (1, 0)


def test_context_wrong_files_and_brackets_hold_nothing() -> None:
    anchors = Anchors(MADE)
    for path, quote in (
        ("a.py", "keep = 1"),
        ("b.py", "new = compute()"),
        ("a.py", "}"),
        ("a.py", "  "),
        ("c.py", "other = 3"),
    ):
        assert anchors.find(path, quote) is None


def test_a_removed_line_is_on_the_old_side_and_the_old_name_leads_there() -> None:
    anchors = Anchors(MADE)
    gone, renamed = anchors.find("a.py", "-old = compute()"), anchors.find("was_b.py", "other = 3")
    assert gone is not None and (gone.side, gone.line) == ("old", 11)
    assert renamed is not None and (renamed.path, renamed.line) == ("b.py", 5)


def test_a_quote_of_two_lines_must_stand_in_one_piece() -> None:
    anchors = Anchors(MADE)
    two = anchors.find("a.py", "new = compute()\nsame = 1")
    assert two is not None and (two.line, two.last_line) == (11, 12)
    assert anchors.find("a.py", "same = 1\nnew = compute()") is None


def test_an_answer_with_claims_and_no_place_is_refused_and_an_empty_one_is_fine() -> None:
    anchors = Anchors(MADE)
    bad = {"path": "a.py", "quote": "nowhere = 9", "title": "It is wrong", "why": "It never works at all."}
    assert [p.rule for p in verify_reply(json.dumps({"findings": [bad]}), anchors).problems] == ["unanchored"]
    assert verify_reply('{"findings": []}', anchors).ok
    for text in ("", "LGTM", "[1]", '{"findings": 3}', '{"findings": [{}]}', "[" * 100_000):
        assert [p.rule for p in verify_reply(text, anchors).problems] == ["format"]
    assert verify_reply('Sure!\n```json\n{"findings": []}\n```', anchors).ok
