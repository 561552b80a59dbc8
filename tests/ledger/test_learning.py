"""A tier moves by one at most, and only on clear counts."""

from __future__ import annotations

import pytest

from smista_git.ledger.learning import Cell, Counts, edit_distance, suggest, wilson

LIGHT = Cell("commit", "fix", "light")
STANDARD = Cell("commit", "fix", "standard")
HEAVY = Cell("commit", "fix", "heavy")


@pytest.mark.parametrize(
    ("good", "total", "low", "high"),
    # Published values: Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(good: int, total: int, low: float, high: float) -> None:
    assert wilson(good, total) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("counts", "cell", "expected"),
    [
        ({}, STANDARD, None),
        ({STANDARD: Counts(19, 0)}, STANDARD, None),
        ({STANDARD: Counts(20, 0)}, STANDARD, -1),
        ({STANDARD: Counts(90, 10)}, STANDARD, -1),
        ({STANDARD: Counts(16, 4)}, STANDARD, None),
        ({STANDARD: Counts(30, 0), LIGHT: Counts(0, 6)}, STANDARD, None),
        ({LIGHT: Counts(30, 0)}, LIGHT, None),
        ({LIGHT: Counts(0, 4)}, LIGHT, None),
        ({LIGHT: Counts(0, 5)}, LIGHT, 1),
        ({LIGHT: Counts(3, 5)}, LIGHT, None),
        ({HEAVY: Counts(0, 30)}, HEAVY, None),
        ({HEAVY: Counts(30, 0)}, HEAVY, -1),
    ],
)
def test_a_suggestion_needs_clear_counts(
    counts: dict[Cell, Counts], cell: Cell, expected: int | None
) -> None:
    assert suggest(counts, cell) == expected


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("fix: the parser", "fix: the parser", 0),
        ("fix: the parser", "fix: a parser", 1),
        ("", "a b", 2),
        ("a b c", "c", 2),
    ],
)
def test_edit_distance_counts_words(before: str, after: str, words: int) -> None:
    assert edit_distance(before, after) == words
