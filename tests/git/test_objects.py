"""Contents come out of every kind of repository, byte for byte, and what is missing reads as None."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.path / ".git/next-index-1.lock"))
    repo.git("read-tree", "HEAD")
    repo.stage("mine.txt", "1\n")
    found = Repository.discover()
    assert objects.read_text(found, objects.INDEX, "mine.txt") == b"1\n"
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert objects.read_text(Repository.discover(), objects.INDEX, "mine.txt") is None


def test_contents_of_many_objects(repo: Repo) -> None:
    (repo.path / "link").symlink_to("README.md")
    repo.git("add", "--all")
    link, text = repo.git("rev-parse", ":link"), repo.git("rev-parse", ":README.md")
    found = objects.contents(Repository.discover(), [link, "0" * 40, text])
    assert list(found) == [b"README.md", b"# Sample\n"]


def test_objects_named_by_sha256(tmp_path: Path) -> None:
    git = git_in(tmp_path)
    git("init", "-q", "--object-format=sha256")
    (tmp_path / "a.txt").write_text("1\n")
    git("add", "a.txt")
    git("commit", "-q", "-m", "feat: a")
    found = Repository.discover(tmp_path)
    assert list(objects.contents(found, [git("rev-parse", "HEAD:a.txt")])) == [b"1\n"]
    assert objects.read_text(found, "HEAD", "a.txt") == b"1\n"


def test_a_missing_blob_of_a_partial_clone_is_none_and_is_not_fetched(repo: Repo, tmp_path: Path) -> None:
    repo.stage("old.txt", "old\n")
    repo.commit("feat: old")
    repo.git("rm", "-q", "old.txt")
    repo.commit("feat: drop it")
    repo.git("config", "uploadpack.allowFilter", "true")
    git_in(tmp_path)("clone", "-q", "--filter=blob:none", f"file://{repo.path}", "partial")
    found = Repository.discover(tmp_path / "partial")
    assert objects.read_texts(found, [("HEAD^", "old.txt"), ("HEAD", "README.md")]) == [None, b"# Sample\n"]


def test_split_index_of_the_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "-q", "-b", "side", str(linked))
    git = git_in(linked)
    git("update-index", "--split-index")
    (linked / "SMISTA.md").write_text("here\n")
    git("add", "SMISTA.md")
    assert objects.read_text(Repository.discover(linked), objects.INDEX, "SMISTA.md") == b"here\n"


def test_reading_git_loads_nothing_heavy() -> None:
    script = """
import sys
from smista_git.git.repository import Repository
from smista_git.git import notes, objects, would_commit
objects.read_text(Repository.discover(), "HEAD", "README.md")
print(sorted({"click", "pydantic", "httpx"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PACKAGE_ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(PACKAGE_ROOT)},
    )  # fmt: skip
    assert done.stdout == "[]\n"
