"""The type of a change from its signals: a weighted sum for each type, with the weights in a data file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from smista_git.classify.change_type.words import Words
from smista_git.classify.labels import CommitType

# What one signal adds to the score of each type, by the name of the signal.
Contributions = Sequence[tuple[str, Sequence[float]]]


@dataclass(frozen=True, slots=True)
class TypeModel:
    """``weights[signal][i]`` speaks for ``types[i]``, and each row adds up to zero.

    ``temperature`` and ``slack`` make the probabilities honest: slack is what is shared out evenly, since people
    disagree even on what a diff leaves no doubt of.
    """

    types: tuple[CommitType, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]
    temperature: float
    slack: float


@cache
def shipped_model() -> TypeModel:
    """The model that comes with the package."""
    # importlib.resources takes several times as long to import as the weights to read.
    data = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return TypeModel(
        types=tuple(data["types"]),
        bias=tuple(data["bias"]),
        weights={name: tuple(row) for name, row in data["weights"].items()},
        temperature=data["temperature"],
        slack=data["slack"],
    )


@cache
def shipped_words() -> Words:
    """The words that the model of the package knows: any other would be looked for in vain."""
    return Words(frozenset(name.rpartition(" ")[2] for name in shipped_model().weights))


def contributions(signals: Mapping[str, float], model: TypeModel) -> Contributions:
    """What each signal that the model knows adds to the score of each type."""
    row_of = model.weights.get
    return [
        (name, row if value == 1.0 else [value * weight for weight in row])
        for name, value in signals.items()
        if value and (row := row_of(name))
    ]


def probabilities(found: Contributions, model: TypeModel) -> dict[CommitType, float]:
    """How likely each type is; the values add up to 1, and hang on no order of the signals."""
    scores = [math.fsum(column) for column in zip(model.bias, *(row for _, row in found), strict=True)]
    highest = max(scores)
    powers = [math.exp((score - highest) / model.temperature) for score in scores]
    share, floor = (1 - model.slack) / sum(powers), model.slack / len(powers)
    return {type_: power * share + floor for type_, power in zip(model.types, powers, strict=True)}


def carriers(
    found: Contributions, model: TypeModel, winner: CommitType, second: CommitType, *, limit: int
) -> list[str]:
    """The signals that spoke loudest for the winner against the second, loudest first; each speaks for the winner
    against the average, too."""
    at, other = model.types.index(winner), model.types.index(second)
    loud = sorted(
        [(row[other] - row[at], name) for name, row in found if row[at] > 0.0 and row[at] > row[other]]
    )
    return [name for _, name in loud[:limit]]
