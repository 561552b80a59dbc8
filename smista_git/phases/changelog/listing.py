"""Which entries people would list: what users see, and what a file's own past releases show that it lists."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from smista_git.change.paths import is_changelog, role_of
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.sections import LISTED_KINDS
from smista_git.phases.changelog.wording import stems

LEAST_EXAMPLES = 12
ROUNDS = 12
# The step, the pull towards what holds everywhere, how often a feature must occur, and the line above which an entry is
# listed: lower than even odds, since that is where F1 is best. Tried on eighteen repositories with hand-kept files:
# half or twice of each moved the mean F1 by less than 0.02.
STEP = 0.15
PULL = 0.01
COMMON, COMMON_WORD = 3, 6
LINE = -0.5
# Where less of a section than this is found in the history, its commits cannot be told apart, and it teaches nothing.
LEAST_FOUND = 0.5
_BOT = re.compile(
    r"\[bot\]|dependabot|renovate|greenkeeper|pre-commit-ci|snyk-bot|github-actions|weblate|crowdin", re.I
)
_WORD = re.compile(r"[A-Za-z][\w-]+")
_QUIET = {
    "docs": "docs", "example": "docs", "changelog": "docs", "test": "test", "ci": "ci", "config": "meta",
    "lockfile": "meta", "manifest": "meta", "build": "meta", "vendored": "meta", "other": "meta",
}  # fmt: skip
_SURFACES = {"docs": "documents", "test": "tests", "ci": "CI", "meta": "project files"}

Paths = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Listing:
    """``trust`` is how much the general rule counts, ``weights`` what each feature adds, in log-odds."""

    trust: float = 1.0
    weights: Mapping[str, float] = field(default_factory=dict)

    def score(self, entry: Entry, paths: Paths) -> float:
        """The log-odds that people would list it."""
        general = self.trust * default_score(entry, paths)
        if not self.weights:
            return general
        return general + sum(self.weights.get(name, 0.0) for name in features(entry, paths))

    def lists(self, entry: Entry, paths: Paths) -> bool:
        """Whether people would list it."""
        return self.score(entry, paths) > LINE

    def verdict(self, entry: Entry, paths: Paths, said: bool | None = None) -> str:
        """Why people would not list it; empty where they would. ``said`` is what the policy says, if it does."""
        if said is None:
            return "" if self.lists(entry, paths) else self.reason(entry, paths)
        return "" if said else f"the policy excludes {entry.kind}"

    def reason(self, entry: Entry, paths: Paths) -> str:
        """What speaks most against listing it."""
        against = (
            {name: self.weights.get(name, 0.0) for name in features(entry, paths)} if self.weights else {}
        )
        name = min(against, key=against.__getitem__, default="")
        general = self.trust * default_score(entry, paths)
        if name and against[name] < min(general, -0.1):
            return f"past releases leave this out ({name})"
        if entry.kind == "release":
            return "it makes a release"
        if not _says_something(entry):
            return "it is no more than a number"
        if is_bot(entry):
            return "it is by a robot"
        surface = surface_of(entry, paths)
        if entry.kind in LISTED_KINDS and surface not in ("source", "unknown"):
            return f"it touches only {_SURFACES[surface]}"
        return f"{entry.kind} is not for users" if general <= LINE else "past releases leave such out"


@dataclass(frozen=True, slots=True)
class Example:
    """An entry of a past release, and whether it was listed; ``weight`` is how sure that is, up to 1."""

    entry: Entry
    listed: bool
    weight: float = 1.0


def examples_of(judged: Sequence[tuple[Entry, bool]], *, items: int, found: int) -> list[Example]:
    """What one section teaches, of whose ``items`` so many were ``found`` in the history.

    What was not found may be any of the commits that seem not to be listed, so these weigh less.
    """
    share = found / items if items else 0.0
    if share < LEAST_FOUND:
        return []
    return [Example(entry, listed, 1.0 if listed else share * share) for entry, listed in judged]


def default_score(entry: Entry, paths: Paths) -> float:
    """What holds everywhere: users see features, fixes and what breaks, not tests, builds and robots."""
    score = 1.5 if entry.kind in LISTED_KINDS else -1.5
    if entry.unsure:
        score = 0.4
    if entry.kind == "release":
        score = -4.0
    surface = surface_of(entry, paths)
    if surface not in ("source", "unknown"):
        score -= 0.5 if entry.conventional else 2.0
    if entry.breaking:
        score += 3.0
    if is_bot(entry):
        score -= 2.5
    if not _says_something(entry):
        score -= 6.0
    return score


def learn_listing(examples: Sequence[Example], paths: Paths) -> Listing:
    """What past releases teach; the general rule for too few of them.

    A logistic regression whose prior is the general rule.
    """
    if len(examples) < LEAST_EXAMPLES or not any(example.listed for example in examples):
        return Listing()
    found = [tuple(features(example.entry, paths)) for example in examples]
    counts = Counter(name for names in found for name in names)
    weights = {
        name: 0.0
        for name, count in counts.items()
        if count >= (COMMON_WORD if name.startswith("word ") else COMMON)
    }
    rows = [
        (default_score(e.entry, paths), [n for n in names if n in weights], float(e.listed), e.weight)
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


def features(entry: Entry, paths: Paths) -> Iterator[str]:
    """What is known of an entry, as words: its kind, who wrote it, what it touched, what it speaks of."""
    yield "always"
    yield f"kind {entry.kind}"
    yield f"surface {surface_of(entry, paths)}"
    touched = [path for oid in entry.oids for path in paths.get(oid, ())]
    if touched:
        yield "writes the changelog" if any(map(is_changelog, touched)) else "leaves the changelog"
    yield "has a pull request" if entry.pull else "has no pull request"
    yield "by a robot" if is_bot(entry) else "by a person"
    yield "conventional" if entry.conventional else "plain"
    if entry.references:
        yield "closes an issue" if any(r.closes for r in entry.references) else "names an issue"
    if entry.scope:
        yield f"scope {entry.scope.lower()}"
    for folder in {path.split("/", 1)[0] for oid in entry.oids for path in paths.get(oid, ()) if "/" in path}:
        yield f"folder {folder}"
    for word in {min(stems(word.lower()), key=len) for word in _WORD.findall(entry.text)}:
        yield f"word {word}"


def surface_of(entry: Entry, paths: Paths) -> str:
    """What an entry touched: ``source``, or the quiet part that all of its files are of; ``unknown`` without paths."""
    touched = [path for oid in entry.oids for path in paths.get(oid, ())]
    kinds = {_QUIET.get(role_of(path), "source") for path in touched}
    if not kinds:
        return "unknown"
    if "source" in kinds:
        return "source"
    return kinds.pop() if len(kinds) == 1 else "meta"


def _says_something(entry: Entry) -> bool:
    return any(char.isalpha() for char in entry.text)


def is_bot(entry: Entry) -> bool:
    """True for an author that is a program."""
    return _BOT.search(f"{entry.author} {entry.email}") is not None
