from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smista_git.plan.tokens import count_pieces, count_tokens, pieces_in, tokens_of

# Text, and what the tokenizer of SmolLM2-135M makes of it (llama.cpp's /tokenize).
MEASURED = [
    ("hello world def foo(): pass", 6),
    ("", 0),
]


@pytest.mark.parametrize(("text", "tokens"), MEASURED)
def test_never_below_a_real_tokenizer(text: str, tokens: int) -> None:
    assert count_tokens(text) >= tokens


def test_a_character_beyond_ascii_counts_double() -> None:
    assert count_pieces("日本") == 4


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=40), max_size=8))
def test_lines_add_up(lines: list[str]) -> None:
    assert count_pieces("\n".join(lines)) == sum(map(count_pieces, lines)) + max(len(lines) - 1, 0)


@given(st.integers(0, 10_000_000))
def test_pieces_in_a_budget_cost_no_more_than_it(tokens: int) -> None:
    assert tokens_of(pieces_in(tokens)) <= tokens
