"""How good the labels of tasks are, on histories or on texts with estimates that the weights have never seen.

    python -m bench.task REPO...
    python -m bench.task --texts FILE

A repository's messages are the tasks, and the code that each took is the answer; repositories behind the shipped
weights are passed over. FILE holds one JSON object a line: ``{"text": "...", "size": 0}``, with 0 for light, 1 for
standard and 2 for heavy work, as a person has estimated it (`bench/task_texts.py`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from bench.task_pairs import Pair, pairs_of
from bench.task_scores import Answer, print_scores
from bench.task_texts import read_texts
from bench.typed_history import name_of
from smista_git.classify.labels import TIERS
from smista_git.classify.task.task import classify_task


def trained_on() -> set[str]:
    """The names of the repositories behind the shipped weights."""
    text = files("smista_git.classify.task").joinpath("weights.json").read_text("utf-8")
    return set(json.loads(text)["provenance"]["repositories"])


def judge(pairs: list[Pair]) -> Iterator[Answer]:
    """What is said of each pair."""
    for pair in pairs:
        labels = classify_task(pair.text)
        yield Answer(pair, labels.odds, TIERS.index(labels.tier), labels.confidence)


def main() -> None:
    """Judge every task and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("repositories", nargs="*", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--most", type=int, default=900, help="commits a repository")
    options = parser.parse_args()
    known, texts = trained_on(), read_texts(options.texts) if options.texts else []
    pairs = [pair for pair in texts if pair.repository not in known]
    if len(pairs) < len(texts):
        print(
            f"{len(texts) - len(pairs)} texts passed over, the shipped weights were trained on their repositories"
        )
    for repository in options.repositories:
        if name_of(repository) in known:
            print(f"{name_of(repository)}: passed over, the shipped weights were trained on it")
            continue
        pairs += [pair for pair in pairs_of(repository, options.most) if pair.all_lines]
    if not pairs:
        parser.error("nothing to judge: name repositories, or a file with --texts")
    print_scores(list(judge(pairs)))


if __name__ == "__main__":
    main()
