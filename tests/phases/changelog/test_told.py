"""Which entries a section tells of: each way by which an item and a commit are known to be the same."""

from __future__ import annotations

import pytest

from smista_git.phases.changelog.document import parse_document
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.told import told_in
from smista_git.phases.conventional import Reference

FILE = """## 2.0.0

- Requests no longer hang where the server is slow (#12)
- Sockets are closed in time {issue}`40`
- Mend the colours of the dark theme, which were hard to tell apart
- Retry downloads that failed halfway

## 1.0.0

- The first of all
"""
DOCUMENT = parse_document(FILE)


def entry(text: str, number: int, **more: object) -> Entry:
    return Entry(text, "fix", (f"{number:040x}",), **more)  # type: ignore[arg-type]


def told(entry: Entry, paths: tuple[str, ...] = ("a.py",), lines: tuple[str, ...] = ()) -> list[str]:
    """The items that tell of an entry, among others that have nothing to do with it."""
    oid = entry.oids[0]
    entries = [entry, Entry("rework the parser", "refactor", ("f" * 40,))]
    found = told_in(
        DOCUMENT, DOCUMENT.sections[0], entries, paths={oid: paths}, written={oid: lines} if lines else {}
    )
    return [item.text for item in found.entries[0][1]]


@pytest.mark.parametrize(
    ("said", "paths", "lines", "place"),
    [
        (entry("timeouts", 1, pull=Reference(12)), ("a.py",), (), 0),
        (entry("hurry", 1), ("a.py", "changelog.d/40.bugfix.md"), (), 1),
        (entry("palette", 1), ("a.css", "CHANGELOG.md"), ("- Mend the colours of the dark theme, which",), 2),
        (entry("retry failed downloads", 1), ("a.py",), (), 3),
    ],
)
def test_an_entry_is_told_of(said: Entry, paths: tuple[str, ...], lines: tuple[str, ...], place: int) -> None:
    assert told(said, paths, lines) == [DOCUMENT.sections[0].items[place].text]


@pytest.mark.parametrize(
    ("paths", "lines"),
    [
        (("CHANGELOG.md",), ("- Retry downloads that failed halfway",)),
        (("a.py", "CHANGELOG.md"), tuple(f"- {item.text}" for item in DOCUMENT.sections[0].items)),
        (("a.py", "changelog.d/12.fix.md", "changelog.d/40.fix.md", "changelog.d/41.fix.md"), ()),
    ],
)
def test_who_only_gathers_what_others_did_is_not_told_of(
    paths: tuple[str, ...], lines: tuple[str, ...]
) -> None:
    assert told(entry("update the notes", 1), paths, lines) == []


def test_two_items_may_tell_of_one_entry_and_both_are_found() -> None:
    document = parse_document("## 1.0\n\n- One thing (#5)\n- Another thing (#5)\n- A third\n")
    found = told_in(
        document, document.sections[0], [entry("both", 1, pull=Reference(5))], paths={}, written={}
    )
    assert (found.found, found.items) == (2, 3)


def test_what_an_older_release_tells_of_is_no_example() -> None:
    document = parse_document("## 2.0\n\n- New (#9)\n\n## 1.0\n\n- Old (#5)\n")
    found = told_in(
        document, document.sections[0], [entry("again", 1, pull=Reference(5))], paths={}, written={}
    )
    assert found.entries == ()
