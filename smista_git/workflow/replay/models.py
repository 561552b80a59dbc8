"""What a replay takes for known of each model: from configuration alone, so that it is the same at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from smista_git.plan.estimate import Price
from smista_git.providers.base import Endpoint, Kind
from smista_git.providers.effort import thinking_tokens
from smista_git.providers.endpoints import ANTHROPIC_URL, OPENAI_URL, ollama_url
from smista_git.providers.ollama import is_cloud
from smista_git.providers.prices import FREE, price_of
from smista_git.route.aliases import resolve_alias
from smista_git.route.decision import BUILTIN, EFFORTS, Effort, ModelStatus
from smista_git.route.tiers import BUILTIN_STATUS


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model's status, its price (None: unknown), and the tokens that it may think at each effort."""

    status: ModelStatus
    price: Price | None
    thinking: Mapping[Effort, int]


def facts_of_models(
    models: Iterable[str], config: Mapping[str, Any], environ: Mapping[str, str], *, cache_dir: Path | None
) -> dict[str, ModelFacts]:
    """What is known of each model without asking anybody: all are available, no server and no name is looked up.

    A model whose provider is not set up here counts as remote, at an unknown host: on another machine it may be.
    """
    tables, aliases = config.get("providers", {}), config.get("aliases", {})
    return {
        model: _facts(resolve_alias(model, aliases), tables, environ, cache_dir=cache_dir) for model in models
    }


def _facts(
    found: str, tables: Mapping[str, Any], environ: Mapping[str, str], *, cache_dir: Path | None
) -> ModelFacts:
    provider, _, name = found.partition("/")
    if found == BUILTIN:
        return ModelFacts(BUILTIN_STATUS, FREE, {})
    endpoint = _endpoint(provider, tables.get(provider, {}), environ)
    if endpoint is None:
        why = f"taken for remote: no provider {provider!r} here"
        return ModelFacts(ModelStatus(local=False, available=True, why=why), None, {})
    local = _is_local(endpoint, name)
    status = ModelStatus(local, available=True, host=endpoint.host, why="taken for available")
    price = FREE if local else price_of(found, cache_dir=cache_dir, endpoint=endpoint)
    return ModelFacts(status, price, {e: thinking_tokens(endpoint.kind, name, e) for e in EFFORTS})


def _endpoint(provider: str, table: Mapping[str, Any], environ: Mapping[str, str]) -> Endpoint | None:
    """Where the provider's requests go; ``endpoints.read_endpoints`` would look names up to choose a proxy."""
    kind: Kind = table.get("kind", provider)
    if kind not in get_args(Kind):
        return None
    url = table.get("base_url")
    if kind == "ollama":
        url = ollama_url(url or environ.get("OLLAMA_HOST"))
    elif kind == "openai":
        url = url or environ.get("OPENAI_BASE_URL") or OPENAI_URL
    else:
        url = url or environ.get("ANTHROPIC_BASE_URL") or ANTHROPIC_URL
    return Endpoint(provider, kind, url, local=table.get("local"))


def _is_local(endpoint: Endpoint, name: str) -> bool:
    """As ``locality.is_local``, but a host's name is local only where it is ``localhost``."""
    if endpoint.kind == "ollama" and is_cloud(name):
        return False
    if endpoint.local is not None:
        return endpoint.local
    return endpoint.kind == "ollama" and _is_loopback(urlsplit(endpoint.base_url).hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
