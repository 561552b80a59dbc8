"""Trains the weights of the type model on repositories that use Conventional Commits, and measures them across repositories.

    python -m bench.train_types REPO... --cache DIR --out smista_git/classify/change_type/weights.json

The measure is taken leave-repositories-out: no repository is tested by weights that saw it. Two kinds of labels teach
nothing: those that the diff contradicts (a ``test`` that is mostly no test), and commits too large to be of one concern.
To leave out what weights without their repository find next to impossible, too, raised the measure and nothing else:
each label then had a say in what taught the weights that it was measured by. Needs numpy and scikit-learn, which the
package itself does not. A machine's commits are left out, and each repository gives at most ``--most`` of each type.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bench.scores import report
from bench.typed_examples import TYPES, Example, examples_of

WORD_SCALE = 0.3
SIGNAL_SCALE = 2.0
STRENGTH = 0.03  # scikit-learn's C: the smaller, the stronger the pull of every weight to zero
TEMPERATURES = tuple(t / 100 for t in range(70, 161, 3))
SLACKS = tuple(s / 200 for s in range(0, 21))


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
    return LogisticRegression(C=STRENGTH, max_iter=80).fit(matrix, types, sample_weight=balance(types))


def balance(types: Any) -> Any:
    """A weight for each example, so that every type counts the same."""
    return (len(types) / len(TYPES) / np.maximum(np.bincount(types, minlength=len(TYPES)), 1))[types]


def strongest_words(model: Any, names: Sequence[str], most: int) -> list[str]:
    """The shapes, and the ``most`` words whose weights differ most between types."""
    spread = model.coef_.max(axis=0) - model.coef_.min(axis=0)
    words = sorted((-spread[at], name) for at, name in enumerate(names) if is_word(name))
    return sorted([n for n in names if not is_word(n)] + [name for _, name in words[:most]])


def scores_across(examples: Sequence[Example], teaches: Any, options: argparse.Namespace) -> Any:
    """For each example the scores that weights without its repository give; words are chosen anew each time."""
    repositories = sorted({e.repository for e in examples})
    random.Random(3).shuffle(repositories)
    fold_of = {name: at % options.folds for at, name in enumerate(repositories)}
    result = np.zeros((len(examples), len(TYPES)))
    for fold in range(options.folds):
        learn = [e for e, t in zip(examples, teaches, strict=True) if t and fold_of[e.repository] != fold]
        weights, bias = train(learn, options)
        for at, example in enumerate(examples):
            if fold_of[example.repository] == fold:
                result[at] = score(example.signals, weights, bias)
    return result


def train(examples: Sequence[Example], options: argparse.Namespace) -> tuple[dict[str, Any], Any]:
    """Weights by signal, unscaled, and the bias; each row and the bias add up to zero."""
    types = np.array([TYPES.index(e.type) for e in examples])
    names = common_signals(examples, options.share)
    names = strongest_words(fit(matrix_of(examples, names)[0], types), names, options.words)
    matrix, scales = matrix_of(examples, names)
    model = fit(matrix, types)
    rows = ((model.coef_ - model.coef_.mean(axis=0)) * scales).T
    return dict(zip(names, rows, strict=True)), model.intercept_ - model.intercept_.mean()


def score(signals: Mapping[str, float], weights: Mapping[str, Any], bias: Any) -> Any:
    """The score of each type."""
    return bias + sum(value * weights[name] for name, value in signals.items() if name in weights)


def spread(scores: Any, temperature: float = 1.0, slack: float = 0.0) -> Any:
    """Probabilities from scores, ``slack`` of them shared out evenly."""
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return (1 - slack) * powers / powers.sum(axis=1, keepdims=True) + slack / len(TYPES)


def loss(scores: Any, types: Any, temperature: float, slack: float) -> float:
    """How unlikely the types that were written are, each type counting the same."""
    own = spread(scores, temperature, slack)[np.arange(len(types)), types]
    return float((balance(types) * -np.log(np.maximum(own, 1e-9))).mean())


def best_calibration(scores: Any, types: Any) -> tuple[float, float]:
    """The temperature and the slack under which the labels are likeliest, each type counting the same."""
    pairs = [(t, s) for t in TEMPERATURES for s in SLACKS]
    return min(pairs, key=lambda pair: loss(scores, types, *pair))


def main() -> None:
    """Read, measure across repositories, and write the weights where asked."""
    options = parse()
    if options.cache:
        options.cache.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(options.jobs) as pool:
        count = len(options.repositories)
        found = pool.map(examples_of, options.repositories, [options.most] * count, [options.cache] * count)
        examples = [e for some in found for e in some]
    print(f"{len(examples)} commits, {dict(Counter(e.type for e in examples))}", flush=True)
    heard = np.array([not e.silent for e in examples])
    scores = scores_across(examples, heard, options)
    types = np.array([TYPES.index(e.type) for e in examples])
    clear = np.array([not e.doubtful for e in examples])
    calibration = best_calibration(scores[heard], types[heard])
    print("temperature {}, slack {}".format(*calibration))
    likely = [dict(zip(TYPES, map(float, p), strict=True)) for p in spread(scores, *calibration)]
    for title, kept in (
        ("every label", np.ones(len(examples), bool)),
        ("labels that the paths do not contradict", clear),
        ("labels that the diff could give", heard),
    ):
        print(f"{title}, across repositories")
        rows = zip(examples, likely, kept, strict=True)
        report([(e.type, p) for e, p, keep in rows if keep], TYPES)
    if options.out:
        write([e for e in examples if not e.silent], calibration, options)


def parse() -> argparse.Namespace:
    """The words of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument(
        "--out", type=Path, help="where to write the weights; without it they are only measured"
    )
    parser.add_argument("--cache", type=Path, help="a folder that keeps the signals of each repository")
    parser.add_argument("--most", type=int, default=60, help="commits a type and repository")
    parser.add_argument("--words", type=int, default=1500)
    parser.add_argument("--share", type=float, default=0.3, help="of the repositories that must know a word")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def write(examples: Sequence[Example], calibration: tuple[float, float], options: argparse.Namespace) -> None:
    """Weights of all that teach, with where they come from."""
    weights, bias = train(examples, options)
    counts = Counter(e.repository for e in examples)
    document = {
        "provenance": {
            "how": "multinomial logistic regression; the author's type is the label, those that the diff contradicts left out",
            "command": f"python -m bench.train_types REPO... --most {options.most} --words {options.words} "
            f"--share {options.share} --folds {options.folds} --out weights.json",
            "date": datetime.now(UTC).date().isoformat(),
            "repositories": dict(sorted(counts.items())),
        },
        "temperature": calibration[0],
        "slack": calibration[1],
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
