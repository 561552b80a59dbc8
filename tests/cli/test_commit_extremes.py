"""Sizes that break tools: 10 MB of diff, 5,000 files, a 200 MB binary; correct, in bounded memory, without a stall."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Repo

LIMIT_BYTES = 100 << 20
LIMIT_S = 30.0


# Linux counts into a child's peak what its parent held when it forked, so a small process has to stand between.
MEASURE = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024)
"""


def measured(*words: str) -> tuple[int, int, float]:
    """Exit code, peak memory in bytes (the largest of smista and the git processes it ran), and seconds."""
    began_s = time.monotonic()
    command = [sys.executable, "-c", MEASURE, sys.executable, "-m", "smista_git", *words]
    done = subprocess.run(command, env=os.environ, stdout=subprocess.PIPE, check=True)
    code, peak_bytes = map(int, done.stdout.split())
    return code, peak_bytes, time.monotonic() - began_s


def lines_of(count: int) -> str:
    return "".join(f"value_{number} = compute({number}, {number * 7919 % 1000})\n" for number in range(count))


def one_big_diff(repo: Repo) -> None:
    repo.stage("big.py", lines_of(250_000))


def many_files(repo: Repo) -> None:
    for number in range(5_000):
        repo.write(
            f"src/part{number % 50}/file{number}.py", f"def function_{number}():\n    return {number}\n"
        )
    repo.git("add", "src")


def big_binary(repo: Repo) -> None:
    with (repo.path / "blob.bin").open("wb") as file:
        file.write(b"\0\1\2")
        file.truncate(200 << 20)
    repo.git("-c", "core.compression=0", "add", "blob.bin")


def one_long_line(repo: Repo) -> None:
    repo.stage("data.js", "x = [" + ",".join(map(str, range(1_200_000))) + "]\n")


CASES = [one_big_diff, many_files, big_binary, one_long_line]


@pytest.mark.parametrize("prepare", CASES, ids=[case.__name__ for case in CASES])
def test_memory_and_time_stay_bounded(repo: Repo, prepare) -> None:
    prepare(repo)
    files = repo.git("diff", "--cached", "--name-only", "-z")
    code, peak_bytes, took_s = measured("commit", "-y")
    assert code == 0
    assert repo.git("show", "--name-only", "-z", "--format=", "HEAD").lstrip("\n") == files
    assert repo.git("log", "-1", "--format=%s")
    assert peak_bytes < LIMIT_BYTES, f"{peak_bytes / (1 << 20):.0f} MiB"
    assert took_s < LIMIT_S


def test_ten_megabytes_to_a_model_are_cut_to_its_window(
    repo: Repo, ollama_server, monkeypatch: pytest.MonkeyPatch, user_config
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", ollama_server.url)
    one_big_diff(repo)
    code, peak_bytes, _ = measured("commit", "-y", "--model", "ollama/qwen2.5-coder")
    assert code == 0 and peak_bytes < LIMIT_BYTES
    sent = ollama_server.chats[0].body
    assert len(sent) < 60_000
    assert b"not shown]" in sent or b"too large to read" in sent


def test_names_that_break_parsers(repo: Repo, tmp_path: Path) -> None:
    names = [
        "-dash",
        "with space",
        "tab\there",
        'quote"s',
        "new\nline",
        "a b/b c/ b/x",
        "ünï",
        b"latin-\xe9".decode("utf-8", "surrogateescape"),
    ]
    for name in names:
        path = os.path.join(os.fsencode(repo.path), name.encode("utf-8", "surrogateescape"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(b"content\n")
    repo.git("add", "-A")
    code, _, _ = measured("commit", "-y")
    assert code == 0
    committed = set(repo.git("show", "--name-only", "-z", "--format=", "HEAD").lstrip("\n").split("\0")) - {
        ""
    }
    assert committed == set(names)
