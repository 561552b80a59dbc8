"""Contents come out the same through pygit2 and through the command line, and the fallback holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pygit2
import pytest

from smista_git.errors import GitFailed
from smista_git.git import objects
from smista_git.git.repository import Repository
from tests.conftest import Repo, git_in
from tests.git.conftest import PACKAGE_ROOT


def test_files_of_a_revision_and_of_the_index(repo: Repo) -> None:
    repo.stage("SMISTA.md", b"staged \xff\r\n")
    repo.stage("new\nline.md", "odd\n")
    found = Repository.discover()
    assert objects.read_text(found, "HEAD", "README.md") == b"# Sample\n"
    assert objects.read_text(found, "HEAD", "SMISTA.md") is None
    assert objects.read_text(found, objects.INDEX, "SMISTA.md") == b"staged \xff\r\n"
    assert objects.read_text(found, objects.INDEX, "new\nline.md") == b"odd\n"
    assert objects.read_text(found, "no-such-branch", "SMISTA.md") is None
    wanted = [("HEAD", "nope"), ("main", "README.md"), (objects.INDEX, "README.md")]
    assert objects.read_texts(found, wanted) == [None, b"# Sample\n", b"# Sample\n"]


def test_the_hooks_index_is_the_one_read(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """pygit2 without FROM_ENV would read the other one; ``opened`` passes the flag."""
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.path / ".git/next-index-1.lock"))
    repo.git("read-tree", "HEAD")
    repo.stage("mine.txt", "1\n")
    found = Repository.discover()
    assert objects.read_text(found, objects.INDEX, "mine.txt") == b"1\n"
    store = objects.opened(found)
    assert store is not None
    assert [entry.path for entry in store.index] == ["README.md", "mine.txt"]
    assert [entry.path for entry in pygit2.Repository(str(repo.path)).index] == ["README.md"]


def test_a_tree_and_its_blobs(repo: Repo) -> None:
    repo.stage("deep/two words.txt", "x\n" * 3)
    repo.write("run.sh", "true\n").chmod(0o755)
    (repo.path / "link").symlink_to("README.md")
    repo.git("add", "--all")
    repo.commit("feat: more")
    found = Repository.discover()
    entries = list(objects.tree(found, "HEAD"))
    assert [(entry.mode, entry.path) for entry in entries] == [
        ("100644", "README.md"),
        ("100644", "deep/two words.txt"),
        ("120000", "link"),
        ("100755", "run.sh"),
    ]
    read = dict(objects.blobs(found, [*(entry.oid for entry in entries), "0" * 40]))
    assert [read[entry.oid] for entry in entries] == [b"# Sample\n", b"x\nx\nx\n", b"README.md", b"true\n"]
    assert read["0" * 40] is None
    assert list(objects.contents(found, [entries[3].oid, "0" * 40, entries[0].oid])) == [
        b"true\n",
        b"# Sample\n",
    ]
    with pytest.raises(GitFailed):
        list(objects.tree(found, "no-such"))


def test_a_walk_meets_every_ancestor_once(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("one")
    repo.git("checkout", "-q", "main")
    repo.commit("two")
    repo.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    walked = list(objects.walk(Repository.discover()))
    assert walked[0] == repo.git("rev-parse", "HEAD")
    assert sorted(walked) == sorted(repo.git("rev-list", "HEAD").split())
    assert list(objects.walk(Repository.discover(), "no-such")) == []


def test_where_libgit2_refuses_the_command_line_answers(tmp_path: Path) -> None:
    git = git_in(tmp_path)
    git("init", "-q", "--object-format=sha256")
    (tmp_path / "a.txt").write_text("1\n")
    git("add", "a.txt")
    git("commit", "-q", "-m", "feat: a")
    found = Repository.discover(tmp_path)
    assert objects.opened(found) is None
    [entry] = objects.tree(found, "HEAD")
    assert list(objects.blobs(found, [entry.oid])) == [(entry.oid, b"1\n")]
    assert list(objects.walk(found)) == [git("rev-parse", "HEAD")]
    assert objects.read_text(found, "HEAD", "a.txt") == b"1\n"


def test_a_missing_blob_of_a_partial_clone_is_none_and_is_not_fetched(repo: Repo, tmp_path: Path) -> None:
    repo.stage("old.txt", "old\n")
    repo.commit("feat: old")
    oid = repo.git("rev-parse", "HEAD:old.txt")
    repo.git("rm", "-q", "old.txt")
    repo.commit("feat: drop it")
    repo.git("config", "uploadpack.allowFilter", "true")
    git_in(tmp_path)("clone", "-q", "--filter=blob:none", f"file://{repo.path}", "partial")
    found = Repository.discover(tmp_path / "partial")
    here = repo.git("rev-parse", "HEAD:README.md")
    assert dict(objects.blobs(found, [here, oid, here])) == {here: b"# Sample\n", oid: None}
    assert objects.read_texts(found, [("HEAD^", "old.txt"), ("HEAD", "README.md")]) == [None, b"# Sample\n"]


def test_split_index_of_the_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "-q", "-b", "side", str(linked))
    git = git_in(linked)
    git("update-index", "--split-index")
    (linked / "SMISTA.md").write_text("here\n")
    git("add", "SMISTA.md")
    assert objects.read_text(Repository.discover(linked), objects.INDEX, "SMISTA.md") == b"here\n"


def test_the_command_line_needs_no_pygit2() -> None:
    script = """
import sys
from smista_git.git.repository import Repository
from smista_git.git import notes, objects, would_commit
objects.read_text(Repository.discover(), "HEAD", "README.md")
print(sorted({"pygit2", "pydantic", "httpx"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PACKAGE_ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(PACKAGE_ROOT)},
    )  # fmt: skip
    assert done.stdout == "[]\n"
