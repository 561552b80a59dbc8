"""``git smista commit`` with a model: each wire, every fault, and the real small model."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Smista, all_tiers, point_at
from tests.conftest import Repo
from tests.servers import script
from tests.servers.server import WireServer
from tests.servers.small_model import SmallModel

PARSER = "def parse(text):\n    return text.split()\n"
GOOD = "feat: add parse"
Config = Callable[[str], Path]


def record_of(repo: Repo) -> dict:
    return json.loads(repo.git("notes", "--ref=smista", "show", "HEAD").splitlines()[-1])


@pytest.fixture
def staged(repo: Repo) -> Repo:
    """A repository with one new function staged, and another one in the work tree only."""
    repo.stage("parser.py", PARSER)
    repo.write("parser.py", PARSER + "\n\ndef unstaged():\n    pass\n")
    return repo


def test_each_wire_writes_the_message_from_the_staged_content(
    staged: Repo, smista: Smista, user_config: Config, server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = point_at(server, monkeypatch)
    user_config(all_tiers(model))
    server.then(script.Say(GOOD))
    done = smista("commit", "-y", "--hint", "closes #41")
    assert done.code == 0, done.err
    assert staged.git("log", "-1", "--format=%s") == GOOD
    sent = server.chats[-1].body.decode()
    assert "def parse" in sent and "closes #41" in sent and "unstaged" not in sent
    record = record_of(staged)
    assert record["model"] == model and record["verdict"] == "ok"
    assert record["tokens"]["in"] > 0 and record["tokens"]["out"] > 0
    assert record["cost_usd"] == "0" if model.startswith("ollama") else float(record["cost_usd"]) > 0
    assert staged.git("show", "HEAD:parser.py") + "\n" == PARSER


def test_what_the_dry_run_shows_is_what_is_sent(
    staged: Repo, smista: Smista, user_config: Config, server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_config(all_tiers(point_at(server, monkeypatch)))
    server.then(script.Say(GOOD))
    shown = smista("commit", "--show-payload").out
    assert not server.chats
    smista("commit", "-y")
    sent = json.loads(server.chats[-1].body)
    texts = [sent.get("system", "")] + [m["content"] for m in sent["messages"]]
    flat = [t if isinstance(t, str) else "".join(part["text"] for part in t) for t in texts]
    for text in filter(None, flat):
        assert text in shown


FAULTS = {
    "429 at once": (lambda: script.rate_limited("0"), "try"),
    "429 for an hour": (lambda: script.rate_limited("3600"), "rules"),
    "500": (script.broken, "rules"),
    "dropped": (lambda: script.Drop(), "rules"),
    "hang": (lambda: script.Hang(), "rules"),
    "drip": (lambda: script.Drip(), "rules"),
    "empty": (script.empty, "rules"),
    "html": (script.html, "rules"),
    "garbage": (lambda: script.garbage("application/x-ndjson"), "rules"),
    "nonsense": (
        lambda: script.Say("the the the the quick parse_everything() 99 bottles of `beer.py`"),
        "rules",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_never_stops_the_commit(
    staged: Repo, smista: Smista, user_config: Config, ollama_server: WireServer,
    monkeypatch: pytest.MonkeyPatch, fault: str,
) -> None:  # fmt: skip
    action, _ = FAULTS[fault]
    model = point_at(ollama_server, monkeypatch)
    user_config(all_tiers(model) + "[commit]\ndeadline_s = 2\n")
    ollama_server.then(*(action() for _ in range(4)))
    ollama_server.default = action()
    before = staged.git("ls-files", "--stage"), (staged.path / "parser.py").read_bytes()
    began_s = time.monotonic()
    done = smista("commit", "-y")
    assert time.monotonic() - began_s < 5
    assert done.code == 0, done.err
    assert staged.git("rev-list", "--count", "HEAD") == "2"
    assert "parse" in staged.git("log", "-1", "--format=%s")
    assert (staged.git("ls-files", "--stage"), (staged.path / "parser.py").read_bytes()) == before
    record = record_of(staged)
    assert record["model"] == "builtin/rules" and record["planned"] == model
    assert record["attempts"][0]["outcome"] in ("error", "rejected")
    assert any(model in line for line in done.err.splitlines())
    assert "Traceback" not in done.err


@pytest.mark.parametrize("dressed", [script.prose(GOOD), script.fence(GOOD)], ids=["prose", "fence"])
def test_what_stands_around_an_answer_is_taken_off(
    staged: Repo, smista: Smista, user_config: Config, ollama_server: WireServer,
    monkeypatch: pytest.MonkeyPatch, dressed: script.Say,
) -> None:  # fmt: skip
    user_config(all_tiers(point_at(ollama_server, monkeypatch)))
    ollama_server.then(dressed)
    assert smista("commit", "-y").code == 0
    assert staged.git("log", "-1", "--format=%B").strip() == GOOD


def test_a_wrong_answer_is_sent_back_once_with_what_was_wrong(
    staged: Repo,
    smista: Smista,
    user_config: Config,
    ollama_server: WireServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user_config(all_tiers(point_at(ollama_server, monkeypatch)))
    ollama_server.then(script.Say("feat: add parse_everything for #99"), script.Say(GOOD))
    assert smista("commit", "-y").code == 0
    assert staged.git("log", "-1", "--format=%s") == GOOD
    again = ollama_server.chats[-1].body.decode()
    assert "parse_everything" in again and "neither in the diff" in again


def test_a_refused_connection_is_said_in_one_line(
    staged: Repo, smista: Smista, user_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "key-for-tests")
    user_config(all_tiers("openai/gpt-5.4-mini"))
    done = smista("commit", "-y")
    assert done.code == 0
    told = [line for line in done.err.splitlines() if line.startswith("openai/gpt-5.4-mini:")]
    assert len(told) == 1 and "writing it by rules" in told[0]


def test_a_fallback_answers_when_the_first_choice_is_down(
    staged: Repo, smista: Smista, user_config: Config, ollama_server: WireServer, openai_server: WireServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    local, remote = point_at(ollama_server, monkeypatch), point_at(openai_server, monkeypatch)
    rule = f'[[routing.rules]]\nname = "r"\nintent = "commit"\nmodel = "{remote}"\nfallbacks = ["{local}"]\n'
    user_config(rule)
    openai_server.then(script.broken(), script.broken())
    ollama_server.then(script.Say(GOOD))
    assert smista("commit", "-y").code == 0
    record = record_of(staged)
    assert record["model"] == local and record["rule"] == "r"
    assert [a["outcome"] for a in record["attempts"]] == ["error", "error", "ok"]


def test_a_light_answer_that_fails_twice_goes_one_tier_up(
    repo: Repo, smista: Smista, user_config: Config, ollama_server: WireServer, openai_server: WireServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    local, remote = point_at(ollama_server, monkeypatch), point_at(openai_server, monkeypatch)
    user_config(f'[tiers]\nlight = "{local}"\nstandard = "{remote}"\nheavy = "{remote}"\n')
    repo.stage("README.md", "# Sample\n\nHow to install the sample.\n")
    ollama_server.then(script.Say("I am sorry"), script.Say("I am sorry"))
    openai_server.then(script.Say("docs: say how to install"))
    done = smista("commit", "-y")
    assert repo.git("log", "-1", "--format=%s") == "docs: say how to install", done.err
    assert [a["model"] for a in record_of(repo)["attempts"]] == [local, local, remote]


@pytest.mark.model
@pytest.mark.parametrize("wire", ["ollama", "openai", "anthropic"])
def test_a_real_small_model_never_spoils_the_history(
    staged: Repo, smista: Smista, user_config: Config, small_model: SmallModel,
    monkeypatch: pytest.MonkeyPatch, wire: str,
) -> None:  # fmt: skip
    if wire == "ollama":
        monkeypatch.setenv("OLLAMA_HOST", small_model.ollama_url)
    user_config(
        all_tiers(f"{wire if wire == 'ollama' else 'small-' + wire}/{small_model.name}")
        + "[commit]\ndeadline_s = 90\n"
        + f'[providers.small-openai]\nkind = "openai"\nbase_url = "{small_model.openai_url}"\nlocal = true\n'
        + f'[providers.small-anthropic]\nkind = "anthropic"\nbase_url = "{small_model.anthropic_url}"\nlocal = true\n'
    )
    done = smista("commit", "-y")
    assert done.code == 0, done.err
    record = record_of(staged)
    assert record["attempts"][0]["model"].endswith(small_model.name)
    assert record["attempts"][0]["outcome"] in ("ok", "rejected"), done.err
    assert record["tokens"]["in"] > 100 and record["tokens"]["out"] > 0
    assert record["tier"] and record["cost_usd"] == "0"
    subject = staged.git("log", "-1", "--format=%s")
    assert len(subject) <= 72 and subject.split(":")[0].split("(")[0] in (
        "feat",
        "fix",
        "refactor",
        "chore",
        "build",
    )


def _start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "smista_git", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ,
    )


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_signal_while_the_model_works_leaves_everything_as_it_was(
    staged: Repo, user_config: Config, ollama_server: WireServer, monkeypatch: pytest.MonkeyPatch,
    sent: signal.Signals, code: int,
) -> None:  # fmt: skip
    user_config(all_tiers(point_at(ollama_server, monkeypatch)))
    ollama_server.default = script.Hang()
    before = staged.git("ls-files", "--stage"), staged.git("rev-parse", "HEAD")
    process = _start("commit", "-y")
    deadline_s = time.monotonic() + 20
    while not ollama_server.chats and time.monotonic() < deadline_s:
        time.sleep(0.02)
    process.send_signal(sent)
    _, err = process.communicate(timeout=10)
    assert process.returncode == code
    assert b"Traceback" not in err
    assert (staged.git("ls-files", "--stage"), staged.git("rev-parse", "HEAD")) == before
    assert not (staged.path / ".git/index.lock").exists()
    staged.git("commit", "-q", "-m", "feat: still works")


@pytest.mark.parametrize("after_s", [0.05, 0.15, 0.25, 0.35, 0.45])
def test_kill_at_any_moment_loses_nothing_that_was_staged(staged: Repo, after_s: float) -> None:
    before = staged.git("ls-files", "--stage")
    process = _start("commit", "-y")
    time.sleep(after_s)
    process.kill()
    process.communicate()
    for lock in staged.path.glob(".git/**/*.lock"):
        lock.unlink()
    assert staged.git("ls-files", "--stage") == before
    staged.git("fsck", "--no-progress")
    committed = staged.git("rev-list", "--count", "HEAD") == "2"
    assert committed or staged.git("diff", "--cached", "--name-only") == "parser.py"
    if committed:
        assert staged.git("show", "HEAD:parser.py") + "\n" == PARSER
