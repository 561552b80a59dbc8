"""From commits to entries: what cancels, what merges say, where each belongs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smista_git.phases.changelog.entries import Commit, Entry
from smista_git.phases.changelog.gather import entries_of
from smista_git.phases.changelog.sections import section_of
from smista_git.phases.changelog.wording import kind_of_words


def commit(number: int, message: str, *, merge: int | None = None) -> Commit:
    subject, _, body = message.partition("\n\n")
    via = f"{merge:040x}" if merge else None
    return Commit(f"{number:040x}", (), number, "Ada", "ada@example.org", subject, body, merge=via)


def texts(*commits: Commit) -> list[str]:
    """What is listed of commits given oldest first."""
    return [entry.text for entry in entries_of(reversed(commits))]


def test_a_revert_and_what_it_reverts_cancel() -> None:
    assert texts(
        commit(0xA1B2C3D4, "feat: one"),
        commit(2, "feat: two"),
        commit(3, f'Revert "feat: one"\n\nThis reverts commit {0xA1B2C3D4:040x}.'),
    ) == ["two"]


def test_a_revert_of_a_revert_brings_it_back() -> None:
    one, two = 0xA1B2C3D4, 0xB1B2C3D5
    assert texts(
        commit(one, "feat: one"),
        commit(two, f'Revert "feat: one"\n\nThis reverts commit {one:040x}.'),
        commit(3, f'Reapply "feat: one"\n\nThis reverts commit {two:040x}.'),
    ) == ["one"]


def test_a_squashed_revert_is_known_by_its_title() -> None:
    assert texts(commit(1, "feat: one (#1)"), commit(2, 'Revert "feat: one (#1)" (#2)')) == []


def test_a_revert_of_what_is_older_stays() -> None:
    (entry,) = entries_of([commit(1, "revert: feat: old\n\nThis reverts commit 0123456.")])
    assert (entry.kind, section_of(entry)) == ("revert", "Changed")


def test_what_is_said_to_a_ci_server_is_no_part_of_it() -> None:
    found = entries_of(
        [commit(2, "[ci skip] Improve the parser (#2)"), commit(1, "fix: a hang [skip ci] (#1)")]
    )
    assert [(entry.kind, entry.text, str(entry.pull)) for entry in found] == [
        ("fix", "a hang", "#1"),
        ("change", "Improve the parser", "#2"),
    ]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("[Fix #12] Add an option (#13)", "Add an option"),
        ("Resolve #12 correct the spelling (#13)", "correct the spelling"),
        ("Fixes #12: crash on start", "crash on start"),
        ("Fix #12 crash on start", "Fix crash on start"),
        ("Fix #12 by looking twice", "Fix #12 by looking twice"),
        ("Mend the lock, fixes #12 (#13)", "Mend the lock"),
        ("fix: mend the lock - closes #12", "mend the lock"),
        ("Mend the lock (resolves #12)", "Mend the lock"),
        ("Fixes #12", "Fixes #12"),
        ("Mend what closes the door", "Mend what closes the door"),
    ],
)
def test_what_a_subject_closes_is_among_the_references_alone(subject: str, text: str) -> None:
    (entry,) = entries_of([commit(1, subject)])
    assert (entry.text, "closes the" in text or 12 in [r.number for r in entry.references]) == (text, True)


def test_the_title_of_a_pull_request_speaks_for_its_commits() -> None:
    merge = commit(9, "Merge pull request #7 from a/b\n\nLet people log in")
    found = entries_of([merge, commit(2, "wip", merge=9), commit(1, "start on login", merge=9)])
    assert [(entry.text, str(entry.pull), len(entry.oids)) for entry in found] == [
        ("Let people log in", "#7", 3)
    ]


@pytest.mark.parametrize(
    "message", ["Merge pull request #7 from a/b\n\nLet people log in", "Merged PR 7: Let people log in"]
)
def test_a_pull_request_whose_commits_are_not_there_is_its_title(message: str) -> None:
    (entry,) = entries_of([commit(9, message)])
    assert (entry.text, entry.pull and entry.pull.number) == ("Let people log in", 7)


def test_a_merge_by_its_own_title_speaks_for_its_commits() -> None:
    merge = replace(commit(9, "Let people log in (#7)"), parents=("a" * 40, "b" * 40))
    found = entries_of([merge, commit(2, "wip", merge=9), commit(1, "start on login", merge=9)])
    assert [(entry.text, str(entry.pull), len(entry.oids)) for entry in found] == [
        ("Let people log in", "#7", 3)
    ]


@pytest.mark.parametrize("subject", ["merge 7-x", "Fix conflicts with main", "Reconcile dev after 2.0"])
def test_a_merge_that_only_joins_says_nothing(subject: str) -> None:
    assert texts(replace(commit(9, subject), parents=("a" * 40, "b" * 40))) == []


def test_conventional_commits_of_a_pull_request_speak_for_themselves() -> None:
    merge = commit(9, "Merge pull request #7 from a/b\n\nLogin")
    found = entries_of([merge, commit(2, "fix: stay", merge=9), commit(1, "feat: log in", merge=9)])
    assert [(entry.text, str(entry.pull)) for entry in found] == [("log in", "#7"), ("stay", "#7")]


WORDS = [
    ("Add a switch", "feat"), ("Fixed the leak", "fix"), ("Drops support for 3.8", "remove"), ("Deprecate the old way", "deprecate"),
    ("Bump lodash from 1.0.0 to 1.0.1", "deps"), ("Update dependency x to v3", "deps"), ("Update Go to 1.23", "deps"),
    ("update the config to allow names", "change"), ("Update docs to use https", "docs"),
    ("v1.2.3", "release"), ("Release 2.0", "release"),
    ("Fix typo in README", "docs"), ("Add tests for the parser", "test"), ("Fix CVE-2024-12345 in the parser", "security"),
    ("Fix crash on standalone comments", "fix"), ("Fix a memory leak in the linter", "fix"), ("Fix comments", "docs"),
    ("Run CI on Windows", "ci"), ("Stop crashing on empty input", "fix"), ("Improve the error of a missing file", "change"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), WORDS)
def test_plain_words_say_what_a_change_is(text: str, kind: str) -> None:
    found, confidence = kind_of_words(text)
    assert (found, confidence >= 0.5) == (kind, True)


def test_words_that_say_nothing_are_unsure_and_go_under_changed() -> None:
    kind, confidence = kind_of_words("Colours of the sky")
    assert confidence < 0.5
    assert section_of(Entry("Colours of the sky", kind, (), confidence=confidence)) == "Changed"
