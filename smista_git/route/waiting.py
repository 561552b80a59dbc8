"""What a layer without trust would do if it were trusted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from smista_git.classify.labels import TIERS
from smista_git.route.decision import ModelStatus
from smista_git.route.policy import PolicyLayer

# What a repository says about these reaches beyond the repository, so it waits for trust.
NEEDS_TRUST = ("classification.min_confidence",)
LOCAL_BY_NAME = ("builtin", "ollama")


def what_waits(
    layers: Iterable[PolicyLayer], models: Mapping[str, ModelStatus] | None = None
) -> tuple[str, ...]:
    """One line for each thing that these layers may do only once they are trusted.

    The status of a model says whether it is remote; where there is none, its provider's name does.
    """
    statuses = models or {}
    return tuple(line for layer in layers for line in (*_tiers(layer, statuses), *_rules(layer, statuses)))


def _tiers(layer: PolicyLayer, models: Mapping[str, ModelStatus]) -> Iterator[str]:
    for tier in TIERS:
        if choice := layer.tiers.get(tier):
            for model in choice.models:
                if _remote(model, models):
                    yield f"send {tier} work to {_where(model, models)} [{choice.origin}]"


def _rules(layer: PolicyLayer, models: Mapping[str, ModelStatus]) -> Iterator[str]:
    for rule in layer.rules:
        for model in rule.models:
            if _remote(model, models):
                yield f'send work to {_where(model, models)}, by the rule "{rule.name}" [{rule.origin}]'
    for key in NEEDS_TRUST:
        if key in layer.settings:
            value, origin = layer.settings[key]
            yield f"set {key} to {value} [{origin}]"


def _remote(model: str, models: Mapping[str, ModelStatus]) -> bool:
    if model in models:
        return not models[model].local
    return model.partition("/")[0] not in LOCAL_BY_NAME


def _where(model: str, models: Mapping[str, ModelStatus]) -> str:
    host = models[model].host if model in models else ""
    return f"{model} at {host}" if host else model
