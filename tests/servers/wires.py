"""The three protocols as bytes: what a good reply and an error look like on each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.servers.script import Say, Status


def pieces(text: str, size: int) -> list[str]:
    """The text in pieces, as a model would stream it."""
    return [text[i : i + size] for i in range(0, len(text), size)]


class OpenAIWire:
    """POST …/chat/completions as server-sent events, or as one object when streaming was not asked for."""

    name = "openai"
    stream_type = "text/event-stream"

    def base_url(self, url: str) -> str:
        return f"{url}/v1"

    def is_chat(self, path: str) -> bool:
        return path.endswith("/chat/completions")

    def stream(self, say: Say, model: str) -> Iterator[bytes]:
        yield self._event(model, {"role": "assistant", "content": ""})
        for piece in pieces(say.text, say.piece_chars):
            yield self._event(model, {"content": piece})
        yield self._event(model, {}, "length" if say.cut else "stop")
        usage = self._usage(say)
        yield _sse(
            {
                "id": "c1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": model,
                "choices": [],
                "usage": usage,
            }
        )
        yield b"data: [DONE]\n\n"

    def _event(self, model: str, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _sse(
            {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": model, "choices": [choice]}
        )

    def whole(self, say: Say, model: str) -> dict[str, Any]:
        message = {"role": "assistant", "content": say.text}
        choice = {"index": 0, "message": message, "finish_reason": "length" if say.cut else "stop"}
        return {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": model,
            "choices": [choice],
            "usage": self._usage(say),
        }

    def _usage(self, say: Say) -> dict[str, Any]:
        total = say.tokens_in + say.tokens_out
        return {"prompt_tokens": say.tokens_in, "completion_tokens": say.tokens_out, "total_tokens": total}

    def error(self, status: Status) -> dict[str, Any]:
        return {"error": {"message": status.message, "type": status.kind, "param": None, "code": None}}


class AnthropicWire:
    """POST …/v1/messages as named server-sent events."""

    name = "anthropic"
    stream_type = "text/event-stream"

    def base_url(self, url: str) -> str:
        return url

    def is_chat(self, path: str) -> bool:
        return path.partition("?")[0].endswith("/v1/messages")

    def stream(self, say: Say, model: str) -> Iterator[bytes]:
        start = {
            "id": "m1",
            "type": "message",
            "role": "assistant",
            "content": [],
            "model": model,
            "stop_reason": None,
            "stop_sequence": None,
        }
        yield _sse(
            {
                "type": "message_start",
                "message": {**start, "usage": {"input_tokens": say.tokens_in, "output_tokens": 1}},
            }
        )
        yield _sse({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
        yield _sse({"type": "ping"})
        for piece in pieces(say.text, say.piece_chars):
            yield _sse(
                {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
            )
        yield _sse({"type": "content_block_stop", "index": 0})
        stop = {"stop_reason": "max_tokens" if say.cut else "end_turn", "stop_sequence": None}
        yield _sse({"type": "message_delta", "delta": stop, "usage": {"output_tokens": say.tokens_out}})
        yield _sse({"type": "message_stop"})

    def whole(self, say: Say, model: str) -> dict[str, Any]:
        return {
            "id": "m1",
            "type": "message",
            "role": "assistant",
            "content": [{"type": "text", "text": say.text}],
            "model": model,
            "stop_reason": "max_tokens" if say.cut else "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": say.tokens_in, "output_tokens": say.tokens_out},
        }

    def error(self, status: Status) -> dict[str, Any]:
        return {"type": "error", "error": {"type": status.kind, "message": status.message}}


class OllamaWire:
    """POST /api/chat and /api/generate as JSON lines."""

    name = "ollama"
    stream_type = "application/x-ndjson"

    def base_url(self, url: str) -> str:
        return url

    def is_chat(self, path: str) -> bool:
        return path in ("/api/chat", "/api/generate")

    def stream(self, say: Say, model: str) -> Iterator[bytes]:
        for piece in pieces(say.text, say.piece_chars):
            yield _line(
                {
                    "model": model,
                    "created_at": NOW,
                    "message": {"role": "assistant", "content": piece},
                    "done": False,
                }
            )
        yield _line(self.whole(Say("", say.cut, say.tokens_in, say.tokens_out), model))

    def whole(self, say: Say, model: str) -> dict[str, Any]:
        return {
            "model": model,
            "created_at": NOW,
            "message": {"role": "assistant", "content": say.text},
            "done": True,
            "done_reason": "length" if say.cut else "stop",
            "prompt_eval_count": say.tokens_in,
            "eval_count": say.tokens_out,
        }

    def error(self, status: Status) -> dict[str, Any]:
        return {"error": status.message}


Wire = OpenAIWire | AnthropicWire | OllamaWire
NOW = "2024-05-06T07:08:09.000000Z"


def _sse(data: dict[str, Any]) -> bytes:
    event = f"event: {data['type']}\n" if "type" in data else ""
    return f"{event}data: {json.dumps(data)}\n\n".encode()


def _line(data: dict[str, Any]) -> bytes:
    return json.dumps(data).encode() + b"\n"
