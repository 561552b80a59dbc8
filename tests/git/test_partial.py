"""A partial clone is read without fetching, and what is missing is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from smista_git.change.parse import parse_change
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
    assert diff.notices == ("not in this clone, so not read: old.bin",)
    assert sorted((tmp_path / "partial/.git/objects/pack").iterdir()) == before


def test_a_history_with_missing_blobs_is_read_to_its_end_without_fetching(repo: Repo, tmp_path: Path) -> None:
    for number in range(5):
        repo.stage("README.md", f"later {number}\n")
        repo.stage(f"{number}.txt", f"{number}\n")
        repo.commit(f"docs: later {number}")
    repo.git("config", "uploadpack.allowFilter", "true")
    git_in(tmp_path)("clone", "-q", "--filter=blob:none", f"file://{repo.path}", "partial")
    found = Repository.discover(tmp_path / "partial")
    read = list(found.history_diffs("HEAD"))
    assert [commit for commit, _ in read] == repo.git("rev-list", "HEAD").split()
    assert all(set(names(diff.raw)) <= {"README.md", *(f"{n}.txt" for n in range(5))} for _, diff in read)
    assert "README.md" in read[1][1].notices[0]
    assert len(found.recent_commits(5)) == 5


def test_a_damaged_history_is_read_around_what_is_lost(repo: Repo) -> None:
    for number in range(8):
        repo.stage("notes.txt", f"line {number}\n" * 3)
        repo.commit(f"docs: note {number}")
    lost = repo.git("rev-parse", "HEAD~4:notes.txt")
    (repo.path / f".git/objects/{lost[:2]}/{lost[2:]}").unlink()
    read = dict(Repository.discover().history_diffs("HEAD"))
    assert list(read) == repo.git("rev-list", "HEAD").split()
    partly = [repo.git("rev-parse", f"HEAD~{back}") for back in (3, 4)]
    assert [commit for commit, diff in read.items() if diff.notices] == partly
    change = parse_change(read[partly[0]].raw, read[partly[0]].numstat, read[partly[0]].patch)
    assert change.files[0].truncated
    assert b"+line 1" in read[repo.git("rev-parse", "HEAD~6")].patch


def test_a_range_that_means_nothing_is_an_error(repo: Repo) -> None:
    with pytest.raises(GitFailed, match="nowhere"):
        list(Repository.discover().history_diffs("nowhere..HEAD"))
