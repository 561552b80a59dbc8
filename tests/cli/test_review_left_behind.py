"""A function that a change takes away while something still uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Smista
from tests.conftest import Repo, git_in

LIBRARY = "def load_settings(path):\n    return open(path).read()\n\n\ndef other_thing():\n    return 1\n"
USER = "from library import load_settings\n\n\ndef start():\n    return load_settings('a')\n"


@pytest.fixture
def renamed(repo: Repo) -> Repo:
    """The function has another name in the index, and its user has not."""
    repo.stage("library.py", LIBRARY)
    repo.stage("app/user.py", USER)
    repo.commit("feat: settings")
    repo.stage("library.py", LIBRARY.replace("load_settings", "read_settings"))
    return repo


def left_behind(smista: Smista, *words: str) -> list[dict[str, object]]:
    done = smista("review", *words, "--json")
    assert done.code == 0, done.err
    return [found for found in done.json["findings"] if found["rule"] == "left-behind"]


def test_it_lies_on_the_line_that_is_gone_and_names_the_use(renamed: Repo, smista: Smista) -> None:
    (found,) = left_behind(smista)
    assert (found["path"], found["line"], found["side"]) == ("library.py", 1, "old")
    assert found["quote"] == "def load_settings(path):" and found["severity"] == "warning"
    assert "load_settings" in str(found["title"]) and "app/user.py:5" in str(found["title"])


def test_of_a_commit_its_own_tree_counts(renamed: Repo, smista: Smista) -> None:
    renamed.commit("refactor: rename")
    renamed.stage("app/user.py", USER.replace("load_settings", "read_settings"))
    renamed.commit("fix: follow")
    assert len(left_behind(smista, "HEAD~1")) == 1
    assert left_behind(smista, "HEAD") == []
    assert left_behind(smista, "HEAD~2..HEAD") == []


def test_a_use_in_a_changed_file_counts_too(renamed: Repo, smista: Smista) -> None:
    renamed.stage("app/user.py", USER + "\n\ndef stop():\n    pass\n")
    assert len(left_behind(smista)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("app/user.py", USER.replace("load_settings", "read_settings")),
        ("app/own.py", "def load_settings(path):\n    return path\n"),
        ("app/user.py", "# load_settings('a') was here\n"),
    ],
    ids=["the user follows", "another file defines it", "only a comment"],
)
def test_nothing_is_said(renamed: Repo, smista: Smista, name: str, text: str) -> None:
    renamed.stage(name, text)
    assert left_behind(smista) == []


def test_a_function_that_became_a_variable_is_still_there(renamed: Repo, smista: Smista) -> None:
    renamed.stage("library.py", "load_settings = lambda path: open(path).read()\n")
    assert left_behind(smista) == []


def test_a_short_name_says_too_little(repo: Repo, smista: Smista) -> None:
    repo.stage("library.py", "def padding(x):\n    return x\n")
    repo.stage("user.py", "from library import padding\n\nprint(padding(1))\n")
    repo.commit("feat: padding")
    repo.git("rm", "-q", "library.py")
    assert left_behind(smista) == []


def test_a_guarded_file_is_not_told(renamed: Repo, smista: Smista) -> None:
    renamed.write(".smista.toml", 'version = 1\n[sensitive]\npaths = ["app/**"]\nthen = "local"\n')
    assert left_behind(smista) == []


def test_a_partial_clone_goes_without(
    renamed: Repo, smista: Smista, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed.commit("refactor: rename")
    renamed.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git_in(tmp_path)(
        "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{renamed.path}", str(clone)
    )
    monkeypatch.chdir(clone)
    done = smista("review", "HEAD", "--json")
    assert done.code in (0, 3) and "bug in smista" not in done.err
