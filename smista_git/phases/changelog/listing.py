"""Which entries people would list: what users see, and what a file's own past releases show that it lists."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from smista_git.change.paths import is_changelog
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.sections import LISTED_KINDS
from smista_git.phases.changelog.traits import (
    Paths,
    Surroundings,
    Touched,
    is_bot,
    says_something,
    shipped_weights,
    surroundings_of,
    touched_by,
    traits_of,
)
from smista_git.phases.changelog.wording import stems

LEAST_EXAMPLES = 12
ROUNDS = 12
# The step, the pull towards what holds everywhere, how often a feature must occur, and the line above which an entry is
# listed: lower than even odds, since that is where F1 is best. Tried on forty-two repositories with hand-kept files:
# half or twice the pull, half the rounds, and a line at 0 moved the mean F1 by less than 0.01.
STEP = 0.15
PULL = 0.01
COMMON, COMMON_WORD = 3, 6
LINE = -0.25
# Where less of a section than this is found in the history, its commits cannot be told apart, and it teaches nothing.
LEAST_FOUND = 0.5
# What a release counts for beside the one after it.
FADING = 0.9
# What breaks is told to users, and what says nothing is not, whatever the weights have learned.
BREAKING, SAYS_NOTHING = 3.0, -6.0
# What says that it is a feature or a fix, and changes the source, is listed until a file's own past says otherwise.
MEANT = 0.3
_WORD = re.compile(r"[A-Za-z][\w-]+")
_SURFACES = {
    "docs": "documents",
    "example": "documents",
    "changelog": "documents",
    "test": "tests",
    "ci": "CI",
}

Says = Callable[[Entry], bool | None]


@dataclass(frozen=True, slots=True)
class Listing:
    """``trust`` is how much the general rule counts, ``weights`` what each feature adds, in log-odds."""

    trust: float = 1.0
    weights: Mapping[str, float] = field(default_factory=dict)

    def scores(self, entries: Sequence[Entry], paths: Paths) -> list[float]:
        """The log-odds that people would list each of the entries of one release."""
        general = general_scores(entries, paths)
        if not self.weights:
            return general
        return [
            self.trust * score
            + sum([self.weights.get(name, 0.0) for name in features(entry, touched_by(entry, paths))])
            for entry, score in zip(entries, general, strict=True)
        ]

    def verdicts(self, entries: Sequence[Entry], paths: Paths, says: Says = lambda entry: None) -> list[str]:
        """Why people would not list each of the entries of one release; empty where they would.

        ``says`` is what the policy says of an entry, if it does.
        """
        scores = self.scores(entries, paths)
        return [
            self._verdict(entry, paths, score, says(entry))
            for entry, score in zip(entries, scores, strict=True)
        ]

    def _verdict(self, entry: Entry, paths: Paths, score: float, said: bool | None) -> str:
        if said is None:
            return "" if score > LINE else self._reason(entry, paths)
        return "" if said else f"the policy excludes {entry.kind}"

    def _reason(self, entry: Entry, paths: Paths) -> str:
        """What speaks most against listing it."""
        touched = touched_by(entry, paths)
        if plain := _plain_reason(entry, touched):
            return plain
        if self.weights:
            name = min(features(entry, touched), key=lambda name: self.weights.get(name, 0.0))
            if self.weights.get(name, 0.0) < -0.1:
                return f"past releases leave this out ({name})"
        return f"{entry.kind} is not for users" if entry.kind not in LISTED_KINDS else "it reads as internal"


def _plain_reason(entry: Entry, touched: Touched) -> str:
    """What anybody would say against it, or an empty string."""
    if entry.kind == "release":
        return "it makes a release"
    if not says_something(entry):
        return "it is no more than a number"
    if is_bot(entry):
        return "it is by a robot"
    if entry.kind in LISTED_KINDS and touched.main not in ("source", "unknown"):
        return f"it touches only {_SURFACES.get(touched.main, 'project files')}"
    return ""


@dataclass(frozen=True, slots=True)
class Example:
    """An entry of a past release, and whether it was listed.

    ``general`` is what holds everywhere says of it, in log-odds; ``weight`` is how sure it is that it was listed or not,
    up to 1.
    """

    entry: Entry
    listed: bool
    general: float
    weight: float = 1.0


def examples_of(
    judged: Sequence[tuple[Entry, bool]], paths: Paths, *, items: int, found: int, age: int = 0
) -> list[Example]:
    """What one section teaches, of whose ``items`` so many were ``found`` in the history; ``age`` counts releases.

    What was not found may be any of the commits that seem not to be listed, so these weigh less.
    """
    share = found / items if items else 0.0
    if share < LEAST_FOUND:
        return []
    scores = general_scores([entry for entry, _ in judged], paths)
    fresh = FADING**age
    return [
        Example(entry, listed, score, fresh if listed else fresh * share * share)
        for (entry, listed), score in zip(judged, scores, strict=True)
    ]


def general_scores(entries: Sequence[Entry], paths: Paths) -> list[float]:
    """The log-odds that people list each of the entries of one release, by what holds in every repository."""
    both = [(entry, touched_by(entry, paths)) for entry in entries]
    weights, amid = shipped_weights(), surroundings_of(both)
    scores = []
    for entry, touched in both:
        score = weights["bias"] + sum([weights.get(trait, 0.0) for trait in traits_of(entry, touched, amid)])
        score += BREAKING if entry.breaking else 0.0
        if entry.kind in LISTED_KINDS and touched.main in ("source", "unknown") and speaks(entry, amid):
            score = max(score, MEANT)
        scores.append(score if says_something(entry) else score + SAYS_NOTHING)
    return scores


def speaks(entry: Entry, amid: Surroundings) -> bool:
    """Whether an entry is as good as any that says what it is: it has a type, or nobody there has a pull request either."""
    return entry.conventional or (not entry.unsure and not amid.pulls and not amid.writes)


def learn_listing(examples: Sequence[Example], paths: Paths) -> Listing:
    """What past releases teach; the general rule for too few of them.

    A logistic regression whose prior is the general rule.
    """
    if len(examples) < LEAST_EXAMPLES or not any(example.listed for example in examples):
        return Listing()
    found = [tuple(features(example.entry, touched_by(example.entry, paths))) for example in examples]
    counts = Counter(name for names in found for name in names)
    weights = {
        name: 0.0
        for name, count in counts.items()
        if count >= (COMMON_WORD if name.startswith("word ") else COMMON)
    }
    rows = [
        (e.general, [n for n in names if n in weights], float(e.listed), e.weight)
        for e, names in zip(examples, found, strict=True)
    ]
    trust = 1.0
    for turn in range(ROUNDS):
        step = STEP / (1 + turn / 4)
        for base, names, listed, weight in rows:
            score = trust * base + sum([weights[name] for name in names])
            error = weight * (listed - 1 / (1 + math.exp(-max(min(score, 30.0), -30.0))))
            trust += step * (error * base * 0.2 - PULL * (trust - 1.0))
            for name in names:
                weights[name] += step * (error - PULL * weights[name])
    return Listing(max(trust, 0.0), weights)


def features(entry: Entry, touched: Touched) -> Iterator[str]:
    """What is known of an entry, as words: its kind, who wrote it, what it touched, what it speaks of."""
    yield "always"
    yield f"kind {entry.kind}"
    yield f"surface {touched.main}"
    if touched.paths:
        yield "writes the changelog" if any(map(is_changelog, touched.paths)) else "leaves the changelog"
    yield "has a pull request" if entry.pull else "has no pull request"
    yield "by a robot" if is_bot(entry) else "by a person"
    yield "conventional" if entry.conventional else "plain"
    if entry.references:
        yield "closes an issue" if any(r.closes for r in entry.references) else "names an issue"
    if entry.scope:
        yield f"scope {entry.scope.lower()}"
    for folder in {path.split("/", 1)[0] for path in touched.paths if "/" in path}:
        yield f"folder {folder}"
    for word in {min(stems(word.lower()), key=len) for word in _WORD.findall(entry.text)}:
        yield f"word {word}"
