"""A Fact: one thing that a change does, in words that can be shortened without cutting a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.wording import join_names, plural

_FROM_TO = regex(r"from \S.*? (?P<to>to \S+)$")
Topic = Literal["release", "bump", "code", "test", "docs", "ci", "config", "file", "told"]


@dataclass(frozen=True, slots=True)
class Fact:
    """``verb`` + ``lead`` + ``objects`` + ``noun`` + ``tail``; the tail and the later objects may be dropped.

    ``weight`` orders facts, heaviest first; ``path`` is the file that it was read from, "" for several.
    A ``firm`` tail is never dropped: without it the phrase would say something else.
    """

    topic: Topic
    verb: str
    objects: tuple[str, ...] = ()
    noun: str = ""
    tail: str = ""
    lead: str = ""
    weight: float = 1.0
    path: str = ""
    firm: bool = False

    def phrases(self) -> Iterator[str]:
        """The ways to say it, the fullest first."""
        counts = [len(self.objects)] + [k for k in (3, 2, 1) if k < len(self.objects)]
        for count in counts:
            for tail in self._tails():
                yield self._say(count, tail)
        if self.noun and len(self.objects) == 1 and not self.firm:
            yield replace(self, noun="", tail="")._say(1, "")

    def fitting(self, room: int) -> str | None:
        """The fullest phrase of at most ``room`` characters, or None."""
        return next((p for p in self.phrases() if len(p) <= room), None)

    def _tails(self) -> Iterator[str]:
        """The tail, then less of it: the place goes first, then what it was before."""
        yield self.tail
        if self.tail and not self.firm:
            what, place, _ = self.tail.rpartition(" in ")
            if place:
                yield what
            if match := _FROM_TO.match(what or self.tail):
                yield match["to"]
            yield ""

    def _say(self, count: int, tail: str) -> str:
        shown = self.objects[:count]
        names = join_names(shown, more=count < len(self.objects))
        noun = plural(self.noun) if len(self.objects) > 1 else self.noun
        if count < len(self.objects) and noun:
            names, noun = names.removesuffix(" and more"), f"and more {noun}"
        words = (self.verb, self.lead, names, noun, tail)
        return " ".join(w for w in words if w).replace(" ,", ",")


def merge(facts: Iterable[Fact]) -> list[Fact]:
    """Facts that say the same of several things become one; the order of first appearance is kept."""
    merged: dict[tuple[str, ...], Fact] = {}
    for fact in facts:
        key = (fact.topic, fact.verb, fact.lead, fact.noun, _distinct(fact))
        known = merged.get(key)
        merged[key] = fact if known is None else _both(known, fact)
    return _everywhere(list(merged.values()))


def _everywhere(facts: list[Fact]) -> list[Fact]:
    """The same thing done in several places is told once, without the places."""
    grouped: dict[tuple[object, ...], list[Fact]] = {}
    for fact in facts:
        what = fact.tail.rpartition(" in ")[0] or (fact.tail if not fact.tail.startswith("in ") else "")
        grouped.setdefault((fact.topic, fact.verb, fact.lead, fact.objects, fact.noun, what), []).append(fact)
    return [group[0] if len(group) == 1 else _spread(group, str(key[-1])) for key, group in grouped.items()]


def _spread(group: list[Fact], tail: str) -> Fact:
    """A fact of several places, told of none of them; where it names nothing else, of the first ones."""
    fact = max(group, key=lambda f: f.weight)
    if fact.objects:
        return replace(fact, tail=tail, path="")
    places = tuple(dict.fromkeys(f.tail.rpartition(" in ")[2].removeprefix("in ") for f in group))
    within = f"in {join_names(places[:2], more=len(places) > 2)}"
    return replace(fact, tail=f"{tail} {within}".strip(), noun=plural(fact.noun), path="")


def _distinct(fact: Fact) -> str:
    """What else must agree for two facts to be one: the tail, but for things that merely came or went."""
    if fact.topic == "told":
        return fact.objects[0]
    listed = (
        fact.objects and not fact.firm and fact.verb in {"add", "remove", "bump", "update", "ignore", "cover"}
    )
    return "" if listed else fact.tail


def _both(one: Fact, other: Fact) -> Fact:
    if other.weight > one.weight:
        one, other = other, one
    return replace(
        one,
        objects=tuple(dict.fromkeys(one.objects + other.objects)),
        tail=one.tail if one.tail == other.tail or not set(other.objects) - set(one.objects) else "",
        path=one.path if one.path == other.path else "",
        weight=one.weight,
    )
