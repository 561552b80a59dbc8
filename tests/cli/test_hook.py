"""``git smista hook``: installed beside what is there, and out of the way when anything is wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from smista_git.cli.hook.steps import NAMES
from smista_git.workflow.hook.install import HOOKS, USUAL, script_for
from tests.cli.conftest import Smista
from tests.conftest import Repo

COMMIT = {"GIT_EDITOR": "true"}


def hook_file(repo: Repo, name: str, text: str) -> Path:
    path = repo.path / ".git/hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def states(smista: Smista) -> dict[str, str]:
    return {hook["hook"]: hook["state"] for hook in smista("hook", "status", "--json").json["hooks"]}


def commit(repo: Repo, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """``git commit`` with an editor that takes what it finds."""
    return subprocess.run(
        ["git", "commit", *words],
        cwd=repo.path,
        env={**os.environ, **COMMIT, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_names_are_the_same_on_both_sides() -> None:
    assert NAMES == HOOKS
    assert set(USUAL) <= set(HOOKS)


def test_install_status_uninstall(repo: Repo, smista: Smista) -> None:
    before = sorted((repo.path / ".git/hooks").iterdir())
    assert smista("hook", "install", "-n").code == 0
    assert sorted((repo.path / ".git/hooks").iterdir()) == before
    first = smista("hook", "install", "--json").json
    assert {hook["what"] for hook in first["hooks"]} == {"written"}
    assert states(smista) == {name: "ours" if name in USUAL else "missing" for name in HOOKS}
    again = smista("hook", "install", "--json").json
    assert {hook["what"] for hook in again["hooks"]} == {"unchanged"}
    assert smista("hook", "uninstall").code == 0
    assert sorted((repo.path / ".git/hooks").iterdir()) == before


def test_only_the_named_hooks_are_touched(repo: Repo, smista: Smista) -> None:
    smista("hook", "install", "--hook", "pre-push", "--hook", "post-commit")
    assert [name for name, state in states(smista).items() if state == "ours"] == ["post-commit", "pre-push"]
    smista("hook", "uninstall", "--hook", "pre-push")
    assert [name for name, state in states(smista).items() if state == "ours"] == ["post-commit"]
    assert smista("hook", "install", "--hook", "post-merge").code == 2


@pytest.mark.parametrize("name", HOOKS)
def test_every_script_is_good_sh(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(script_for(name, "/it's/a path/git-smista"))
    shell = shutil.which("dash") or "sh"
    assert subprocess.run([shell, "-n", path], check=False).returncode == 0
    assert "@" not in path.read_text().replace('"$@"', "")


def test_anothers_hook_runs_first_with_its_arguments_and_can_refuse(repo: Repo, smista: Smista) -> None:
    theirs = (
        '#!/bin/sh\necho "theirs $# $2" >>seen\ngrep -q refuse .git/verdict 2>/dev/null && exit 7\nexit 0\n'
    )
    path = hook_file(repo, "prepare-commit-msg", theirs)
    smista("hook", "install")
    assert "another's runs first" in smista("hook", "status").out
    repo.stage("parser.py", "def parse(text):\n    return text.split()\n")
    done = commit(repo)
    assert done.returncode == 0, done.stderr
    assert (repo.path / "seen").read_text() == "theirs 1 \n"
    assert repo.git("log", "-1", "--format=%s").startswith("feat")
    (repo.path / ".git/verdict").write_text("refuse")
    repo.stage("parser.py", "def parse(text):\n    return text.splitlines()\n")
    assert commit(repo).returncode != 0
    smista("hook", "uninstall")
    assert path.read_text() == theirs
    assert os.access(path, os.X_OK)


def test_both_read_what_git_lists_on_stdin(repo: Repo, smista: Smista) -> None:
    hook_file(repo, "post-rewrite", "#!/bin/sh\ncat >>seen\n")
    smista("hook", "install")
    repo.stage("parser.py", "def parse(text):\n    return text.split()\n")
    assert commit(repo).returncode == 0
    old = repo.git("rev-parse", "HEAD")
    assert commit(repo, "--amend", "-m", "feat: say it otherwise").returncode == 0
    new = repo.git("rev-parse", "HEAD")
    assert (repo.path / "seen").read_text() == f"{old} {new}\n"
    assert repo.git("notes", "--ref=smista", "show", old) == repo.git("notes", "--ref=smista", "show", new)


def test_a_program_that_is_gone_lets_the_commit_through_and_says_so(repo: Repo, smista: Smista) -> None:
    smista("hook", "install")
    folder = repo.path / ".git/hooks"
    for path in folder.iterdir():
        lines = [
            "smista=/gone/git-smista" if x.startswith("smista=/") else x for x in path.read_text().split("\n")
        ]
        path.write_text("\n".join(lines))
    # Only git and sh: no git-smista on PATH either.
    tools = repo.path.parent / "tools"
    tools.mkdir()
    for tool in ("git", "sh", "cat"):
        (tools / tool).symlink_to(str(shutil.which(tool)))
    repo.stage("a.txt", "a\n")
    done = commit(repo, "-m", "chore: add a", PATH=str(tools))
    assert done.returncode == 0
    assert done.stderr.count("smista: the program is gone, so commit-msg does nothing") == 1


def test_a_dead_interpreter_counts_as_gone(repo: Repo, smista: Smista, tmp_path: Path) -> None:
    smista("hook", "install", "--hook", "commit-msg")
    dead = tmp_path / "git-smista"
    dead.write_text("#!/gone/python3\n")
    dead.chmod(0o755)
    path = repo.path / ".git/hooks/commit-msg"
    path.write_bytes(script_for("commit-msg", str(dead)))
    repo.stage("a.txt", "a\n")
    done = commit(repo, "-m", "chore: add a")
    assert done.returncode == 0
    assert "the program is gone" in done.stderr


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        (".pre-commit-config.yaml", "repos: []\n", "entry: git-smista hook run prepare-commit-msg"),
        ("lefthook.yml", "pre-push:\n", "run: git-smista hook run prepare-commit-msg {0}"),
        (".husky/pre-commit", "npm test\n", ">> .husky/prepare-commit-msg"),
    ],
)
def test_a_hook_manager_is_advised_and_not_fought(
    repo: Repo, smista: Smista, file: str, text: str, expected: str
) -> None:
    repo.write(file, text)
    before = sorted((repo.path / ".git/hooks").iterdir())
    done = smista("hook", "install")
    assert done.code == 3
    assert expected in done.out
    assert "nothing was written" in done.err
    assert sorted((repo.path / ".git/hooks").iterdir()) == before
    assert smista("hook", "install", "--anyway").code == 0
    assert states(smista)["commit-msg"] == "ours"


def test_husky_is_known_by_its_hookspath(repo: Repo, smista: Smista) -> None:
    repo.git("config", "core.hooksPath", ".husky/_")
    assert "husky looks after the hooks here (core.hooksPath .husky/_)" in smista("hook", "install").err


def test_a_folder_for_all_repositories_is_named_as_such(repo: Repo, smista: Smista, tmp_path: Path) -> None:
    repo.git("config", "--global", "core.hooksPath", str(tmp_path / "all"))
    done = smista("hook", "install")
    assert done.code == 0
    assert "every repository runs these hooks" in done.err
    assert (tmp_path / "all/commit-msg").exists()


def test_hooks_work_in_a_linked_worktree(
    repo: Repo, smista: Smista, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.git("worktree", "add", "-q", str(tmp_path / "other"))
    other = Repo(tmp_path / "other")
    monkeypatch.chdir(other.path)
    assert smista("hook", "install").code == 0
    other.stage("parser.py", "def parse(text):\n    return text.split()\n")
    assert commit(other).returncode == 0
    assert other.git("log", "-1", "--format=%s").startswith("feat")
    assert json.loads(other.git("notes", "--ref=smista", "show", "HEAD"))["outcome"] == "accepted"


def test_outside_of_a_repository_install_says_so(
    smista: Smista, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = smista("hook", "install")
    assert done.code == 3
    assert "not inside a git repository" in done.err


def test_the_hidden_command_is_no_part_of_the_help(smista: Smista) -> None:
    shown = smista("hook", "--help").out
    assert "\n  uninstall " in shown
    assert "\n  run" not in shown
