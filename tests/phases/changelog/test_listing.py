"""What a file's past releases teach about what is listed, and why something is not."""

from __future__ import annotations

import pytest

from smista_git.phases.changelog.document import parse_document
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.listing import Listing, examples_of, learn_listing
from smista_git.phases.changelog.match import numbers_in
from smista_git.phases.changelog.traits import Paths


def entry(text: str, kind: str, number: int, **more: object) -> Entry:
    return Entry(text, kind, (f"{number:040x}",), **more)  # type: ignore[arg-type]


def reasons(entries: list[Entry], paths: Paths, listing: Listing | None = None) -> list[str]:
    return (listing or Listing()).verdicts(entries, paths)


def test_who_writes_the_changelog_in_the_commit_is_learned() -> None:
    told = [entry(f"mend part {i}", "fix", i) for i in range(10)]
    quiet = [entry(f"mend part {i}", "fix", i) for i in range(10, 30)]
    paths = {e.oids[0]: ("a.py", "CHANGELOG.md") for e in told} | {e.oids[0]: ("a.py",) for e in quiet}
    examples = examples_of([(e, e in told) for e in (*told, *quiet)], paths, items=10, found=10)
    listing = learn_listing(examples, paths)
    writes, leaves = entry("mend part x", "fix", 99), entry("mend part y", "fix", 98)
    now = {writes.oids[0]: ("b.py", "changelog.d/99.fix.md"), leaves.oids[0]: ("b.py",)}
    one, other = reasons([writes, leaves], now, listing)
    assert one == ""
    assert "leaves the changelog" in other


@pytest.mark.parametrize(
    ("said", "paths", "reason"),
    [
        (entry("Let people log in", "feat", 1), ("a.py",), ""),
        (entry("Let people log in", "feat", 1), (), ""),
        (entry("修正", "fix", 1), ("a.py",), ""),
        (entry("#1936", "fix", 1), ("a.py",), "it is no more than a number"),
        (entry("tidy the sources", "chore", 1), ("a.py",), "chore is not for users"),
        (entry("1.2.3", "release", 1), ("a.py",), "it makes a release"),
        (entry("bump x", "deps", 1, author="renovate[bot]"), ("uv.lock",), "it is by a robot"),
        (entry("mend the login", "fix", 1), ("tests/test_a.py",), "it touches only tests"),
        (entry("update", "change", 1), ("CHANGELOG.md",), "it touches only documents"),
        (entry("rename it all", "refactor", 1, breaking=True), ("a.py",), ""),
    ],
)
def test_each_reason_not_to_list_is_said(said: Entry, paths: tuple[str, ...], reason: str) -> None:
    others = [entry(f"mend part {i}", "fix", i) for i in range(2, 9)]
    touched = {e.oids[0]: ("a.py",) for e in others} | {said.oids[0]: paths}
    assert reasons([said, *others], touched)[0] == reason


def test_the_policy_has_the_last_word() -> None:
    says = {"feat": False, "chore": True}
    entries = [entry("new", "feat", 1), entry("tidy", "chore", 2)]
    assert Listing().verdicts(entries, {}, lambda e: says[e.kind]) == ["the policy excludes feat", ""]


def test_where_others_write_the_changelog_those_who_do_not_are_left_out() -> None:
    entries = [entry(f"mend part {i}", "fix", i) for i in range(12)]
    told = {e.oids[0]: ("a.py", "CHANGELOG.md") for e in entries[:9]} | {
        e.oids[0]: ("a.py",) for e in entries[9:]
    }
    assert [bool(why) for why in reasons(entries, told)] == [False] * 9 + [True] * 3
    assert not any(reasons(entries, {e.oids[0]: ("a.py",) for e in entries}))


def test_the_headings_of_pre_releases_are_part_of_their_release() -> None:
    text = "## 2.0.0\n\n- one\n\n## 2.0.0-rc.1\n\n- two\n\n## 2.0.0b1\n\n- three\n\n## 1.9.0\n\n- four\n"
    document = parse_document(text)
    assert [item.text for item in document.items_of(document.sections[0])] == ["one", "two", "three"]


def test_numbers_in_the_roles_of_sphinx_and_myst_are_known() -> None:
    assert numbers_in(":issue:`12`, {pr}`34`, :pull:`#5`, see #6") == {12, 34, 5, 6}
