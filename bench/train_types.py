"""Trains the weights of the type model on repositories that use Conventional Commits, and measures them across repositories.

    python -m bench.train_types REPO... --out smista_git/classify/change_type/weights.json

The measure is taken leave-repositories-out: no repository is tested by weights that saw it. Labels that the paths
contradict (a ``test`` that touches no test) teach nothing; the report gives the figures with and without them.
Needs numpy and scikit-learn, which the package itself does not.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bench.scores import report
from bench.typed_history import Subject, changes, name_of, subjects
from bench.typed_labels import is_doubtful
from smista_git.classify.change_type.signals import read_signals

TYPES = ("feat", "fix", "refactor", "docs", "test", "build", "ci")
WORD_SCALE = 0.3
SIGNAL_SCALE = 2.0
STRENGTH = 0.1  # scikit-learn's C: the smaller, the stronger the pull of every weight to zero
# Across repositories probabilities lean to the low side: 1.0 answers 49.5 % at 0.8 and above, right 92.6 % of the time.
TEMPERATURE = 0.95
MOST_LINES, MOST_FILES = 1500, 40
BOTS = ("[bot]", "renovate", "dependabot")


@dataclass(frozen=True, slots=True)
class Example:
    """One commit: where it is from, what its author called it, and its signals; ``doubtful`` labels teach nothing."""

    repository: str
    type: str
    signals: Mapping[str, float]
    doubtful: bool


def examples_of(repository: Path, most: int) -> list[Example]:
    """At most ``most`` commits of each type of one repository, drawn evenly over its history."""
    chosen = {subject.commit: subject for subject in choose(subjects(repository), most)}
    found = []
    for commit, change in changes(repository, list(chosen)):
        lines = change.added + change.deleted
        if change.files and len(change.files) <= MOST_FILES and lines <= MOST_LINES:
            signals = read_signals(change)
            type_ = str(chosen[commit].type)
            found.append(Example(name_of(repository), type_, signals, is_doubtful(type_, signals)))
    return found


def choose(all_subjects: Iterable[Subject], most: int) -> list[Subject]:
    """The commits to learn from: typed, few of them by machines, at most ``most`` a type."""
    draw = random.Random(7)
    by_type: dict[str, list[Subject]] = defaultdict(list)
    for subject in all_subjects:
        machine = any(mark in subject.author.lower() for mark in BOTS)
        if subject.type in TYPES and not (machine and draw.random() > 0.1):
            by_type[subject.type].append(subject)
    return [s for group in by_type.values() for s in draw.sample(group, min(most, len(group)))]


def is_word(signal: str) -> bool:
    """True for signals that are words; the others are shapes."""
    return signal.startswith(("+ ", "- ", "= ", "test + ", "docs + ", "other + ", "file ", "ending "))


def common_signals(examples: Sequence[Example], least_share: float) -> list[str]:
    """Every shape, and the words that so many of the repositories have in common that no one can be told by them."""
    seen: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        for signal in example.signals:
            seen[signal].add(example.repository)
    least = least_share * len({example.repository for example in examples})
    return sorted(s for s, where in seen.items() if not is_word(s) or len(where) >= least)


def matrix_of(examples: Sequence[Example], names: Sequence[str]) -> tuple[Any, Any]:
    """The signals as a sparse matrix, each column scaled, and the scales."""
    column = {name: at for at, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, example in enumerate(examples):
        for name, value in example.signals.items():
            if name in column:
                rows.append(row)
                columns.append(column[name])
                values.append(value)
    raw = sparse.csr_matrix((values, (rows, columns)), shape=(len(examples), len(names)), dtype=np.float64)
    highest = np.maximum(np.asarray(abs(raw).max(axis=0).todense()).ravel(), 1e-9)
    scales = np.array([WORD_SCALE if is_word(n) else SIGNAL_SCALE for n in names]) / highest
    return raw @ sparse.diags(scales), scales


def fit(matrix: Any, types: Any) -> Any:
    """A multinomial logistic regression in which each type counts the same."""
    weights = (len(types) / len(TYPES) / np.maximum(np.bincount(types, minlength=len(TYPES)), 1))[types]
    return LogisticRegression(C=STRENGTH, max_iter=250).fit(matrix, types, sample_weight=weights)


def strongest_words(model: Any, names: Sequence[str], most: int) -> list[str]:
    """The shapes, and the ``most`` words whose weights differ most between types."""
    spread = model.coef_.max(axis=0) - model.coef_.min(axis=0)
    words = sorted((-spread[at], name) for at, name in enumerate(names) if is_word(name))
    return sorted([n for n in names if not is_word(n)] + [name for _, name in words[:most]])


def probabilities_across(examples: Sequence[Example], *, folds: int, most_words: int, share: float) -> Any:
    """For each example the probabilities that weights without its repository give; words are chosen anew each time."""
    repositories = sorted({e.repository for e in examples})
    random.Random(3).shuffle(repositories)
    fold_of = {name: at % folds for at, name in enumerate(repositories)}
    result = np.zeros((len(examples), len(TYPES)))
    for fold in range(folds):
        learn = [e for e in examples if fold_of[e.repository] != fold and not e.doubtful]
        names, model = train(learn, most_words=most_words, share=share)
        test = [at for at, e in enumerate(examples) if fold_of[e.repository] == fold]
        scores = np.array([score(examples[at].signals, names, model) for at in test])
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        result[test] = powers / powers.sum(axis=1, keepdims=True)
    return result


def train(examples: Sequence[Example], *, most_words: int, share: float) -> tuple[dict[str, Any], Any]:
    """Weights by signal, unscaled, and the bias."""
    types = np.array([TYPES.index(e.type) for e in examples])
    names = common_signals(examples, share)
    names = strongest_words(fit(matrix_of(examples, names)[0], types), names, most_words)
    matrix, scales = matrix_of(examples, names)
    model = fit(matrix, types)
    return dict(zip(names, (model.coef_ * scales).T, strict=True)), model.intercept_


def score(signals: Mapping[str, float], weights: Mapping[str, Any], bias: Any) -> Any:
    """The score of each type."""
    return bias + sum(value * weights[name] for name, value in signals.items() if name in weights)


def main() -> None:
    """Read, train across repositories, report, and write the weights where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument(
        "--out", type=Path, help="where to write the weights; without it only the measure is taken"
    )
    parser.add_argument("--most", type=int, default=150, help="commits a type and repository")
    parser.add_argument("--words", type=int, default=1500)
    parser.add_argument("--share", type=float, default=0.4, help="of the repositories that must know a word")
    parser.add_argument("--folds", type=int, default=6)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.jobs) as pool:
        many = [options.most] * len(options.repositories)
        examples = [e for found in pool.map(examples_of, options.repositories, many) for e in found]
    print(f"{len(examples)} commits, {dict(Counter(e.type for e in examples))}", flush=True)
    if options.out:
        write(examples, options)
    across = probabilities_across(
        examples, folds=options.folds, most_words=options.words, share=options.share
    )
    rows = [(e.type, dict(zip(TYPES, p, strict=True))) for e, p in zip(examples, across, strict=True)]
    print("every label, across repositories")
    report(rows, TYPES)
    print("labels that the paths do not contradict, across repositories")
    report([row for row, e in zip(rows, examples, strict=True) if not e.doubtful], TYPES)


def write(examples: Sequence[Example], options: argparse.Namespace) -> None:
    """Weights of all the examples, with where they come from."""
    weights, bias = train(
        [e for e in examples if not e.doubtful], most_words=options.words, share=options.share
    )
    counts = Counter(e.repository for e in examples if not e.doubtful)
    document = {
        "provenance": {
            "how": "multinomial logistic regression; the author's type is the label, each type counts the same",
            "command": f"python -m bench.train_types REPO... --most {options.most} --words {options.words} "
            f"--share {options.share} --out type_weights.json",
            "date": datetime.now(UTC).date().isoformat(),
            "repositories": dict(sorted(counts.items())),
        },
        "temperature": TEMPERATURE,
        "types": list(TYPES),
        "bias": [round(float(b), 3) for b in bias],
        "weights": {n: [round(float(w), 3) for w in row] for n, row in sorted(weights.items())},
    }
    text = json.dumps(document, indent=1, ensure_ascii=False)
    # One signal a line, so that a difference between two trainings can be read.
    text = "\n".join(_join_rows(text.split("\n")))
    options.out.write_text(text + "\n", "utf-8")


def _join_rows(lines: Iterable[str]) -> Iterable[str]:
    held = ""
    for line in lines:
        held = held + line.strip() + " " if held else line
        if held.rstrip().endswith("[") or (held.count("[") > held.count("]")):
            held = held.rstrip() + ("" if held.rstrip().endswith("[") else " ")
            continue
        yield held.rstrip()
        held = ""


if __name__ == "__main__":
    main()
