"""A sealed place for every test: own HOME, no system config, fixed dates, no editor, no network keys."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.fixtures import anthropic_server, ollama_server, openai_server, small_model  # noqa: F401

PASSED_ON = {"PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT", "GIT_DEFAULT_REF_FORMAT"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests that take longest come first, so that no process ends alone with one of them."""
    slow = {"hook_repository", "small_model"}
    items.sort(key=lambda item: slow.isdisjoint(getattr(item, "fixturenames", ())))


@pytest.fixture(autouse=True)
def sealed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The test's HOME; git, the keys and the state directory see nothing of the machine."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name not in PASSED_ON and not name.startswith(("PYTEST_", "COV_")):
            monkeypatch.delenv(name)
    settings = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "SMISTA_CONFIG": str(home / "config.toml"),
        "SMISTA_STATE_DIR": str(home / "state"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_AUTHOR_DATE": "2024-05-06T07:08:09Z",
        "GIT_COMMITTER_DATE": "2024-05-06T07:08:09Z",
        "GIT_EDITOR": "false",
        "GIT_TERMINAL_PROMPT": "0",
        "OLLAMA_HOST": "http://127.0.0.1:9",
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ada Test\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n"
        '[commit]\n\tgpgsign = false\n[protocol "file"]\n\tallow = always\n'
    )
    yield home


Git = Callable[..., str]


def git_in(folder: Path) -> Git:
    """A function that runs git in ``folder`` and gives its standard output, stripped of the last newline."""

    def git(*args: str | bytes, stdin: bytes | None = None, env: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            ["git", *args],
            cwd=folder,
            input=stdin,
            capture_output=True,
            env={**os.environ, **(env or {})},
            check=False,
        )
        if done.returncode != 0:
            raise AssertionError(f"git {args} failed: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    return git


class Repo:
    """A real repository of a test: ``path``, ``git(...)``, ``write(name, text)``, ``commit(subject)``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.git = git_in(path)

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file, its folders included."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def stage(self, name: str, content: str | bytes) -> None:
        """Write a file and add it to the index."""
        self.write(name, content)
        self.git("add", "--", name)

    def commit(self, subject: str) -> str:
        """Commit the index and give the new commit's full name."""
        self.git("commit", "-q", "--no-verify", "--allow-empty", "-m", subject)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A new repository with one commit, and the working directory inside it."""
    path = tmp_path / "repo"
    path.mkdir()
    made = Repo(path)
    made.git("init", "-q")
    made.stage("README.md", "# Sample\n")
    made.commit("docs: start the readme")
    monkeypatch.chdir(path)
    return made
