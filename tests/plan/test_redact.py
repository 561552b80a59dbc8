from __future__ import annotations

import re
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from smista_git.plan.pack import pack_change
from smista_git.plan.redact import Placeholders, redact, redact_change
from tests.plan.changes import change, hunk, modified

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQ\nIBADAN\n-----END PRIVATE KEY-----"


@dataclass(frozen=True)
class Found:
    rule: str
    start: int
    end: int


@dataclass(frozen=True)
class Named:
    path: str
    line: int
    rule: str
    side: str = "new"


def scan(text: str) -> tuple[Found, ...]:
    """A small scanner: what follows ``token=``, and keys over many lines."""
    tokens = [Found("token", m.start(1), m.end(1)) for m in re.finditer(r"token=(\w+)", text)]
    keys = [
        Found("key", m.start(), m.end()) for m in re.finditer(r"(?s)-----BEGIN.*?END PRIVATE KEY-----", text)
    ]
    return (*tokens, *keys)


def test_a_value_gives_way_to_the_same_placeholder_everywhere() -> None:
    shared = Placeholders()
    text = "token=aaa token=bbb\ntoken=aaa"
    clean, redactions = redact(text, scan(text), path="hint", placeholders=shared)
    assert clean == "token=[redacted:token:1] token=[redacted:token:2]\ntoken=[redacted:token:1]"
    assert [(r.path, r.line, r.rule) for r in redactions] == [
        ("hint", 1, "token"),
        ("hint", 1, "token"),
        ("hint", 2, "token"),
    ]
    again, _ = redact("token=bbb", scan("token=bbb"), placeholders=shared)
    assert again == "token=[redacted:token:2]"
    assert "aaa" not in repr(shared)


def test_overlapping_findings_leave_nothing_of_either() -> None:
    clean, redactions = redact("abcdefgh", [Found("b", 3, 7), Found("a", 1, 5)])
    assert clean == "a[redacted:a:1]h"
    assert len(redactions) == 1


def test_no_findings_change_nothing() -> None:
    assert redact("plain", []) == ("plain", ())


def test_a_secret_in_a_change_is_blotted_with_its_line() -> None:
    files = change(
        modified("a.env", hunk(" x", "-token=old", "+token=new", start=5)), modified("b", hunk("+y"))
    )
    clean, redactions = redact_change(
        files, [Named("a.env", 6, "token"), Named("a.env", 6, "token", "old")], scan=scan
    )
    assert [line.text for line in clean.files[0].hunks[0].lines] == [
        "x",
        "token=[redacted:token:2]",
        "token=[redacted:token:1]",
    ]
    assert [(r.path, r.line, r.rule) for r in redactions] == [("a.env", 0, "token"), ("a.env", 6, "token")]
    assert clean.files[1] == files.files[1]


def test_a_key_over_many_lines_goes_line_by_line_also_over_a_context_line() -> None:
    begin, first, second, end = KEY.split("\n")
    files = change(modified("k.pem", hunk(f"+{begin}", f" {first}", f"+{second}", f"+{end}", "+after")))
    clean, redactions = redact_change(files, [Named("k.pem", 1, "key")], scan=scan)
    assert [line.text for line in clean.files[0].hunks[0].lines] == ["[redacted:key:1]"] * 4 + ["after"]
    assert [(r.line, r.rule) for r in redactions] == [(1, "key")]


def test_a_secret_over_two_hunks_is_found_again() -> None:
    begin, first, second, end = KEY.split("\n")
    files = change(modified("k.pem", hunk(f"+{begin}", f"+{first}"), hunk(f"+{second}", f"+{end}", start=90)))
    clean, _ = redact_change(files, [Named("k.pem", 1, "key")], scan=scan)
    assert {line.text for h in clean.files[0].hunks for line in h.lines} == {"[redacted:key:1]"}


def test_a_named_line_where_the_scan_finds_nothing_goes_whole() -> None:
    files = change(modified("a", hunk("+fine", "+what the engine saw")))
    for scanner in (scan, None):
        clean, redactions = redact_change(files, [Named("a", 2, "odd")], scan=scanner)
        assert [line.text for line in clean.files[0].hunks[0].lines] == ["fine", "[redacted:odd:1]"]
        assert [(r.line, r.rule) for r in redactions] == [(2, "odd")]


def test_a_file_whose_secret_cannot_be_found_again_loses_its_hunks() -> None:
    packed = pack_change(
        change(modified("a", hunk("+line of a"))),
        budget_tokens=1000,
        stays={},
        findings=[Named("a", 99, "odd")],
        scan=scan,
    )
    assert "line of a" not in packed.text
    assert "[the rest of a is not shown]" in packed.text


def test_a_secret_in_a_section_heading_is_not_shown() -> None:
    packed = pack_change(
        change(modified("a", hunk("+x", section="token=abc"))), budget_tokens=1000, stays={}, scan=scan
    )
    assert "abc" not in packed.text


def test_a_secret_in_a_file_name_is_not_shown() -> None:
    packed = pack_change(
        change(modified("token=abc.txt", hunk("+x")), modified("b", hunk("+y"))),
        budget_tokens=1000,
        stays={},
        findings=[Named("token=abc.txt", 0, "token", "name")],
        scan=scan,
    )
    assert "abc" not in packed.text
    assert packed.context.excluded[0].why == "a secret in its name"


@given(st.lists(st.sampled_from(["token=s3cr3t", "x", "token=0ther", "token="]), min_size=1, max_size=12))
def test_no_value_is_left(lines: list[str]) -> None:
    files = change(modified("a", hunk(*(f"+{line}" for line in lines))))
    named = [Named("a", n, "token") for n, line in enumerate(lines, 1) if scan(line)]
    packed = pack_change(files, budget_tokens=5000, stays={}, findings=named, scan=scan)
    assert "s3cr3t" not in packed.text
    assert "0ther" not in packed.text
    assert len(packed.context.redactions) == len(named)
