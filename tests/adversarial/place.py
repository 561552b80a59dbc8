"""Where an attempt is made: a repository with something staged, a server at hand, one far away, and one in between."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.adversarial.marks import Marks
from tests.conftest import Repo
from tests.servers.script import Say
from tests.servers.server import WireServer

REMOTE = "openai/gpt-5.4-mini"
LOCAL = "ollama/qwen2.5-coder"
HARMLESS = "def parse(text):\n    return text.split()\n"
GOOD = Say("feat: add parse")
TIERS = ("light", "standard", "heavy")


def tiers(*models: str) -> str:
    """The ``[tiers]`` table that gives every tier to these models."""
    row = ", ".join(f'"{model}"' for model in models)
    return "[tiers]\n" + "".join(f"{tier} = [{row}]\n" for tier in TIERS)


@dataclass
class Place:
    """``remote`` is far by our rule, ``local`` is near, ``between`` is nobody's choice: a proxy, or a redirect's end.

    The user's config sends every tier to ``remote``, and a harmless file is staged, so that without an obstacle
    everything goes out. ``expected`` are files that the attempt itself has put a mark into.
    """

    repo: Repo
    home: Path
    temporary: Path
    monkeypatch: pytest.MonkeyPatch
    marks: Marks
    remote: WireServer
    local: WireServer
    between: WireServer
    run: Callable[..., object]
    near: list[WireServer] = field(default_factory=list)
    also_far: list[WireServer] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.env("OPENAI_BASE_URL", self.remote.base_url)
        self.env("OPENAI_API_KEY", "key-for-tests")
        self.env("OLLAMA_HOST", self.local.url)
        for server in (self.remote, self.local, self.between):
            server.default = GOOD
        self.user(tiers(REMOTE))
        self.repo.stage("parser.py", HARMLESS)

    def env(self, name: str, value: str) -> None:
        """Set a variable for the run."""
        self.monkeypatch.setenv(name, value)

    def user(self, text: str) -> None:
        """Write the user's config."""
        Path(os.environ["SMISTA_CONFIG"]).write_text("version = 1\n" + text)

    def user_floor(self, patterns: str, then: str) -> None:
        """The usual config, with sensitive paths."""
        self.user(tiers(REMOTE) + f'[sensitive]\npaths = [{patterns}]\nthen = "{then}"\n')

    def policy(self, text: str, *, trusted: bool = False) -> None:
        """Commit a policy to the repository, with the file that is staged left staged."""
        content = "version = 1\n" + text
        self.repo.stage(".smista.toml", content)
        self.repo.git("commit", "-q", "-m", "chore: add a policy", "--", ".smista.toml")
        if trusted:
            self.env("SMISTA_TRUST", hashlib.sha256(content.encode()).hexdigest())

    def stage(self, name: str, content: str | bytes) -> None:
        """Stage one more file."""
        self.repo.stage(name, content)

    def committed(self, name: str, content: str | bytes, subject: str = "chore: add a file") -> None:
        """A file of the last commit."""
        self.repo.stage(name, content)
        self.repo.git("commit", "-q", "--no-verify", "-m", subject, "--", name)

    @property
    def far(self) -> tuple[WireServer, ...]:
        """Every server that is not this machine by our rule."""
        return tuple(s for s in (self.remote, self.between, *self.also_far) if s not in self.near)

    def kept(self) -> Iterator[tuple[str, bytes]]:
        """What may hold nothing of a mark after a run, by name; the commit's tree is git's own affair."""
        for server in self.far:
            yield f"server {server.port}", bytes(server.raw)
        yield "message", self.repo.git("log", "-1", "--format=%B").encode("utf-8", "surrogateescape")
        yield "notes", self._notes()
        for folder in (self.home, self.temporary):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and str(path) not in self.expected:
                    yield str(path), path.read_bytes()
        yield "ledger", self._ledger()

    def _notes(self) -> bytes:
        names = self.repo.git("for-each-ref", "--format=%(refname)", "refs/notes").split()
        return "\n".join(self.repo.git("log", "-p", name) for name in names).encode(
            "utf-8", "surrogateescape"
        )

    def _ledger(self) -> bytes:
        """The rows, also those that still stand in the write-ahead log."""
        path = Path(os.environ["SMISTA_STATE_DIR"]) / "ledger.db"
        if not path.exists():
            return b""
        with closing(sqlite3.connect(path)) as connection:
            return "\n".join(connection.iterdump()).encode("utf-8", "surrogateescape")
