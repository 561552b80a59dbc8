"""How good the classification is, on any repository with Conventional Commits; the message stays hidden.

    python -m bench.classify REPO...
    python -m bench.classify REPO... --labels bench/type_labels.tsv

Three measures come out: every label; those that the paths do not contradict; and those that most of the diff bears out,
for a bump of a dependency that its author filed under fix can be told by no reading of the diff.

Repositories that the shipped weights were trained on are refused: the figures would be flattery. With ``--habits``
the commits before those that are judged teach the repository's habits, as they do in use. With ``--labels`` only the
commits of that file are judged, against its types instead of the authors'.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import islice
from pathlib import Path

from bench.scores import report
from bench.typed_history import changes, name_of, subjects
from bench.typed_labels import is_doubtful, teaches_nothing
from smista_git.classify.change_type.signals import in_order, read_signals
from smista_git.classify.classify import classify
from smista_git.classify.habits import Habits, PastCommit, learn_habits
from smista_git.classify.labels import COMMIT_TYPES, Labels

HELD_BACK = 300  # commits that teach habits and are not judged


@dataclass(frozen=True, slots=True)
class Judged:
    """One commit: what its author said and what classification said."""

    commit: str
    type: str
    scope: str | None
    labels: Labels
    doubtful: bool
    silent: bool


def judge(
    repository: Path, most: int, *, with_habits: bool, truth: Mapping[str, str]
) -> tuple[list[Judged], float]:
    """The newest typed commits, or those of ``truth``, with their labels, and the seconds that each took."""
    typed = [s for s in subjects(repository) if s.type in COMMIT_TYPES]
    if truth:
        first = [replace(s, type=truth[s.commit]) for s in typed if s.commit in truth]
        most, typed = len(first), first + [s for s in typed if s.commit not in truth]
    asked = {s.commit: s for s in typed[: most + HELD_BACK * with_habits]}
    read = list(islice(changes(repository, list(asked)), len(asked)))
    past = [PastCommit(asked[commit].text, change.paths) for commit, change in read[most:]]
    habits = learn_habits(past) if with_habits else Habits()
    judged, start = [], time.perf_counter()
    answers = [(commit, change, classify(change, habits=habits)) for commit, change in read[:most]]
    seconds = (time.perf_counter() - start) / max(len(answers), 1)
    for commit, change, labels in answers:
        subject = asked[commit]
        assert subject.type is not None
        signals = read_signals(in_order(change))
        doubts = is_doubtful(subject.type, signals), teaches_nothing(subject.type, signals)
        judged.append(Judged(commit, subject.type, subject.scope, labels, *doubts))
    return judged, seconds


def trained_on() -> set[str]:
    """The names of the repositories behind the shipped weights."""
    text = files("smista_git.classify.change_type").joinpath("weights.json").read_text("utf-8")
    return set(json.loads(text)["provenance"].get("repositories", ()))


def read_truth(path: Path | None) -> dict[str, str]:
    """The type of each commit that the file names; a line is repository, commit and type."""
    lines = path.read_text("utf-8").splitlines() if path else []
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {commit: type_ for _, commit, type_ in rows}


def print_report(judged: list[Judged], *, disagreements: int) -> None:
    """Types, calibration, scopes and tiers of what was judged."""
    for title, part in (
        ("every label", judged),
        ("labels that the paths do not contradict", [j for j in judged if not j.doubtful]),
        ("labels that the diff could give", [j for j in judged if not j.silent]),
    ):
        print(title)
        report([(j.type, _spread(j.labels)) for j in part], COMMIT_TYPES)
    scoped = [j for j in judged if j.scope]
    said = [j for j in judged if j.labels.scope]
    hits = sum(j.scope == j.labels.scope for j in scoped)
    print(f"scopes: authors wrote {len(scoped)}, answered {len(said)}, right {hits}")
    tiers = Counter(j.labels.tier for j in judged)
    print("tiers: " + ", ".join(f"{t} {n / len(judged):.2f}" for t, n in tiers.most_common()))
    wrong = sorted((j for j in judged if j.type != j.labels.type), key=lambda j: -j.labels.confidence)
    for j in wrong[:disagreements]:
        print(f"  {j.commit[:10]} author {j.type}, here {j.labels.type} ({j.labels.confidence:.2f})", end=" ")
        print("; ".join(f"{e.signal}={e.value}" for e in j.labels.evidence[:3]))


def _spread(labels: Labels) -> dict[str, float]:
    """The answer as probabilities: its confidence, the rest shared by the other types below it."""
    rest = min((1 - labels.confidence) / (len(COMMIT_TYPES) - 1), labels.confidence * 0.999)
    return {t: labels.confidence if t == labels.type else rest for t in COMMIT_TYPES}


def main() -> None:
    """Judge each repository, then all of them together."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=500, help="newest commits of each repository")
    parser.add_argument("--types", help="judge only these author's types, comma-separated")
    parser.add_argument("--labels", type=Path, help="judge the commits of this file, by its types")
    parser.add_argument("--habits", action="store_true")
    parser.add_argument("--disagreements", type=int, default=0, help="print so many of the surest")
    options = parser.parse_args()
    known, everything, truth = trained_on(), [], read_truth(options.labels)
    for repository in options.repositories:
        if name_of(repository) in known:
            print(f"{name_of(repository)}: passed over, the shipped weights were trained on it")
            continue
        judged, seconds = judge(repository, options.most, with_habits=options.habits, truth=truth)
        if options.types:
            judged = [j for j in judged if j.type in options.types.split(",")]
        right = sum(j.type == j.labels.type for j in judged) / max(len(judged), 1)
        print(
            f"{name_of(repository)}: {len(judged)} commits, accuracy {right:.3f}, {1000 * seconds:.2f} ms each"
        )
        everything += judged
    if everything:
        print_report(everything, disagreements=options.disagreements)


if __name__ == "__main__":
    main()
