"""The OpenAI wire: chat completions through the official SDK, for OpenAI and for every compatible server."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

from smista_git.errors import BadReply
from smista_git.plan.request import Request, Usage
from smista_git.providers.attempt import Deadline
from smista_git.providers.base import Piece
from smista_git.providers.effort import openai_effort, thinking_tokens
from smista_git.providers.failures import NETWORK, OPENAI, PYTHON, mapped
from smista_git.providers.wire import Wire

OFFICIAL_HOST = "api.openai.com"


class OpenAIProvider(Wire):
    """A server with OpenAI's chat API; chat completions, because every compatible server has them."""

    def pieces(self, request: Request, model: str, deadline: Deadline) -> Generator[Piece]:
        import openai

        from smista_git.providers.sdk import client_arguments, network_errors

        known: tuple[type[Exception], ...] = (openai.OpenAIError, *network_errors())
        arguments = _arguments(request, model, official=self.endpoint.host == OFFICIAL_HOST)
        with (
            mapped((OPENAI, NETWORK, PYTHON), self.endpoint, *known),
            openai.OpenAI(
                **client_arguments(self.endpoint, deadline),
            ) as client,
            client.chat.completions.create(stream=True, **arguments) as stream,
        ):
            if "json" in stream.response.headers.get("content-type", ""):
                yield _whole(json.loads(stream.response.read()))
                return
            for chunk in stream:
                yield _piece(chunk)


def _arguments(request: Request, model: str, *, official: bool) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "model": model,
        "messages": [{"role": m.role, "content": m.text} for m in request.messages],
        "stream_options": {"include_usage": True},
    }
    effort = openai_effort(model, request.effort)
    room = thinking_tokens("openai", model, request.effort)
    # Compatible servers know max_tokens; OpenAI's reasoning models refuse it.
    arguments["max_completion_tokens" if official else "max_tokens"] = request.max_output_tokens + room
    if effort:
        arguments["reasoning_effort"] = effort
    elif request.temperature is not None:
        arguments["temperature"] = request.temperature
    if request.schema is not None:
        schema = {"name": "answer", "schema": request.schema, "strict": True}
        arguments["response_format"] = {"type": "json_schema", "json_schema": schema}
    return arguments


def _piece(chunk: Any) -> Piece:
    usage = _usage(chunk.usage) if chunk.usage else None
    if not chunk.choices:
        return Piece(usage=usage, model=chunk.model)
    choice = chunk.choices[0]
    refusal = getattr(choice.delta, "refusal", None)
    _refuse(choice.finish_reason, refusal)
    text = (choice.delta.content or "") if choice.delta else ""
    return Piece(text, usage, chunk.model, choice.finish_reason, cut_short=choice.finish_reason == "length")


def _usage(counted: Any) -> Usage:
    details = counted.prompt_tokens_details
    return Usage(
        tokens_in=counted.prompt_tokens or 0,
        tokens_out=counted.completion_tokens or 0,
        cached_in=(details.cached_tokens or 0) if details else 0,
    )


def _whole(data: Any) -> Piece:
    """The piece for a server that cannot stream and answered with one JSON object."""
    from openai.types.chat import ChatCompletion

    if isinstance(data, dict) and data.get("error"):
        raise BadReply(f"the server answered with an error: {str(data['error'])[:200]}")
    completion = ChatCompletion.model_validate(data)
    choice = completion.choices[0]
    _refuse(choice.finish_reason, choice.message.refusal)
    usage = _usage(completion.usage) if completion.usage else None
    return Piece(
        choice.message.content or "",
        usage,
        completion.model,
        choice.finish_reason,
        cut_short=choice.finish_reason == "length",
    )


def _refuse(finish: str | None, refusal: str | None) -> None:
    if refusal or finish == "content_filter":
        raise BadReply(f"the model declined to answer: {(refusal or 'content filter')[:200]}")
