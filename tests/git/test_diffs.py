"""A diff is the same bytes whatever a configuration says, and exact whatever the names and contents are."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from smista_git.change.parse import parse_change
from smista_git.errors import GitFailed, NothingToDo
from smista_git.git.diffs import EMPTY_TREES, RawDiff
from smista_git.git.repository import Repository
from tests.conftest import Repo, git_in
from tests.git.conftest import names

HOSTILE = {
    "diff.noprefix": "true",
    "diff.mnemonicPrefix": "true",
    "diff.srcPrefix": "x/",
    "diff.dstPrefix": "y/",
    "diff.renames": "false",
    "diff.context": "0",
    "diff.interHunkContext": "99",
    "diff.algorithm": "patience",
    "diff.indentHeuristic": "false",
    "diff.suppressBlankEmpty": "true",
    "diff.ignoreSubmodules": "all",
    "diff.submodule": "log",
    "diff.relative": "true",
    "diff.colorMoved": "zebra",
    "diff.wsErrorHighlight": "all",
    "diff.external": "echo EXTERNAL",
    "diff.upper.textconv": "tr a-z A-Z <",
    "diff.renameLimit": "1",
    "color.ui": "always",
    "color.diff": "always",
    "core.quotePath": "true",
    "core.pager": "cat",
    "core.abbrev": "7",
    "log.showSignature": "true",
    "log.showRoot": "false",
    "log.date": "relative",
    "format.pretty": "oneline",
    "i18n.logOutputEncoding": "ISO-8859-1",
}


def lively(repo: Repo) -> None:
    """Stage a rename with an edit, a mode change, blank context lines, a deletion, a name with a space."""
    body = "".join(f"line {n}\n\n" for n in range(30))
    repo.stage("moved from.txt", body)
    repo.stage("dropped.txt", "gone\n")
    repo.stage("run.sh", "true\n")
    repo.stage(".gitattributes", "*.txt diff=upper\n")
    repo.commit("feat: base")
    repo.git("mv", "moved from.txt", "moved tö.txt")
    repo.stage("moved tö.txt", body.replace("line 7\n", "line seven\n").replace("line 12\n", "line twelve\n"))
    repo.git("rm", "-q", "dropped.txt")
    repo.git("update-index", "--chmod=+x", "run.sh")


def test_no_configuration_changes_a_byte(repo: Repo, sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lively(repo)
    plain = Repository.discover().staged_diff()
    assert b"rename from moved from.txt" in plain.patch
    for key, value in HOSTILE.items():
        repo.git("config", key, value)
    order = repo.write(".git/order", "run.sh\n")
    repo.git("config", "diff.orderFile", str(order))
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=9")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "echo EXTERNAL")
    monkeypatch.setenv("GIT_PAGER", "false")
    assert Repository.discover().staged_diff() == plain


def test_no_configuration_changes_a_history(repo: Repo) -> None:
    lively(repo)
    repo.commit("feat: größer\n\nBody")
    found = Repository.discover()
    plain = (found.recent_commits(9), list(found.log("HEAD")), list(found.history_diffs("HEAD")))
    assert [len(part) for part in plain] == [3, 3, 3]
    for key, value in HOSTILE.items():
        repo.git("config", key, value)
    found = Repository.discover()
    assert (found.recent_commits(9), list(found.log("HEAD")), list(found.history_diffs("HEAD"))) == plain


AWKWARD = [
    b"-dash", b"--cached", b"two words", b"tab\there", b"new\nline", b'quo"te', b"back\\slash", b"a b/b",
    b":(top)magic", b"star*", b"[x]", b"\xff\xfelatin", "ümlaut".encode(), b"0\t0\tnumstat", b":100644", b"{a => b}",
]  # fmt: skip


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_are_exact(repo: Repo, name: bytes) -> None:
    target = os.path.join(os.fsencode(repo.path), name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(b"content\n")
    repo.stage("zz-other.txt", "other\n")
    repo.git("add", "--all")
    shown = name.decode("utf-8", "surrogateescape")
    diff = Repository.discover().staged_diff()
    assert set(names(diff.raw)) == {shown, "zz-other.txt"}
    assert b"1\t0\t" + name + b"\0" in diff.numstat
    assert diff.patch.startswith(b"diff --git ")
    only = Repository.discover().staged_diff(paths=[shown])
    assert names(only.raw) == [shown]
    repo.commit("feat: odd")
    assert set(Repository.discover().recent_commits(1)[0].paths) == {shown, "zz-other.txt"}


CONTENTS = {
    "latin1.txt": "caf\xe9\n".encode("latin-1"),
    "utf16.txt": "\ufeffhello\n".encode("utf-16-le"),
    "crlf.txt": b"one\r\ntwo\r\n",
    "nul-late.txt": b"x" * 9000 + b"\n\0after\n",
    "no-eol.txt": b"no end",
    "mark.txt": b"diff --git a/x b/x\n@@ -1 +1 @@\ncommit-0123\n",
}


def test_contents_come_through_byte_for_byte(repo: Repo) -> None:
    for name, content in CONTENTS.items():
        repo.stage(name, content)
    diff = Repository.discover().staged_diff()
    assert set(names(diff.raw)) == set(CONTENTS)
    assert b"+caf\xe9\n" in diff.patch
    assert b"+one\r\n+two\r\n" in diff.patch
    assert b"+\0after\n" in diff.patch
    assert b"-\t-\tutf16.txt\0" in diff.numstat
    separate = repo.git("diff", "--cached", "--no-prefix", "--full-index", "-p")
    assert diff.patch.count(b"\n") == separate.encode("utf-8", "surrogateescape").count(b"\n") + 1
    repo.commit("feat: contents")
    [(_, first), *_] = Repository.discover().history_diffs("HEAD")
    assert (first.raw, first.patch) == (diff.raw, diff.patch)
    assert parse_change(first.raw, first.numstat, first.patch) == parse_change(
        diff.raw, diff.numstat, diff.patch
    )


def test_an_empty_list_of_paths_is_an_empty_diff(repo: Repo) -> None:
    repo.stage("a.txt", "1\n")
    found = Repository.discover()
    assert found.staged_diff(paths=()) == RawDiff()
    assert names(found.staged_diff(paths=None).raw) == ["a.txt"]


def test_unborn_branch_is_measured_against_nothing(tmp_path: Path) -> None:
    git = git_in(tmp_path)
    git("init", "-q", "-b", "start")
    (tmp_path / "a.txt").write_text("1\n")
    git("add", "a.txt")
    found = Repository.discover(tmp_path)
    assert found.head() is None
    assert found.branch() == "start"
    assert found.state().unborn
    assert names(found.staged_diff().raw) == ["a.txt"]
    assert found.recent_commits(5) == ()
    assert not found.nothing_staged()
    with pytest.raises(NothingToDo):
        found.staged_diff(amend=True)


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_empty_trees_are_gits_own(tmp_path: Path, object_format: str) -> None:
    git = git_in(tmp_path)
    git("init", "-q", f"--object-format={object_format}")
    assert git("hash-object", "-t", "tree", "--stdin", stdin=b"") == EMPTY_TREES[object_format]


def test_sha256_repository(tmp_path: Path) -> None:
    git = git_in(tmp_path)
    git("init", "-q", "--object-format=sha256")
    (tmp_path / "a.txt").write_text("1\n")
    git("add", "a.txt")
    git("commit", "-q", "-m", "feat: a")
    found = Repository.discover(tmp_path)
    assert re.fullmatch(r"[0-9a-f]{64}", found.head() or "")
    assert names(found.commit_diff("HEAD").raw) == ["a.txt"]
    assert names(found.staged_diff(amend=True).raw) == ["a.txt"]
    assert found.recent_commits(1)[0].subject == "feat: a"


def test_intent_to_add_is_not_staged(repo: Repo) -> None:
    repo.write("later.txt", "1\n")
    repo.git("add", "--intent-to-add", "later.txt")
    found = Repository.discover()
    assert found.staged_diff() == RawDiff()
    assert found.nothing_staged()


def test_unmerged_entries_are_named(repo: Repo) -> None:
    base = repo.git("rev-parse", "HEAD")
    repo.stage("README.md", "ours\n")
    repo.commit("docs: ours")
    repo.git("checkout", "-q", "-b", "side", base)
    repo.stage("README.md", "theirs\n")
    repo.commit("docs: theirs")
    subprocess.run(["git", "merge", "-q", "main"], capture_output=True, check=False)
    repo.stage("clean.txt", "1\n")
    diff = Repository.discover().staged_diff()
    assert b" U\0README.md\0" in diff.raw
    assert b"1\t0\tclean.txt\0" in diff.numstat
    assert b"+1\n" in diff.patch
    assert Repository.discover().state().operation == "merge"


def test_submodule_change_is_a_line_even_when_ignored(repo: Repo, tmp_path: Path) -> None:
    other = tmp_path / "lib"
    git_in(tmp_path)("init", "-q", str(other))
    git_in(other)("commit", "-q", "--allow-empty", "-m", "one")
    repo.git("submodule", "add", "-q", str(other), "lib")
    repo.git("config", "-f", ".gitmodules", "submodule.lib.ignore", "all")
    repo.git("add", ".gitmodules")
    repo.commit("build: add lib")
    git_in(repo.path / "lib")("commit", "-q", "--allow-empty", "-m", "two")
    repo.git("add", "--force", "lib")
    diff = Repository.discover().staged_diff()
    assert b":160000 160000 " in diff.raw
    assert b"+Subproject commit " in diff.patch
    inner = Repository.discover(repo.path / "lib").state()
    assert inner.superproject == str(repo.path)


def test_split_index_and_sparse_checkout(repo: Repo) -> None:
    repo.stage("kept/a.txt", "1\n")
    repo.stage("left/b.txt", "1\n")
    repo.commit("feat: two folders")
    repo.git("update-index", "--split-index")
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "kept")
    assert not (repo.path / "left").exists()
    repo.stage("kept/a.txt", "2\n")
    diff = Repository.discover().staged_diff()
    assert names(diff.raw) == ["kept/a.txt"]
    assert Repository.discover().index_file().exists()


def test_shallow_clone_says_so(repo: Repo, tmp_path: Path) -> None:
    repo.stage("two.txt", "2\n")
    repo.commit("feat: two")
    git_in(tmp_path)("clone", "-q", "--depth=1", f"file://{repo.path}", "shallow")
    found = Repository.discover(tmp_path / "shallow")
    assert found.state().shallow
    assert [commit.subject for commit in found.recent_commits(10)] == ["feat: two"]
    assert names(found.commit_diff("HEAD").raw) == ["README.md", "two.txt"]


def test_a_merge_is_measured_against_its_first_parent(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("side.txt", "1\n")
    repo.commit("feat: side")
    repo.git("checkout", "-q", "main")
    repo.stage("main.txt", "1\n")
    repo.commit("feat: main")
    repo.git("merge", "-q", "--no-ff", "-m", "merge side", "side")
    found = Repository.discover()
    assert names(found.commit_diff("HEAD").raw) == ["side.txt"]
    assert len(list(found.history_diffs("HEAD"))) == 3
    [(oid, diff), *_] = list(found.history_diffs("HEAD", merges=True))
    assert oid == found.head()
    assert names(diff.raw) == ["side.txt"]
    assert "merge side" not in [commit.subject for commit in found.recent_commits(10)]


def test_a_range_and_its_merge_base(repo: Repo) -> None:
    base = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("side.txt", "1\n")
    tip = repo.commit("feat: side")
    found = Repository.discover()
    assert found.merge_base("main", "side") == base
    assert names(found.range_diff("main", tip).raw) == ["side.txt"]
    with pytest.raises(GitFailed) as caught:
        found.range_diff("main", "no-such-branch")
    assert "no-such-branch" in caught.value.message
    with pytest.raises(GitFailed):
        found.range_diff("--output=/dev/null", "main")
