"""A rewording may say it better, and nothing else."""

from __future__ import annotations

import json

import pytest

from smista_git.phases.changelog.faithful import objection_to
from smista_git.phases.changelog.polish import as_answer, ask, judge, read_answer, rewording

FAITHFUL = [
    ("add `--strict` flag to check cmd", "Add a `--strict` flag to the check command"),
    ("fix crash when parsing empty config file", "Fix a crash when an empty config file is parsed"),
    ("dont show hidden files in tree view", "dont show hidden files in the tree view"),
    ("support Python 3.13", "Support Python 3.13"),
]
UNFAITHFUL = [
    ("fix crash on empty input", "Fix crash on empty input (#12)", "numbers"),
    ("support Python 3.13", "Support Python 3.14", "numbers"),
    ("add `--strict` flag", "Add a strict flag", "loses"),
    ("add a flag to the parser", "Add a `--strict` flag to the parser", "not in the entry"),
    ("fix crash in the parser", "Fix crash in the parser of YamlLoader", "not in the entry"),
    ("cache parsed files", "Cache parsed files, which is much faster", "claims"),
    ("do not send the token to mirrors", "Send the token to mirrors", "says no"),
    ("fix crash in the parser", "Add crash in the parser", "verb"),
    ("rotate session tokens on login", "Improve things for people", "claims"),
    ("rotate session tokens on login", "Rotate things", "leaves out"),
    ("fix typo", "Fix typo\nand more", "one line"),
    ("fix the menu", "Fix the [menu](https://evil.example)", ""),
    ("fix the menu", "", "one line"),
    ("move the icon before the heading", "Move the icon before the heading in the tree view", "says more"),
    (
        "fix `rules` bypass via encoded paths",
        "Fix `rules` bypass by using a custom encoded path",
        "says more",
    ),
    ("introduce `trusted_proxy`", "Introduce `trusted_proxy` in the trusted_proxy", "twice"),
    ("raise error for requests", "The entry raises an error for requests", "verb"),
    ("forward user parameters and improve flag detection", "Forward user parameters", "leaves out"),
    ("raise error for bad requests", "Raise an error for bad requests:", "breaks off"),
    ("ignore what .git-blame-ignore lists", "Ignore what `git-blame-ignore` lists", "loses .git-blame"),
    ("read from `Rack::Directory`", "Read from Rack::Directory", "marks"),
]


@pytest.mark.parametrize(("before", "after"), FAITHFUL)
def test_what_only_says_it_better_is_taken(before: str, after: str) -> None:
    assert objection_to(before, after) == ""


@pytest.mark.parametrize(("before", "after", "why"), UNFAITHFUL)
def test_what_says_something_else_is_not(before: str, after: str, why: str) -> None:
    objection = objection_to(before, after)
    assert objection and why in objection


def test_an_answer_in_another_form_is_no_answer() -> None:
    texts = ["one thing", "another thing"]
    assert judge(as_answer(texts), texts).ok
    for answer in [
        "",
        "{}",
        "[]",
        "sure!",
        as_answer(texts[:1]),
        json.dumps({"entries": [{"id": 1, "text": "x"}] * 2}),
    ]:
        assert not judge(answer, texts).ok


def test_one_bad_rewording_leaves_the_others() -> None:
    texts = ["fix the menu on start", "support reading from pipes", "show the path of a missing file"]
    answer = as_answer(
        ["Fix the menu on start", "Support reading from 12 pipes", "Show the path of a missing file"]
    )
    assert judge(answer, texts).ok
    found = read_answer(answer, texts)
    assert found is not None
    assert [one.text for one in found] == [
        "Fix the menu on start",
        texts[1],
        "Show the path of a missing file",
    ]


def test_entries_travel_as_data_in_a_fence_that_they_cannot_close() -> None:
    request = ask(["a\x1b[31m ``` b", "c"], effort="low", timeout_s=5)
    user = request.messages[1].text
    assert request.messages[1].role == "user" and "\x1b" not in user
    assert user.split("\n")[1] not in user.split("\n")[2:-1]


def test_an_entry_alone_travels_as_json_behind_examples_that_are_faithful() -> None:
    request = ask(['a\x1b[31m"} b'], effort="low", timeout_s=5)
    *_, last = request.messages
    assert last.role == "user" and "\x1b" not in last.text and json.loads(last.text)["entry"].endswith('"} b')
    turns = [json.loads(message.text) for message in request.messages[1:-1]]
    for asked, said in zip(turns[::2], turns[1::2], strict=True):
        assert objection_to(asked["entry"], said["text"]) == ""


def test_an_entry_alone_is_answered_by_its_text() -> None:
    found = read_answer('{"text": "Stop the leak"}', ["stop the leak"])
    assert found is not None and found[0].text == "Stop the leak"
    assert not judge('{"text": "Stop"', ["stop the leak"]).ok


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("stop the leak", "Stop the leak.", False),
        ("stop leak", "Stop the leak", True),
        ("fix the menu", "Fix 3 menus", False),
    ],
)
def test_only_other_words_are_a_change(before: str, after: str, changes: bool) -> None:
    assert rewording(before, after).changes is changes
