"""The place of an attempt, with servers that keep every byte."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adversarial.marks import new_marks
from tests.adversarial.place import Place
from tests.cli.conftest import Smista, smista  # noqa: F401 - a fixture
from tests.conftest import Repo
from tests.servers.server import WireServer
from tests.servers.wires import OpenAIWire


@pytest.fixture
def between() -> Iterator[WireServer]:
    """A server that nobody named: a proxy, or where a redirect leads."""
    with WireServer(OpenAIWire()) as server:
        yield server


@pytest.fixture
def place(
    request: pytest.FixtureRequest,
    repo: Repo,
    sealed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    openai_server: WireServer,
    ollama_server: WireServer,
    between: WireServer,
    smista: Smista,  # noqa: F811
) -> Place:
    """A place where everything would go out, but for what holds it back."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return Place(
        repo, sealed, temporary, monkeypatch, new_marks(request.node.name),
        openai_server, ollama_server, between, smista,
    )  # fmt: skip
