"""The front door: exit codes, closest commands, bug reports, closed pipes."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Smista
from tests.conftest import Repo


def test_a_misspelt_command_gets_the_nearest_one(repo: Repo, smista: Smista) -> None:
    done = smista("comit")
    assert done.code == 2 and "Did you mean `git smista commit`?" in done.err


def test_help_names_every_command_without_importing_one(repo: Repo) -> None:
    words = [sys.executable, "-X", "importtime", "-m", "smista_git", "--help"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert "commit" in done.stdout and "doctor" in done.stdout
    assert "smista_git.cli.commit" not in done.stderr and "pydantic" not in done.stderr


def test_a_reader_that_leaves_early_is_no_gate_that_tripped(repo: Repo) -> None:
    for number in range(40):
        repo.stage(f"f{number}.py", f"def f{number}():\n    return {number}\n")
        repo.commit(f"feat: add f{number}")
    command = f"{sys.executable} -m smista_git classify HEAD~39..HEAD --json"
    script = f"set -o pipefail; {command} | head -n 1 >first; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() in ("141", "0")
    assert "Traceback" not in done.stderr
    assert (repo.path / "first").read_text().startswith("{")


@pytest.mark.parametrize(
    "words", ["smista policy init", "smista hook install", "smista commit -y", "smista classify >/dev/full"]
)
def test_a_full_disk_is_no_bug(repo: Repo, words: str) -> None:
    repo.stage("a.py", "def count():\n    return 1\n")
    hook = repo.path / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n")
    hooks = sorted(file.name for file in hook.parent.iterdir())
    program = f"{sys.executable} -m smista_git"
    command = f"{'' if '/dev/full' in words else 'ulimit -f 0; '}{words.replace('smista', program)}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert re.search("File too large|No space left|No usable temporary", done.stderr), done.stderr
    assert "df -h" in done.stderr
    assert repo.git("status", "--porcelain") == "A  a.py"
    assert sorted(file.name for file in hook.parent.iterdir()) == hooks


def test_a_bug_ends_in_a_report_without_what_it_was_about(
    repo: Repo, smista: Smista, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **words: object) -> None:
        raise RuntimeError(" ".join(["the words of a", "private", "file"]))

    monkeypatch.setattr("smista_git.workflow.why.records_of", broken)
    done = smista("why", "HEAD")
    assert done.code == 70
    report = Path(re.search(r"report\S* .* is in (\S+)", done.err)[1])
    text = report.read_text()
    assert "RuntimeError" in text and "command: git smista why" in text
    assert "private file" not in text + done.err + done.out


def test_no_name_is_looked_up_before_something_is_to_be_sent(
    repo: Repo, smista: Smista, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    real = socket.getaddrinfo

    def watched(host: object, *args: object, **words: object) -> object:
        asked.append(host)
        return real(host, *args, **words)

    monkeypatch.setattr(socket, "getaddrinfo", watched)
    monkeypatch.setitem(os.environ, "OPENAI_API_KEY", "key-for-tests")
    repo.stage("a.py", "def a():\n    return 1\n")
    assert smista("commit", "-y").code == 0
    assert [host for host in asked if host not in ("127.0.0.1", "localhost")] == []


@pytest.mark.parametrize(
    "words",
    [
        "why",
        "review HEAD",
        "classify HEAD",
        "classify HEAD~3..",
        "policy replay",
        "policy explain HEAD",
        "changelog",
    ],
)
def test_before_the_first_commit_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sealed: Path, smista: Smista, words: str
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path / "new")], check=True)
    monkeypatch.chdir(tmp_path / "new")
    done = smista(*words.split())
    assert done.code == 3 and "there are no commits yet" in done.err
