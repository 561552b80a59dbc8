"""Trains what holds everywhere of which entries people list, on repositories whose changelog people keep.

    python -m bench.train_listing REPO... --out smista_git/phases/changelog/weights.json

Logistic regression over the traits of entries. Each repository has a bias of its own, so that what is learned is what
sets entries apart within it, and counts for no more than ``MOST`` entries. Each entry is seen a second time as it is
where its files are not read, at ``BLIND`` of its weight. The measure is taken leave-repositories-out, in ``FOLDS``
parts. Needs numpy and scikit-learn, which the package itself does not.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bench.changelog import Truth, pairs_of, truth_of
from smista_git.git.repository import Repository
from smista_git.phases.changelog.document import parse_document
from smista_git.phases.changelog.listing import LEAST_FOUND, LINE
from smista_git.phases.changelog.traits import Paths, surroundings_of, touched_by, traits_of
from smista_git.workflow.changelog.file import file_at

RELEASES, JUDGED = 18, 8
STRENGTH = 0.3  # scikit-learn's C: the smaller, the stronger the pull of every weight to zero
OWN_BIAS = 0.5  # how loosely a repository's own bias is held
MOST, BLIND = 300, 0.3
FOLDS = 6
# A trait that fewer repositories or entries have says nothing of others.
LEAST_REPOSITORIES, LEAST_ENTRIES = 4, 8

Unit = tuple[bool, list[list[str]], list[list[str]]]


@dataclass(frozen=True)
class Release:
    """One release: the share of its items that the history accounts for, and its units with their traits.

    A unit is whether it was listed, then the traits of its entries with their files known, then without.
    """

    share: float
    units: list[Unit]


def release_of(truth: Truth, paths: Paths) -> Release:
    """The units of a release with the traits of their entries."""
    entries = [entry for unit in truth.units for entry in unit]
    views = []
    for known in (paths, {}):
        both = [(entry, touched_by(entry, known)) for entry in entries]
        amid = surroundings_of(both)
        views.append({id(e): list(traits_of(e, touched, amid)) for e, touched in both})
    units = [
        (listed, [views[0][id(e)] for e in unit], [views[1][id(e)] for e in unit])
        for unit, listed in zip(truth.units, truth.listed, strict=True)
    ]
    return Release((truth.items - truth.unmatched) / max(truth.items, 1), units)


def read(folder: Path) -> list[Release]:
    """The newest releases of a repository."""
    repo = Repository.discover(folder)
    found = file_at(repo, "HEAD")
    if found is None:
        return []
    document = parse_document(found[1])
    pairs = pairs_of(repo, found[0], document, RELEASES)
    return [release_of(truth_of(pair, document), pair.paths) for pair in pairs]


def rows_of(releases: Sequence[Release]) -> Iterator[tuple[list[str], bool, float]]:
    """Traits, whether listed, and weight, of the entries that teach."""
    usable = [release for release in releases if release.share >= LEAST_FOUND]
    scale = min(1.0, MOST / max(sum(len(release.units) for release in usable), 1))
    for release in usable:
        for listed, seen, blind in release.units:
            weight = scale * (1.0 if listed else release.share**2) / len(seen)
            yield from ((traits, listed, weight) for traits in seen)
            yield from ((traits, listed, weight * BLIND) for traits in blind)


def train(repositories: Sequence[Sequence[Release]]) -> dict[str, float]:
    """What each trait adds to the log-odds, and ``bias``."""
    rows = [(i, *row) for i, releases in enumerate(repositories) for row in rows_of(releases)]
    among, counts = defaultdict[str, set[int]](set), Counter[str]()
    for i, traits, _, _ in rows:
        counts.update(traits)
        for trait in traits:
            among[trait].add(i)
    names = [t for t in sorted(counts) if len(among[t]) >= LEAST_REPOSITORIES and counts[t] >= LEAST_ENTRIES]
    index = {name: number for number, name in enumerate(names)}
    cells = [(r, index[t], 1.0) for r, row in enumerate(rows) for t in row[1] if t in index]
    cells += [(r, len(names) + row[0], OWN_BIAS) for r, row in enumerate(rows)]
    at, column, value = map(np.array, zip(*cells, strict=True))
    matrix = sparse.csr_matrix((value, (at, column)), shape=(len(rows), len(names) + len(repositories)))
    model = LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-3)
    model.fit(matrix, [row[2] for row in rows], sample_weight=[row[3] for row in rows])
    weights = {name: round(float(model.coef_[0][number]), 3) for name, number in index.items()}
    return {"bias": round(float(model.intercept_[0]), 3), **weights}


def f1_of(releases: Sequence[Release], weights: Mapping[str, float], *, blind: bool) -> float:
    """The F1 over the newest releases that list anything, without what the file itself would teach."""
    hit = extra = missed = 0
    for release in releases[:JUDGED]:
        if not any(listed for listed, _, _ in release.units):
            continue
        for listed, *views in release.units:
            scores = (weights["bias"] + sum(weights.get(t, 0.0) for t in traits) for traits in views[blind])
            chosen = max(scores) > LINE
            hit += chosen and listed
            extra += chosen and not listed
            missed += listed and not chosen
    return 2 * hit / max(2 * hit + extra + missed, 1)


def main() -> None:
    """Measure leave-repositories-out, then train on all and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    everything = [read(folder) for folder in args.repositories]
    usable = [releases for releases in everything if any(u[0] for r in releases[:JUDGED] for u in r.units)]
    seen, blind = [], []
    for fold in range(FOLDS):
        weights = train([releases for i, releases in enumerate(usable) if i % FOLDS != fold])
        seen += [f1_of(releases, weights, blind=False) for releases in usable[fold::FOLDS]]
        blind += [f1_of(releases, weights, blind=True) for releases in usable[fold::FOLDS]]
    print(
        f"mean F1 of {len(seen)} without their files' past: {mean(seen):.3f}, and without paths: {mean(blind):.3f}"
    )
    if args.out:
        args.out.write_text(json.dumps(train(usable), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
