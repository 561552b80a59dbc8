"""Tasks in free text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smista_git.classify.labels import TIERS
from smista_git.classify.task.task import classify_task

CASES = [
    ("Fix the typo in README.md", "edit", "light"),
    ("Plan the migration of the session store to a distributed cache", "plan", "heavy"),
    ("Write tests for src/load.py", "test", "standard"),
    ("Why does parse() return None here?", "explain", "light"),
    ("Review the authentication changes on this branch for security problems", "review", "heavy"),
    ("Update the changelog for the next release", "changelog", "light"),
    ("Document the environment variables in docs/config.md", "document", "light"),
]


@pytest.mark.parametrize(("text", "intent", "tier"), CASES)
def test_intent_and_tier(text: str, intent: str, tier: str) -> None:
    labels = classify_task(text)
    assert (labels.intent, labels.tier) == (intent, tier)
    assert labels.evidence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "???",
        "make it better",
        "исправь это",
        "修复这个问题",
        "Bitte aufräumen",
        "fix the bug",
        "please fix",
        "\x1b[31mfix\x1b[0m \u202ethe thing\u202c",
        "\x00",
        "\udcff\udcfe",
        "a" * 5000,
        "https://example.org/owner/project/issues/12",
    ],
)
def test_short_and_vague_or_strange_is_not_light(text: str) -> None:
    assert classify_task(text).tier != "light"


@pytest.mark.parametrize("text", ["исправь это пожалуйста", "修复这个问题", ""])
def test_another_language_is_unsure(text: str) -> None:
    assert classify_task(text).confidence < 0.6


def test_more_steps_never_lower_the_tier() -> None:
    step = "- rename the option\n"
    tiers = [TIERS.index(classify_task("Do this:\n" + step * n).tier) for n in (1, 4, 16, 64)]
    assert tiers == sorted(tiers) and tiers[-1] > tiers[0]


def test_a_file_that_exists_makes_a_task_concrete() -> None:
    text = "Fix the label in src/view.py"
    here, gone = (
        classify_task(text, known_paths=["src/view.py"]),
        classify_task(text, known_paths=["src/x.py"]),
    )
    assert here.odds[0] > gone.odds[0]
    assert any(e.signal == "names files that are not here" for e in gone.evidence)
    assert TIERS.index(here.tier) <= TIERS.index(gone.tier)


def test_a_link_names_no_file() -> None:
    text = "Fix the label of the first page, see https://example.org/docs/view.py"
    labels = classify_task(text, known_paths=["src/x.py"])
    assert not any(e.signal == "names files that are not here" for e in labels.evidence)
    assert "https" not in str(labels.evidence)


@given(st.text(max_size=400))
def test_any_text_has_labels(text: str) -> None:
    labels = classify_task(text)
    assert labels.tier in TIERS and 0 <= labels.confidence <= 1
    assert classify_task(text) == labels


def test_probabilities_add_up_and_stand_in_the_json() -> None:
    said = classify_task("Refactor the parser to support nested blocks").to_json()
    assert abs(sum(said["probabilities"].values()) - 1) < 0.01
    assert said["tier"] == max(said["probabilities"], key=said["probabilities"].__getitem__)


@given(st.text(max_size=200))
def test_light_is_likelier_than_the_others_together(text: str) -> None:
    labels = classify_task(text)
    assert labels.tier != "light" or labels.odds[0] > 0.5


def test_light_is_less_sure_than_likely() -> None:
    labels = classify_task("Correct a spelling mistake in the error message of load()")
    assert labels.tier == "light" and labels.confidence < labels.odds[0]


@pytest.mark.parametrize("word", ["authentication", "deadlock", "encryption"])
def test_a_word_of_risk_never_lowers_the_tier(word: str) -> None:
    plain, risky = (classify_task(f"Correct the {w} label in src/view.py") for w in ("greeting", word))
    assert risky.odds[0] < plain.odds[0]
    assert any(e.signal == "risk" and e.value == word for e in risky.evidence)
