"""Commits go through git: hooks run, messages keep their lines, and a refused one is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from smista_git.errors import GitFailed
from smista_git.git.committing import cleanup_options, comment_strings
from smista_git.git.repository import Repository
from tests.conftest import Repo, git_in
from tests.git.conftest import PACKAGE_ROOT, Hooks

MESSAGE = b"fix: close the door\n\n#12 said that it was open.\n\nRefs: #12\n"


def message_of(repo: Repo, rev: str = "HEAD") -> bytes:
    return repo.git("log", "-1", "--format=%B", rev).encode("utf-8", "surrogateescape")


def kept(repo: Repo) -> Path:
    return repo.path / ".git/SMISTA_MSG"


def test_a_commit_gives_its_name_and_leaves_no_message_behind(repo: Repo) -> None:
    repo.stage("a.txt", "1\n")
    oid = Repository.discover().commit(b"feat: add a\n")
    assert oid == repo.git("rev-parse", "HEAD")
    assert message_of(repo) == b"feat: add a\n"
    assert not kept(repo).exists()
    assert repo.git("status", "--porcelain") == ""


@pytest.mark.parametrize("cleanup", [None, "strip", "whitespace", "verbatim", "scissors", "default"])
@pytest.mark.parametrize("comment", [None, ";", "auto"])
def test_a_line_that_starts_with_an_issue_number_survives(
    repo: Repo, cleanup: str | None, comment: str | None
) -> None:
    if cleanup:
        repo.git("config", "commit.cleanup", cleanup)
    if comment:
        repo.git("config", "core.commentChar", comment)
    repo.stage("a.txt", "1\n")
    Repository.discover().commit(MESSAGE)
    assert message_of(repo).rstrip() == MESSAGE.rstrip()


@pytest.mark.parametrize("cleanup", [None, "strip", "scissors"])
@pytest.mark.parametrize("verbose", ["false", "true"])
@pytest.mark.parametrize("comment", [None, ";", "auto"])
def test_such_a_line_survives_the_editor_too(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, cleanup: str | None, verbose: str, comment: str | None
) -> None:
    if cleanup:
        repo.git("config", "commit.cleanup", cleanup)
    if comment:
        repo.git("config", "core.commentChar", comment)
    repo.git("config", "commit.verbose", verbose)
    monkeypatch.setenv("GIT_EDITOR", "sed -i s/door/gate/")
    repo.stage("a.txt", "1\n")
    Repository.discover().commit(MESSAGE, edit=True)
    assert message_of(repo).rstrip() == MESSAGE.replace(b"door", b"gate").rstrip()


def test_the_persons_own_cleanup_is_left_alone() -> None:
    def options(*args: str, edit: bool = False) -> tuple[str, ...]:
        return cleanup_options(MESSAGE, edit=edit, comments=("#",), configured="strip", args=args)

    assert options() == ("--cleanup=whitespace",)
    assert options(edit=True) == ("--cleanup=scissors",)
    assert options("--cleanup=strip") == ()
    plain = cleanup_options(b"fix: it\n", edit=True, comments=("#",), configured=None, args=())
    assert plain == ()


def test_comment_strings_are_read_in_gits_order() -> None:
    assert comment_strings({}) == ("#",)
    assert comment_strings({"core.commentchar": ("auto",)}) == ("#",)
    assert comment_strings({"core.commentchar": (";", "%")}) == ("%", "#")
    assert comment_strings({"core.commentchar": (";",), "core.commentstring": ("//",)}) == ("//", ";", "#")


def test_hooks_run_with_the_guard_and_the_right_index(repo: Repo, hooks: Hooks) -> None:
    repo.write("README.md", "# Changed\n")
    hooks.install()
    Repository.discover().commit(b"docs: change\n", args=("-a",))
    seen = hooks.seen()
    assert seen["environ"]["SMISTA_ACTIVE"] == "1"
    assert "README.md" in seen["raw"]
    assert "SMISTA_ACTIVE" not in os.environ


def test_a_refusing_hook_leaves_message_index_and_head_as_they_were(repo: Repo, hooks: Hooks) -> None:
    repo.stage("a.txt", "1\n")
    hooks.script("commit-msg", "#!/bin/sh\necho the hook says no >&2\nexit 7\n")
    before = (repo.git("rev-parse", "HEAD"), repo.git("ls-files", "--stage"))
    with pytest.raises(GitFailed) as caught:
        Repository.discover().commit(MESSAGE)
    assert "the hook says no" in caught.value.stderr
    assert str(kept(repo)) in caught.value.hint
    assert kept(repo).read_bytes() == MESSAGE
    assert (repo.git("rev-parse", "HEAD"), repo.git("ls-files", "--stage")) == before
    hooks.script("commit-msg", "#!/bin/sh\nexit 0\n")
    repo.git("commit", "-q", "-F", str(kept(repo)))
    assert message_of(repo).rstrip() == MESSAGE.rstrip()


def test_verification_is_never_skipped_unless_the_person_says_so(repo: Repo, hooks: Hooks) -> None:
    hooks.script("pre-commit", "#!/bin/sh\nexit 1\n")
    repo.stage("a.txt", "1\n")
    with pytest.raises(GitFailed):
        Repository.discover().commit(b"feat: a\n")
    Repository.discover().commit(b"feat: a\n", args=("--no-verify",))
    assert message_of(repo) == b"feat: a\n"


def test_trailers_and_paths_from_a_subdirectory(repo: Repo) -> None:
    repo.stage("deep/a.txt", "1\n")
    repo.stage("b.txt", "1\n")
    repo.commit("feat: two")
    repo.write("deep/a.txt", "2\n")
    repo.stage("b.txt", "2\n")
    Repository.discover().commit(
        b"fix: a\n", args=("--trailer", "Refs: 7", "--", "a.txt"), cwd=repo.path / "deep"
    )
    assert repo.git("show", "--format=", "--name-only", "HEAD") == "deep/a.txt"
    assert message_of(repo) == b"fix: a\n\nRefs: 7\n"
    assert repo.git("diff", "--cached", "--name-only") == "b.txt"


def test_amend_in_a_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "-q", "-b", "side", str(linked))
    (linked / "README.md").write_text("# Linked\n")
    Repository.discover(linked).commit(b"docs: say it better\n", args=("-a", "--amend"))
    assert git_in(linked)("log", "--format=%s") == "docs: say it better"
    assert repo.git("log", "--format=%s") == "docs: start the readme"


def test_an_index_named_by_hand_is_the_one_committed(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("staged.txt", "1\n")
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.path / ".git/mine"))
    repo.git("read-tree", "HEAD")
    repo.stage("mine.txt", "2\n")
    Repository.discover().commit(b"feat: mine\n")
    assert repo.git("show", "--format=", "--name-only", "HEAD") == "mine.txt"


def test_a_message_of_any_bytes(repo: Repo) -> None:
    repo.stage("a.txt", "1\n")
    repo.git("config", "i18n.commitEncoding", "ISO-8859-1")
    message = "fix: größe\n".encode("latin-1")
    Repository.discover().commit(message)
    assert next(Repository.discover().log("HEAD")).subject == "fix: größe"


def test_commits_are_signed_as_configured(repo: Repo, tmp_path: Path) -> None:
    signer = tmp_path / "signer"
    signer.write_text("#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\necho signed-by-test\n")
    signer.chmod(0o755)
    repo.git("config", "gpg.program", str(signer))
    repo.git("config", "commit.gpgSign", "true")
    repo.stage("a.txt", "1\n")
    Repository.discover().commit(b"feat: a\n")
    assert "gpgsig signed-by-test" in repo.git("cat-file", "-p", "HEAD")


def test_a_template_is_not_taken_for_the_message(repo: Repo) -> None:
    repo.write("template", "Why:\n")
    repo.git("config", "commit.template", "template")
    repo.stage("a.txt", "1\n")
    Repository.discover().commit(b"feat: a\n")
    assert message_of(repo) == b"feat: a\n"


def test_a_commit_inside_a_hook_of_a_linked_worktree_knows_its_top(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a hook has GIT_DIR and no GIT_WORK_TREE: from a folder below, git would take that for the top."""
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "-q", "-b", "side", str(linked))
    (linked / "deep").mkdir()
    (linked / "deep/a.txt").write_text("1\n")
    git_in(linked)("add", "--all")
    monkeypatch.chdir(linked)
    monkeypatch.setenv("GIT_DIR", str(repo.path / ".git/worktrees/linked"))
    Repository.discover().commit(b"feat: a\n", args=("--", "a.txt"), cwd=linked / "deep")
    assert repo.git("show", "--format=", "--name-only", "side") == "deep/a.txt"


def test_a_hook_that_leaves_something_running_does_not_hold_us(repo: Repo, hooks: Hooks) -> None:
    hooks.script("post-commit", "#!/bin/sh\nsleep 60 &\necho $! > .git/sleeper\n")
    repo.stage("a.txt", "1\n")
    Repository.discover().commit(b"feat: a\n")
    sleeper = int((repo.path / ".git/sleeper").read_text())
    os.kill(sleeper, signal.SIGTERM)  # raises, should it have ended before us
    assert message_of(repo) == b"feat: a\n"


COMMITS = """
from smista_git.git.repository import Repository
from smista_git.errors import SmistaError
try:
    Repository.discover().commit(b"feat: slow\\n")
except SmistaError as error:
    print(type(error).__name__, error.hint)
"""


def test_ctrl_c_waits_for_git_and_keeps_the_message(repo: Repo, hooks: Hooks, tmp_path: Path) -> None:
    started = tmp_path / "started"
    hooks.script("pre-commit", f"#!/bin/sh\n: > {started}\nexec sleep 30\n")
    repo.stage("a.txt", "1\n")
    process = subprocess.Popen(
        [sys.executable, "-c", COMMITS], stdout=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(PACKAGE_ROOT)},
    )  # fmt: skip
    while not started.exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # what a terminal sends on Ctrl-C
    said, _ = process.communicate(timeout=20)
    assert said.startswith("Interrupted ")
    assert kept(repo).read_bytes() == b"feat: slow\n"
    assert not (repo.path / ".git/index.lock").exists()
    assert repo.git("diff", "--cached", "--name-only") == "a.txt"
