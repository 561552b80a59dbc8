"""A threaded loopback server: follows a script, and keeps every byte that it was sent."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.servers.script import Action, Drip, Drop, Hang, Raw, Say, Status
from tests.servers.wires import OllamaWire, Wire

DEFAULT = Say("docs: tell how to run it")


@dataclass(frozen=True)
class Recorded:
    """One request: when its connection was accepted, and all of it."""

    at_s: float
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Pulled:
    """A model that the Ollama server claims to have."""

    name: str
    size: int = 4_000_000_000
    family: str = "qwen2"
    parameter_size: str = "7B"
    context_length: int = 32_768


@dataclass
class WireServer:
    """A server for one wire. ``script`` is worked off request by request; then comes the default reply."""

    wire: Wire
    script: list[Action] = field(default_factory=list)
    default: Action = DEFAULT
    models: list[Pulled] = field(default_factory=lambda: [Pulled("qwen2.5-coder:latest")])
    requests: list[Recorded] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    aborted: int = 0
    host: str = "127.0.0.1"
    port: int = 0

    def __enter__(self) -> WireServer:
        self.closing = threading.Event()
        self._lock = threading.Lock()
        owner = self

        class Handler(_Handler):
            server_owner = owner

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, client_address: Any) -> None:
                owner.aborted += 1

        self._httpd = Server((self.host, self.port), Handler)
        self.port = int(self._httpd.server_address[1])
        self._thread = threading.Thread(target=self._httpd.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.closing.set()
        self._httpd.shutdown()
        self._httpd.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        """What the provider's ``base_url`` must be."""
        return self.wire.base_url(self.url)

    @property
    def chats(self) -> list[Recorded]:
        """The requests that asked a model something."""
        return [r for r in self.requests if r.method == "POST" and self.wire.is_chat(r.path)]

    def then(self, *actions: Action) -> WireServer:
        """Add to the script."""
        self.script.extend(actions)
        return self

    def next_action(self) -> Action:
        with self._lock:
            return self.script.pop(0) if self.script else self.default


class _Recorder:
    """A file that remembers what was read from it."""

    def __init__(self, inner: Any, kept: bytearray) -> None:
        self._inner, self._kept = inner, kept

    def readline(self, limit: int = -1) -> bytes:
        data: bytes = self._inner.readline(limit)
        self._kept += data
        return data

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._inner.read(size)
        self._kept += data
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_owner: WireServer

    def setup(self) -> None:
        self.accepted_s = time.monotonic()
        super().setup()
        self.rfile = _Recorder(self.rfile, self.server_owner.raw)  # type: ignore[assignment]
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._record(b"")
        owner = self.server_owner
        if isinstance(owner.wire, OllamaWire) and self.path == "/api/tags":
            self._json({"models": [_tag(m) for m in owner.models]})
        elif isinstance(owner.wire, OllamaWire) and self.path == "/api/version":
            self._json({"version": "0.12.0"})
        else:
            self._json({"error": "not found"}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self._record(body)
        owner = self.server_owner
        if isinstance(owner.wire, OllamaWire) and self.path == "/api/show":
            self._show(json.loads(body)["model"])
        elif owner.wire.is_chat(self.path):
            self._act(owner.next_action(), json.loads(body))
        else:
            self._json({"error": "not found"}, 404)

    def _record(self, body: bytes) -> None:
        headers = {k.lower(): v for k, v in self.headers.items()}
        self.server_owner.requests.append(Recorded(self.accepted_s, self.command, self.path, headers, body))

    def _act(self, action: Action, asked: dict[str, Any]) -> None:
        model = str(asked.get("model", "unnamed"))
        wire = self.server_owner.wire
        if isinstance(action, Say) and action.streamed and asked.get("stream", isinstance(wire, OllamaWire)):
            self._chunked(wire.stream_type, wire.stream(action, model), pause_s=action.pause_s)
        elif isinstance(action, Say):
            self._json(wire.whole(action, model))
        elif isinstance(action, Status):
            self._json(wire.error(action), action.code, action.headers)
        elif isinstance(action, Raw):
            self._send(action.code, action.content_type, action.body, action.headers)
        elif isinstance(action, Drop):
            self._begin_well(action.text, model)
            self._cut()
        elif isinstance(action, Hang):
            self.server_owner.closing.wait(action.after_s)
            self._begin_well(action.text, model)
            self.server_owner.closing.wait()
            self._cut()
        else:
            self._drip(action)

    def _begin_well(self, text: str, model: str) -> None:
        if text:
            wire = self.server_owner.wire
            events = list(wire.stream(Say(text), model))
            keep = len(events) // 2 if len(events) > 4 else 1
            self._chunked(wire.stream_type, events[:keep], end=False)

    def _drip(self, drip: Drip) -> None:
        if drip.in_headers:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
        else:
            self.send_response(200)
            self.send_header("content-type", self.server_owner.wire.stream_type)
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
        while not self.server_owner.closing.wait(drip.interval_s):
            self.wfile.write(b"z" if drip.in_headers else b"1\r\nz\r\n")
            self.wfile.flush()

    def _chunked(
        self, content_type: str, chunks: Iterable[bytes], *, end: bool = True, pause_s: float = 0.0
    ) -> None:
        self.send_response(200)
        self.send_header("content-type", content_type)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            self.wfile.flush()
            if pause_s and self.server_owner.closing.wait(pause_s):
                return
        if end:
            self.wfile.write(b"0\r\n\r\n")

    def _json(self, data: Any, code: int = 200, headers: dict[str, str] | None = None) -> None:
        self._send(code, "application/json", json.dumps(data).encode(), headers or {})

    def _send(self, code: int, content_type: str, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(code)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _show(self, model: str) -> None:
        for pulled in self.server_owner.models:
            if pulled.name in (model, f"{model}:latest"):
                details = {"family": pulled.family, "parameter_size": pulled.parameter_size}
                info = {f"{pulled.family}.context_length": pulled.context_length}
                self._json({"details": details, "model_info": info, "capabilities": ["completion"]})
                return
        self._json({"error": f"model '{model}' not found"}, 404)

    def _cut(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)


def _tag(pulled: Pulled) -> dict[str, Any]:
    details = {"family": pulled.family, "parameter_size": pulled.parameter_size, "format": "gguf"}
    return {"name": pulled.name, "model": pulled.name, "size": pulled.size, "details": details}
