"""A model's server on loopback that answers at once and notes when each request's first byte came."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "bench-model"
NUMBERED = re.compile(rb"[+]Hello, reader (\d+)")


@dataclass(frozen=True, slots=True)
class Seen:
    """One request: when its first byte arrived (``time.monotonic``), its path, and how many bytes its body had."""

    first_byte_s: float
    path: str
    body_bytes: int

    @property
    def asks(self) -> bool:
        """True when the request carries the question, not a probe for what the server has."""
        return self.path.endswith(("/api/chat", "/api/generate", "/chat/completions", "/messages"))


class ModelServer:
    """Serves Ollama's, OpenAI's and Anthropic's chat APIs on one port; use as a context manager."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self.seen))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The address without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> ModelServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler_for(seen: list[Seen]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                if not self.connection.recv(1, socket.MSG_PEEK):
                    self.close_connection = True
                    return
            except OSError:
                self.close_connection = True
                return
            self.first_byte_s = time.monotonic()
            super().handle_one_request()

        def do_GET(self) -> None:
            self._note(0)
            self._send("application/json", json.dumps(_listing(self.path)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            self._note(len(body))
            asked = json.loads(body or b"{}")
            self._send(*_answer(self.path, asked, said_about(body)))

        def _note(self, size_bytes: int) -> None:
            seen.append(Seen(self.first_byte_s, self.path.partition("?")[0], size_bytes))

        def _send(self, kind: str, text: str) -> None:
            data = text.encode()
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


def said_about(body: bytes) -> str:
    """A message that is true to the diff in the request, and another one for each diff."""
    found = NUMBERED.findall(body)
    return f"docs: say hello to reader {found[-1].decode()}" if found else "docs: say hello to the reader"


def _listing(path: str) -> dict[str, Any]:
    if path.startswith("/api/version"):
        return {"version": "0.12.0"}
    if path.startswith("/api/tags"):
        names = [MODEL, f"{MODEL}:latest"]
        return {"models": [{"name": n, "model": n, "size": 1, "details": {"family": "bench"}} for n in names]}
    return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "bench"}]}


def _answer(path: str, asked: dict[str, Any], said: str) -> tuple[str, str]:
    streamed = bool(asked.get("stream", path.endswith(("/api/chat", "/api/generate"))))
    model = asked.get("model", MODEL)
    if path.endswith("/api/show"):
        return "application/json", json.dumps(
            {"capabilities": ["completion"], "model_info": {}, "details": {}}
        )
    if path.endswith(("/api/chat", "/api/generate")):
        return _ollama(model, said, streamed=streamed, chat=path.endswith("chat"))
    if path.endswith("/messages"):
        return _anthropic(model, said, streamed=streamed)
    return _openai(model, said, streamed=streamed)


def _ollama(model: str, answer: str, *, streamed: bool, chat: bool) -> tuple[str, str]:
    body = {"message": {"role": "assistant", "content": answer}} if chat else {"response": answer}
    whole = {
        "model": model,
        "created_at": "2025-01-01T00:00:00Z",
        **body,
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": 100,
        "eval_count": 8,
    }
    return ("application/x-ndjson" if streamed else "application/json"), json.dumps(whole) + "\n"


def _openai(model: str, answer: str, *, streamed: bool) -> tuple[str, str]:
    usage = {"prompt_tokens": 100, "completion_tokens": 8, "total_tokens": 108}
    head = {"id": "bench", "created": 0, "model": model}
    message = {"role": "assistant", "content": answer}
    if not streamed:
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return "application/json", json.dumps(
            {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
        )
    chunk = {**head, "object": "chat.completion.chunk"}
    events = [
        {**chunk, "choices": [{"index": 0, "delta": message, "finish_reason": None}]},
        {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {**chunk, "choices": [], "usage": usage},
    ]
    return "text/event-stream", "".join(f"data: {json.dumps(e)}\n\n" for e in events) + "data: [DONE]\n\n"


def _anthropic(model: str, answer: str, *, streamed: bool) -> tuple[str, str]:
    message = {"id": "bench", "type": "message", "role": "assistant", "model": model, "stop_sequence": None}
    usage = {"input_tokens": 100, "output_tokens": 8}
    if not streamed:
        content = [{"type": "text", "text": answer}]
        return "application/json", json.dumps(
            {**message, "content": content, "stop_reason": "end_turn", "usage": usage}
        )
    started = {**message, "content": [], "stop_reason": None, "usage": usage}
    delta = {"type": "text_delta", "text": answer}
    end = {"stop_reason": "end_turn", "stop_sequence": None}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": started},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": end, "usage": {"output_tokens": 8}},
        {"type": "message_stop"},
    ]
    return "text/event-stream", "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events)
