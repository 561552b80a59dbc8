"""The dialogue, in a real terminal: accept, edit, regenerate with a remark, one tier up, quit."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import all_tiers
from tests.conftest import Repo
from tests.servers import script
from tests.servers.server import WireServer

PARSER = "def parse(text):\n    return text.split()\n"
QUESTION = "[q]uit:"


class Terminal:
    """One command in a pseudo-terminal: ``expect`` waits for a text, ``press`` types."""

    def __init__(self, *words: str) -> None:
        ours, theirs = pty.openpty()
        self._ours = ours
        self._seen = ""
        self._read_to = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "smista_git", *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=os.environ,
            start_new_session=True,
        )
        os.close(theirs)

    def expect(self, text: str, *, within_s: float = 20.0) -> str:
        """Everything up to and with ``text``, from where the last call ended."""
        deadline_s = time.monotonic() + within_s
        while (at := self._seen.find(text, self._read_to)) < 0:
            if time.monotonic() > deadline_s or not self._more():
                raise AssertionError(f"{text!r} did not come; seen: {self._seen[self._read_to :]!r}")
        start, self._read_to = self._read_to, at + len(text)
        return self._seen[start : self._read_to]

    def press(self, key: str) -> None:
        """Press one key, once the program listens for single keys: what came before is thrown away by then."""
        deadline_s = time.monotonic() + 5
        while termios.tcgetattr(self._ours)[3] & termios.ICANON and time.monotonic() < deadline_s:
            time.sleep(0.01)
        self.type(key)

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def ends(self, *, within_s: float = 20.0) -> int:
        deadline_s = time.monotonic() + within_s
        while self.process.poll() is None and time.monotonic() < deadline_s:
            self._more()
        return self.process.wait(timeout=1)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)

    def _more(self) -> bool:
        if not select.select([self._ours], [], [], 0.05)[0]:
            return self.process.poll() is None
        try:
            self._seen += os.read(self._ours, 65536).decode(errors="replace")
        except OSError:
            return False
        return True


@pytest.fixture
def terminal(repo: Repo) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(*words: str) -> Terminal:
        opened.append(Terminal(*words))
        return opened[-1]

    repo.stage("parser.py", PARSER)
    yield start
    for each in opened:
        each.close()


@pytest.fixture
def model(
    ollama_server: WireServer, user_config: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> WireServer:
    monkeypatch.setenv("OLLAMA_HOST", ollama_server.url)
    user_config(all_tiers("ollama/qwen2.5-coder"))
    return ollama_server


def subject(repo: Repo) -> str:
    return repo.git("log", "-1", "--format=%s")


def test_yes_commits(repo: Repo, terminal: Callable[..., Terminal]) -> None:
    shell = terminal("commit")
    shown = shell.expect(QUESTION)
    assert "builtin/rules" in shown and "parse" in shown
    shell.press("y")
    assert shell.ends() == 0
    assert "parse" in subject(repo)


@pytest.mark.parametrize(
    ("keys", "code"), [("q", 130), ("\x03", 130), ("\x1b", 130)], ids=["q", "ctrl-c", "escape"]
)
def test_leaving_commits_nothing(repo: Repo, terminal: Callable[..., Terminal], keys: str, code: int) -> None:
    shell = terminal("commit")
    shell.expect(QUESTION)
    shell.press(keys)
    assert shell.ends() == code
    assert repo.git("rev-list", "--count", "HEAD") == "1"
    assert repo.git("diff", "--cached", "--name-only") == "parser.py"


def test_other_keys_are_not_an_answer(repo: Repo, terminal: Callable[..., Terminal]) -> None:
    shell = terminal("commit")
    shell.expect(QUESTION)
    for key in "xz?":
        shell.press(key)
    time.sleep(0.3)
    assert shell.process.poll() is None
    shell.press("q")
    assert shell.ends() == 130


def test_edit_opens_the_users_editor_and_commits_what_it_leaves(
    repo: Repo, terminal: Callable[..., Terminal], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "my editor.sh"
    editor.write_text('#!/bin/sh\nprintf "feat: parse words\\n\\n#12 is what this is for\\n" > "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("GIT_EDITOR", f"'{editor}'")
    shell = terminal("commit")
    shell.expect(QUESTION)
    shell.press("e")
    assert shell.ends() == 0
    assert repo.git("log", "-1", "--format=%B").strip() == "feat: parse words\n\n#12 is what this is for"
    assert '"outcome":"edited"' in repo.git("notes", "--ref=smista", "show", "HEAD")


@pytest.mark.parametrize("editor", ["true", "false", "no-such-editor"])
def test_an_edit_that_changes_nothing_asks_again(
    repo: Repo, terminal: Callable[..., Terminal], monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    monkeypatch.setenv("GIT_EDITOR", editor)
    shell = terminal("commit")
    shell.expect(QUESTION)
    shell.press("e")
    shell.expect(QUESTION)
    shell.press("y")
    assert shell.ends() == 0


def test_the_message_is_streamed_as_it_is_written(
    terminal: Callable[..., Terminal], model: WireServer
) -> None:
    model.then(script.Say("feat: add parse to split words", pause_s=0.1))
    shell = terminal("commit")
    shell.expect("feat: add")
    assert QUESTION not in shell.expect("split")
    shell.expect(QUESTION)
    shell.press("q")
    shell.ends()


def test_regenerate_takes_a_remark_along(
    repo: Repo, terminal: Callable[..., Terminal], model: WireServer
) -> None:
    model.then(script.Say("feat: add parse"), script.Say("feat: add parse for words"))
    shell = terminal("commit")
    shell.expect(QUESTION)
    shell.press("r")
    shell.expect("What should be different?")
    shell.type("say that it is for words\n")
    shell.expect(QUESTION)
    shell.press("y")
    assert shell.ends() == 0
    assert subject(repo) == "feat: add parse for words"
    texts = [m["content"] for m in model.chats[-1].json["messages"]]
    assert "feat: add parse" in texts and any("it is for words" in text for text in texts)


def test_one_tier_up_asks_the_stronger_model(
    repo: Repo, terminal: Callable[..., Terminal], model: WireServer, user_config: Callable[[str], Path]
) -> None:
    model.models.append(type(model.models[0])("bigger:latest"))
    tiers = '[tiers]\nlight = "ollama/qwen2.5-coder"\nstandard = "ollama/qwen2.5-coder"\nheavy = "ollama/bigger"\n'
    user_config(tiers)
    model.then(script.Say("feat: add parse"), script.Say("feat: add parse, said better"))
    shell = terminal("commit", "--tier", "standard")
    shell.expect(QUESTION)
    shell.press("u")
    shell.expect(QUESTION)
    shell.press("y")
    assert shell.ends() == 0
    assert [chat.json["model"] for chat in model.chats] == ["qwen2.5-coder", "bigger"]
    assert subject(repo) == "feat: add parse, said better"


def test_a_failing_hook_shows_its_words_and_where_the_message_is(
    repo: Repo, terminal: Callable[..., Terminal]
) -> None:
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho lint says no\nexit 1\n").chmod(0o755)
    shell = terminal("commit")
    shell.expect(QUESTION)
    shell.press("y")
    shell.expect("lint says no")
    shell.expect("git commit -F")
    assert shell.ends() == 3


def test_candidates_are_chosen_by_number(
    repo: Repo, terminal: Callable[..., Terminal], model: WireServer
) -> None:
    model.then(
        script.Say("feat: add parse"), script.Say("feat: add parse"), script.Say("feat: add parse for words")
    )
    shell = terminal("commit", "--candidates", "3")
    shown = shell.expect("Which one? [1-2]")
    assert " 1  " in shown and " 2  " in shown, "the same answer twice is one candidate"
    shell.press("2")
    assert "add parse for words" in shell.expect(QUESTION)
    shell.press("y")
    assert shell.ends() == 0
    assert subject(repo) == "feat: add parse for words"
    assert len(model.chats) == 3
    assert any("feat: add parse" in message["content"] for message in model.chats[-1].json["messages"])


def test_the_builtin_writer_has_one_candidate(repo: Repo, terminal: Callable[..., Terminal]) -> None:
    shell = terminal("commit", "--candidates", "3")
    assert "Which one?" not in shell.expect(QUESTION)
    shell.press("q")
    assert shell.ends() == 130


@pytest.fixture
def parts(repo: Repo) -> Repo:
    """Beside the parser a workflow and a page are staged: three concerns."""
    repo.stage(".github/workflows/lint.yml", "on: push\njobs:\n  lint:\n    runs-on: ubuntu-latest\n")
    repo.stage("docs/guide.md", "# Guide\n\nHow to start.\n")
    return repo


SPLIT = "[j]oin two, [q]uit:"


def test_a_split_asks_about_the_parts_then_about_each_message(
    parts: Repo, terminal: Callable[..., Terminal]
) -> None:
    shell = terminal("commit", "--split")
    shown = shell.expect(SPLIT)
    assert "1 of 3" in shown and "docs/guide.md" in shown
    shell.press("y")
    for number in (1, 2, 3):
        assert f"{number} of 3" in shell.expect(QUESTION)
        shell.press("y")
    assert shell.ends() == 0
    assert parts.git("rev-list", "--count", "HEAD") == "4"


def test_two_parts_can_be_joined(parts: Repo, terminal: Callable[..., Terminal]) -> None:
    shell = terminal("commit", "--split")
    shell.expect(SPLIT)
    shell.press("j")
    shell.expect("Which two?")
    shell.type("1 7\n")
    shell.expect("two different numbers")
    shell.expect(SPLIT)
    shell.press("j")
    shell.expect("Which two?")
    shell.type("3, 1\n")
    assert "2 of 2" in shell.expect(SPLIT)
    shell.press("y")
    for _ in range(2):
        shell.expect(QUESTION)
        shell.press("y")
    assert shell.ends() == 0
    sizes = [len(parts.git("show", "--name-only", "--format=", rev).split()) for rev in ("HEAD~1", "HEAD")]
    assert sorted(sizes) == [1, 2]


def test_a_split_can_still_become_one_commit(parts: Repo, terminal: Callable[..., Terminal]) -> None:
    shell = terminal("commit", "--split")
    shell.expect(SPLIT)
    shell.press("o")
    shell.expect(QUESTION)
    shell.press("y")
    assert shell.ends() == 0
    assert parts.git("rev-list", "--count", "HEAD") == "2"


@pytest.mark.parametrize("after", [0, 1, 2], ids=["the parts", "the first message", "the second message"])
def test_leaving_a_split_commits_nothing(parts: Repo, terminal: Callable[..., Terminal], after: int) -> None:
    staged = parts.git("write-tree")
    shell = terminal("commit", "--split")
    shell.expect(SPLIT)
    for _ in range(after):
        shell.press("y")
        shell.expect(QUESTION)
    shell.press("q")
    assert shell.ends() == 130
    assert parts.git("rev-list", "--count", "HEAD") == "1"
    assert parts.git("write-tree") == staged
