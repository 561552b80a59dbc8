"""The grammar of a commit message, by the specification and by what is found in the wild."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smista_git.phases.conventional import Footer, find_references, parse_message

HEADERS = [
    ("feat: allow it", "feat", None, "allow it", False),
    ("feat(lang): add polish language", "feat", "lang", "add polish language", False),
    ("feat!: send an email", "feat", None, "send an email", True),
    ("feat(api)!: send an email", "feat", "api", "send an email", True),
    ("Feat(API): shout", "feat", "API", "shout", False),
    ("fix(a/b, c): two", "fix", "a/b, c", "two", False),
    ("fix(scope): do it (#12)", "fix", "scope", "do it", False),
    (":bug: fix: with an emoji", "fix", None, "with an emoji", False),
    ("✨ feat: with another", "feat", None, "with another", False),
    ("feat:no space", None, None, "feat:no space", False),
    ("feat(): no scope", "feat", None, "no scope", False),
    ("Fix the thing", None, None, "Fix the thing", False),
    ("feat: ", None, None, "feat:", False),
    ("https://example.org: no type", None, None, "https://example.org: no type", False),
]


@pytest.mark.parametrize(("subject", "type_", "scope", "text", "breaking"), HEADERS)
def test_headers(subject: str, type_: str | None, scope: str | None, text: str, breaking: bool) -> None:
    said = parse_message(subject).said
    assert (said.type, said.scope, said.text, said.breaking) == (type_, scope, text, breaking)


def test_body_and_footers_of_several_lines() -> None:
    said = parse_message(
        "fix: prevent racing\n\nFirst paragraph.\n\nNote: second one is prose.\n\nThird.\n\n"
        "BREAKING CHANGE: the order\nis another one\n\nthan it was.\nReviewed-by: Z\nRefs #123"
    ).said
    assert said.body == "First paragraph.\n\nNote: second one is prose.\n\nThird."
    assert said.notes == ("the order\nis another one\n\nthan it was.",)
    assert said.footers[1:] == (Footer("Reviewed-by", "Z"), Footer("Refs", "#123"))


@pytest.mark.parametrize(
    "note",
    [
        "BREAKING CHANGE: gone",
        "BREAKING-CHANGE: gone",
        "BREAKING CHANGE:\ngone",
        "BREAKING CHANGE\n\ngone",
        "* BREAKING CHANGE: gone",
    ],
)
def test_a_breaking_change_however_it_is_written(note: str) -> None:
    said = parse_message(f"chore: drop it\n\nText before.\n\n{note}\n").said
    assert said.breaking and said.notes == ("gone",)


def test_breaking_in_prose_is_none() -> None:
    assert not parse_message("fix: x\n\nThis is not a breaking change: nothing is.").said.breaking


REFERENCES = [
    ("Closes #1, fixes #2", ["#1", "#2"]),
    ("see owner/name#3 and GH-4", ["owner/name#3", "#4"]),
    ("https://github.com/o/n/issues/5 https://gitlab.com/g/s/n/-/merge_requests/6", ["o/n#5", "g/s/n!6"]),
    ("(!7) and group/name!8", ["!7", "group/name!8"]),
    ("`#9` &#10; a#b #11a host !12 v1#", []),
    ("#13 and #13 again", ["#13"]),
]


@pytest.mark.parametrize(("text", "found"), REFERENCES)
def test_references(text: str, found: list[str]) -> None:
    assert [str(reference) for reference in find_references(text)] == found


def test_which_references_close() -> None:
    said = parse_message("fix: x\n\nResolves: #4\nrefs #5").said
    assert [reference.closes for reference in said.references] == [True, False]


PULLS = [
    ("feat: x (#12)", "#12", "x"),
    ("feat: x (#11) (#12)", "#12", "x (#11)"),
    ("Add x (pull request #12)", "#12", "Add x"),
    ("Merge pull request #12 from someone/branch\n\nAdd x", "#12", "Add x"),
    ("Merge pull request #12 from someone/branch", "#12", "Merge pull request #12 from someone/branch"),
    ("Merge branch 'x' into 'main'\n\nAdd x\n\nSee merge request group/name!12", "!12", "Add x"),
    ("Merged in branch (pull request #12)\n\nAdd x", "#12", "Add x"),
    ("Merged PR 12: Add x", "!12", "Add x"),
    ("Merged PR 12: feat(a): add x\n\nRelated work items: #3", "!12", "add x"),
    ("Auto merge of #12 - someone:branch, r=me\n\nAdd x", "#12", "Add x"),
]


@pytest.mark.parametrize(("text", "pull", "title"), PULLS)
def test_pull_requests(text: str, pull: str, title: str) -> None:
    said = parse_message(text).said
    assert (str(said.pull), said.text) == (pull, title)


def test_entries_of_a_squashed_body_count_where_the_subject_says_none() -> None:
    body = "\n\n* feat(a): one\n\n* fix: two\n\n* wip\n"
    plain = parse_message("Release week (#12)" + body)
    assert [(said.type, said.text, str(said.pull)) for said in plain.more] == [
        ("feat", "one", "#12"),
        ("fix", "two", "#12"),
    ]
    assert parse_message("feat: release week (#12)" + body).more == ()


def test_paragraphs_that_start_with_a_header_are_entries() -> None:
    message = parse_message("feat: one\n\nWords about it.\n\nfix(b): two\n\nfeat!: three")
    assert [(said.type, said.scope, said.breaking) for said in message.more] == [
        ("fix", "b", False),
        ("feat", None, True),
    ]


REVERTS = [
    ('Revert "feat: x"\n\nThis reverts commit 0123456789abcdef0123456789abcdef01234567.', 1, "feat: x"),
    ("revert: feat: x\n\nThis reverts commit 0123456.", 1, "feat: x"),
    ("revert: noodles\n\nRefs: 676104e, a215868", 2, "noodles"),
    ('Revert "feat: x (#3)" (#4)', 0, "feat: x (#3)"),
    ('Reapply "feat: x"\n\nThis reverts commit 0123456.', 1, "feat: x"),
    ("fix: revert the order of rows", 0, ""),
]


@pytest.mark.parametrize(("text", "oids", "what"), REVERTS)
def test_reverts(text: str, oids: int, what: str) -> None:
    message = parse_message(text)
    assert (len(message.reverts), message.reverted) == (oids, what)


def test_fixups_and_co_authors() -> None:
    assert parse_message("fixup! feat: x").fixup
    message = parse_message("feat: x\n\nCo-authored-by: Ada L <a@b.c>\nCo-Authored-By: Bob <b@b.c>")
    assert message.co_authors == ("Ada L", "Bob")


@given(st.text(max_size=300))
def test_no_message_is_an_error(text: str) -> None:
    message = parse_message(text)
    assert message.said.type is None or message.said.type in text.lower()


def test_prose_that_begins_like_a_header_is_none() -> None:
    """As people write beneath a plain subject; a footer or a blank line may follow a header."""
    said = "Read past the limit (#2)\n\nIt was wrong.\n\nFix: compare the limit with what was read. This is\nthe unread part alone."
    assert parse_message(said).more == ()
    squashed = "Read past the limit (#2)\n\nfix: compare the limit\nCloses: #3\n\nfeat: read on"
    assert [more.text for more in parse_message(squashed).more] == ["compare the limit", "read on"]
