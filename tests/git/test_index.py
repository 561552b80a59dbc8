"""The right index is read: in hooks of every kind of commit, in linked worktrees, and when one is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smista_git.git.repository import Repository
from tests.conftest import Repo, git_in
from tests.git.conftest import Hooks, names


def two_changes(repo: Repo) -> None:
    """``staged.py`` is staged, ``other.py`` and ``third.py`` are tracked and changed only in the work tree."""
    for name in ("staged.py", "other.py", "third.py"):
        repo.stage(name, "old = 1\n")
    repo.commit("feat: add three modules")
    repo.stage("staged.py", "staged = 2\n")
    repo.write("other.py", "other = 2\n")
    repo.write("third.py", "third = 2\n")


def test_plain_commit_reads_what_is_staged(repo: Repo, hooks: Hooks) -> None:
    two_changes(repo)
    hooks.install()
    repo.git("commit", "-q", "-m", "x")
    seen = hooks.seen()
    assert names(seen["raw"]) == ["staged.py"]
    assert "+staged = 2" in seen["patch"]


def test_commit_all_reads_the_index_that_git_locked(repo: Repo, hooks: Hooks) -> None:
    two_changes(repo)
    hooks.install()
    repo.git("commit", "-q", "-a", "-m", "x")
    seen = hooks.seen()
    assert seen["environ"]["GIT_INDEX_FILE"].endswith("index.lock")
    assert names(seen["raw"]) == ["other.py", "staged.py", "third.py"]


def test_commit_only_reads_the_next_index(repo: Repo, hooks: Hooks) -> None:
    two_changes(repo)
    hooks.install()
    repo.git("commit", "-q", "-m", "x", "--only", "other.py")
    seen = hooks.seen()
    assert "next-index-" in seen["environ"]["GIT_INDEX_FILE"]
    assert names(seen["raw"]) == ["other.py"]
    assert "staged = 2" not in seen["patch"]


def test_commit_path_from_a_subdirectory(repo: Repo, hooks: Hooks) -> None:
    two_changes(repo)
    repo.stage("deep/inner.py", "a = 1\n")
    repo.commit("feat: go deep")
    repo.write("deep/inner.py", "a = 2\n")
    hooks.install()
    git_in(repo.path / "deep")("commit", "-q", "-m", "x", "inner.py")
    seen = hooks.seen()
    assert names(seen["raw"]) == ["deep/inner.py"]
    assert seen["root"] == str(repo.path)


@pytest.mark.parametrize("form", [(), ("-a",), ("--only", "README.md")])
def test_linked_worktree(repo: Repo, hooks: Hooks, tmp_path: Path, form: tuple[str, ...]) -> None:
    linked = tmp_path / "linked tree"
    repo.git("worktree", "add", "-q", "-b", "side", str(linked))
    hooks.install()
    git = git_in(linked)
    (linked / "README.md").write_text("# Linked\n")
    (linked / "new.md").write_text("new\n")
    git("add", "new.md")
    if not form:
        git("add", "README.md")
    git("commit", "-q", "-m", "x", *form)
    seen = hooks.seen()
    assert seen["root"] == str(linked)
    assert Path(seen["git_dir"]).parent.name == "worktrees"
    assert names(seen["raw"]) == (["README.md"] if "--only" in form else ["README.md", "new.md"])


def test_the_main_tree_is_not_seen_from_a_linked_one(repo: Repo, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "-q", "-b", "side", str(linked))
    repo.stage("main-only.txt", "1\n")
    assert names(Repository.discover(linked).staged_diff().raw) == []
    assert names(Repository.discover(repo.path).staged_diff().raw) == ["main-only.txt"]


@pytest.mark.parametrize("absolute", [True, False])
def test_an_index_named_by_hand(repo: Repo, monkeypatch: pytest.MonkeyPatch, absolute: bool) -> None:
    repo.stage("staged.txt", "1\n")
    name = str(repo.path / "mine.index") if absolute else "mine.index"
    monkeypatch.setenv("GIT_INDEX_FILE", name)
    repo.git("read-tree", "HEAD")
    repo.stage("mine.txt", "2\n")
    (repo.path / "sub").mkdir()
    monkeypatch.chdir(repo.path / "sub")
    found = Repository.discover()
    assert names(found.staged_diff().raw) == ["mine.txt"]
    assert found.index_file() == repo.path / "mine.index"


def test_another_repository_is_read_without_the_hooks_index(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    git_in(tmp_path)("init", "-q", str(other))
    (other / "theirs.txt").write_text("1\n")
    git_in(other)("add", "theirs.txt")
    repo.stage("ours.txt", "1\n")
    monkeypatch.setenv("GIT_DIR", str(repo.path / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.path / ".git/index"))
    assert names(Repository.discover(other).staged_diff().raw) == ["theirs.txt"]
    assert names(Repository.discover(repo.path).staged_diff().raw) == ["ours.txt"]
    assert names(Repository.discover().staged_diff().raw) == ["ours.txt"]


def test_a_relative_git_dir_still_means_the_same_repository(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.stage("deep/a.txt", "1\n")
    monkeypatch.chdir(repo.path / "deep")
    monkeypatch.setenv("GIT_DIR", "../.git")
    monkeypatch.setenv("GIT_WORK_TREE", "..")
    found = Repository.discover()
    assert found.root == repo.path
    assert names(found.staged_diff().raw) == ["deep/a.txt"]


def test_reading_takes_no_lock_and_changes_no_byte(repo: Repo) -> None:
    repo.stage("a.txt", "1\n")
    index = repo.path / ".git/index"
    os.utime(repo.path / "README.md", (1, 1))  # a stale stat, which git would refresh under a lock
    before = index.read_bytes()
    (repo.path / ".git/index.lock").touch()
    assert names(Repository.discover().staged_diff().raw) == ["a.txt"]
    assert index.read_bytes() == before


def test_amend_is_measured_against_the_parent(repo: Repo) -> None:
    repo.stage("first.txt", "1\n")
    repo.commit("feat: first")
    repo.stage("second.txt", "2\n")
    found = Repository.discover()
    assert names(found.staged_diff().raw) == ["second.txt"]
    assert names(found.staged_diff(amend=True).raw) == ["first.txt", "second.txt"]


def test_amend_of_the_first_commit_is_measured_against_nothing(repo: Repo) -> None:
    repo.stage("more.txt", "1\n")
    assert names(Repository.discover().staged_diff(amend=True).raw) == ["README.md", "more.txt"]
