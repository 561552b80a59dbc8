"""What a wire needs is imported ahead of its first call, while git and the scan take their time."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module

from smista_git.providers.base import Endpoint, Kind

# Beside each SDK what it imports only when it is first called, as `python -X importtime` shows.
MODULES: Mapping[Kind, tuple[str, ...]] = {
    "ollama": ("ollama", "h11"),
    "openai": ("openai", "openai.resources.chat.completions.completions", "httpcore2", "h11", "jiter"),
    "anthropic": ("anthropic", "anthropic.resources.messages", "httpcore2", "h11"),
}


def warm(endpoint: Endpoint) -> None:
    """Imports it all, and loads the certificates where the endpoint wants them."""
    for module in (*MODULES[endpoint.kind], f"smista_git.providers.{endpoint.kind}"):
        # A module that an update moved is found by the call itself, a little later.
        with suppress(ImportError):
            import_module(module)
    from smista_git.providers.transport import tls_for

    tls_for(
        import_module("httpx" if endpoint.kind == "ollama" else "httpx2"), endpoint.base_url, endpoint.proxy
    )
