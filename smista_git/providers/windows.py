"""How much a model reads at once."""

from __future__ import annotations

from smista_git.plan.request import Request

OLLAMA_WINDOW_TOKENS = 8192
"""Asked of Ollama at least. Its own default (4096 on small machines) silently cuts a prompt from the front."""
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
