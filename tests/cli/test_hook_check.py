"""commit-msg: a person's message is held to what the policy says, and to nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smista_git.workflow.settings import load_settings
from tests.cli.conftest import Smista
from tests.cli.test_hook_message import run_git
from tests.conftest import Repo

TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
FREE = (
    "wip",
    "Fix it. Closes #999, see PR-12 and @bob",
    "v2.0 is 30% faster",
    "Merge branch 'x'",
    "WIP: `thing_here`",
)
PASS = (
    "feat: add a",
    "fix(core)!: drop it",
    "fixup! whatever",
    "squash! whatever",
    'Revert "feat: a"',
    "Merge branch 'x'",
)
STOP = ("wip", "Add a", "feat add a", "feature: add a")


@pytest.fixture
def checked(repo: Repo, smista: Smista) -> Repo:
    assert smista("hook", "install", "--hook", "commit-msg").code == 0
    repo.stage("a.py", "a = 1\n")
    return repo


@pytest.mark.parametrize(
    "message", [*FREE, "See https://example.org/docs/a.html and ~/notes/a.txt, /etc/x/y.conf"]
)
def test_without_a_policy_anything_goes_without_a_word(checked: Repo, message: str) -> None:
    done = run_git(checked, "commit", "-m", message)
    assert done.returncode == 0
    assert "smista" not in done.stderr


@pytest.mark.parametrize("message", PASS)
def test_what_fits_the_style_passes(checked: Repo, user_config: Callable[[str], Path], message: str) -> None:
    user_config('[commit]\nstyle = "conventional"\n')
    assert run_git(checked, "commit", "-m", message).returncode == 0


@pytest.mark.parametrize("message", STOP)
def test_what_does_not_is_stopped_with_the_reason(
    checked: Repo, user_config: Callable[[str], Path], message: str
) -> None:
    user_config('[commit]\nstyle = "conventional"\n')
    done = run_git(checked, "commit", "-m", message)
    assert done.returncode == 1
    assert 'smista: Start the first line with "type: "' in done.stderr
    assert ".git/COMMIT_EDITMSG" in done.stderr


def test_a_width_holds_only_where_it_is_written(checked: Repo, user_config: Callable[[str], Path]) -> None:
    long = "feat: " + "a" * 90
    user_config("[commit]\nmax_subject = 50\n")
    assert "50 characters; it has 96" in run_git(checked, "commit", "-m", long).stderr
    user_config("")
    assert run_git(checked, "commit", "-m", long).returncode == 0


def test_comments_and_the_diff_below_are_no_message(
    checked: Repo, user_config: Callable[[str], Path]
) -> None:
    user_config('[commit]\nstyle = "conventional"\n')
    editor = """sh -c 'printf "# wip\\nfeat: add a\\n" | cat - "$1" >m; mv m "$1"' -"""
    done = run_git(checked, "commit", "-v", GIT_EDITOR=editor)
    assert done.returncode == 0, done.stderr
    assert checked.git("log", "-1", "--format=%B").strip() == "feat: add a"


def test_a_path_that_is_nowhere_is_hinted_at(checked: Repo) -> None:
    checked.stage("src/deep/real.py", "x = 1\n")
    done = run_git(checked, "commit", "-m", "Move deep/real.py next to src/deep/raal.py")
    assert done.returncode == 0
    assert done.stderr.count("smista: note: ") == 1
    assert "There is no src/deep/raal.py in this repository." in done.stderr


def test_a_deleted_path_is_known(checked: Repo) -> None:
    checked.stage("src/gone.py", "x = 1\n")
    checked.commit("feat: add gone")
    checked.git("rm", "-q", "src/gone.py")
    assert "note" not in run_git(checked, "commit", "-m", "Drop src/gone.py").stderr


@pytest.mark.parametrize(("secrets", "code"), [("local", 0), ("block", 1)])
def test_a_secret_in_the_message_is_told_and_stops_where_secrets_do(
    checked: Repo, user_config: Callable[[str], Path], secrets: str, code: int
) -> None:
    user_config(f'[sensitive]\nsecrets = "{secrets}"\n')
    done = run_git(checked, "commit", "-m", f"feat: log in with {TOKEN}")
    assert done.returncode == code
    assert "looks like a secret" in done.stderr
    assert TOKEN not in done.stderr


def test_a_broken_policy_stops_nobody(checked: Repo) -> None:
    checked.write(".smista.toml", "version = 1\nnonsense = 1\n")
    done = run_git(checked, "commit", "-m", "wip")
    assert done.returncode == 0
    assert "smista: commit-msg: " in done.stderr


def test_the_shipped_pack_demands_nothing_so_it_need_not_be_read(tmp_path: Path) -> None:
    environ = {"SMISTA_CONFIG": str(tmp_path / "none.toml"), "SMISTA_STATE_DIR": str(tmp_path)}
    policy = load_settings(tmp_path, environ).policy
    assert policy.commit.style == "auto"
    assert not any(floor.secrets == "block" for floor in policy.sensitive)
    assert not any(value.key == "commit.max_subject" for value in policy.values)
