"""Where we are, what git is told, and what is in progress."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from smista_git.errors import GitFailed, NotARepository, NothingToDo
from smista_git.git.config import as_bool, parse_config
from smista_git.git.process import verb
from smista_git.git.repository import Repository
from tests.conftest import Repo, git_in
from tests.git.conftest import names


def attempt(repo: Repo, *words: str) -> None:
    """Run git where a conflict is what we want."""
    subprocess.run(["git", *words], cwd=repo.path, capture_output=True, check=False)


def test_no_repository_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(NotARepository) as caught:
        Repository.discover(tmp_path)
    assert str(tmp_path) in caught.value.message
    assert "git init" in caught.value.hint
    assert caught.value.exit_code == 3


def test_a_repository_that_git_refuses_is_another_error(repo: Repo) -> None:
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "extensions.notKnownYet", "true")
    with pytest.raises(GitFailed) as caught:
        Repository.discover()
    assert "notknownyet" in caught.value.stderr


def test_a_missing_folder_and_a_missing_git(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GitFailed, match="does not exist"):
        Repository.discover(repo.path / "nowhere")
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(GitFailed) as caught:
        Repository.discover()
    assert "install git" in caught.value.hint


def test_places(repo: Repo, tmp_path: Path) -> None:
    deep = repo.path / "deep/er"
    deep.mkdir(parents=True)
    found = Repository.discover(deep)
    assert (found.root, found.git_dir) == (repo.path, repo.path / ".git")
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "-q", str(linked))
    found = Repository.discover(linked)
    assert (found.root, found.common_dir) == (linked, repo.path / ".git")
    assert found.git_dir == repo.path / ".git/worktrees/linked"


def test_a_folder_whose_name_holds_a_newline(tmp_path: Path) -> None:
    folder = tmp_path / "two\nlines"
    git_in(tmp_path)("init", "-q", str(folder))
    (folder / "a.txt").write_text("1\n")
    git_in(folder)("add", "a.txt")
    found = Repository.discover(folder)
    assert found.root == folder
    assert names(found.staged_diff().raw) == ["a.txt"]


def test_bare_repositories_serve_history(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    found = Repository.discover(tmp_path / "bare.git")
    assert found.state().bare
    assert found.root == tmp_path / "bare.git"
    assert found.recent_commits(5)[0].subject == "docs: start the readme"
    assert names(found.commit_diff("HEAD").raw) == ["README.md"]
    with pytest.raises(NothingToDo, match="bare"):
        found.staged_diff()


def test_inside_the_git_directory(repo: Repo) -> None:
    assert Repository.discover(repo.path / ".git").head() == repo.git("rev-parse", "HEAD")


def test_head_and_branch(repo: Repo) -> None:
    found = Repository.discover()
    assert found.head() == repo.git("rev-parse", "HEAD")
    repo.git("checkout", "-q", "-b", "feature/größe")
    repo.git("tag", "feature/größe")
    assert found.branch() == "feature/größe"
    assert not found.state().detached
    repo.git("checkout", "-q", "--detach")
    assert found.branch() is None
    assert found.state().detached
    assert found.resolve("--help") is None
    assert found.resolve("HEAD~9") is None


def conflicting(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("README.md", "side\n")
    repo.commit("docs: side")
    repo.git("checkout", "-q", "main")
    repo.stage("README.md", "main\n")
    repo.commit("docs: main")


@pytest.mark.parametrize(
    ("words", "operation"),
    [
        (("merge", "side"), "merge"),
        (("rebase", "side"), "rebase"),
        (("rebase", "--apply", "side"), "rebase"),
        (("cherry-pick", "side"), "cherry-pick"),
        (("revert", "--no-edit", "HEAD~1"), "revert"),
        (("bisect", "start"), "bisect"),
        (("status",), None),
    ],
)
def test_what_is_in_progress(repo: Repo, words: tuple[str, ...], operation: str | None) -> None:
    conflicting(repo)
    if operation == "revert":
        repo.stage("README.md", "again\n")
        repo.commit("docs: again")
    attempt(repo, *words)
    assert Repository.discover().state().operation == operation


def test_an_applied_mail_is_in_progress(repo: Repo) -> None:
    conflicting(repo)
    mail = repo.git("format-patch", "--stdout", "-1", "side")
    repo.write("mail", mail + "\n")
    attempt(repo, "am", "mail")
    assert Repository.discover().state().operation == "am"


def test_a_linked_worktree_has_its_own_operation(repo: Repo, tmp_path: Path) -> None:
    conflicting(repo)
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "-q", "-b", "third", str(linked), "main")
    subprocess.run(["git", "merge", "-q", "side"], cwd=linked, capture_output=True, check=False)
    assert Repository.discover(linked).state().operation == "merge"
    assert Repository.discover(repo.path).state().operation is None


def test_nothing_staged(repo: Repo) -> None:
    found = Repository.discover()
    assert found.nothing_staged()
    repo.write("README.md", "not staged\n")
    repo.write("new.txt", "untracked\n")
    assert found.nothing_staged()
    repo.git("update-index", "--chmod=+x", "README.md")
    assert not found.nothing_staged()


def test_config_compares_keys_as_git_does(repo: Repo, sealed: Path) -> None:
    repo.git("config", "Commit.Cleanup", "verbatim")
    repo.git("config", "remote.My.Fork.url", "x\ny=z")
    repo.git("config", "--add", "smista.path", "one")
    repo.git("config", "--add", "smista.path", "two")
    with (repo.path / ".git/config").open("a") as file:
        file.write("[commit]\n\tverbose\n[smista]\n\tempty =\n")
    found = Repository.discover()
    assert found.config("commit.cleanup") == found.config("COMMIT.CLEANUP") == "verbatim"
    assert found.config("remote.My.Fork.URL") == "x\ny=z"
    assert found.config("remote.my.fork.url") is None
    assert found.config_all("smista.path") == ("one", "two")
    assert found.config("smista.path") == "two"
    assert found.config("smista.absent", "default") == "default"
    assert found.config("smista.empty", "default") == ""
    assert found.config_bool("commit.verbose", default=False)
    assert found.config("user.name") == "Ada Test"


def test_config_is_read_once(repo: Repo) -> None:
    found = Repository.discover()
    assert found.config("smista.late") is None
    repo.git("config", "smista.late", "1")
    assert found.config("smista.late") is None
    assert Repository.discover().config("smista.late") == "1"


def test_config_given_by_the_environment(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "commit.cleanup")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "strip")
    assert Repository.discover().config("commit.cleanup") == "strip"


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("true", True), ("YES", True), ("on", True), ("1", True), ("-1", True),
        ("false", False), ("No", False), ("off", False), ("", False), ("0", False),
    ],
)  # fmt: skip
def test_booleans_mean_what_git_says(repo: Repo, value: str, meaning: bool) -> None:
    repo.git("config", "smista.flag", value)
    assert repo.git("config", "--type=bool", "smista.flag") == str(meaning).lower()
    assert as_bool(value, default=not meaning) is meaning
    assert as_bool("nonsense", default=meaning) is meaning
    assert as_bool(None, default=meaning) is meaning


def test_an_empty_listing_is_an_empty_configuration() -> None:
    assert parse_config(b"") == {}


def test_errors_carry_gits_words_and_the_verb(repo: Repo) -> None:
    with pytest.raises(GitFailed) as caught:
        Repository.discover().run("-c", "a.b=c", "cat-file", "-p", "nothing")
    assert caught.value.message.startswith("git cat-file failed with status 128: ")
    assert caught.value.returncode == 128
    assert "nothing" in caught.value.stderr
    assert caught.value.hint
    assert verb(["--literal-pathspecs", "-C", "x", "log"]) == "log"


def test_a_stream_left_early_stops_git_without_an_error(repo: Repo) -> None:
    for number in range(300):
        repo.commit(f"chore: {number} " + "x" * 500)
    assert next(Repository.discover().log("HEAD")).subject.startswith("chore: 299")


def test_log_gives_each_field(repo: Repo) -> None:
    first = repo.git("rev-parse", "HEAD")
    repo.git("commit", "-q", "--allow-empty", "-m", "feat: größer\n\nBody one\n\nRefs: 1")
    found = Repository.discover()
    newest, oldest = found.log("HEAD")
    assert (newest.subject, newest.body) == ("feat: größer", "Body one\n\nRefs: 1")
    assert (newest.parents, oldest.parents) == ((first,), ())
    assert newest.author_time_s == 1714979289
    assert [entry.oid for entry in found.log(f"{first}..HEAD")] == [newest.oid]
    assert [entry.oid for entry in found.log("HEAD", paths=["README.md"])] == [first]
    with pytest.raises(GitFailed) as caught:
        list(found.log("no-such..HEAD"))
    assert "git branch" in caught.value.hint


def test_a_message_in_another_encoding_is_read_as_utf8(repo: Repo) -> None:
    repo.git("-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--allow-empty", "-F", "-",
             stdin="fix: größe\n".encode("latin-1"))  # fmt: skip
    assert Repository.discover().recent_commits(1)[0].subject == "fix: größe"


def test_recent_commits_name_their_paths(repo: Repo) -> None:
    repo.stage("a/b.txt", "1\n")
    repo.stage("ünder.txt", "1\n")
    repo.commit("feat: two files")
    repo.git("mv", "a/b.txt", "a/c.txt")
    repo.commit("refactor: rename")
    repo.commit("chore: nothing")
    nothing, renamed, two, first = Repository.discover().recent_commits(9)
    assert nothing.paths == ()
    assert renamed.paths == ("a/b.txt", "a/c.txt")
    assert two.paths == ("a/b.txt", "ünder.txt")
    assert first.subject == "docs: start the readme"
    assert [commit.subject for commit in Repository.discover().recent_commits(1)] == ["chore: nothing"]


def test_the_environment_of_the_process_is_left_alone(repo: Repo) -> None:
    before = dict(os.environ)
    Repository.discover().staged_diff()
    assert dict(os.environ) == before
