"""``git smista review`` by rules alone: what is reviewed, how it is printed, what it exits with, what is remembered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Smista, part_ways
from tests.conftest import Repo

Config = Callable[[str], Path]
STOP = "breakpoint()\n"


@pytest.fixture
def branch(repo: Repo) -> Repo:
    """main has moved on since ``topic`` left it; topic has two commits, the last one with a breakpoint."""
    repo.git("checkout", "-q", "-b", "topic")
    repo.stage("one.py", "one = 1\n")
    repo.commit("feat: add one")
    repo.stage("two.py", STOP)
    repo.commit("feat: add two")
    repo.git("checkout", "-q", "main")
    repo.stage("base.py", "import pdb; pdb.set_trace()\n")
    repo.commit("feat: add base")
    repo.git("checkout", "-q", "topic")
    return repo


def places(ran: object) -> list[tuple[str, int | None]]:
    return [(f["path"], f["line"]) for f in ran.json["findings"] if f["severity"] != "note"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("span", ["main..HEAD", "main...HEAD", "main..", "main..topic"])
def test_a_range_is_what_the_branch_added(branch: Repo, smista: Smista, span: str) -> None:
    done = smista("review", span, "--json")
    assert places(done) == [("two.py", 1)] and done.code == 1
    assert done.json["files"] == 2


def test_a_commit_is_reviewed_against_its_parent(branch: Repo, smista: Smista) -> None:
    assert places(smista("review", "HEAD", "--json")) == [("two.py", 1)]
    clean = smista("review", "HEAD^", "--json")
    assert places(clean) == [] and clean.code == 0
    root = smista("review", branch.git("rev-list", "--max-parents=0", "HEAD"), "--json")
    assert root.code == 0 and root.json["added"] == 1


def test_the_index_is_reviewed_not_the_work_tree(repo: Repo, smista: Smista) -> None:
    repo.stage("app.py", "value = 1\n")
    repo.write("app.py", STOP)
    assert smista("review", "--staged").code == 0
    repo.git("add", "app.py")
    repo.write("app.py", "value = 1\n")
    done = smista("review")
    assert done.code == 1
    assert "app.py:1: error: A debugger call is left in the code [debugging]" in done.out
    assert "     1 | breakpoint()\n       | ^~~~~~~~~~~~\n" in done.out


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)])
def test_the_gate_stands_where_it_is_set(repo: Repo, smista: Smista, level: str, code: int) -> None:
    repo.stage("app.py", "import os\nos.system(command)\n")
    assert smista("review", "--fail-on", level).code == code


def test_the_policy_sets_the_gate_and_the_flag_moves_it(
    repo: Repo, smista: Smista, user_config: Config
) -> None:
    user_config('[review]\nfail_on = "warning"\n')
    repo.stage("app.py", "import os\nos.system(command)\n")
    assert smista("review").code == 1
    assert smista("review", "--fail-on", "error").code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("review",), 3, "nothing is staged"),
        (("review", "no-such..HEAD"), 2, "names no commit"),
        (("review", "HEAD..HEAD"), 3, "changes nothing"),
        (("review", "HEAD", "--staged"), 2, "exclude each other"),
        (("review", "--since-last"), 2, "needs a range"),
        (("review", "HEAD", "--fail-on", "info"), 2, "'info'"),
        (("review", "--output=x"), 2, "No such option"),
        (("review", "--", "--output=x"), 2, "names no commit"),
    ],
)
def test_what_cannot_be_reviewed_is_no_finding(
    repo: Repo, smista: Smista, words: tuple[str, ...], code: int, said: str
) -> None:
    done = smista(*words)
    assert done.code == code and said in done.err


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "rdjson", "markdown"])
def test_every_format_stands_alone_on_stdout(repo: Repo, smista: Smista, format_: str) -> None:
    repo.stage("dir/na\u00efve name.py", STOP)
    done = smista("review", "--format", format_)
    assert done.code == 1
    if format_ in ("json", "sarif", "rdjson"):
        json.loads(done.out)
    assert "debugger call" in done.out


def test_hostile_names_move_no_cursor(repo: Repo, smista: Smista) -> None:
    repo.stage("a\x1b[31m\nb.py", "breakpoint()  # \x1b[2J\u202e\n")
    for format_ in ("text", "markdown", "json", "sarif", "rdjson"):
        done = smista("review", "--format", format_)
        assert done.code == 1
        assert "\x1b" not in done.out and "\u202e" not in done.out


def test_a_name_that_is_no_utf8_is_reviewed(repo: Repo, smista: Smista) -> None:
    (Path(str(repo.path).encode().decode()) / "x").mkdir()
    with open(str(repo.path).encode() + b"/x/\xff.py", "wb") as file:
        file.write(b"breakpoint()\n")
    repo.git("add", ".")
    for format_ in ("text", "markdown", "json", "sarif", "rdjson"):
        assert smista("review", "--format", format_).code == 1


def test_a_review_is_kept_and_found_again(branch: Repo, smista: Smista) -> None:
    assert smista("review", "main..HEAD", "--notes").code == 1
    record = json.loads(branch.git("notes", "--ref=smista-review", "show", "HEAD"))
    assert record["counts"]["error"] == 1 and record["complete"] and len(record["patches"]) == 2
    assert "breakpoint()" not in json.dumps(record)
    done = smista("review", "main..HEAD", "--since-last")
    assert done.code == 3 and "reviewed before" in done.err


def test_only_what_is_new_is_reviewed_also_after_a_rebase_and_an_amend(branch: Repo, smista: Smista) -> None:
    smista("review", "main..HEAD", "--notes")
    branch.git("rebase", "-q", "main")
    branch.stage("three.py", "import pdb\n")
    branch.commit("feat: add three")
    done = smista("review", "main..HEAD", "--since-last", "--json")
    assert places(done) == [("three.py", 1)]
    assert "2 of 3 commits were reviewed before" in done.err
    branch.stage("three.py", "import ipdb\n")
    branch.git("commit", "-q", "--amend", "--no-edit")
    assert places(smista("review", "main..HEAD", "--since-last", "--json")) == [("three.py", 1)]


def test_what_the_base_brought_in_by_a_merge_is_not_reviewed(branch: Repo, smista: Smista) -> None:
    smista("review", "main..HEAD", "--notes")
    branch.git("merge", "-q", "--no-edit", "main")
    branch.stage("three.py", "import pdb\n")
    branch.commit("feat: add three")
    assert places(smista("review", "main..HEAD", "--since-last", "--json")) == [("three.py", 1)]


def test_the_index_has_no_note(repo: Repo, smista: Smista) -> None:
    repo.stage("app.py", STOP)
    done = smista("review", "--notes")
    assert done.code == 2 and "no commit to keep a note on" in done.err


def test_why_shows_the_review(branch: Repo, smista: Smista) -> None:
    smista("review", "HEAD", "--notes")
    done = smista("why", "HEAD")
    assert done.code == 0, done.err
    assert "1 error" in done.out and "two.py:1" in done.out


def test_a_hook_that_has_nothing_to_ask_says_nothing_but_the_result(repo: Repo, smista: Smista) -> None:
    repo.stage("app.py", "value = 1\n")
    done = smista("review", "--staged", "--hook", "pre-commit")
    assert (done.code, done.err) == (0, "")
    assert done.out == "no findings in 1 file (+1 -0)\n"


def test_conflicts_are_no_clean_review(repo: Repo, smista: Smista) -> None:
    part_ways(repo, "docs: tell it")
    with pytest.raises(AssertionError):
        repo.git("merge", "-q", "side")
    done = smista("review")
    assert done.code == 3 and "conflicts" in done.err and "git add" in done.err


def test_what_lies_before_a_shallow_clone_is_said_to(
    branch: Repo, smista: Smista, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch.git("clone", "-q", "--depth", "1", f"file://{branch.path}", str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    done = smista("review", "HEAD~1..HEAD")
    assert done.code == 2 and "git fetch --unshallow" in done.err
