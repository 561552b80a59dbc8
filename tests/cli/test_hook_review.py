"""pre-commit and pre-push: the review sees what is committed and what is pushed, and stops only what it should."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Smista
from tests.cli.test_hook_message import run_git
from tests.conftest import Repo

CONFLICT = "<<<<<<< ours\na = 1\n=======\na = 2\n>>>>>>> theirs\n"
HOOKS = ("--hook", "pre-commit", "--hook", "pre-push")


@pytest.fixture
def guarded(repo: Repo, smista: Smista) -> Repo:
    assert smista("hook", "install", *HOOKS).code == 0
    return repo


def test_a_clean_commit_passes_without_a_word(guarded: Repo) -> None:
    guarded.stage("parser.py", "def parse(text):\n    return text.split()\n")
    done = run_git(guarded, "commit", "-m", "feat: add parse")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", [(), ("-a",), ("--only", "a.py"), ("--amend",)])
def test_a_finding_in_what_is_committed_stops_it(guarded: Repo, words: tuple[str, ...]) -> None:
    guarded.stage("a.py", "a = 0\n")
    guarded.commit("feat: add a")
    head = guarded.git("rev-parse", "HEAD")
    guarded.write("a.py", CONFLICT)
    if words in ((), ("--amend",)):
        guarded.git("add", "a.py")
    done = run_git(guarded, "commit", "-m", "feat: change a", *words)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "a.py" in done.stdout + done.stderr
    assert guarded.git("rev-parse", "HEAD") == head


def test_a_finding_that_is_not_staged_stops_nothing(guarded: Repo) -> None:
    guarded.stage("a.py", "a = 0\n")
    guarded.write("a.py", CONFLICT)
    done = run_git(guarded, "commit", "-m", "feat: add a")
    assert done.returncode == 0, done.stdout + done.stderr


def test_our_own_commit_passes_the_gate_as_well(guarded: Repo, smista: Smista) -> None:
    guarded.stage("a.py", CONFLICT)
    done = smista("commit", "-y")
    assert done.code == 3
    assert "a.py" in done.out + done.err


def test_a_commit_without_a_change_passes(guarded: Repo) -> None:
    assert run_git(guarded, "commit", "--allow-empty", "-m", "chore: start again").returncode == 0
    assert run_git(guarded, "commit", "--amend", "--allow-empty", "-m", "x").returncode == 0


def test_a_merge_with_conflicts_is_reviewed_where_it_was_made(guarded: Repo) -> None:
    guarded.git("switch", "-q", "-c", "side")
    guarded.stage("a.py", "a = 1\n")
    guarded.stage("marks.py", CONFLICT)
    guarded.commit("feat: side")
    guarded.git("switch", "-q", "main")
    guarded.stage("a.py", "a = 2\n")
    guarded.commit("feat: main")
    assert run_git(guarded, "merge", "side").returncode == 1
    guarded.stage("a.py", "a = 3\n")
    done = run_git(guarded, "commit", "--no-edit")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_first_commit_of_a_repository_is_reviewed(
    tmp_path: Path, smista: Smista, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "new").mkdir()
    new = Repo(tmp_path / "new")
    new.git("init", "-q")
    monkeypatch.chdir(new.path)
    assert smista("hook", "install", *HOOKS).code == 0
    new.stage("a.py", CONFLICT)
    stopped = run_git(new, "commit", "-m", "feat: start")
    assert stopped.returncode == 1 and "a.py" in stopped.stdout + stopped.stderr
    new.stage("a.py", "a = 1\n")
    assert run_git(new, "commit", "-m", "feat: start").returncode == 0
    assert new.git("rev-list", "--count", "HEAD") == "1"


def test_a_submodule_is_a_line_to_the_outside_and_a_repository_inside(
    guarded: Repo, smista: Smista, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded.stage("marks.py", CONFLICT)
    guarded.commit("feat: marks")  # what the submodule brings is its own affair
    guarded.git("submodule", "add", "-q", str(guarded.path), "vendor/sub")
    assert run_git(guarded, "commit", "-m", "build: add sub").returncode == 0
    sub = Repo(guarded.path / "vendor/sub")
    monkeypatch.chdir(sub.path)
    assert smista("hook", "install", *HOOKS).code == 0
    sub.stage("more.py", CONFLICT)
    stopped = run_git(sub, "commit", "-m", "feat: more")
    assert stopped.returncode == 1 and "more.py" in stopped.stdout + stopped.stderr
    sub.stage("more.py", "more = 1\n")
    assert run_git(sub, "commit", "-m", "feat: more").returncode == 0
    guarded.git("add", "vendor/sub")
    monkeypatch.chdir(guarded.path)
    assert run_git(guarded, "commit", "-m", "build: move sub on").returncode == 0


@pytest.fixture
def remote(guarded: Repo, tmp_path: Path) -> Repo:
    """A remote that has the first commit."""
    guarded.git("clone", "-q", "--bare", str(guarded.path), str(tmp_path / "remote.git"))
    guarded.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    guarded.git("fetch", "-q", "origin")
    return guarded


def add(repo: Repo, name: str, text: str) -> None:
    repo.stage(name, text)
    repo.commit(f"feat: add {name}")


def test_a_push_of_clean_commits_passes(remote: Repo) -> None:
    add(remote, "a.py", "a = 1\n")
    done = run_git(remote, "push", "origin", "main")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("target", ["main", "main:new-branch"])
def test_a_finding_in_what_is_pushed_stops_it(remote: Repo, target: str) -> None:
    add(remote, "a.py", CONFLICT)
    add(remote, "b.py", "b = 1\n")
    done = run_git(remote, "push", "origin", target)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "a.py" in done.stdout + done.stderr


def test_what_the_remote_has_already_is_not_reviewed_again(remote: Repo) -> None:
    add(remote, "a.py", CONFLICT)
    remote.git("push", "-q", "--no-verify", "origin", "main")
    add(remote, "b.py", "b = 1\n")
    done = run_git(remote, "push", "origin", "main:other", "main")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_push_to_an_address_counts_what_any_remote_has(remote: Repo, tmp_path: Path) -> None:
    add(remote, "a.py", CONFLICT)
    remote.git("push", "-q", "--no-verify", "origin", "main")
    add(remote, "b.py", "b = 1\n")
    assert run_git(remote, "push", str(tmp_path / "remote.git"), "main:elsewhere").returncode == 0
    add(remote, "c.py", CONFLICT)
    done = run_git(remote, "push", str(tmp_path / "remote.git"), "main:further")
    assert done.returncode == 1
    assert "c.py" in done.stdout and "a.py" not in done.stdout


def test_a_whole_history_is_named_and_let_through(guarded: Repo, tmp_path: Path) -> None:
    add(guarded, "a.py", CONFLICT)
    guarded.git("init", "-q", "--bare", str(tmp_path / "empty.git"))
    done = run_git(guarded, "push", str(tmp_path / "empty.git"), "main")
    assert done.returncode == 0
    assert "a whole history is not reviewed in a hook" in done.stderr


def test_deleting_a_branch_and_pushing_nothing_new_pass(remote: Repo) -> None:
    assert run_git(remote, "push", "origin", "main:other").returncode == 0
    assert run_git(remote, "push", "origin", ":other").returncode == 0
    assert run_git(remote, "push", "origin", "main").returncode == 0


@pytest.mark.parametrize(("on_failure", "goes_on"), [("open", True), ("closed", False)])
def test_a_model_that_is_away_stops_only_where_the_policy_says_so(
    guarded: Repo, user_config: Callable[[str], Path], on_failure: str, goes_on: bool
) -> None:
    tiers = "".join(f'{tier} = "ollama/qwen2.5-coder"\n' for tier in ("light", "standard", "heavy"))
    user_config(f'[tiers]\n{tiers}[review]\non_failure = "{on_failure}"\n')
    guarded.stage("parser.py", "def parse(text):\n    return text.split()\n")
    done = run_git(guarded, "commit", "-m", "feat: add parse")
    assert (done.returncode == 0) is goes_on, done.stdout + done.stderr
