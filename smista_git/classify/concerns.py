"""Concerns of a change: which of its files belong together, and what says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import combinations
from typing import Any

from smista_git.change.model import Change, FileChange
from smista_git.change.paths import role_of
from smista_git.change.pattern import regex
from smista_git.classify.labels import Evidence

_WORD = regex(r"[A-Za-z_$][\w$]{3,60}")
_PIECE = regex(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_AFFIX = frozenset(
    [
        "test",
        "tests",
        "spec",
        "specs",
        "e2e",
        "index",
        "main",
        "init",
        "mod",
        "lib",
        "src",
        "utils",
        "helper",
        "helpers",
        "readme",
        "docs",
        "doc",
        "stories",
        "snap",
    ]
)

# Beyond so many files the pairs cost more than they tell, and folders speak alone.
MOST_FILES = 120
MOST_WORDS = 4000  # of one file
COMMON_FROM = 7  # files in which a word changes: it ties none of them
SHARED_NAMES = 3  # beyond so many, more of them say no more

# What each tie adds to the log-odds that two files belong together, and where they start: a logistic regression
# over the pairs of 60 public repositories, in which neighbouring commits were glued together (bench/concerns.py).
START = -1.3
TIES: Mapping[str, float] = {
    "same name": 2.2,
    "lockfile and manifest": 2.0,
    "both moved": 1.4,
    "examples": 1.4,
    "shared new names": 1.3,
    "changelog and manifest": 1.1,
    "same folder": 1.0,
    "names the other": 0.9,
    "continuous integration": 0.9,
    "one folder below the other": 0.85,
    "same part of the tree": 0.7,
    "same lines": 0.5,
    "documents apart": -0.4,
    "continuous integration apart": -1.0,
    "settings apart": -1.0,
}
TIE_OF_ROLES = {
    frozenset({"lockfile", "manifest"}): "lockfile and manifest",
    frozenset({"changelog", "manifest"}): "changelog and manifest",
    frozenset({"example"}): "examples",
    frozenset({"ci"}): "continuous integration",
    frozenset({"config"}): "settings apart",
}
# Below even odds: in 14 repositories this loses least, changes weighed alike (F1 0.66 at 0, 0.73 here).
JOINS_ABOVE = -0.7


Tie = tuple[float, Evidence]


@dataclass(frozen=True, slots=True)
class Concern:
    """Files of a change that belong together, by path; ``evidence`` says what tied them, strongest first."""

    paths: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON shape of a concern."""
        return {
            "paths": list(self.paths),
            "evidence": [
                {"signal": e.signal, "value": e.value, "points_to": e.points_to} for e in self.evidence
            ],
        }


@dataclass(frozen=True, slots=True)
class _Traits:
    path: str
    folder: str
    stem: str
    role: str
    words: frozenset[str]
    words_low: frozenset[str]
    lines: frozenset[str]
    moved: bool


def concerns(change: Change) -> tuple[Concern, ...]:
    """The concerns, largest first, then by path; none for an empty change. The order of files and hunks is nothing.

    Each file is in exactly one. Groups grow from single files: the two whose files are tied most on average become
    one, as long as those ties speak for it.
    """
    files = sorted(change.files, key=lambda file: file.path)
    if len(files) > MOST_FILES:
        return _by_folder(files)
    traits = [_traits_of(file) for file in files]
    seen = Counter(word for one in traits for word in one.words)
    ties = {
        (one, other): tuple(_ties(traits[one], traits[other], seen))
        for one, other in combinations(range(len(files)), 2)
    }
    groups = _grow(len(files), {pair: START + sum(w for w, _ in found) for pair, found in ties.items()})
    found = [_concern(group, traits, ties) for group in groups]
    return tuple(sorted(found, key=lambda concern: (-len(concern.paths), concern.paths)))


def _grow(count: int, odds: Mapping[tuple[int, int], float]) -> list[list[int]]:
    """Groups of files by average linkage; of equal ties the first by path wins, so the result is stable."""
    groups = {at: [at] for at in range(count)}
    sums = dict(odds)

    def ranked(one: int, other: int) -> tuple[float, int, int]:
        pairs = len(groups[one]) * len(groups[other])
        return -round(sums[one, other] / pairs, 9), one, other

    best_first = [ranked(*pair) for pair in sums]
    heapify(best_first)
    while best_first:
        rank = heappop(best_first)
        odds_against, one, other = rank
        if odds_against >= -JOINS_ABOVE:
            break
        if (one, other) not in sums or rank != ranked(one, other):
            continue  # from before one of them grew
        del sums[one, other]
        groups[one] += groups.pop(other)
        for third in groups:
            if third != one:
                pair = min(one, third), max(one, third)
                sums[pair] += sums.pop((min(other, third), max(other, third)))
                heappush(best_first, ranked(*pair))
    return [sorted(group) for group in groups.values()]


def _concern(
    group: Sequence[int], traits: Sequence[_Traits], ties: Mapping[tuple[int, int], Sequence[Tie]]
) -> Concern:
    inside = [tie for pair in combinations(group, 2) for tie in ties[pair] if tie[0] > 0]
    inside.sort(key=lambda tie: (-tie[0], tie[1].signal, str(tie[1].value)))
    evidence = tuple(dict.fromkeys(item for _, item in inside))[:5]
    return Concern(tuple(traits[at].path for at in group), evidence)


def _by_folder(files: Sequence[FileChange]) -> tuple[Concern, ...]:
    groups: dict[str, list[str]] = {}
    for file in files:
        groups.setdefault("/".join(file.path.split("/")[:2][:-1]), []).append(file.path)
    found = [
        Concern(tuple(paths), (Evidence("folder", folder, "together"),)) for folder, paths in groups.items()
    ]
    return tuple(sorted(found, key=lambda concern: (-len(concern.paths), concern.paths)))


def _traits_of(file: FileChange) -> _Traits:
    folder, _, name = file.path.rpartition("/")
    added = [text for hunk in file.hunks for text in hunk.added]
    removed = [text for hunk in file.hunks for text in hunk.removed]
    words = set() if file.mechanical else _changed_words(added, removed)
    lines = frozenset(tight for text in added if len(tight := "".join(text.split())) > 12)
    low = frozenset(word.lower() for word in words) - {""}
    moved = len(file.paths) > 1
    return _Traits(file.path, folder, _stem(name), role_of(file.path), frozenset(words), low, lines, moved)


def _changed_words(added: Sequence[str], removed: Sequence[str]) -> set[str]:
    """Words that the change brings or takes away; those on both sides were there all along."""
    more = set(_WORD.findall("\n".join(added))[:MOST_WORDS])
    fewer = set(_WORD.findall("\n".join(removed))[:MOST_WORDS])
    return more ^ fewer


def _stem(name: str) -> str:
    """The name without what only says that it is a test, a story, a document; empty where nothing is left."""
    pieces = [piece.lower() for piece in _PIECE.findall(name.partition(".")[0])]
    pieces += [piece.lower() for piece in _PIECE.findall(name.partition(".")[2])][:-1]
    return "-".join(piece for piece in pieces if piece not in _AFFIX)


def _tie(name: str, value: str | int) -> Tie:
    return TIES[name], Evidence(name, value, "together" if TIES[name] > 0 else "apart")


def _ties(one: _Traits, other: _Traits, seen: Mapping[str, int]) -> Iterator[Tie]:
    if one.stem and one.stem == other.stem:
        yield _tie("same name", one.stem)
    elif one.stem in other.words_low or other.stem in one.words_low:
        yield _tie("names the other", one.stem if one.stem in other.words_low else other.stem)
    if one.moved and other.moved:
        yield _tie("both moved", one.path)
    shared = sorted(word for word in one.words & other.words if seen[word] < COMMON_FROM)
    if shared:
        weight = TIES["shared new names"] * min(len(shared), SHARED_NAMES) / SHARED_NAMES
        yield weight, Evidence("shared new names", ", ".join(shared[:SHARED_NAMES]), "together")
    same = one.lines & other.lines
    if len(same) > 1 or (same and max(map(len, same)) > 30):
        yield _tie("same lines", len(same))
    yield from _places(one.folder, other.folder)
    yield from _roles(one.role, other.role)


def _places(one: str, other: str) -> Iterator[Tie]:
    if one == other:
        yield _tie("same folder", one or ".")
    elif one.startswith(f"{other}/") or other.startswith(f"{one}/"):
        yield _tie("one folder below the other", min(one, other, key=len))
    top = one.split("/")[:2]
    if len(top) > 1 and top == other.split("/")[:2]:
        yield _tie("same part of the tree", "/".join(top))


def _roles(one: str, other: str) -> Iterator[Tie]:
    if name := TIE_OF_ROLES.get(frozenset((one, other))):
        yield _tie(name, one)
    if one != other:
        if "ci" in (one, other):
            yield _tie("continuous integration apart", one)
        elif "docs" in (one, other):
            yield _tie("documents apart", one)
