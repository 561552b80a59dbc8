"""``git smista classify`` on the index, a commit, a range and a task."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Smista
from tests.conftest import Repo
from tests.processes import wait_for_an_empty_group


@pytest.fixture
def history(repo: Repo) -> Repo:
    """Three commits on top of the first: a feature, a fix, documents."""
    repo.stage("src/load.py", "def load(path):\n    return open(path).read()\n")
    repo.commit("feat: load files")
    repo.stage(
        "src/load.py",
        "def load(path):\n    if path is None:\n        return ''\n    return open(path).read()\n",
    )
    repo.commit("fix: survive no path")
    repo.stage("README.md", "# Sample\n\nLoads files.\n")
    repo.commit("docs: say what it does")
    return repo


def test_a_range_gives_one_object_a_line_newest_first(history: Repo, smista: Smista) -> None:
    ran = smista("classify", "HEAD~3..HEAD", "--json")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0 and ran.err == ""
    assert [row["commit"] for row in rows] == history.git("log", "--format=%H", "-3").split()
    assert rows[0]["labels"]["kind"] == "docs" and all(row["v"] == 1 for row in rows)


def test_a_commit_alone_and_in_a_range_gets_the_same_type(history: Repo, smista: Smista) -> None:
    alone = smista("classify", "HEAD~1", "--json").json
    (within,) = (json.loads(line) for line in smista("classify", "HEAD~2..HEAD~1", "--json").out.splitlines())
    assert alone["labels"]["type"] == within["labels"]["type"]
    assert alone["concerns"][0]["paths"] == ["src/load.py"]


def test_the_summary_counts_each_commit_once(history: Repo, smista: Smista) -> None:
    summary = smista("classify", "HEAD~3..HEAD", "--summary", "--json").json["summary"]
    assert summary["commits"] == 3
    for field in ("type", "kind", "tier"):
        assert sum(row["commits"] for row in summary[field].values()) == 3
    table = smista("classify", "HEAD~3..HEAD", "--summary").out
    assert table.startswith("3 commits\n") and "confidence" in table


def test_an_empty_range_says_so(history: Repo, smista: Smista) -> None:
    ran = smista("classify", "HEAD..HEAD")
    assert ran.code == 3 and ran.out == "" and "holds no commits" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("HEAD", "--staged"),
        ("--task", "x", "--staged"),
        ("HEAD", "--summary"),
        ("--secrets",),
        ("HEAD", "--skip=1"),
    ],
)
def test_what_does_not_go_together_is_refused(repo: Repo, smista: Smista, words: tuple[str, ...]) -> None:
    assert smista("classify", *words).code == 2


def test_a_task_needs_no_repository(smista: Smista, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = smista("classify", "--task", "Fix the typo in README.md", "--json").json
    assert said["v"] == 1 and said["task"]["intent"] == "edit" and said["task"]["tier"] == "light"
    assert smista("classify", "--task", "Fix the typo in README.md").out.startswith("edit, light, confidence")


def test_a_task_that_names_a_file_of_the_repository(history: Repo, smista: Smista) -> None:
    gone = smista("classify", "--task", "Fix the label in src/gone.py", "--json").json["task"]
    assert any(e["signal"] == "names files that are not here" for e in gone["evidence"])


def test_the_concerns_of_the_index(repo: Repo, smista: Smista) -> None:
    repo.stage("src/reader.py", "def read_token(stream):\n    return stream.next_token()\n")
    repo.stage("tests/test_reader.py", "def test_read_token():\n    assert read_token(stream)\n")
    repo.stage(".github/workflows/ci.yml", "on: push\n")
    said = smista("classify", "--json").json
    assert [c["paths"] for c in said["concerns"]] == [
        ["src/reader.py", "tests/test_reader.py"],
        [".github/workflows/ci.yml"],
    ]
    assert "2 concerns:" in smista("classify").out


def test_a_secret_in_a_range_shows_when_asked_for(repo: Repo, smista: Smista) -> None:
    repo.stage("settings.py", 'password = "hX9#kq72LmPz"\n')
    repo.commit("feat: add settings")
    plain, asked = (smista("classify", "HEAD~1..HEAD", "--json", *more).json for more in ((), ("--secrets",)))
    assert "secret" not in plain["labels"]["flags"] and "secret" in asked["labels"]["flags"]
    assert "secret" in smista("classify", "HEAD", "--json").json["labels"]["flags"]


def test_thousands_of_files_are_counted_and_not_all_named(repo: Repo, smista: Smista) -> None:
    for at in range(40):
        repo.stage(f"src/part_{at:03}.py", f"VALUE_{at} = {at}\n")
    repo.commit("feat: parts")
    repo.git("rm", "-rq", "src")
    repo.stage("tools/run.sh", "echo\n")
    done = smista("classify")
    assert "src/part_029.py, and 10 more" in done.out and "part_030" not in done.out
    assert len(smista("classify", "--json").json["concerns"][0]["paths"]) == 40


def test_a_bare_repository(
    history: Repo, smista: Smista, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    monkeypatch.chdir(tmp_path / "bare.git")
    assert len(smista("classify", "HEAD~2..HEAD").out.splitlines()) == 2
    assert smista("classify", "HEAD").code == 0


def long_history(repo: Repo, commits: int) -> None:
    """So many commits on top, by git fast-import."""
    parts = []
    for at in range(commits):
        body = f"value_{at} = {at}\n" * 20
        parts.append(
            f"commit refs/heads/long\ncommitter A <a@example.org> {1700000000 + at} +0000\n"
            f"data 9\nfix: {at:04d}\nM 644 inline src/f{at % 50}.py\ndata {len(body)}\n{body}\n"
        )
    repo.git("fast-import", "--quiet", stdin="".join(parts).encode())


def classifying(repo: Repo, *words: str) -> subprocess.Popen[bytes]:
    """``classify`` in a process group of its own, as a shell would start it."""
    return subprocess.Popen(
        [sys.executable, "-m", "smista_git", "classify", *words],
        cwd=repo.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def test_ctrl_c_ends_all_and_says_how_to_go_on(repo: Repo, smista: Smista) -> None:
    long_history(repo, 3999)
    with classifying(repo, "long~3990..long", "--json", "--skip", "100") as process:
        assert process.stdout is not None and process.stderr is not None
        for _ in range(100):  # by now others do the work
            assert process.stdout.readline().startswith(b'{"v": 1')
        os.killpg(process.pid, signal.SIGINT)  # a terminal tells git and the workers as well
        rows = 100 + len(process.stdout.read().splitlines())
        said = process.stderr.read().decode()
    wait_for_an_empty_group(process.pid)
    assert process.returncode == 130 and "Traceback" not in said
    # The signal may come between the line of a commit and its counting.
    assert rows < 3890
    stopped = re.search(r"stopped after (\d+) commits", said)
    assert stopped and int(stopped[1]) in (rows - 1, rows)
    again = re.search(r"go on with `git smista (.*)`", said)
    assert again and shlex.split(again[1]) == [
        "classify", "long~3990..long", "--json", "--skip", str(100 + int(stopped[1]))
    ]  # fmt: skip


def test_what_was_skipped_and_what_was_not_make_the_whole(history: Repo, smista: Smista) -> None:
    whole = smista("classify", "HEAD~3..HEAD", "--json").out.splitlines()
    assert smista("classify", "HEAD~3..HEAD", "--json", "--skip", "2").out.splitlines() == whole[2:]
    beyond = smista("classify", "HEAD~3..HEAD", "--skip", "3")
    assert beyond.code == 3 and "after the first 3" in beyond.err


def test_a_reader_that_has_enough_is_no_error(repo: Repo) -> None:
    long_history(repo, 3999)
    with classifying(repo, "long~3990..long") as process:
        assert process.stdout is not None and process.stderr is not None
        for _ in range(50):
            assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    wait_for_an_empty_group(process.pid)
    assert process.returncode == 141


def test_the_files_are_as_git_says(repo: Repo, smista: Smista) -> None:
    repo.stage("a.txt", "one\ntwo\nthree\n")
    repo.stage("picture.png", b"\x89PNG\0" * 9)
    repo.commit("feat: start")
    repo.git("mv", "a.txt", "caf\udce9 \u00fc.txt".encode("utf-8", "surrogateescape"))
    repo.stage("picture.png", b"\x89PNG\0" * 8)
    repo.write("run.sh", "true\n").chmod(0o755)
    repo.git("add", ".")
    repo.commit("feat: move")
    for words in (("HEAD",), ("HEAD~1..HEAD",)):
        moved, picture, run = smista("classify", *words, "--json").json["files"]
        assert moved["old_path"] == "a.txt" and moved["new_path"] == "caf\udce9 \u00fc.txt"
        assert (moved["status"], moved["similarity"]) == ("renamed", 100)
        assert picture["added"] is None and picture["binary"] is True
        assert (run["old_path"], run["new_mode"], run["added"], run["deleted"]) == (None, "100755", 1, 0)


def test_a_merge_is_one_whatever_it_brings(history: Repo, smista: Smista) -> None:
    history.git("checkout", "-q", "-b", "side", "HEAD~1")
    history.stage("docs/a.md", "# A\n")
    history.commit("docs: a")
    history.git("merge", "-q", "--no-edit", "main")
    labels = smista("classify", "HEAD", "--json").json["labels"]
    assert labels["kind"] == "merge" and labels["tier"] != "light"


@pytest.mark.parametrize("words", ["nowhere..HEAD", "-x..HEAD", "HEAD:README.md..nowhere", "--output=x..y"])
def test_a_range_that_means_nothing_is_a_mistake_of_the_caller(
    repo: Repo, smista: Smista, words: str
) -> None:
    ran = smista("classify", "--", words)
    assert ran.code == 2 and ran.out == ""


@pytest.mark.parametrize("words", ["HEAD:README.md", "HEAD^{tree}", "", "nowhere", "HEAD~99"])
def test_what_is_no_commit_is_a_mistake_of_the_caller(repo: Repo, smista: Smista, words: str) -> None:
    assert smista("classify", "--", words).code == 2


def test_what_git_writes_for_several_commits_is_a_range(history: Repo, smista: Smista) -> None:
    history.git("tag", "-m", "a tag", "annotated")
    assert len(smista("classify", "annotated^!").out.splitlines()) == 1
    assert len(smista("classify", "annotated~1^@").out.splitlines()) == 2
    assert smista("classify", "annotated").code == 0


def test_what_is_missing_here_is_said(
    history: Repo, smista: Smista, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.git("config", "uploadpack.allowFilter", "true")
    for form in ("blob:none", "tree:0"):
        words = ("clone", "-q", "--no-checkout", f"--filter={form}", f"file://{history.path}")
        history.git(*words, str(tmp_path / form))
    monkeypatch.chdir(tmp_path / "blob:none")
    ran = smista("classify", "HEAD~2..HEAD", "--json")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["labels"]["tier"] for row in rows] == ["heavy", "heavy"]
    assert all("not in this clone" in row["notices"][0] for row in rows)
    assert "not in this clone" in smista("classify", "HEAD").err
    monkeypatch.chdir(tmp_path / "tree:0")
    ran = smista("classify", "HEAD~2..HEAD")
    assert ran.code == 3 and "let git fetch" in ran.err


def test_a_folder_that_is_gone_is_no_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, smista: Smista
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    ran = smista("classify", "HEAD")
    assert ran.code == 3 and "gone" in ran.err


def test_a_range_is_in_columns_and_a_pipe_gets_no_colour(history: Repo, smista: Smista) -> None:
    lines = smista("classify", "HEAD~3..HEAD").out.splitlines()
    tiers = {
        line.index(tier) for line in lines for tier in ("light", "standard", "heavy") if f" {tier}" in line
    }
    assert len(lines) == 3 and len(tiers) == 1 and not any("\x1b" in line for line in lines)


def test_below_a_change_stands_what_speaks_for_each_label(history: Repo, smista: Smista) -> None:
    head, *below = smista("classify", "HEAD").out.splitlines()
    assert "docs, docs, trivial, light, confidence" in head and "runner-up" in head
    labels = [line.split()[0] for line in below]
    assert labels == ["docs", "light"] and "kind docs" in below[1]


def test_an_empty_task_is_none(repo: Repo, smista: Smista) -> None:
    done = smista("classify", "--task", " \n")
    assert done.code == 2 and "the task is empty" in done.err
