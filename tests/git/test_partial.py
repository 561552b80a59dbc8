"""A partial clone is read without fetching, and what is missing is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from smista_git.errors import GitFailed
from smista_git.git.repository import Repository
from tests.conftest import Repo, git_in
from tests.git.conftest import names


def test_a_partial_clone_is_read_without_fetching(repo: Repo, tmp_path: Path) -> None:
    repo.stage("old.bin", "old\n")
    repo.commit("feat: old")
    repo.git("rm", "-q", "old.bin")
    repo.stage("new.txt", "new\n")
    repo.commit("feat: new")
    repo.git("config", "uploadpack.allowFilter", "true")
    git_in(tmp_path)("clone", "-q", "--filter=blob:none", f"file://{repo.path}", "partial")
    before = sorted((tmp_path / "partial/.git/objects/pack").iterdir())
    diff = Repository.discover(tmp_path / "partial").commit_diff("HEAD")
    assert set(names(diff.raw)) == {"new.txt", "old.bin"}
    assert b"+new\n" in diff.patch
    assert b"old.bin" not in diff.patch
    assert diff.truncated
    assert diff.notices == ("not in this partial clone, so not read: old.bin",)
    assert sorted((tmp_path / "partial/.git/objects/pack").iterdir()) == before


def test_a_history_with_missing_blobs_is_an_error_and_no_fetch(repo: Repo, tmp_path: Path) -> None:
    repo.stage("README.md", "later\n")
    repo.commit("docs: later")
    repo.git("config", "uploadpack.allowFilter", "true")
    git_in(tmp_path)("clone", "-q", "--filter=blob:none", f"file://{repo.path}", "partial")
    found = Repository.discover(tmp_path / "partial")
    with pytest.raises(GitFailed, match="could not fetch"):
        list(found.history_diffs("HEAD"))
    assert len(found.recent_commits(5)) == 2
