"""The Ollama wire: ``/api/chat`` through the official client."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from smista_git.plan.request import Request, Usage
from smista_git.providers.attempt import Deadline
from smista_git.providers.base import Endpoint, Piece
from smista_git.providers.failures import NETWORK, OLLAMA, PYTHON, mapped
from smista_git.providers.windows import context_tokens
from smista_git.providers.wire import Wire


class OllamaProvider(Wire):
    """A server with Ollama's API; that it is local is checked again while connecting."""

    def leaves(self, model: str) -> bool:
        """True also for a ``-cloud`` model: a local server hands it on to the network."""
        return not self.local or is_cloud(model)

    def pieces(self, request: Request, model: str, deadline: Deadline) -> Generator[Piece]:
        import httpcore
        import httpx
        import ollama

        from smista_git.providers.transport import client_options

        options = client_options(
            httpx,
            httpcore,
            self.endpoint.base_url,
            deadline,
            loopback_only=self.local and self.endpoint.local is not True,
            proxy=self.endpoint.proxy,
        )
        options["event_hooks"]["request"].append(self._authorize)
        known = (
            ollama.RequestError,
            ollama.ResponseError,
            httpx.HTTPError,
            httpx.InvalidURL,
            httpx.StreamError,
        )
        with (
            mapped((OLLAMA, NETWORK, PYTHON), self.endpoint, *known),
            ollama.Client(self.endpoint.base_url, **options) as client,
        ):
            for part in client.chat(stream=True, **_arguments(request, model, self.endpoint)):
                yield _piece(part)

    def _authorize(self, request: Any) -> None:
        # The client puts OLLAMA_API_KEY from the environment into every request, to whatever host it goes.
        request.headers.pop("authorization", None)
        if self.endpoint.api_key:
            request.headers["authorization"] = f"Bearer {self.endpoint.api_key}"


def is_cloud(model: str) -> bool:
    """True for a model that Ollama forwards to its cloud: tagged ``cloud`` or ``…-cloud``."""
    return model.endswith(("-cloud", ":cloud"))


def _arguments(request: Request, model: str, endpoint: Endpoint) -> dict[str, Any]:
    options: dict[str, Any] = {
        "num_ctx": context_tokens(request, limit_tokens=endpoint.window_tokens),
        "num_predict": request.max_output_tokens,
    }
    if request.temperature is not None:
        options["temperature"] = request.temperature
    return {
        "model": model,
        "messages": [{"role": m.role, "content": m.text} for m in request.messages],
        "format": request.schema,
        "options": options,
        "think": _think(request, model),
    }


def _think(request: Request, model: str) -> bool | str | None:
    """Whether to think first. False is accepted by every model, True only by those that can: so it is never sent.

    gpt-oss cannot stop thinking, and takes a level instead.
    """
    if model.startswith("gpt-oss"):
        return "high" if request.effort == "max" else request.effort
    return False if request.effort in ("low", "medium") else None


def _piece(part: Any) -> Piece:
    finish = part.done_reason or ("stop" if part.done else None)
    usage = None
    if part.done:
        usage = Usage(tokens_in=part.prompt_eval_count or 0, tokens_out=part.eval_count or 0)
    text = part.message.content or ""
    return Piece(text, usage, part.model, finish, cut_short=finish == "length")
