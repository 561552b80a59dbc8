"""The type of a change from its signals: a weighted sum for each type, with the weights in a data file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from smista_git.classify.labels import CommitType


@dataclass(frozen=True, slots=True)
class TypeModel:
    """``weights[signal][i]`` speaks for ``types[i]``; ``temperature`` makes the probabilities honest."""

    types: tuple[CommitType, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]
    temperature: float


@cache
def shipped_model() -> TypeModel:
    """The model that comes with the package."""
    data = json.loads(files("smista_git.classify.change_type").joinpath("weights.json").read_text("utf-8"))
    return TypeModel(
        types=tuple(data["types"]),
        bias=tuple(data["bias"]),
        weights={name: tuple(row) for name, row in data["weights"].items()},
        temperature=data["temperature"],
    )


def probabilities(signals: Mapping[str, float], model: TypeModel) -> dict[CommitType, float]:
    """How likely each type is; the values add up to 1."""
    scores = list(model.bias)
    for name, value in signals.items():
        row = model.weights.get(name)
        if row is not None and value:
            scores = [score + value * weight for score, weight in zip(scores, row, strict=True)]
    highest = max(scores)
    powers = [math.exp((score - highest) / model.temperature) for score in scores]
    return {type_: power / sum(powers) for type_, power in zip(model.types, powers, strict=True)}


def carriers(
    signals: Mapping[str, float], model: TypeModel, winner: CommitType, *, limit: int
) -> list[tuple[str, float]]:
    """The signals that spoke loudest for the winner against the average of the others, loudest first."""
    at = model.types.index(winner)
    loud = []
    for name, value in signals.items():
        row = model.weights.get(name)
        if row is not None and value:
            loud.append((value * (row[at] - sum(row) / len(row)), name))
    loud.sort(key=lambda pair: (-pair[0], pair[1]))
    return [(name, weight) for weight, name in loud[:limit] if weight > 0]
