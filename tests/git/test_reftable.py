"""What git keeps among the refs instead of in files, where the repository has a reftable."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from smista_git.git import notes
from smista_git.git.operation import operation_in
from smista_git.git.repository import Repository
from tests.conftest import Repo
from tests.git.test_repository import conflicting

VERSION = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout
KNOWN_SINCE = (2, 45)

pytestmark = pytest.mark.skipif(
    tuple(map(int, re.findall(r"\d+", VERSION)[:2])) < KNOWN_SINCE,
    reason=f"{VERSION.strip()} knows no reftable; 2.45 does",
)


@pytest.fixture
def tabled(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Repo:
    """A repository with a reftable and two branches that do not merge."""
    monkeypatch.setenv("GIT_DEFAULT_REF_FORMAT", "reftable")
    repo: Repo = request.getfixturevalue("repo")
    assert repo.git("rev-parse", "--show-ref-format") == "reftable"
    conflicting(repo)
    repo.stage("README.md", "again\n")
    repo.commit("docs: again")
    return repo


OPERATIONS = [
    (("cherry-pick", "side"), "cherry-pick"),
    (("revert", "--no-edit", "HEAD~1"), "revert"),
    (("merge", "side"), "merge"),
    (("rebase", "side"), "rebase"),
    (("status",), None),
]


@pytest.mark.parametrize(("words", "operation"), OPERATIONS)
def test_what_is_in_progress(tabled: Repo, words: tuple[str, ...], operation: str | None) -> None:
    subprocess.run(["git", *words], capture_output=True, check=False)
    assert operation_in(Repository.discover()) == operation


def test_a_linked_worktree_has_its_own_pick(tabled: Repo, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    tabled.git("worktree", "add", "-q", "-b", "third", str(linked), "main")
    subprocess.run(["git", "cherry-pick", "side"], cwd=linked, capture_output=True, check=False)
    assert operation_in(Repository.discover(linked)) == "cherry-pick"
    assert operation_in(Repository.discover()) is None


def test_a_pick_keeps_the_message_that_git_prepared(tabled: Repo) -> None:
    subprocess.run(["git", "cherry-pick", "side"], capture_output=True, check=False)
    tabled.stage("README.md", "both\n")
    done = subprocess.run(
        [sys.executable, "-m", "smista_git", "commit", "-y"], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert tabled.git("log", "-1", "--format=%s") == "docs: side"


def test_records_are_kept(tabled: Repo) -> None:
    found = Repository.discover()
    notes.append_line(found, "HEAD", '{"n":1}')
    notes.append_line(found, "HEAD", '{"n":2}')
    assert notes.read_records(found, "HEAD") == ({"n": 1}, {"n": 2})
