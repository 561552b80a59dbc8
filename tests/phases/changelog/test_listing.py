"""What a file's past releases teach about what is listed, and why something is not."""

from __future__ import annotations

from smista_git.phases.changelog.document import parse_document
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.listing import Example, Listing, learn_listing
from smista_git.phases.changelog.match import numbers_in


def entry(text: str, kind: str, number: int, **more: object) -> Entry:
    return Entry(text, kind, (f"{number:040x}",), **more)  # type: ignore[arg-type]


def test_who_writes_the_changelog_in_the_commit_is_learned() -> None:
    told = [entry(f"mend part {i}", "fix", i) for i in range(10)]
    quiet = [entry(f"mend part {i}", "fix", i) for i in range(10, 30)]
    paths = {e.oids[0]: ("a.py", "CHANGELOG.md") for e in told} | {e.oids[0]: ("a.py",) for e in quiet}
    listing = learn_listing([Example(e, e in told) for e in (*told, *quiet)], paths)
    new = entry("mend part x", "fix", 99)
    assert listing.lists(new, {new.oids[0]: ("b.py", "changelog.d/99.fix.md")})
    assert not listing.lists(new, {new.oids[0]: ("b.py",)})
    assert "leaves the changelog" in listing.verdict(new, {new.oids[0]: ("b.py",)})


def test_each_reason_not_to_list_is_said() -> None:
    plain = Listing()
    assert plain.verdict(entry("x", "feat", 1), {}) == ""
    assert plain.verdict(entry("#1936", "fix", 1), {}) == "it is no more than a number"
    assert plain.verdict(entry("修正", "fix", 1), {}) == ""
    assert plain.verdict(entry("x", "chore", 1), {}) == "chore is not for users"
    assert plain.verdict(entry("1.2.3", "release", 1), {}) == "it makes a release"
    assert plain.verdict(entry("x", "deps", 1, author="renovate[bot]"), {}) == "it is by a robot"
    assert plain.verdict(entry("x", "fix", 1), {f"{1:040x}": ("tests/test_a.py",)}) == "it touches only tests"
    assert plain.verdict(entry("x", "feat", 1), {}, said=False) == "the policy excludes feat"
    assert plain.verdict(entry("x", "chore", 1), {}, said=True) == ""


def test_the_headings_of_pre_releases_are_part_of_their_release() -> None:
    text = "## 2.0.0\n\n- one\n\n## 2.0.0-rc.1\n\n- two\n\n## 2.0.0b1\n\n- three\n\n## 1.9.0\n\n- four\n"
    document = parse_document(text)
    assert [item.text for item in document.items_of(document.sections[0])] == ["one", "two", "three"]


def test_numbers_in_the_roles_of_sphinx_and_myst_are_known() -> None:
    assert numbers_in(":issue:`12`, {pr}`34`, :pull:`#5`, see #6") == {12, 34, 5, 6}
