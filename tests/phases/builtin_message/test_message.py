"""The subjects that the builtin writer gives to real changes: a table over tests/cases/builtin_message."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from bench.message import unfounded
from smista_git.change.model import Change
from smista_git.change.parse import parse_change
from smista_git.classify.habits import Habits, PastCommit, learn_habits
from smista_git.classify.labels import Labels
from smista_git.git.repository import Repository
from smista_git.phases.builtin_message import write_message
from smista_git.phases.message_check import check_message
from smista_git.phases.said import Said
from tests.conftest import Repo

CASES = Path(__file__).parents[2] / "cases" / "builtin_message"


@dataclass
class Case:
    """One change, before and after, and the subject that it should get."""

    name: str
    words: dict[str, list[str]] = field(default_factory=dict)
    old: dict[str, str] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)

    def word(self, name: str, default: str = "") -> str:
        return self.words.get(name, [default])[0]


def read_cases(path: Path) -> list[Case]:
    cases: list[Case] = []
    for text in re.split(r"^== ", path.read_text(), flags=re.M)[1:]:
        head, *files = re.split(r"^--- ", text.rstrip("\n") + "\n", flags=re.M)
        name, *lines = head.strip("\n").split("\n")
        case = Case(f"{path.stem}: {name}")
        for line in lines:
            if line:
                word, _, value = line.partition(" ")
                case.words.setdefault(word, []).append(value)
        for file in files:
            place, _, content = file.partition("\n")
            side, _, target = place.partition(" ")
            (case.old if side == "old" else case.new)[target] = content
        cases.append(case)
    return cases


ALL = [case for path in sorted(CASES.glob("*.txt")) for case in read_cases(path)]


def change_in(repo: Repo, old: dict[str, str], new: dict[str, str]) -> Change:
    """What git says of a step from one set of files to another."""
    for name, content in old.items():
        repo.stage(name, content)
    repo.commit("chore: before")
    for name in old.keys() - new.keys():
        repo.git("rm", "-q", "--", name)
    for name, content in new.items():
        repo.stage(name, content)
    raw = Repository.discover(repo.path).staged_diff()
    return parse_change(raw.raw, raw.numstat, raw.patch)


def labels_of(**words: Any) -> Labels:
    fixed: dict[str, Any] = {
        "type": "feat", "kind": "feature", "scope": None, "size": "small", "flags": (), "tier": "light",
        "confidence": 0.7, "evidence": (),
    }  # fmt: skip
    return Labels(**{**fixed, **words})


@pytest.mark.parametrize("case", ALL, ids=[case.name for case in ALL])
def test_subject_of_a_change(case: Case, repo: Repo) -> None:
    change = change_in(repo, case.old, case.new)
    labels = labels_of(type=case.word("type"), scope=case.word("scope") or None)
    habits = (
        learn_habits([PastCommit(s) for s in case.words["history"]]) if "history" in case.words else Habits()
    )
    style = cast("Any", case.word("style") or None)

    message = write_message(change, labels, habits, style=style)

    assert message.split("\n")[0] == case.word("expect")
    assert unfounded(message, change) == []
    verdict = check_message(message, change=change, labels=labels, habits=habits, said=Said(), style=style)
    assert verdict.problems == ()
    assert verdict.answer == message


def test_each_kind_of_case_is_there() -> None:
    assert len(ALL) > 60
    assert len({case.name for case in ALL}) == len(ALL)
