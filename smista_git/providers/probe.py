"""A quick look whether a local server is up and what it has, on plain sockets: no SDK is imported for it."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from smista_git.providers.base import Endpoint

PROBE_TIMEOUT_S = 0.3
MAX_TAGS_BYTES = 1 << 20


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
    split = urlsplit(base_url)
    port = split.port or (443 if split.scheme == "https" else 80)
    try:
        socket.create_connection((split.hostname or "", port), timeout=PROBE_TIMEOUT_S).close()
    except OSError:
        return False
    return True


def _tags(base_url: str) -> Look:
    split = urlsplit(base_url)
    kind = http.client.HTTPSConnection if split.scheme == "https" else http.client.HTTPConnection
    connection = kind(split.hostname or "", split.port, timeout=PROBE_TIMEOUT_S)
    try:
        connection.request("GET", f"{split.path.rstrip('/')}/api/tags")
        response = connection.getresponse()
        body = response.read(MAX_TAGS_BYTES)
        listed = json.loads(body) if response.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return Look(up=False)
    finally:
        connection.close()
    return Look(up=True, models=_models(listed))


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
