"""Which of a file's own sections an entry goes under: learned from the entries that people put under each."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from smista_git.phases.changelog.document import Document, Section
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.match import words_of
from smista_git.phases.changelog.sections import KEEP_A_CHANGELOG, kinds_of_name, plain_name, section_of
from smista_git.phases.changelog.traits import Touched
from smista_git.phases.changelog.wording import kind_of_words

SAMPLE = 12
LEAST_ITEMS = 5
# How many examples what holds everywhere counts for, and what the name of a section does where it says the entry's kind
# first or among others. Tried on twenty-eight repositories with sections of their own: half of what names do moved the mean
# agreement by 0.01.
SHRINK = 16.0
NAMED, ALSO_NAMED = 3.0, 1.5
BREAKING = 4.0
# That the release which is written has the section already, the more so the more it has; how often its own entries count;
# and what use by a release counts for beside use by the next newer one. Of 425 entries of the merge bench as many found
# their section, give or take one, with 2 for 2.5; letting old entries fade too cost 0.01 to 0.04 of the agreement.
HERE, WITHIN, FADING = 2.5, 3, 0.7
# Kinds whose section Keep a Changelog wants, though a file seldom has it.
RARE = ("deprecate", "security")
_PEOPLE = re.compile(r"contribut(?:ors|ions by)|thanks|credits|acknowledge?ments|who helped", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many examples each section has, and how many of these have each feature; ``total`` is of all sections."""

    sizes: Counter[str] = field(default_factory=Counter)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    total: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, marks: Iterable[str], weight: int = 1) -> None:
        """Take an example of a section that counts for ``weight`` of them."""
        seen = dict.fromkeys(marks, weight)
        self.sizes[name] += weight
        self.counts.setdefault(name, Counter()).update(seen)
        self.total.update(seen)

    def log_odds(self, name: str, marks: Iterable[str]) -> float:
        """What features say for a section: naive Bayes, with counts drawn towards those of all sections."""
        everything, size = self.sizes.total(), self.sizes[name]
        counts, score = self.counts.get(name, Counter()), 0.0
        for mark in marks:
            if mark in self.total:
                usual = self.total[mark] / everything
                score += math.log((counts[mark] + SHRINK * usual) / ((size + SHRINK) * usual))
        return score


@dataclass(frozen=True, slots=True)
class Home:
    """An entry of a past release, what it touched, and the section that people put it under."""

    entry: Entry
    touched: Touched
    section: str


@dataclass(frozen=True, slots=True)
class Placing:
    """What stands under each section: ``words`` of the file's own entries, ``homes`` of the commits that these tell of.

    ``titles`` has each section by its plain name, as the newest release writes it; ``uses`` is how many releases have
    it, older ones counting for less; ``loose`` is how many entries stand under none, ``own`` how many the release that is
    written has under sections.
    """

    titles: dict[str, str] = field(default_factory=dict)
    words: Tally = field(default_factory=Tally)
    homes: Tally = field(default_factory=Tally)
    loose: int = 0
    own: int = 0
    uses: dict[str, float] = field(default_factory=dict)

    @property
    def knows(self) -> bool:
        """Whether there is enough to go by, and the file has its entries under sections at all."""
        return self.words.sizes.total() >= max(LEAST_ITEMS, self.loose)

    def placed(self, entry: Entry, touched: Touched) -> Entry:
        """The entry with what the homes of its like say for each section, and with the section that is best for it."""
        marks = set(marks_of(entry, touched))
        leans = tuple((name, self.homes.log_odds(name, marks)) for name in self.titles)
        leaning = replace(entry, leans=leans)
        return replace(leaning, section=self.best(leaning))

    def best(self, entry: Entry, here: Sequence[str] = ()) -> str:
        """The section for an entry, as the file writes it: one of those learned, or one that the release has already."""
        titles = {**self.titles, **{plain_name(title): title for title in here if title}}
        if entry.kind in RARE and not titles.keys().isdisjoint(map(plain_name, KEEP_A_CHANGELOG)):
            return titles.get(plain_name(section_of(entry)), section_of(entry))
        words = set(features_of(entry.text, entry.kind, scope=entry.scope or ""))
        leans = dict(entry.leans)
        own = {plain_name(title): HERE * math.log1p(self.own) for title in here}

        def score(name: str) -> tuple[float, int]:
            said = self.words.log_odds(name, words) + leans.get(name, 0.0) + _by_name(name, entry)
            return said + self._usual(name) + own.get(name, 0.0), self.words.sizes[name]

        return titles[max(titles, key=score)]

    def _usual(self, name: str) -> float:
        """How usual a section is, in log-odds up to what all sections have in common."""
        return math.log(self.words.sizes[name] + 1) + math.log(self.uses.get(name, 0.0) + 0.5)


def _by_name(name: str, entry: Entry) -> float:
    kinds = kinds_of_name(name)
    if "breaking" in kinds:
        return BREAKING if entry.breaking else -BREAKING
    kind = "change" if entry.unsure else entry.kind
    if kind not in kinds:
        return -NAMED if kinds and kinds[0] in RARE else 0.0
    return NAMED if kind == kinds[0] else ALSO_NAMED


def learn_placing(document: Document, homes: Iterable[Home] = (), within: Section | None = None) -> Placing:
    """What the newest releases of a file put where; sections that thank people are none.

    The entries of the release that is written, ``within``, count for more.
    """
    sections = [s for s in document.sections if s.items][:SAMPLE]
    own = sum(len(group.items) for group in within.groups if group.title) if within else 0
    apart = [within] if within and own else sections
    placing = Placing(loose=sum(len(g.items) for s in apart for g in s.groups if not g.title), own=own)
    for age, section in enumerate(sections):
        for group in section.groups:
            name = plain_name(group.title)
            if not name or not group.items or _PEOPLE.search(name):
                continue
            placing.titles.setdefault(name, group.title)
            placing.uses[name] = placing.uses.get(name, 0.0) + FADING**age
            for item in group.items:
                placing.words.add(name, features_of(item.text, ""), WITHIN if section is within else 1)
    for home in homes:
        if (name := plain_name(home.section)) in placing.titles:
            placing.homes.add(name, marks_of(home.entry, home.touched))
    return placing


def marks_of(entry: Entry, touched: Touched) -> Iterator[str]:
    """What a commit is known by, its words apart: its kind and its scope, and what it touched."""
    kind = "unsure" if entry.unsure else entry.kind
    yield f"kind {kind}"
    if entry.conventional:
        yield f"conventional {kind}"
    if entry.scope:
        yield f"scope {entry.scope.lower()}"
    if touched.paths:
        yield f"on {touched.main}"
        yield f"{kind} on {touched.main}"
    yield from (f"folder {path.split('/', 1)[0]}" for path in touched.paths if "/" in path)


def features_of(text: str, kind: str, *, scope: str = "") -> Iterator[str]:
    """What an entry is known by: its kind, or the one that its words announce, and its words."""
    said, confidence = kind_of_words(text)
    yield f"kind {kind or (said if confidence >= 0.5 else 'change')}"
    yield from words_of(f"{scope} {text}")
