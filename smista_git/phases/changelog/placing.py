"""Which of a file's own sections an entry goes under: learned from the entries that people put under each."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from smista_git.phases.changelog.document import Document
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.match import words_of
from smista_git.phases.changelog.sections import kinds_of_name, plain_name
from smista_git.phases.changelog.wording import kind_of_words

SAMPLE = 12
LEAST_ITEMS = 12
# How many examples what holds everywhere counts for, how much the size of a section does, and what its name does where it
# says the entry's kind first or among others. Tried on eight
# repositories with sections of their own: half or twice of each moved the mean agreement by less than 0.04.
SHRINK = 16.0
SIZE = 1.0
NAMED, ALSO_NAMED = 3.0, 1.5
BREAKING = 4.0
_PEOPLE = re.compile(r"contribut(?:ors|ions by)|thanks|credits|acknowledge?ments|who helped", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Placing:
    """How many entries stand under each section, and how many of these have each feature; ``total`` is of all sections.

    ``titles`` has each section by its plain name, as the newest release writes it.
    """

    titles: dict[str, str] = field(default_factory=dict)
    sizes: Counter[str] = field(default_factory=Counter)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    total: Counter[str] = field(default_factory=Counter)

    @property
    def knows(self) -> bool:
        """Whether there is enough to go by."""
        return len(self.sizes) > 1 and self.sizes.total() >= LEAST_ITEMS

    def best(self, entry: Entry, here: Sequence[str] = ()) -> str:
        """The section for an entry, as the file writes it: one of those learned, or one that the release has already."""
        titles = {**self.titles, **{plain_name(title): title for title in here if title}}
        marks = tuple(features_of(entry.text, entry.kind, scope=entry.scope or ""))
        return titles[max(titles, key=lambda name: (self._score(name, entry, marks), self.sizes[name]))]

    def _score(self, name: str, entry: Entry, marks: Sequence[str]) -> float:
        """The log-odds of a section, by naive Bayes with counts drawn towards those of all sections."""
        everything, size = self.sizes.total(), self.sizes[name]
        counts = self.counts.get(name, Counter())
        score = SIZE * math.log((size + 1) / (everything + len(self.sizes)))
        for mark in marks:
            if mark in self.total:
                usual = self.total[mark] / everything
                score += math.log((counts[mark] + SHRINK * usual) / ((size + SHRINK) * usual))
        return score + _by_name(name, entry)


def _by_name(name: str, entry: Entry) -> float:
    kinds = kinds_of_name(name)
    if "breaking" in kinds:
        return BREAKING if entry.breaking else -BREAKING
    kind = "change" if entry.unsure else entry.kind
    if kind not in kinds:
        return 0.0
    return NAMED if kind == kinds[0] else ALSO_NAMED


def learn_placing(document: Document) -> Placing:
    """What the newest releases of a file put where; sections that thank people are none."""
    placing = Placing()
    for section in [s for s in document.sections if s.items][:SAMPLE]:
        for group in section.groups:
            name = plain_name(group.title)
            if not name or not group.items or _PEOPLE.search(name):
                continue
            placing.titles.setdefault(name, group.title)
            for item in group.items:
                marks = set(features_of(item.text, ""))
                placing.sizes[name] += 1
                placing.counts.setdefault(name, Counter()).update(marks)
                placing.total.update(marks)
    return placing


def features_of(text: str, kind: str, *, scope: str = "") -> Iterator[str]:
    """What an entry is known by: its kind, or the one that its words announce, and its words."""
    said, confidence = kind_of_words(text)
    yield f"kind {kind or (said if confidence >= 0.5 else 'change')}"
    yield from words_of(f"{scope} {text}")
