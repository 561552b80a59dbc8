"""Which providers there are, what is known of each model, and the way to it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from smista_git.errors import NothingAvailable, UsageError
from smista_git.plan.estimate import Price
from smista_git.providers.base import Endpoint, Provider
from smista_git.providers.effort import thinking_tokens
from smista_git.providers.endpoints import read_endpoints
from smista_git.providers.locality import is_local, is_loopback
from smista_git.providers.ollama import OllamaProvider, is_cloud
from smista_git.providers.prices import FREE, price_of
from smista_git.providers.probe import Look, PulledModel, look_at
from smista_git.providers.windows import UNKNOWN_WINDOW_TOKENS, window_of
from smista_git.route.aliases import resolve_alias
from smista_git.route.decision import Effort, ModelStatus

AUTO = "ollama/auto"
MAX_AUTO_BYTES = 12 << 30
"""``ollama/auto`` takes no model beyond this: larger ones answer too slowly on an ordinary machine."""


class Providers:
    """The providers of one run. Servers are looked at once, when first asked about, and remembered."""

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        aliases: Mapping[str, str] | None = None,
        *,
        look: Callable[[Endpoint], Look] = look_at,
    ) -> None:
        self._endpoints = dict(endpoints)
        self._aliases = dict(aliases or {})
        self._look = look
        self._looks: dict[str, Look] = {}
        self._lock = threading.Lock()

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], environ: Mapping[str, str]) -> Providers:
        """From the user's config (its ``providers`` and ``aliases`` tables) and the environment."""
        return cls(read_endpoints(settings.get("providers", {}), environ), settings.get("aliases", {}))

    @property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """Every provider by name."""
        return self._endpoints

    def statuses(self, models: Iterable[str]) -> dict[str, ModelStatus]:
        """What is known of each model, by the name that was asked about."""
        return {model: self._status(model) for model in models}

    def resolved(self, model: str) -> str:
        """The ``provider/model`` that a name stands for, ``ollama/auto`` included where a model can be chosen."""
        found = resolve_alias(model, self._aliases)
        provider, _, name = found.partition("/")
        endpoint = self._endpoints.get(provider)
        if name == "auto" and endpoint is not None and endpoint.kind == "ollama":
            chosen = best_pulled(self._seen(endpoint).models)
            return f"{provider}/{chosen.name}" if chosen else found
        return found

    def provider_for(self, model: str) -> tuple[Provider, str]:
        """The way to a model, and the model's name on the wire. A remote one answers only with a clearance.

        Raises: UsageError for a provider that is not known, NothingAvailable for an ``auto`` with no model.
        """
        found = self.resolved(model)
        provider, _, name = found.partition("/")
        endpoint = self._endpoint(provider, model)
        if name == "auto" and endpoint.kind == "ollama":
            raise NothingAvailable(
                f"{model}: {endpoint.host} has no model", hint="Run: ollama pull qwen2.5-coder"
            )
        return _open(endpoint, name), name

    def pulled(self) -> tuple[str, ...]:
        """The models that the local Ollama has, the one that ``ollama/auto`` means first."""
        endpoint = self._endpoints.get("ollama")
        models = self._seen(endpoint).models if endpoint is not None else ()
        best = best_pulled(models)
        first = (best.name,) if best else ()
        return tuple(dict.fromkeys((*first, *(model.name for model in models))))

    def price_of(self, model: str, *, cache_dir: Path | None) -> Price | None:
        """US dollars a million tokens: nothing for a local model, None where the price is unknown."""
        found = resolve_alias(model, self._aliases)
        provider, _, name = found.partition("/")
        endpoint = self._endpoints.get(provider)
        if (
            endpoint is not None
            and is_local(endpoint)[0]
            and not (endpoint.kind == "ollama" and is_cloud(name))
        ):
            return FREE
        return price_of(found, cache_dir=cache_dir, endpoint=endpoint)

    def window_of(self, model: str, *, cache_dir: Path | None) -> int:
        """Tokens that the model reads at once, its answer included."""
        found = self.resolved(model)
        provider, _, name = found.partition("/")
        endpoint = self._endpoints.get(provider)
        return UNKNOWN_WINDOW_TOKENS if endpoint is None else window_of(endpoint, name, cache_dir=cache_dir)

    def thinking_tokens(self, model: str, effort: Effort) -> int:
        """Tokens that a request to the model adds to its limit on output, for thought: an estimate must count them."""
        provider, _, name = resolve_alias(model, self._aliases).partition("/")
        endpoint = self._endpoints.get(provider)
        return 0 if endpoint is None else thinking_tokens(endpoint.kind, name, effort)

    def _endpoint(self, provider: str, model: str) -> Endpoint:
        if provider in self._endpoints:
            return self._endpoints[provider]
        known = ", ".join(sorted(self._endpoints))
        raise UsageError(
            f"{model}: no provider {provider!r}; there are {known}", hint="Write provider/model."
        )

    def _seen(self, endpoint: Endpoint) -> Look:
        with self._lock:
            if endpoint.name not in self._looks:
                self._looks[endpoint.name] = self._look(endpoint)
            return self._looks[endpoint.name]

    def _status(self, model: str) -> ModelStatus:
        found = resolve_alias(model, self._aliases)
        provider, _, name = found.partition("/")
        if provider == "builtin":
            return ModelStatus(local=True, available=True, why="needs no model")
        endpoint = self._endpoints.get(provider)
        if endpoint is None or not name:
            return ModelStatus(local=False, available=False, why=f"no provider {provider!r}")
        local, why = is_local(endpoint)
        if endpoint.kind == "ollama":
            return self._ollama_status(endpoint, name, local=local, why=why)
        available, reason = self._reachable(endpoint, local=local)
        if local:
            return ModelStatus(True, available, endpoint.host, f"{reason}; {why}")
        surprising = endpoint.proxy is not None or is_loopback(endpoint.base_url)
        return ModelStatus(False, available, endpoint.host, reason, why if surprising else "")

    def _ollama_status(self, endpoint: Endpoint, name: str, *, local: bool, why: str) -> ModelStatus:
        seen = self._seen(endpoint)
        host = endpoint.host
        if not seen.up:
            return ModelStatus(local, False, host, f"no Ollama answers at {host}: run `ollama serve`")
        if name == "auto":
            chosen = best_pulled(seen.models)
            if chosen is None:
                return ModelStatus(local, False, host, "no model pulled: ollama pull qwen2.5-coder")
            return ModelStatus(local, True, host, f"{chosen.name}, {why}")
        if is_cloud(name):
            return ModelStatus(False, True, host, "Ollama forwards it to its cloud")
        if not _has(seen, name):
            return ModelStatus(local, False, host, f"not pulled: ollama pull {name}")
        return ModelStatus(local, True, host, f"pulled, {why}")

    def _reachable(self, endpoint: Endpoint, *, local: bool) -> tuple[bool, str]:
        if endpoint.key_name and not endpoint.api_key:
            return False, f"no key: set {endpoint.key_name}"
        if local and not self._seen(endpoint).up:
            return False, f"nobody answers at {endpoint.host}"
        return True, "answers" if local else "key is set" if endpoint.api_key else "needs no key"


def best_pulled(models: Iterable[PulledModel]) -> PulledModel | None:
    """The model that ``ollama/auto`` means: no embedding or cloud model, none above 12 GiB unless all are.

    Coder models first, then the largest, then by name: the same models give the same choice.
    """
    fit = [
        m for m in models if not is_cloud(m.name) and not re.search(r"embed|bert|rerank", m.name + m.family)
    ]
    small = [m for m in fit if m.size_bytes <= MAX_AUTO_BYTES] or fit
    return min(small, key=lambda m: ("code" not in m.name, -m.size_bytes, m.name), default=None)


def _has(seen: Look, name: str) -> bool:
    wanted = name if ":" in name else f"{name}:latest"
    return any(m.name in (wanted, name) for m in seen.models)


def _open(endpoint: Endpoint, name: str) -> Provider:
    local, _ = is_local(endpoint)
    if endpoint.kind == "ollama":
        return OllamaProvider(endpoint, local and not is_cloud(name))
    if endpoint.kind == "openai":
        from smista_git.providers.openai import OpenAIProvider

        return OpenAIProvider(endpoint, local)
    from smista_git.providers.anthropic import AnthropicProvider

    return AnthropicProvider(endpoint, local)
