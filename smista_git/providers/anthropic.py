"""The Anthropic wire: messages through the official SDK."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from typing import Any

from smista_git.errors import BadReply
from smista_git.plan.request import Request, Usage
from smista_git.providers.attempt import Deadline
from smista_git.providers.base import Piece
from smista_git.providers.effort import anthropic_effort, thinking_tokens
from smista_git.providers.failures import ANTHROPIC, NETWORK, PYTHON, mapped
from smista_git.providers.wire import Wire


class AnthropicProvider(Wire):
    """A server with Anthropic's messages API."""

    def pieces(self, request: Request, model: str, deadline: Deadline) -> Generator[Piece]:
        import anthropic

        from smista_git.providers.sdk import client_arguments, network_errors

        known: tuple[type[Exception], ...] = (anthropic.AnthropicError, *network_errors())
        reader = _Reader()
        with (
            mapped((ANTHROPIC, NETWORK, PYTHON), self.endpoint, *known),
            anthropic.Anthropic(
                **client_arguments(self.endpoint, deadline),
                # A tracer of the surroundings may be set up to record contents; they are not ours to give.
                open_telemetry=False,
            ) as client,
            _create(client, _arguments(request, model)) as stream,
        ):
            for event in stream:
                yield reader.piece(event)


def _create(client: Any, arguments: dict[str, Any]) -> Any:
    """The stream of events. The SDK warns of models near their end; that is not for the middle of a commit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return client.messages.create(stream=True, **arguments)


def _arguments(request: Request, model: str) -> dict[str, Any]:
    """No temperature: the API no longer takes one."""
    effort = anthropic_effort(model, request.effort)
    arguments: dict[str, Any] = {
        "model": model,
        "max_tokens": request.max_output_tokens + thinking_tokens("anthropic", model, request.effort),
        "messages": [{"role": m.role, "content": m.text} for m in request.messages if m.role != "system"],
    }
    system = "\n\n".join(m.text for m in request.messages if m.role == "system")
    if system:
        arguments["system"] = system
    output: dict[str, Any] = {"effort": effort} if effort else {}
    if request.schema is not None:
        output["format"] = {"type": "json_schema", "schema": request.schema}
    if output:
        arguments["output_config"] = output
    return arguments


class _Reader:
    """Remembers what the stream counted so far: the input comes first, the output last."""

    def __init__(self) -> None:
        self._usage = Usage()

    def piece(self, event: Any) -> Piece:
        """The piece for one event; empty for events that do not concern us."""
        if event.type == "message_start":
            return Piece(usage=self._count(event.message.usage), model=event.message.model)
        if event.type == "content_block_delta" and event.delta.type == "text_delta":
            return Piece(event.delta.text or "")
        if event.type == "message_delta":
            stop = event.delta.stop_reason
            if stop == "refusal":
                raise BadReply("the model declined to answer")
            cut = stop in ("max_tokens", "model_context_window_exceeded")
            return Piece(usage=self._count(event.usage), finish=stop, cut_short=cut)
        return Piece()

    def _count(self, counted: Any) -> Usage:
        """The later figures replace the earlier; tokens read from a cache and written to one are input too."""
        if counted is None:
            return self._usage
        cached = counted.cache_read_input_tokens or 0
        fresh = (counted.input_tokens or 0) + (counted.cache_creation_input_tokens or 0)
        self._usage = Usage(
            tokens_in=fresh + cached or self._usage.tokens_in,
            tokens_out=counted.output_tokens or self._usage.tokens_out,
            cached_in=cached or self._usage.cached_in,
        )
        return self._usage
