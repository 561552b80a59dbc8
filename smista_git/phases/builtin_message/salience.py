"""Which names a change is about: those that its new lines speak of most, and its old lines did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.reading import Reading

_WORD = regex(r"[A-Za-z_][\w-]{2,}")
_MOST = 8


def salience(readings: Sequence[Reading]) -> Mapping[str, int]:
    """How much more often each word stands in added lines than in removed ones; files written by machines apart."""
    counted: Counter[str] = Counter()
    for reading in readings:
        if reading.role not in {"lock", "generated", "fixture", "changelog"}:
            for line in reading.added:
                counted.update(set(_WORD.findall(line)))
            for line in reading.removed:
                counted.subtract(set(_WORD.findall(line)))
    return counted


def prominence(fact: Fact, counted: Mapping[str, int]) -> float:
    """The share of a fact's weight that comes from its first name being everywhere, from 0 to 2."""
    if not fact.objects or fact.topic in {"bump", "release", "docs"}:
        return 0.0
    names = _WORD.findall(fact.objects[0])
    times = abs(counted.get(names[-1], 0)) if names else 0
    return 2.0 * min(times, _MOST) / _MOST
