"""Hooks put in and taken out: ours only, wherever git looks for them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smista_git.errors import Refused
from smista_git.git.hooks import Removed, Written, hooks_folder, look_at, put, take, would_put, would_take
from smista_git.git.repository import Repository
from tests.conftest import Repo

OURS = b"#!/bin/sh\n# smista-hook: pre-commit\nexit 0\n"
NEWER = b"#!/bin/sh\n# smista-hook: pre-commit\n# newer\nexit 0\n"
THEIRS = b"#!/bin/sh\necho theirs\n"

PUTS: dict[str, tuple[bytes | None, bytes | None, Written, bytes, bytes | None]] = {
    # what is there, what waits: what is done, what is there then, what waits then
    "nothing there": (None, None, "written", OURS, None),
    "another's there": (THEIRS, None, "chained", OURS, THEIRS),
    "ours there": (OURS, None, "unchanged", OURS, None),
    "ours and another's": (OURS, THEIRS, "unchanged", OURS, THEIRS),
    "an older one of ours": (NEWER, THEIRS, "renewed", OURS, THEIRS),
    "ours deleted by hand": (None, THEIRS, "written", OURS, THEIRS),
    "ours overwritten": (THEIRS, THEIRS, "crowded", THEIRS, THEIRS),
}
TAKES: dict[str, tuple[bytes | None, bytes | None, Removed, bytes | None, bytes | None]] = {
    "nothing there": (None, None, "missing", None, None),
    "ours": (OURS, None, "removed", None, None),
    "ours and another's": (OURS, THEIRS, "restored", THEIRS, None),
    "another's": (THEIRS, None, "another's", THEIRS, None),
    "ours overwritten": (THEIRS, THEIRS, "another's", THEIRS, THEIRS),
    "ours deleted by hand": (None, THEIRS, "restored", THEIRS, None),
}


def lay(folder: Path, there: bytes | None, waiting: bytes | None) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in (("pre-commit", there), ("pre-commit.before-smista", waiting)):
        if content is not None:
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o755)


def standing(folder: Path) -> tuple[bytes | None, bytes | None]:
    paths = folder / "pre-commit", folder / "pre-commit.before-smista"
    there, waiting = (path.read_bytes() if path.exists() else None for path in paths)
    return there, waiting


@pytest.mark.parametrize("case", PUTS)
def test_putting_ours_never_loses_another(tmp_path: Path, case: str) -> None:
    there, waiting, done, then_there, then_waiting = PUTS[case]
    folder = tmp_path / "hooks"
    lay(folder, there, waiting)
    assert would_put(folder, "pre-commit", OURS) == done
    assert standing(folder) == (there, waiting)
    assert put(folder, "pre-commit", OURS) == done
    assert standing(folder) == (then_there, then_waiting)
    assert os.access(folder / "pre-commit", os.X_OK)
    assert put(folder, "pre-commit", OURS) in ("unchanged", "crowded")
    assert standing(folder) == (then_there, then_waiting)
    assert sorted(p.name for p in folder.iterdir() if p.name.startswith(".")) == []


@pytest.mark.parametrize("case", TAKES)
def test_taking_away_takes_only_ours_and_puts_back_the_rest(tmp_path: Path, case: str) -> None:
    there, waiting, done, then_there, then_waiting = TAKES[case]
    folder = tmp_path / "hooks"
    lay(folder, there, waiting)
    assert would_take(folder, "pre-commit") == done
    assert standing(folder) == (there, waiting)
    assert take(folder, "pre-commit") == done
    assert standing(folder) == (then_there, then_waiting)


def test_one_of_ours_that_cannot_run_is_renewed(tmp_path: Path) -> None:
    lay(tmp_path, OURS, None)
    (tmp_path / "pre-commit").chmod(0o644)
    assert put(tmp_path, "pre-commit", OURS) == "renewed"
    assert os.access(tmp_path / "pre-commit", os.X_OK)


def test_a_link_to_another_hook_is_moved_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "shared").write_bytes(THEIRS)
    (tmp_path / "pre-commit").symlink_to("shared")
    assert put(tmp_path, "pre-commit", OURS) == "chained"
    assert (tmp_path / "shared").read_bytes() == THEIRS
    assert (tmp_path / "pre-commit.before-smista").is_symlink()
    assert take(tmp_path, "pre-commit") == "restored"
    assert (tmp_path / "pre-commit").readlink() == Path("shared")


def test_a_link_to_nowhere_counts_as_another(tmp_path: Path) -> None:
    (tmp_path / "pre-commit").symlink_to("gone")
    assert look_at(tmp_path, "pre-commit").state == "another's"
    assert put(tmp_path, "pre-commit", OURS) == "chained"
    assert (tmp_path / "pre-commit.before-smista").is_symlink()


def test_the_folder_is_that_of_the_repository(repo: Repo) -> None:
    found = hooks_folder(Repository.discover())
    assert found.path == repo.path / ".git/hooks"
    assert (found.configured, found.scope) == (None, None)


def test_a_linked_worktree_shares_the_folder(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.git("worktree", "add", "-q", str(tmp_path / "other"))
    monkeypatch.chdir(tmp_path / "other")
    assert hooks_folder(Repository.discover()).path == repo.path / ".git/hooks"


@pytest.mark.parametrize(("scope", "value"), [("local", ".githooks"), ("global", "/somewhere/hooks")])
def test_core_hookspath_is_honoured_and_its_layer_named(repo: Repo, scope: str, value: str) -> None:
    repo.git("config", f"--{scope}", "core.hooksPath", value)
    (repo.path / "below").mkdir()
    os.chdir(repo.path / "below")
    found = hooks_folder(Repository.discover())
    assert found.path == repo.path / value
    assert (found.configured, found.scope) == (value, scope)


def test_hooks_that_are_turned_off_stay_off(repo: Repo) -> None:
    repo.git("config", "core.hooksPath", "/dev/null")
    with pytest.raises(Refused, match="/dev/null is no folder") as caught:
        hooks_folder(Repository.discover())
    assert "core.hooksPath" in caught.value.hint
