"""Cuts text into tokens and words, once for every signal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from smista_git.change.pattern import regex
from smista_git.classify.change_type.lines import MOST_LETTERS, Side

MOST_KEPT = 16_384  # names whose words are remembered
# The operators that the shapes of code are counted from, and names.
_OPERATORS = r"&&|\|\||\?\?|\?\.|!=|=>|--(?=[a-z])|#(?=\d{2})|@(?=\w)"
_OPERATOR = regex(_OPERATORS)
_TOKEN = regex(rf"[A-Za-z_]\w*|{_OPERATORS}")
_LETTERS = regex(r"[A-Za-z]{2,}")
_DIGITS, _AFTER_DIGITS = "0123456789", ":"
_NO_NAMES = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}
_NO_LETTERS = {code: " " for code in range(128) if not chr(code).isalpha()}
_WORD = regex(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")


class Tokens(NamedTuple):
    """How often each token stands in the added and in the removed lines."""

    added: Counter[str]
    removed: Counter[str]


def tokens_of(side: Side) -> Tokens:
    """The tokens of both sides, as far as the bound on letters reaches."""
    return Tokens(count_tokens(side.added), count_tokens(side.removed))


def count_tokens(texts: Iterable[str]) -> Counter[str]:
    """How often each token stands in the lines, as far as the bound on letters reaches."""
    text = "\n".join(texts)[:MOST_LETTERS]
    if not text.isascii():
        return Counter(_TOKEN.findall(text))
    # Of plain ASCII the same comes out, in less than half of the time.
    counts = Counter(text.translate(_NO_NAMES).split())
    for number in [token for token in counts if token < _AFTER_DIGITS]:
        count, name = counts.pop(number), number.lstrip(_DIGITS)
        if name:
            counts[name] += count
    for operator in _OPERATOR.findall(text):
        counts[operator] += 1
    return counts


class Words(dict[str, tuple[str, ...]]):
    """The words of two letters and more that a name is made of, in lower case; where a vocabulary is given, those in it.

    They are kept, for the names of a history return, and all forgotten when they are too many.
    """

    def __init__(self, vocabulary: frozenset[str] | None = None) -> None:
        self._vocabulary = vocabulary

    def __missing__(self, name: str) -> tuple[str, ...]:
        if len(self) >= MOST_KEPT:
            self.clear()
        plain = name.isalpha() and name.islower() and name.isascii() and len(name) > 1
        words = [name] if plain else [word.lower() for word in _WORD.findall(name)]
        if (known := self._vocabulary) is not None:
            words = [word for word in words if word in known]
        self[name] = found = tuple(words)
        return found

    def of(self, names: Iterable[str]) -> set[str]:
        """The words of all names."""
        return set(chain.from_iterable(map(self.__getitem__, names)))

    def of_lines(self, texts: Iterable[str]) -> set[str]:
        """The words of lines, as far as the bound on letters reaches."""
        text = "\n".join(texts)[:MOST_LETTERS]
        # Of plain ASCII the same comes out, in about half of the time.
        return self.of(set(text.translate(_NO_LETTERS).split() if text.isascii() else _LETTERS.findall(text)))
