"""Which entries people would list: what users see, and what a file's own past releases show that it lists."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from smista_git.change.paths import role_of
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.sections import LISTED_KINDS
from smista_git.phases.changelog.wording import stems

LEAST_EXAMPLES = 12
ROUNDS = 12
# The step and the pull towards what holds everywhere; from cross-validation over the repositories of
# bench/changelog.py, where neither half nor twice of either made a difference of 0.01 in F1.
STEP = 0.15
PULL = 0.01
COMMON = 3
_BOT = re.compile(
    r"\[bot\]|dependabot|renovate|greenkeeper|pre-commit-ci|snyk-bot|github-actions|weblate|crowdin", re.I
)
_WORD = re.compile(r"[A-Za-z][\w-]+")
_QUIET = {
    "docs": "docs", "example": "docs", "changelog": "docs", "test": "test", "ci": "ci", "config": "meta",
    "lockfile": "meta", "manifest": "meta", "build": "meta", "vendored": "meta", "other": "meta",
}  # fmt: skip

Paths = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Listing:
    """``trust`` is how much the general rule counts, ``weights`` what each feature adds, in log-odds."""

    trust: float = 1.0
    weights: Mapping[str, float] = field(default_factory=dict)

    def score(self, entry: Entry, paths: Paths) -> float:
        """Above 0 for what people would list."""
        found = features(entry, paths)
        return self.trust * default_score(entry, paths) + sum(self.weights.get(name, 0.0) for name in found)

    def lists(self, entry: Entry, paths: Paths) -> bool:
        """Whether people would list it."""
        return self.score(entry, paths) > 0


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
    return score


def learn_listing(examples: Sequence[tuple[Entry, bool]], paths: Paths) -> Listing:
    """What past releases teach, from entries and whether they were listed; the general rule for too few of them.

    A logistic regression whose prior is the general rule.
    """
    if len(examples) < LEAST_EXAMPLES or not any(listed for _, listed in examples):
        return Listing()
    rows = [
        (default_score(e, paths), tuple(features(e, paths)), 1.0 if listed else 0.0) for e, listed in examples
    ]
    counts = Counter(name for _, names, _ in rows for name in names)
    rows = [(base, tuple(n for n in names if counts[n] >= COMMON), listed) for base, names, listed in rows]
    trust, weights = 1.0, dict.fromkeys((n for n, count in counts.items() if count >= COMMON), 0.0)
    for turn in range(ROUNDS):
        step = STEP / (1 + turn / 4)
        for base, names, listed in rows:
            score = trust * base + sum(weights[name] for name in names)
            error = listed - 1 / (1 + math.exp(-max(min(score, 30.0), -30.0)))
            trust += step * (error * base * 0.2 - PULL * (trust - 1.0))
            for name in names:
                weights[name] += step * (error - PULL * weights[name])
    return Listing(max(trust, 0.0), weights)


def features(entry: Entry, paths: Paths) -> Iterator[str]:
    """What is known of an entry, as words: its kind, who wrote it, what it touched, what it speaks of."""
    yield "always"
    yield f"kind {entry.kind}"
    yield f"surface {surface_of(entry, paths)}"
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


def is_bot(entry: Entry) -> bool:
    """True for an author that is a program."""
    return _BOT.search(f"{entry.author} {entry.email}") is not None
