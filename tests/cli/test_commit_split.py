"""``git smista commit --split``: one commit a concern, all or none, and what is staged byte for byte."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smista_git.change.model import Change, FileChange
from smista_git.workflow.splitting import inseparable
from tests.cli.conftest import Smista
from tests.conftest import Repo, git_in

PARSER = "def parse(text):\n    return text.split()\n"
WORKFLOW = "on: push\njobs:\n  lint:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make lint\n"


@pytest.fixture
def two(repo: Repo) -> Repo:
    """A repository in which a new module and a new workflow are staged."""
    repo.stage("src/parser.py", PARSER)
    repo.stage(".github/workflows/lint.yml", WORKFLOW)
    return repo


def state(repo: Repo) -> tuple[str, ...]:
    """HEAD, the index, and every ref."""
    head = repo.git("rev-list", "--all", "--count") and repo.git("rev-parse", "HEAD")
    return head, repo.git("ls-files", "--stage"), repo.git("for-each-ref")


def files_of(repo: Repo, rev: str) -> list[str]:
    return repo.git("show", "--name-only", "--format=", rev).split("\n")


def hook(repo: Repo, name: str, script: str) -> None:
    repo.write(f".git/hooks/{name}", f"#!/bin/sh\n{script}\n").chmod(0o755)


def test_each_concern_gets_a_commit_a_message_and_a_record(two: Repo, smista: Smista) -> None:
    staged = two.git("write-tree")
    done = smista("commit", "--split", "-y")
    assert done.code == 0, done.err
    assert two.git("rev-list", "--count", "HEAD") == "3"
    assert files_of(two, "HEAD~1") == ["src/parser.py"] and files_of(two, "HEAD") == [
        ".github/workflows/lint.yml"
    ]
    assert "parse" in two.git("log", "-1", "--format=%s", "HEAD~1")
    assert two.git("rev-parse", "HEAD^{tree}") == staged
    kinds = [json.loads(two.git("notes", "--ref=smista", "show", rev))["kind"] for rev in ("HEAD~1", "HEAD")]
    assert kinds == ["feature", "ci"]
    assert "git reset --soft" in done.err


def test_what_it_says_undoes_it_does(two: Repo, smista: Smista) -> None:
    before = state(two)
    said = smista("commit", "--split", "-y").err
    command = said[said.index("git reset --soft") :].split("\n")[0]
    two.git(*command.split()[1:])
    assert state(two)[:2] == before[:2]


def test_unstaged_lines_and_other_files_stay_where_they_are(two: Repo, smista: Smista) -> None:
    two.write("src/parser.py", PARSER + "\n\ndef draft():\n    pass\n")
    two.write("notes.txt", "untracked\n")
    assert smista("commit", "--split", "-y").code == 0
    assert two.git("show", "HEAD:src/parser.py") + "\n" == PARSER
    assert two.git("status", "--porcelain").split("\n") == [" M src/parser.py", "?? notes.txt"]


def test_one_concern_is_one_commit(repo: Repo, smista: Smista) -> None:
    repo.stage("src/parser.py", PARSER)
    done = smista("commit", "--split", "-y")
    assert done.code == 0 and "one concern" in done.err
    assert repo.git("rev-list", "--count", "HEAD") == "2"


def test_a_dry_run_plans_each_part_and_changes_nothing(two: Repo, smista: Smista) -> None:
    before = state(two)
    shown = smista("commit", "--split", "-n")
    assert shown.code == 0
    assert shown.out.count("Detected task: commit") == 2 and "2 of 2: ci" in shown.out
    plans = [json.loads(line) for line in smista("commit", "--split", "-n", "--json").out.splitlines()]
    assert [[piece["path"] for piece in plan["context"]["included"]] for plan in plans] == [
        ["src/parser.py"],
        [".github/workflows/lint.yml"],
    ]
    assert state(two) == before


def test_the_result_as_json_is_a_line_a_commit(two: Repo, smista: Smista) -> None:
    rows = [json.loads(line) for line in smista("commit", "--split", "-y", "--json").out.splitlines()]
    assert [row["commit"] for row in rows] == two.git("rev-list", "--reverse", "HEAD~2..HEAD").split("\n")
    assert all(row["record"]["phase"] == "commit" for row in rows)


@pytest.mark.parametrize("words", [("-a",), ("--amend",), ("--", "README.md")], ids=["all", "amend", "path"])
def test_only_the_index_can_be_split(two: Repo, smista: Smista, words: tuple[str, ...]) -> None:
    two.write("README.md", "# Other\n")
    before = state(two)
    done = smista("commit", "--split", "-y", *words)
    assert done.code == 2 and "git add -u" in done.err
    assert state(two) == before


def test_a_merge_in_progress_is_one_commit(repo: Repo, smista: Smista) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("side.py", PARSER)
    repo.commit("feat: side")
    repo.git("checkout", "-q", "main")
    repo.stage("main.py", PARSER)
    repo.commit("feat: main")
    repo.git("merge", "-q", "--no-commit", "side")
    assert smista("commit", "--split", "-y").code == 2


def test_gits_own_arguments_hold_for_every_commit(two: Repo, smista: Smista) -> None:
    assert smista("commit", "--split", "-y", "--", "--signoff", "--author", "Eve <eve@example.org>").code == 0
    assert two.git("log", "-2", "--format=%an").split("\n") == ["Eve", "Eve"]
    assert two.git("log", "-2", "--format=%B").count("Signed-off-by: Ada Test") == 2


def test_a_hook_that_refuses_the_second_takes_the_first_back(two: Repo, smista: Smista) -> None:
    before = state(two)
    hook(
        two, "pre-commit", "git diff --cached --name-only | grep -q lint.yml && { echo no; exit 1; }; exit 0"
    )
    done = smista("commit", "--split", "-y")
    assert done.code == 3 and "no" in done.err
    assert state(two) == before
    assert "git commit -F" not in done.err, "that would commit everything under one part's message"


def test_a_hook_that_rewrites_files_takes_all_back(two: Repo, smista: Smista) -> None:
    before = state(two)
    hook(
        two,
        "pre-commit",
        "if [ -f src/parser.py ]; then echo '# seen' >> src/parser.py; git add src/parser.py; fi",
    )
    done = smista("commit", "--split", "-y")
    assert done.code == 3 and "do not add up" in done.err
    assert state(two) == before


def test_each_hook_sees_its_own_part_alone(two: Repo, smista: Smista) -> None:
    log = two.path.parent / "seen"
    hook(two, "pre-commit", f"git diff --cached --name-only >> '{log}'; echo -- >> '{log}'")
    assert smista("commit", "--split", "-y").code == 0
    assert log.read_text().split("\n") == ["src/parser.py", "--", ".github/workflows/lint.yml", "--", ""]


def test_the_first_commits_of_a_repository(
    tmp_path: Path, smista: Smista, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new"
    path.mkdir()
    repo = Repo(path)
    repo.git("init", "-q")
    monkeypatch.chdir(path)
    repo.stage("src/parser.py", PARSER)
    repo.stage(".github/workflows/lint.yml", WORKFLOW)
    hook(repo, "pre-commit", "git diff --cached --name-only | grep -q lint.yml && exit 1; exit 0")
    assert smista("commit", "--split", "-y").code == 3
    assert repo.git("for-each-ref") == ""
    (path / ".git/hooks/pre-commit").unlink()
    assert smista("commit", "--split", "-y").code == 0
    assert repo.git("rev-list", "--count", "HEAD") == "2"


def test_ctrl_c_between_the_commits_takes_all_back(two: Repo, tmp_path: Path) -> None:
    before = state(two)
    flag = tmp_path / "second"
    hook(
        two,
        "pre-commit",
        f"git diff --cached --name-only | grep -q lint.yml && touch '{flag}' && sleep 30; exit 0",
    )
    words = [sys.executable, "-m", "smista_git", "commit", "--split", "-y"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    deadline_s = time.monotonic() + 20
    while not flag.exists() and time.monotonic() < deadline_s:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode in (130, -signal.SIGINT)
    assert state(two) == before
    assert not list((two.path / ".git").glob("*.lock"))


ODD = [
    "plain.txt",
    "a b.txt",
    "tab\there.md",
    "new\nline.py",
    "-dash.py",
    "ünïcode.ts",
    'quo"te.rs',
    "deep/er/file.go",
]


def test_odd_names_modes_links_renames_and_removals(repo: Repo, smista: Smista) -> None:
    for name in ODD:
        repo.stage(name, f"one {name!r}\ntwo\nthree\nfour\n")
    repo.stage("tool.sh", "#!/bin/sh\n")
    repo.stage("turns/into", "a file in a folder\n")
    repo.stage("swap one.txt", "first\n" * 20)
    repo.stage("swap two.txt", "second\n" * 20)
    repo.commit("feat: many")
    (repo.path / "moved").mkdir()
    repo.git("mv", "--", "a b.txt", "moved/a c.txt")
    repo.git("rm", "-q", "--", "-dash.py", "turns/into")
    repo.stage("turns", "a file where a folder was\n")
    repo.stage("new\nline.py", "def f(): ...\n")
    (repo.path / "link").symlink_to("tool.sh")
    (repo.path / "tool.sh").chmod(0o755)
    repo.git("add", "link", "tool.sh")
    repo.git("mv", "swap one.txt", "swap three.txt")
    repo.git("mv", "swap two.txt", "swap one.txt")
    repo.git("mv", "swap three.txt", "swap two.txt")
    repo.stage("docs/guide.md", "# Guide\n")
    staged = repo.git("write-tree")
    done = smista("commit", "--split", "-y")
    assert done.code == 0, done.err
    assert repo.git("rev-parse", "HEAD^{tree}") == staged
    assert repo.git("diff", "--cached", "--name-only") == ""


@pytest.mark.parametrize("place", ["worktree", "split index", "sha256", "subfolder"])
def test_other_places(tmp_path: Path, smista: Smista, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    path = tmp_path / "origin"
    path.mkdir()
    repo = Repo(path)
    repo.git("init", "-q", f"--object-format={'sha256' if place == 'sha256' else 'sha1'}")
    repo.stage("README.md", "# Sample\n")
    repo.commit("docs: start")
    if place == "worktree":
        repo.git("worktree", "add", "-q", "../linked", "-b", "linked")
        repo = Repo(tmp_path / "linked")
    if place == "split index":
        repo.git("update-index", "--split-index")
    repo.stage("src/parser.py", PARSER)
    repo.stage(".github/workflows/lint.yml", WORKFLOW)
    monkeypatch.chdir(repo.path / "src" if place == "subfolder" else repo.path)
    staged = repo.git("write-tree")
    assert smista("commit", "--split", "-y").code == 0
    assert repo.git("rev-list", "--count", "HEAD") == "3"
    assert repo.git("rev-parse", "HEAD^{tree}") == staged


NAMES = st.sampled_from(
    [
        "a.py",
        "b.py",
        "docs/a.md",
        "docs/b.md",
        "src/a/x.go",
        "src/a",
        "src/b.go",
        ".github/workflows/w.yml",
        "go.mod",
    ]
)
TREES = st.dictionaries(
    NAMES, st.sampled_from(["one\n" * 9, "two\n" * 9, "def f():\n    return 1\n"]), max_size=7
)


def _fits(tree: dict[str, str]) -> dict[str, str]:
    """The tree without files that stand where it needs a folder."""
    return {
        name: text for name, text in tree.items() if not any(other.startswith(f"{name}/") for other in tree)
    }


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=TREES, after=TREES)
def test_any_change_splits_into_commits_that_add_up(
    before: dict[str, str],
    after: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from smista_git.cli.main import run

    path = tmp_path_factory.mktemp("any")
    repo = Repo(path)
    repo.git("init", "-q")
    repo.commit("chore: root")
    for number, tree in enumerate(map(_fits, (before, after))):
        repo.git("rm", "-rq", "--ignore-unmatch", ".")
        for name, text in tree.items():
            repo.stage(name, text)
        if number == 0:
            repo.commit("feat: before")
    monkeypatch.chdir(path)
    staged = repo.git("write-tree")
    code = run(["commit", "--split", "-y"])
    assert code == (3 if _fits(before) == _fits(after) else 0)
    assert repo.git("rev-parse", "HEAD^{tree}") == staged


def changed(old: str | None, new: str | None) -> FileChange:
    return FileChange(old, new, "modified", "100644", "100644", "a" * 40, "b" * 40)


@pytest.mark.parametrize(
    ("files", "groups", "found"),
    [
        ([("a", "a"), ("b", "b")], [{"a"}, {"b"}], [{"a"}, {"b"}]),
        ([("a", "c"), ("b", "b")], [{"c"}, {"b"}], [{"a", "c"}, {"b"}]),
        ([("a", "b"), ("b", "a")], [{"b"}, {"a"}], [{"a", "b"}]),
        ([("x", None), (None, "x/y"), ("z", "z")], [{"x"}, {"x/y"}, {"z"}], [{"x", "x/y"}, {"z"}]),
        ([("a", "b"), ("b", "c"), ("c", "d")], [{"b"}, {"d"}, {"c"}], [{"a", "b", "c", "d"}]),
    ],
    ids=["apart", "rename", "swap", "file for folder", "chain"],
)
def test_what_git_cannot_commit_apart_stays_together(
    files: list[tuple[str | None, str | None]], groups: list[set[str]], found: list[set[str]]
) -> None:
    change = Change(tuple(changed(old, new) for old, new in files))
    assert inseparable(change, groups) == found


def test_nothing_staged_says_what_to_do(repo: Repo, smista: Smista) -> None:
    done = smista("commit", "--split", "-y")
    assert done.code == 3 and "nothing to commit" in done.err


def test_a_secret_name_is_committed_under_its_own_name(two: Repo, smista: Smista) -> None:
    name = "keys/ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8" + ".txt"
    two.stage(name, "see the vault\n")
    staged = two.git("write-tree")
    assert smista("commit", "--split", "-y").code == 0
    assert two.git("rev-parse", "HEAD^{tree}") == staged


def test_the_folders_of_git_in_run_with_the_hooks_environment(
    two: Repo, smista: Smista, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git_in(other)("init", "-q")
    hook(two, "post-commit", f"env -u GIT_INDEX_FILE git -C '{other}' status >/dev/null")
    assert smista("commit", "--split", "-y").code == 0
