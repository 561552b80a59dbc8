"""``git smista policy replay``: what a person and a pipeline see of it."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Smista, all_tiers
from tests.conftest import Repo

REMOTE = "openai/gpt-5.4-mini"
KEEPS = '[sensitive]\npaths = ["private/**"]\nthen = "local"\n'


def policy(model: str = REMOTE, more: str = "") -> str:
    return "version = 1\n" + all_tiers(model) + more


@pytest.fixture
def history(repo: Repo) -> Repo:
    repo.stage("private/plan.md", "Nobody else reads this.\n")
    repo.commit("docs: add a plan")
    repo.stage("src/sum.py", "def total(values):\n    return sum(values)\n")
    repo.commit("feat: sum values")
    repo.write("keeps.toml", policy(more=KEEPS))
    repo.write("sends.toml", policy())
    return repo


def many(repo: Repo, count: int) -> None:
    """Many commits, fast."""
    stream = io.StringIO()
    for number in range(count):
        text = f"value_{number} = compute({number})\n" * 60
        stream.write(
            f"commit refs/heads/main\ncommitter A <a@b.c> {1714980000 + number} +0000\n"
            f"data <<E\nfeat: page {number}\nE\n"
            + ("from refs/heads/main^0\n" if number == 0 else "")
            + f"M 100644 inline src/m{number % 50}.py\ndata {len(text)}\n{text}\n"
        )
    repo.git("fast-import", "--quiet", stdin=stream.getvalue().encode())


def test_one_policy_by_itself(history: Repo, smista: Smista) -> None:
    done = smista("policy", "replay")
    assert done.code == 0, done.err
    assert "Replayed HEAD as commit: 3 commits" in done.out
    assert re.search(r"^local +3 +100\.0 %$", done.out, re.M)
    assert "Sensitive work that would go remote: none" in done.out
    assert "then" not in done.out.split()
    assert not done.err


def test_a_policy_that_sends_what_the_other_keeps_exits_with_1(history: Repo, smista: Smista) -> None:
    done = smista("policy", "replay", "--against", "keeps.toml", "--policy", "sends.toml")
    assert done.code == 1
    leaking = history.git("rev-parse", "HEAD~1")[:12]
    assert f"{leaking}  private/plan.md is sensitive: private/**" in done.out
    assert "sensitive work would go remote in one commit" in done.err
    assert smista("policy", "replay", "--against", "sends.toml", "--policy", "keeps.toml").code == 0


def test_the_policy_in_force_is_compared_with_a_new_one(history: Repo, smista: Smista) -> None:
    history.write(".smista.toml", policy(more=KEEPS))
    done = smista("policy", "replay", "HEAD~1..HEAD", "--policy", "sends.toml", "--json")
    assert done.code == 0, done.err
    row, last = map(json.loads, done.out.splitlines())
    assert row["commit"] == history.git("rev-parse", "HEAD")
    assert row["then"]["model"] == row["now"]["model"] == REMOTE and row["changed"] is False
    summary = last["summary"]
    assert (summary["then"]["policy"], summary["now"]["policy"]) == (".smista.toml", "sends.toml")
    assert (summary["commits"], summary["of"], summary["partial"]) == (1, 1, False)
    assert summary["now"]["wheres"]["remote"] == 1 and summary["regressions"] == []


def test_the_cost_gate(history: Repo, smista: Smista) -> None:
    history.write("dear.toml", policy("openai/gpt-5.5", KEEPS))
    words = ("policy", "replay", "--against", "keeps.toml", "--policy", "dear.toml")
    assert smista(*words).code == 0
    done = smista(*words, "--max-cost-increase", "10%")
    assert done.code == 1 and "by more than 10 %" in done.err
    assert smista(*words, "--max-cost-increase", "100000").code == 0
    for wrong in ("-1", "much", "nan"):
        assert smista(*words, f"--max-cost-increase={wrong}").code == 2
    assert smista("policy", "replay", "--max-cost-increase", "10").code == 2


def test_csv_has_a_row_a_commit_and_the_summary_aside(history: Repo, smista: Smista) -> None:
    done = smista("policy", "replay", "--csv", "--against", "keeps.toml", "--policy", "sends.toml")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["commit"] for row in rows] == history.git("rev-list", "HEAD").split()
    assert [row["leaks"] for row in rows][1].startswith("private/plan.md")
    assert [row["then_where"] for row in rows] == ["remote", "local", "remote"]
    assert all(float(row["now_low_usd"]) > 0 for row in rows)
    assert "Sensitive work that would go remote: 1 commits" in done.err


def test_a_path_is_no_formula_and_moves_no_cursor(repo: Repo, smista: Smista) -> None:
    repo.stage("=cmd()\x1b[2J.md", "Text.\n")
    repo.commit("docs: an odd name")
    repo.write("keeps.toml", policy(more='[sensitive]\npaths = ["*.md"]\nthen = "exclude"\n'))
    repo.write("sends.toml", policy())
    words = ("policy", "replay", "HEAD~1..HEAD", "--against", "keeps.toml", "--policy", "sends.toml")
    done = smista(*words, "--csv")
    (row,) = csv.DictReader(io.StringIO(done.out))
    assert row["leaks"].startswith("'=cmd()")
    assert "\x1b" not in done.out + done.err + smista(*words).out + smista(*words, "--json").out


def test_the_same_on_every_run_and_whatever_is_up(
    history: Repo, smista: Smista, ollama_server, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    words = ("policy", "replay", "--policy", "keeps.toml", "--json")
    first = smista(*words)
    monkeypatch.setenv("OLLAMA_HOST", ollama_server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "key-for-tests")
    assert smista(*words).out == first.out
    assert not ollama_server.requests


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(
    history: Repo, smista: Smista, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = smista("policy", "replay", "--policy", "sends.toml").out
    assert max(map(len, out.splitlines())) <= columns
    assert out.isascii()
    bars = [len(found[0]) for found in re.finditer(r"#+$", out, re.M)]
    assert max(bars) == columns - 32 or columns == 40


def test_an_untrusted_policy_is_replayed_as_if_it_were_trusted(history: Repo, smista: Smista) -> None:
    history.write(".smista.toml", policy())
    assert re.search(r"^remote +3 +100\.0 %$", smista("policy", "replay").out, re.M)
    assert smista("policy", "explain", "HEAD", "--json").json["decision"]["model"] == "builtin/rules"


def test_a_review_is_priced_as_a_review(history: Repo, smista: Smista) -> None:
    def most(intent: str) -> float:
        words = ("policy", "replay", "--policy", "keeps.toml", "--intent", intent, "--json")
        return float(json.loads(smista(*words).out.splitlines()[-1])["summary"]["now"]["high_usd"])

    assert most("review") > most("commit") > 0


def test_a_bare_repository_works(history: Repo, smista: Smista, monkeypatch: pytest.MonkeyPatch) -> None:
    history.stage(".smista.toml", policy())
    history.commit("chore: add a policy")
    bare = history.path.parent / "bare.git"
    history.git("clone", "-q", "--bare", ".", str(bare))
    monkeypatch.chdir(bare)
    done = smista("policy", "replay")
    assert done.code == 0, done.err
    assert "HEAD:.smista.toml" in done.out and re.search(r"^remote +4 ", done.out, re.M)


def test_a_closed_pipe_ends_it_quietly(history: Repo) -> None:
    many(history, 400)
    command = [sys.executable, "-m", "smista_git", "policy", "replay", "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=history.path, **pipes) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(timeout=60) != 0
    assert not said


def test_ctrl_c_shows_what_is_counted_and_says_that_it_is_partial(history: Repo) -> None:
    many(history, 4000)
    shown, code = _on_a_terminal(history.path, interrupt_after=b" of 4,003 commits, ")
    assert code == 130, shown
    assert re.search(r"\d[\d,]* of 4,003 commits, [\d,]+ a second, \d+:\d\d left", shown)
    assert re.search(r"PARTIAL: the newest [\d,]+ of\s+4,003", shown)
    assert "interrupted: the result covers" in shown and "Traceback" not in shown


def _on_a_terminal(folder: Path, *, interrupt_after: bytes) -> tuple[str, int]:
    """What a person sees who presses Ctrl-C once ``interrupt_after`` was shown, and the exit code."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        environment = {**os.environ, "TERM": "xterm"}
        os.execve(sys.executable, [sys.executable, "-m", "smista_git", "policy", "replay"], environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    seen, pressed, end = b"", False, time.monotonic() + 120
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            read = os.read(terminal, 65536)
        except OSError:  # Linux's way to say that the other side has closed
            break
        if not read:
            break
        seen += read
        if not pressed and interrupt_after in seen:
            pressed = True
            os.write(terminal, b"\x03")
    else:
        os.kill(pid, signal.SIGKILL)
    os.close(terminal)
    return seen.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
