"""Fixtures for whoever wants a server. ``from tests.servers.fixtures import *`` in tests/conftest.py brings them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import small_model as served
from tests.servers.server import WireServer
from tests.servers.small_model import SmallModel
from tests.servers.wires import AnthropicWire, OllamaWire, OpenAIWire

__all__ = ["anthropic_server", "ollama_server", "openai_server", "small_model"]


@pytest.fixture
def ollama_server() -> Iterator[WireServer]:
    """A scripted server with Ollama's API, the default reply being a good message."""
    with WireServer(OllamaWire()) as server:
        yield server


@pytest.fixture
def openai_server() -> Iterator[WireServer]:
    """A scripted server with OpenAI's chat API."""
    with WireServer(OpenAIWire()) as server:
        yield server


@pytest.fixture
def anthropic_server() -> Iterator[WireServer]:
    """A scripted server with Anthropic's messages API."""
    with WireServer(AnthropicWire()) as server:
        yield server


@pytest.fixture(scope="session")
def small_model() -> Iterator[SmallModel]:
    """SmolLM2-135M behind all three protocols, loaded once a session (0.4 s)."""
    yield from served.serve()
