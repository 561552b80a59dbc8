"""How well concerns are told apart: neighbouring commits of disjoint files are glued together, and taken apart again.

    python -m bench.concerns REPO...

Pairwise scores: two files of one commit should be in one concern, two of different commits should not. An author's
commit may hold two concerns itself, so the figures are a floor. Beside it: everything in one, each file by itself,
one concern a folder.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, islice
from pathlib import Path

from bench.typed_history import changes, subjects
from smista_git.change.model import Change
from smista_git.classify.concerns import concerns

MOST_FILES = 25
Partition = Mapping[str, int]


def glued(repository: Path, most: int) -> Iterator[tuple[Change, Partition]]:
    """Two, then three neighbouring commits as one change, with which commit each file is from; and one alone."""
    commits = [s.commit for s in subjects(repository) if "[bot]" not in s.author][: most * 3]
    read = [c for _, c in changes(repository, commits) if 0 < len(c.files) <= MOST_FILES]
    stream, size = iter(read), 1
    while parts := list(islice(stream, size)):
        size = size % 3 + 1
        paths = [path for part in parts for path in set(part.paths)]
        if len(paths) == len(set(paths)):
            truth = {file.path: at for at, part in enumerate(parts) for file in part.files}
            yield Change(tuple(file for part in parts for file in part.files)), truth


def by_concern(change: Change) -> Partition:
    """What is measured."""
    return {path: at for at, concern in enumerate(concerns(change)) for path in concern.paths}


RIVALS: Mapping[str, Callable[[Change], Partition]] = {
    "concerns": by_concern,
    "all in one": lambda change: {file.path: 0 for file in change.files},
    "each by itself": lambda change: {file.path: at for at, file in enumerate(change.files)},
    "one a folder": lambda change: {f.path: hash(f.path.rpartition("/")[0]) for f in change.files},
}


def main() -> None:
    """Glue, take apart, and print precision, recall and F1 of pairs, and how often the count is right."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=200)
    options = parser.parse_args()
    cases = [case for repository in options.repositories for case in glued(repository, options.most)]
    print(
        f"{len(cases)} changes, {Counter(len(set(truth.values())) for _, truth in cases)} of 1, 2, 3 commits"
    )
    glued_ones = [case for case in cases if len(set(case[1].values())) > 1]
    for title, part in (("of one, two and three commits", cases), ("of two and three", glued_ones)):
        print(title)
        for name, split in RIVALS.items():
            _print_row(name, [(split(change), truth) for change, truth in part])


def _print_row(name: str, results: list[tuple[Partition, Partition]]) -> None:
    """Pairs weigh so that each change counts the same in ``F1 a change``, and each pair in the rest."""
    hits = said = real = 0
    each = []
    for split, truth in results:
        before = (hits, said, real)
        for one, other in combinations(truth, 2):
            together, should = split[one] == split[other], truth[one] == truth[other]
            hits, said, real = hits + (together and should), said + together, real + should
        mine = (hits - before[0], said - before[1], real - before[2])
        each.append(2 * mine[0] / (mine[1] + mine[2]) if mine[1] + mine[2] else 1.0)
    precision, recall = hits / max(said, 1), hits / max(real, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    counts = sum(len(set(s.values())) == len(set(t.values())) for s, t in results) / len(results)
    several = [len(set(t.values())) > 1 for _, t in results]
    flagged = [len(set(s.values())) > 1 for s, _ in results]
    right = sum(a == b for a, b in zip(several, flagged, strict=True)) / len(results)
    print(
        f"  {name:15} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  F1 a change {sum(each) / len(each):.3f}",
        end="  ",
    )
    print(f"count right {counts:.3f}  several-or-one right {right:.3f}")


if __name__ == "__main__":
    main()
