"""Learns how big a task is from its words, out of histories: an ordinal logistic regression over readable signals.

    python -m bench.train_task REPO... --texts FILE... --out smista_git/classify/task/weights.json

A commit's message is the task, the lines and files of code that it took are the answer (`bench/task_pairs.py`). Each
FILE adds texts whose size is known otherwise (`bench/task_texts.py` makes some). What is printed is measured across
repositories, for histories and for each file alone: nothing is judged by weights that have seen its repository. Repositories that `bench/task_times.tsv` holds out teach nothing.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bench.task_pairs import BIG_LINES, SMALL_LINES, Pair, pairs_of
from bench.task_scores import Answer, answer_of, print_scores
from bench.task_texts import held_out, read_texts
from smista_git.classify.task.signals import read_task

STRENGTH = 0.015  # scikit-learn's C: the smaller, the stronger the pull of every weight to zero
LONG_WORDS, LONG_COUNTS = 30, 4.0  # tasks with a body are rare in histories and common in issues
TEXT_COUNTS = 3.0  # a text with an estimate beside the message of a commit
SOURCE_SCALE = 3.0  # of what each source adds for all its tasks: big ones are more common in some
CUT_SCALE = 10.0  # large, so that the two cuts are hardly pulled to zero


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each signal, and what is added for "at least standard" and for "heavy"."""

    signals: Mapping[str, float]
    cuts: tuple[float, float]

    def probabilities(self, signals: Mapping[str, float]) -> tuple[float, float, float]:
        """Of light, standard and heavy."""
        score = sum(value * self.signals.get(name, 0.0) for name, value in signals.items())
        above, heavy = (1 / (1 + math.exp(-score - cut)) for cut in self.cuts)
        return 1 - above, above - heavy, heavy


Example = tuple[Pair, dict[str, float]]


def is_word(signal: str) -> bool:
    """True for signals that are words; the others are shapes."""
    return signal.startswith(("word ", "first "))


def source_of(pair: Pair) -> str:
    """Where the task comes from; those of one source are about as often big."""
    is_long = len(pair.text.split()) > LONG_WORDS
    return pair.source or ("long messages" if is_long else "messages")


def train(examples: Sequence[Example], *, most_words: int, least: int) -> Weights:
    """Weights of the shapes and of the strongest words, among those that so many of the repositories know."""
    seen: dict[str, set[str]] = defaultdict(set)
    for pair, signals in examples:
        for name in signals:
            seen[name].add(pair.repository)
    names = sorted(n for n, where in seen.items() if not is_word(n) or len(where) >= least)
    first = fit(examples, names).signals
    words = sorted((n for n in names if is_word(n)), key=lambda n: (-abs(first[n]), n))[:most_words]
    return fit(examples, sorted([n for n in names if not is_word(n)] + words))


def fit(examples: Sequence[Example], names: Sequence[str]) -> Weights:
    """Proportional odds: each example asks twice, whether it is at least standard and whether it is heavy.

    What a source adds is learned beside the weights, so that they need not tell the sources apart; the cuts are those
    of the average source.
    """
    sources, by_source = _by_source(examples)
    matrix = sparse.hstack([_matrix(examples, names), by_source])
    sizes = np.array([pair.size for pair, _ in examples])
    second = sparse.csr_matrix(np.full((len(examples), 1), CUT_SCALE))
    both = sparse.vstack([sparse.hstack([matrix, second * 0]), sparse.hstack([matrix, second])]).tocsr()
    counts = np.array([_counts(pair) for pair, _ in examples])
    model = LogisticRegression(C=STRENGTH, max_iter=600).fit(
        both, np.concatenate([sizes >= 1, sizes >= 2]), sample_weight=np.concatenate([counts, counts])
    )
    weights = list(map(float, model.coef_[0]))
    added = [SOURCE_SCALE * weight for weight in weights[len(names) : -1]]
    start = float(model.intercept_[0]) + sum(added) / len(sources)
    return Weights(
        dict(zip(names, weights, strict=False)),
        (start, start + CUT_SCALE * weights[-1]),
    )


def _counts(pair: Pair) -> float:
    if pair.source:
        return TEXT_COUNTS
    return LONG_COUNTS if len(pair.text.split()) > LONG_WORDS else 1.0


def _by_source(examples: Sequence[Example]) -> tuple[list[str], Any]:
    """The sources, and a column for each."""
    every = [source_of(pair) for pair, _ in examples]
    sources = sorted(set(every))
    columns = [[SOURCE_SCALE * (mine == source) for source in sources] for mine in every]
    return sources, sparse.csr_matrix(np.array(columns))


def _matrix(examples: Sequence[Example], names: Sequence[str]) -> Any:
    column = {name: at for at, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, (_, signals) in enumerate(examples):
        for name, value in signals.items():
            if name in column:
                rows.append(row)
                columns.append(column[name])
                values.append(value)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(examples), len(names)))


def across(examples: Sequence[Example], *, folds: int, most_words: int, least: int) -> Iterator[Answer]:
    """What weights without its repository say of each pair."""
    repositories = sorted({pair.repository for pair, _ in examples})
    random.Random(3).shuffle(repositories)
    fold_of = {name: at % folds for at, name in enumerate(repositories)}
    for fold in range(folds):
        learn = [e for e in examples if fold_of[e[0].repository] != fold]
        weights = train(learn, most_words=most_words, least=least)
        for pair, signals in examples:
            if fold_of[pair.repository] == fold:
                yield answer_of(pair, weights.probabilities(signals))


def main() -> None:
    """Read, measure across repositories, and write the weights where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, help="where to write the weights; without it only measure")
    parser.add_argument("--most", type=int, default=900, help="commits a repository")
    parser.add_argument("--texts", nargs="*", default=[], type=Path, help="files of texts with their size")
    parser.add_argument("--words", type=int, default=1000)
    parser.add_argument("--least", type=int, default=60, help="repositories that must know a word")
    parser.add_argument("--folds", type=int, default=4)
    options = parser.parse_args()
    with ProcessPoolExecutor(2) as pool:
        many = [options.most] * len(options.repositories)
        pairs = [p for found in pool.map(pairs_of, options.repositories, many) for p in found]
    pairs += [pair for path in options.texts for pair in read_texts(path)]
    judges = held_out()
    learn = [pair for pair in pairs if pair.all_lines and pair.repository.lower() not in judges]
    examples = [(pair, read_task(pair.text)) for pair in learn]
    print(f"{len(examples)} tasks of {len({p.repository for p in pairs})} repositories", flush=True)
    if options.out:
        write(examples, options)
    answers = list(across(examples, folds=options.folds, most_words=options.words, least=options.least))
    for source in sorted({answer.pair.source for answer in answers}):
        print(f"== {source or 'histories'}")
        print_scores([answer for answer in answers if answer.pair.source == source])


def write(examples: Sequence[Example], options: argparse.Namespace) -> None:
    """Weights of all the examples, with where they come from; one signal a line."""
    weights = train(examples, most_words=options.words, least=options.least)
    document = {
        "provenance": {
            "how": "ordinal logistic regression; the message is the task, the commit's lines and files of code its size; "
            "an issue's text with the size of its fix, with the time that the fix was judged to take, or with a person's "
            "estimate beside others of its project",
            "light": f"at most {SMALL_LINES} lines in 2 files of code",
            "heavy": f"more than {BIG_LINES} lines or 8 files of code",
            "command": f"python -m bench.train_task REPO... --texts FILE... --most {options.most} "
            f"--words {options.words} --least {options.least} --out task_weights.json",
            "date": datetime.now(UTC).date().isoformat(),
            "texts": dict(sorted(Counter(p.source for p, _ in examples if p.source).items())),
            "repositories": dict(sorted(Counter(p.repository for p, _ in examples).items())),
        },
        "cuts": [round(cut, 3) for cut in weights.cuts],
        "weights": {name: round(weight, 3) for name, weight in sorted(weights.signals.items())},
    }
    options.out.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
