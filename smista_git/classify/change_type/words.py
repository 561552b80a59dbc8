"""Cuts text into tokens and words, once for every signal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from smista_git.change.pattern import regex
from smista_git.classify.change_type.lines import MOST_LETTERS, Side

# Names, and the operators that the shapes of code are counted from.
_TOKEN = regex(r"[A-Za-z_]\w*|&&|\|\||\?\?|\?\.|!=|=>|--(?=[a-z])|#(?=\d{2})|@(?=\w)")
_LETTERS = regex(r"[A-Za-z]{2,}")
_NO_LETTERS = {code: " " for code in range(128) if not chr(code).isalpha()}
_WORD = regex(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")


class Tokens(NamedTuple):
    """How often each token stands in the added and in the removed lines."""

    added: Counter[str]
    removed: Counter[str]


def tokens_of(side: Side) -> Tokens:
    """The tokens of both sides, as far as the bound on letters reaches."""
    return Tokens(*(Counter(_TOKEN.findall("\n".join(t)[:MOST_LETTERS])) for t in (side.added, side.removed)))


def names_of(texts: Iterable[str]) -> set[str]:
    """The tokens that lines hold, as far as the bound on letters reaches."""
    return set(_TOKEN.findall("\n".join(texts)[:MOST_LETTERS]))


def words_in(tokens: Iterable[str]) -> set[str]:
    """The words that tokens are made of, in lower case."""
    return set(chain.from_iterable(map(words_of, tokens)))


def words_of_lines(texts: Iterable[str]) -> set[str]:
    """The words of lines, in lower case."""
    text = "\n".join(texts)[:MOST_LETTERS]
    # Of plain ASCII the same comes out, in about half of the time.
    found = set(text.translate(_NO_LETTERS).split() if text.isascii() else _LETTERS.findall(text))
    return words_in(token for token in found if len(token) > 1)


@lru_cache(maxsize=16384)
def words_of(token: str) -> tuple[str, ...]:
    """The words of two letters and more that one name is made of, in lower case."""
    return tuple(word.lower() for word in _WORD.findall(token))
