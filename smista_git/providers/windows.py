"""How much a model reads at once."""

from __future__ import annotations

from pathlib import Path

from smista_git.plan.request import Request
from smista_git.providers.base import Endpoint
from smista_git.providers.catalogue import facts_of
from smista_git.providers.probe import read_window

OLLAMA_WINDOW_TOKENS = 8192
"""Asked of Ollama at least. Its own default (4096 on small machines) silently cuts a prompt from the front."""
OLLAMA_PLANNED_TOKENS = 16_384
"""What a plan may fill: twice the least; a 7B model with this window fits into 8 GiB."""
OLLAMA_MAX_TOKENS = 131_072
CHARS_PER_TOKEN = 3.0
"""On the safe side: code and diffs measure 3.2 to 3.8 characters a token with the common tokenizers."""
UNKNOWN_WINDOW_TOKENS = 8192
"""For a model that neither the price library nor the user's config knows: what the smallest in use today read."""


def context_tokens(request: Request, *, limit_tokens: int | None) -> int:
    """``num_ctx`` for a request: the next power of two that holds it and its answer, at most ``limit_tokens``.

    Powers of two, because Ollama loads the model anew whenever the figure changes.
    """
    chars = sum(len(m.text) for m in request.messages) + (len(str(request.schema)) if request.schema else 0)
    need = int(chars / CHARS_PER_TOKEN) + 16 * len(request.messages) + request.max_output_tokens
    size = OLLAMA_WINDOW_TOKENS
    while size < min(need, OLLAMA_MAX_TOKENS):
        size *= 2
    return min(size, limit_tokens) if limit_tokens else size


def window_of(endpoint: Endpoint, model: str, *, cache_dir: Path | None) -> int:
    """Tokens that a model reads at once: the user's figure, then the library's, then a small one that all can.

    For Ollama the window is ours to ask for: what the model was made for, but no more than an ordinary machine has
    the memory for.
    """
    if endpoint.window_tokens is not None:
        return endpoint.window_tokens
    if endpoint.kind == "ollama":
        return min(read_window(endpoint, model) or OLLAMA_WINDOW_TOKENS, OLLAMA_PLANNED_TOKENS)
    known = endpoint.name if endpoint.name == endpoint.kind else None
    facts = facts_of(model, provider=known, api_url=endpoint.base_url, cache_dir=cache_dir)
    return facts.window_tokens or UNKNOWN_WINDOW_TOKENS
