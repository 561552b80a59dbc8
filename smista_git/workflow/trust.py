"""Which repository policies the user trusts, by the hash of their bytes; and what trusting one would allow."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from smista_git.classify.labels import TIERS
from smista_git.route.decision import ModelStatus
from smista_git.route.layers import NEEDS_TRUST
from smista_git.route.policy import PolicyLayer

TRUST_FILE = "trust.json"
TRUST_VARIABLE = "SMISTA_TRUST"
_SHA256 = re.compile(r"[0-9a-f]{64}")
LOCAL_BY_NAME = ("builtin", "ollama")


class TrustStore:
    """The hashes that the user has trusted, in one JSON file of the state directory."""

    def __init__(self, state_dir: Path) -> None:
        self.path = state_dir / TRUST_FILE

    def trusts(self, sha256: str, environ: Mapping[str, str]) -> bool:
        """Whether this hash was recorded, or ``SMISTA_TRUST`` names it."""
        named = re.split(r"[\s,]+", environ.get(TRUST_VARIABLE, "").lower())
        return sha256 in named or sha256 in self.recorded()

    def recorded(self) -> dict[str, str]:
        """Each trusted hash with the file that it was first seen in; a broken store trusts nothing."""
        try:
            stored = json.loads(self.path.read_text("utf-8"))
            found = stored["trusted"].items()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}
        return {sha256: str(source) for sha256, source in found if _SHA256.fullmatch(sha256)}

    def record(self, sha256: str, source: str) -> None:
        """Trust this hash from now on; readers see the old store or the new one, never half of it."""
        trusted = self.recorded() | {sha256: source}
        self._write(json.dumps({"v": 1, "trusted": trusted}, indent=2, sort_keys=True))

    def _write(self, text: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=TRUST_FILE)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise


def what_trust_allows(
    layers: Iterable[PolicyLayer], models: Mapping[str, ModelStatus] | None = None
) -> tuple[str, ...]:
    """One line for each thing that these layers may do only once they are trusted.

    What is known of the models decides which of them are remote; for one that nothing is known of, its provider's
    name does.
    """
    statuses = models or {}
    return tuple(line for layer in layers for line in _allowed_by(layer, statuses))


def _allowed_by(layer: PolicyLayer, models: Mapping[str, ModelStatus]) -> Iterator[str]:
    for tier in TIERS:
        choice = layer.tiers.get(tier)
        for model in choice.models if choice else ():
            if _remote(model, models):
                yield f"send {tier} work to {_where(model, models)} [{choice.origin}]" if choice else ""
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
