"""Tasks of every kind, each with the tiers that a senior engineer would accept."""

from __future__ import annotations

from pathlib import Path

import pytest

from smista_git.classify.labels import TIERS
from smista_git.classify.task.prose import prose_of
from smista_git.classify.task.task import classify_task

BLOCKS = Path("tests/cases/task/tasks.txt").read_text("utf-8").split("\n== ")[1:]
CASES = [(head.split(), text.strip()) for head, _, text in (block.partition("\n") for block in BLOCKS)]
SURE = 0.6


@pytest.mark.parametrize(("wanted", "text"), CASES, ids=[text[:40] for _, text in CASES])
def test_the_tier_is_one_that_is_accepted(wanted: list[str], text: str) -> None:
    labels = classify_task(text)
    assert labels.tier in wanted, (labels.odds, labels.evidence)
    if "sure-light" in wanted:
        assert labels.tier != "light" or labels.confidence < SURE


def test_what_was_pasted_is_no_prose() -> None:
    text = (
        "Crash in load()\n\n<!-- thanks for the report -->\n### Steps to reproduce\nCall it twice.\n```\nload(1)\n```\n"
        '    load(2)\n>>> load(3)\nTraceback (most recent call last):\n  File "a.py", line 3, in f\n'
        "ValueError: no\n- Python version: 3.9\nnumpy==1.2\n- [x] I searched\n**Expected behavior**\nNo crash.\n"
    )
    assert prose_of(text).split() == ["Crash", "in", "load()", "Call", "it", "twice.", "No", "crash."]


def test_pasted_output_does_not_make_a_task_longer() -> None:
    plain = "Crash in load()\n\nIt should give an empty list."
    pasted = plain + "\n```\n" + "some long output of the program with many words\n" * 40 + "```\n"
    assert abs(classify_task(plain).odds[0] - classify_task(pasted).odds[0]) < 0.25


@pytest.mark.parametrize(
    "text",
    [
        "Fix the parser of dates. " * 40_000,
        "x " * 100_000,
        "`" * 50_000,
        "- " * 50_000,
        "<!--" * 20_000,
        "/" * 50_000,
        "a_" * 50_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    assert classify_task(text).tier


def test_no_tier_takes_over_the_cases() -> None:
    said = [classify_task(text).tier for _, text in CASES]
    assert max(said.count(tier) for tier in TIERS) <= 0.8 * len(said)
    assert min(said.count(tier) for tier in TIERS) >= 0.1 * len(said)


def test_some_plain_small_tasks_are_light_with_confidence() -> None:
    small = [classify_task(text) for wanted, text in CASES if wanted == ["light"]]
    sure = [labels for labels in small if labels.tier == "light" and labels.confidence >= SURE]
    assert len(sure) >= len(small) / 2
