"""A quick look whether a local server is up and what it has, on plain sockets: no SDK is imported for it."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from smista_git.providers.base import Endpoint

PROBE_TIMEOUT_S = 0.3
MAX_REPLY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class PulledModel:
    """A model that an Ollama server has on its disk."""

    name: str
    size_bytes: int
    family: str
    parameters: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a probe saw: whether the server answers, and for Ollama its models in its own order."""

    up: bool
    models: tuple[PulledModel, ...] = ()


def look_at(endpoint: Endpoint) -> Look:
    """One GET /api/tags of an Ollama server, one connection to any other; at most 0.3 s a step."""
    if endpoint.kind == "ollama":
        return _tags(endpoint.base_url)
    return Look(up=_answers(endpoint.base_url))


def _answers(base_url: str) -> bool:
    try:
        _connect(base_url).close()
    except OSError:
        return False
    return True


def read_window(endpoint: Endpoint, model: str) -> int | None:
    """The tokens that an Ollama model was made to read, from POST /api/show; None where the server does not say."""
    shown = _json_of(endpoint.base_url, "POST", "/api/show", json.dumps({"model": model}).encode())
    info = shown.get("model_info") if isinstance(shown, dict) else None
    lengths = [v for k, v in (info or {}).items() if k.endswith(".context_length") and isinstance(v, int)]
    return lengths[0] if lengths else None


def _tags(base_url: str) -> Look:
    listed = _json_of(base_url, "GET", "/api/tags")
    return Look(up=listed is not None, models=_models(listed))


def _json_of(base_url: str, method: str, path: str, body: bytes = b"") -> Any:
    """What a server answers, None where it answers nothing of use.

    By hand in HTTP/1.0, whose replies end with the connection: http.client alone takes 12 ms to import.
    """
    split = urlsplit(base_url)
    asked = (
        f"{method} {split.path.rstrip('/')}{path} HTTP/1.0\r\nHost: {split.netloc.rpartition('@')[2]}\r\n"
        f"Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    try:
        head, _, reply = _exchange(base_url, asked.encode() + body).partition(b"\r\n\r\n")
        return json.loads(reply) if head.split(b" ", 2)[1:2] == [b"200"] else None
    except (OSError, ValueError):
        return None


def _exchange(base_url: str, asked: bytes) -> bytes:
    """The whole reply, up to a bound; every step of it within the time of a probe."""
    ends_s = time.monotonic() + 2 * PROBE_TIMEOUT_S
    with _connect(base_url) as connection:
        connection.sendall(asked)
        reply = bytearray()
        while len(reply) < MAX_REPLY_BYTES and time.monotonic() < ends_s:
            data = connection.recv(1 << 16)
            if not data:
                break
            reply += data
    return bytes(reply)


def _connect(base_url: str) -> socket.socket:
    split = urlsplit(base_url)
    port = split.port or (443 if split.scheme == "https" else 80)
    connection = socket.create_connection((split.hostname or "", port), timeout=PROBE_TIMEOUT_S)
    if split.scheme != "https":
        return connection
    import ssl

    return ssl.create_default_context().wrap_socket(connection, server_hostname=split.hostname)


def _models(listed: Any) -> tuple[PulledModel, ...]:
    rows = listed.get("models") if isinstance(listed, dict) else None
    return tuple(_model(row) for row in rows or [] if isinstance(row, dict) and row.get("name"))


def _model(row: dict[str, Any]) -> PulledModel:
    details = row.get("details") if isinstance(row.get("details"), dict) else {}
    assert isinstance(details, dict)
    return PulledModel(
        name=str(row["name"]),
        size_bytes=int(row.get("size") or 0),
        family=str(details.get("family") or ""),
        parameters=str(details.get("parameter_size") or ""),
    )
