"""Changelogs in AsciiDoc: headings of equals signs, labelled lists, blocks between lines of marks."""

from __future__ import annotations

from smista_git.phases.changelog.cut import cut
from smista_git.phases.changelog.document import parse_document
from tests.phases.changelog.test_merge import LINKS, entry, is_kept, merged

FEAT, FIX = entry("new", pull=2), entry("mend it", "fix", pull=4)
KEPT = """\
= The Changelog
:uri-issue: https://github.com/o/n/issues/

Words.

== Unreleased

=== Added

* One ({uri-issue}91[#91])
+
----
== 9.9.9

* no entry
----
** nested

== v1.0.0 - 2024-01-01

=== Fixed

* Two ({uri-issue}92[#92])
"""
LABELLED = """\
= Changelog

// tag::compact[]
== Unreleased

Enhancements::

  * Add one (#91)

== 1.0.0 (2024-01-01) - @ada

Enhancements::

  * Add two (#92)

Bug Fixes::

  * Mend three (#93)

=== Details

{url}[diff]
"""


def groups(text: str) -> list[list[tuple[str, int]]]:
    return [[(g.title, len(g.items)) for g in section.groups] for section in parse_document(text).sections]


def test_headings_and_labels_are_seen_and_blocks_hide_them() -> None:
    assert groups(KEPT) == [[("", 0), ("Added", 1)], [("", 0), ("Fixed", 1)]]
    assert groups(LABELLED) == [
        [("", 0), ("Enhancements", 1)],
        [("", 0), ("Enhancements", 1), ("Bug Fixes", 1), ("Details", 0)],
    ]


def test_entries_go_under_headings_in_their_form() -> None:
    once = merged(KEPT, FEAT, FIX, links=LINKS)
    assert is_kept(KEPT, once) and merged(once, FEAT, FIX, links=LINKS) == once
    assert (
        "** nested\n* New ({uri-issue}2[#2])\n\n=== Fixed\n\n* Mend it ({uri-issue}4[#4])\n\n== v1.0.0"
        in once
    )


def test_entries_go_under_labels() -> None:
    once = merged(LABELLED, FEAT, FIX, links=LINKS)
    assert is_kept(LABELLED, once) and merged(once, FEAT, FIX, links=LINKS) == once
    assert "  * Add one (#91)\n  * New (#2)\n\nBug Fixes::\n\n  * Mend it (#4)\n\n== 1.0.0" in once


def test_a_new_release_and_one_that_is_cut_get_headings_of_this_form() -> None:
    once = merged(KEPT, FEAT, version="1.1.0")
    assert "\n== v1.1.0 - 2024-05-06\n\n=== Added\n\n* New ({uri-issue}2[#2])\n\n== v1.0.0" in once
    text = cut(KEPT, version="1.1.0", tag="v1.1.0", previous="v1.0.0", date="2024-05-06", links=LINKS)
    assert is_kept(KEPT, text) and "== Unreleased\n\n== v1.1.0 - 2024-05-06\n\n=== Added" in text


def test_tables_and_rules_of_other_forms_are_no_headings() -> None:
    text = "1.0\n===\n\n=====  =====\nA      B\n=====  =====\n\n- One (#1)\n"
    assert groups(text) == [[("", 1)]]
