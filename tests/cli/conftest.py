"""``smista(...)`` runs the command line in this process, against the sealed environment of the test."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from smista_git.cli.main import run
from tests.conftest import Repo
from tests.servers.server import WireServer


@dataclass(frozen=True)
class Ran:
    """The exit code and both streams of one command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Smista = Callable[..., Ran]


@pytest.fixture
def smista(capfd: pytest.CaptureFixture[str]) -> Smista:
    """Runs one command; streams are captured at the file descriptors, so git's own output counts too."""

    def call(*words: str) -> Ran:
        capfd.readouterr()
        code = run(list(words))
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


@pytest.fixture
def user_config(sealed: Path) -> Callable[[str], Path]:
    """Writes the user's config, which is trusted."""

    def write(text: str) -> Path:
        path = Path(os.environ["SMISTA_CONFIG"])
        path.write_text("version = 1\n" + text)
        return path

    return write


def all_tiers(model: str) -> str:
    """A config that gives every tier to one model."""
    return "[tiers]\n" + "".join(f'{tier} = "{model}"\n' for tier in ("light", "standard", "heavy"))


def point_at(server: WireServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """Point the environment at the server; gives the model to name in a config."""
    name = type(server.wire).__name__
    if name == "OllamaWire":
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        return f"ollama/{server.models[0].name.removesuffix(':latest')}"
    variable = "OPENAI" if name == "OpenAIWire" else "ANTHROPIC"
    monkeypatch.setenv(f"{variable}_BASE_URL", server.base_url)
    monkeypatch.setenv(f"{variable}_API_KEY", "key-for-tests")
    return "openai/gpt-5.4-mini" if variable == "OPENAI" else "anthropic/claude-haiku"


@pytest.fixture(params=["ollama_server", "openai_server", "anthropic_server"])
def server(request: pytest.FixtureRequest) -> WireServer:
    """Each wire's server in turn."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, WireServer)
    return found


def part_ways(repo: Repo, message: str) -> None:
    """A commit of that message on main, and one on side, which change the same line."""
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("README.md", "# Side\n")
    repo.commit(message)
    repo.git("checkout", "-q", "main")
    repo.stage("README.md", "# Main\n")
    repo.commit(message)
