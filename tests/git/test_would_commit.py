"""The preview of ``commit -a`` and ``commit PATH`` is the commit that git then makes, and touches nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from smista_git.errors import GitFailed, UsageError
from smista_git.git.repository import Repository
from smista_git.git.scope import Scope, scope_of
from smista_git.git.would_commit import would_commit
from tests.conftest import Repo, git_in
from tests.git.conftest import names


def mixed(repo: Repo) -> None:
    """Staged, unstaged, partly staged, removed, new and untracked files, in two folders."""
    for name in ("staged.txt", "plain.txt", "both.txt", "gone.txt", "deep/inner.txt"):
        repo.stage(name, "old\n")
    repo.stage(".gitattributes", "*.up filter=up\n")
    repo.git("config", "filter.up.clean", "tr a-z A-Z")
    repo.stage("filtered.up", "text\n")
    repo.commit("feat: many")
    repo.stage("staged.txt", "staged\n")
    repo.stage("both.txt", "first\n")
    repo.write("both.txt", "second\n")
    repo.write("plain.txt", "plain\n")
    repo.write("filtered.up", "changed\n")
    repo.write("deep/inner.txt", "inner\n")
    repo.stage("new.txt", "new\n")
    (repo.path / "gone.txt").unlink()
    repo.write("untracked.txt", "?\n")
    repo.write("later.txt", "later\n")
    repo.git("add", "-N", "later.txt")


def index_digest(repo: Repo) -> str:
    return hashlib.sha256((repo.path / ".git/index").read_bytes()).hexdigest()


FORMS: list[list[str]] = [
    [],
    ["-a"],
    ["-am", "x"],
    ["--amend"],
    ["-a", "--amend"],
    ["plain.txt"],
    ["--only", "both.txt", "new.txt"],
    ["-i", "plain.txt"],
    ["--", "gone.txt", "deep"],
    ["--", "*.up", ":(top)deep/inner.txt"],
    ["--amend", "plain.txt"],
    ["--pathspec-from-file=list.txt"],
]


@pytest.mark.parametrize("args", FORMS, ids=" ".join)
@pytest.mark.parametrize("split", [False, True], ids=["one index", "split index"])
def test_the_preview_is_the_commit(repo: Repo, args: list[str], split: bool) -> None:
    mixed(repo)
    repo.write("list.txt", "plain.txt\ndeep\n")
    if args in ([], ["--amend"], ["-i", "plain.txt"]):
        repo.git("rm", "-q", "--cached", "later.txt")  # git refuses to write a tree from i-t-a only here
    if split:
        repo.git("update-index", "--split-index")
    before = index_digest(repo)
    shown = would_commit(Repository.discover(), scope_of(args))
    assert index_digest(repo) == before
    assert list((repo.path / ".git").glob("*.lock")) == []
    base = repo.git("rev-parse", "HEAD^" if "--amend" in args else "HEAD")
    repo.git(
        "commit", "-q", "--no-edit", *(args if "-am" in args or "--amend" in args else ["-m", "x", *args])
    )
    assert shown == Repository.discover().range_diff(base, "HEAD")
    assert shown.raw


def test_paths_are_seen_from_the_folder(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    mixed(repo)
    monkeypatch.chdir(repo.path / "deep")
    found = would_commit(Repository.discover(), Scope(pathspecs=("inner.txt",)))
    assert names(found.raw) == ["deep/inner.txt"]
    with pytest.raises(GitFailed) as caught:
        would_commit(Repository.discover(), Scope(pathspecs=("plain.txt",)))
    assert "plain.txt" in caught.value.message


def test_a_literal_pathspec_stays_literal(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("a*.txt", "1\n")
    repo.stage("ab.txt", "1\n")
    repo.commit("feat: stars")
    repo.write("a*.txt", "2\n")
    repo.write("ab.txt", "2\n")
    assert len(names(would_commit(Repository.discover(), scope_of(["a?.txt"])).raw)) == 2
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    with pytest.raises(GitFailed):
        would_commit(Repository.discover(), scope_of(["a?.txt"]))


def test_unborn_branch(tmp_path: Path) -> None:
    git = git_in(tmp_path)
    git("init", "-q")
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("1\n")
        git("add", name)
    found = would_commit(Repository.discover(tmp_path), scope_of(["a.txt"]), cwd=tmp_path)
    assert names(found.raw) == ["a.txt"]


def test_an_interactive_commit_cannot_be_foreseen(repo: Repo) -> None:
    with pytest.raises(UsageError) as caught:
        would_commit(Repository.discover(), scope_of(["-p"]))
    assert "git add -p" in caught.value.hint


@pytest.mark.parametrize(
    ("args", "scope"),
    [
        ([], Scope()),
        (["-s", "-S", "--signoff"], Scope()),
        (["-asm", "message"], Scope(all=True)),
        (["-ma", "a.txt"], Scope(pathspecs=("a.txt",))),
        (["-Skey", "-uno"], Scope()),
        (["--author", "A <a@b>", "--date=now", "x"], Scope(pathspecs=("x",))),
        (["-F", "-", "-t", "template"], Scope()),
        (["--am"], Scope(amend=True)),
        (["--inc", "x"], Scope(include=True, pathspecs=("x",))),
        (["-o", "--", "-a", "--amend"], Scope(pathspecs=("-a", "--amend"))),
        (["--pathspec-from-file", "list"], Scope(pathspec_file="list")),
        (["--patch"], Scope(interactive=True)),
    ],
)
def test_scopes(args: list[str], scope: Scope) -> None:
    assert scope_of(args) == scope
