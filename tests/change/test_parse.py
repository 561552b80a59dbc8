"""The parser against real git: nasty names, every kind of entry, and unidiff as the judge of hunks."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unidiff import PatchSet

from smista_git.change.model import Change
from smista_git.change.parse import parse_change
from tests.conftest import Repo

PINNED = (
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "-M",
    "--submodule=short",
    "--full-index",
    "--no-abbrev",
)
NASTY_NAMES = [
    "a b",
    "tab\tname",
    "new\nline",
    'quo"te',
    "-dash",
    "b b/b",
    "ümlaut",
    "back\\slash",
    ":colon",
    "a => b",
]


def staged(repo: Repo) -> tuple[bytes, bytes, bytes]:
    def run(*form: str) -> bytes:
        text = repo.git("-c", "core.quotePath=false", "diff", "--cached", *PINNED, *form)
        return text.encode("utf-8", "surrogateescape")

    return run("--raw", "-z"), run("--numstat", "-z"), run("-p") + b"\n"


def change_of(repo: Repo) -> Change:
    return parse_change(*staged(repo))


def side(change: Change, kind: str) -> list[str]:
    return [line.text for f in change.files for h in f.hunks for line in h.lines if line.kind == kind]


def test_nothing_gives_no_files() -> None:
    assert parse_change(b"", b"", b"").files == ()


@pytest.mark.parametrize("name", NASTY_NAMES)
def test_nasty_names_survive_with_their_hunks(repo: Repo, name: str) -> None:
    repo.write(name, f"diff --git a/x b/x\n--- {name!r}\n@@ -1 +1 @@\n")
    repo.git("add", "-A")  # a name with a colon in front is magic to git as an argument
    (file,) = change_of(repo).files
    assert (file.path, file.status, file.added) == (name, "added", 3)
    assert side(change_of(repo), "+")[0] == "diff --git a/x b/x"


def test_a_name_that_is_not_utf8_survives_byte_for_byte(repo: Repo) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    repo.stage(name, b"latin \xe9\n")
    (file,) = change_of(repo).files
    assert os.fsencode(file.path) == b"caf\xe9.txt"
    assert file.hunks[0].lines[0].text.encode("utf-8", "surrogateescape") == b"latin \xe9"


def test_both_sides_of_a_rename(repo: Repo) -> None:
    repo.stage("old name.py", "".join(f"line {n}\n" for n in range(30)))
    repo.commit("feat: start")
    repo.git("mv", "old name.py", "new\tname.py")
    (file,) = change_of(repo).files
    assert file.paths == ("old name.py", "new\tname.py")
    assert (file.status, file.similarity, file.hunks, file.truncated) == ("renamed", 100, (), False)


def test_a_rename_with_edits_has_counts(repo: Repo) -> None:
    repo.stage("a.py", "".join(f"line {n}\n" for n in range(30)))
    repo.commit("feat: start")
    repo.git("mv", "a.py", "b.py")
    repo.stage("b.py", "".join(f"line {n}\n" for n in range(1, 30)) + "more\nlines\n")
    (file,) = change_of(repo).files
    assert (file.added, file.deleted) == (2, 1)
    assert [line.old_line for line in file.hunks[0].lines if line.kind == "-"] == [1]


def test_a_type_change_takes_two_sections_and_the_next_file_its_own(repo: Repo) -> None:
    repo.stage("link", "was\na file\n")
    repo.stage("zebra", "one\n")
    repo.commit("feat: start")
    (repo.path / "link").unlink()
    (repo.path / "link").symlink_to("zebra")
    repo.stage("zebra", "two\n")
    repo.git("add", "-A")
    link, zebra = change_of(repo).files
    assert (link.status, link.is_symlink, link.added, link.deleted) == ("type-changed", True, 1, 2)
    assert [line.text for h in link.hunks for line in h.lines] == ["was", "a file", "zebra"]
    assert [line.text for h in zebra.hunks for line in h.lines] == ["one", "two"]


def test_modes_empty_files_binaries_and_deletions_keep_the_order(repo: Repo) -> None:
    repo.stage("gone", "x\n")
    repo.stage("tool", "run\n")
    repo.commit("feat: start")
    repo.git("rm", "-q", "gone")
    repo.git("update-index", "--chmod=+x", "tool")
    repo.stage("binary", b"\0\1\2")
    repo.stage("empty", "")
    repo.stage("text", "no end of line")
    files = {file.path: file for file in change_of(repo).files}
    assert files["binary"].binary and not files["empty"].binary
    assert files["gone"].status == "deleted" and files["gone"].deleted == 1
    assert files["tool"].mode_changed and (files["tool"].old_mode, files["tool"].new_mode) == (
        "100644",
        "100755",
    )
    assert [line.text for line in files["text"].hunks[0].lines] == ["no end of line"]
    assert not any(file.truncated for file in files.values())


def test_a_submodule_is_one_line_each_side(repo: Repo) -> None:
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    (file,) = change_of(repo).files
    assert file.is_submodule and file.added == 1


def test_an_unmerged_path_does_not_shift_the_others(repo: Repo) -> None:
    repo.stage("clash", "base\n")
    repo.commit("feat: base")
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("clash", "side\n")
    repo.stage("zoo", "side only\n")
    repo.commit("feat: side")
    repo.git("checkout", "-q", "main")
    repo.stage("clash", "main\n")
    repo.commit("feat: main")
    with pytest.raises(AssertionError):
        repo.git("merge", "side")
    clash, zoo = change_of(repo).files
    assert (clash.status, clash.hunks) == ("unmerged", ())
    assert [line.text for line in zoo.hunks[0].lines] == ["side only"]


def test_a_patch_that_lost_its_end_says_truncated(repo: Repo) -> None:
    for name in "abc":
        repo.stage(name, f"{name}\n")
    raw, numstat, patch = staged(repo)
    cut = patch[: patch.index(b"diff --git a/c")]
    a, b, c = parse_change(raw, numstat, cut).files
    assert (a.truncated, b.truncated, c.truncated) == (False, False, True)
    assert c.added == 1 and side(Change((a, b)), "+") == ["a", "b"]


def test_a_missing_section_in_the_middle_is_found_by_object_names(repo: Repo) -> None:
    for name in "abc":
        repo.stage(name, f"{name}\n")
    raw, numstat, patch = staged(repo)
    cut = patch[: patch.index(b"diff --git a/b")] + patch[patch.index(b"diff --git a/c") :]
    a, b, c = parse_change(raw, numstat, cut).files
    assert [len(f.hunks) for f in (a, b, c)] == [1, 0, 1]
    assert b.truncated and c.hunks[0].lines[0].text == "c"


def test_carriage_returns_and_blank_context_are_kept(repo: Repo) -> None:
    repo.stage("a", "one\r\n\r\nthree\r\n")
    repo.commit("feat: start")
    repo.stage("a", "one\n\r\nthree\r\n")
    (file,) = change_of(repo).files
    assert [(x.kind, x.text) for x in file.hunks[0].lines] == [
        ("-", "one\r"), ("+", "one"), (" ", "\r"), (" ", "three\r")]  # fmt: skip


def test_generated_marks_are_read_from_the_first_lines_only(repo: Repo) -> None:
    repo.stage("a.go", "// Code generated by protoc. DO NOT EDIT.\npackage a\n")
    repo.stage("b.go", "package b\n" * 40 + "// DO NOT EDIT\n")
    a, b = change_of(repo).files
    assert a.generated and not b.generated


def test_ten_megabytes_stay_small_and_keep_their_counts(repo: Repo) -> None:
    repo.stage("big.txt", "".join(f"{n:09d} some words to fill the line with\n" for n in range(230_000)))
    repo.stage("small.txt", "a\n")
    raw, numstat, patch = staged(repo)
    assert len(patch) > 10_000_000
    tracemalloc.start()
    big, small = parse_change(raw, numstat, patch).files
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000
    assert big.truncated and big.added == 230_000 and not small.truncated
    lines = big.hunks[0].lines
    assert 0 < len(lines) < 20_000 and lines[-1].text.endswith("the line with")


def test_every_hunk_equals_what_unidiff_reads(repo: Repo) -> None:
    source = Path(__file__).parent.parent.parent / "smista_git"
    texts = [p.read_text("utf-8") for p in sorted(source.rglob("*.py")) if p.stat().st_size > 2000][:12]
    for at, text in enumerate(texts):
        repo.stage(f"m{at}.py", text)
    repo.commit("feat: start")
    for at, text in enumerate(texts):
        lines = text.splitlines(keepends=True)
        repo.stage(f"m{at}.py", "".join([*lines[3:20], "x = 1\n", *lines[25:60], *lines[70:][::-1]]))
    raw, numstat, patch = staged(repo)
    change = parse_change(raw, numstat, patch)
    judged = PatchSet(patch.decode())
    assert len(change.files) == len(judged) > 5
    for file, other in zip(change.files, judged, strict=True):
        assert (file.added, file.deleted) == (other.added, other.removed)
        mine = [(x.kind, x.old_line, x.new_line, x.text) for h in file.hunks for x in h.lines]
        theirs = [
            (x.line_type, x.source_line_no, x.target_line_no, x.value.removesuffix("\n"))
            for h in other
            for x in h
        ]
        assert mine == [row for row in theirs if row[0] != "\\"]


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=600))
def test_garbage_never_crashes(raw: bytes, numstat: bytes, patch: bytes) -> None:
    assert len(parse_change(raw, numstat, patch).files) <= raw.count(b":")


@given(st.data())
def test_mangled_real_output_never_crashes(data: st.DataObject) -> None:
    oid = b"1" * 40
    raw = (
        b":100644 100644 "
        + oid
        + b" "
        + oid
        + b" M\0a\0:100644 100644 "
        + oid
        + b" "
        + oid
        + b" R090\0a\0b\0"
    )
    patch = b"diff --git a/a b/a\nindex 1..1\n--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@ def f\n-x\n+y\n z\n"
    cut, at = data.draw(st.integers(0, len(raw))), data.draw(st.integers(0, len(patch)))
    noise = data.draw(st.binary(max_size=8))
    change = parse_change(raw[:cut] + noise + raw[cut:], b"1\t1\ta\0", patch[:at] + noise + patch[at:])
    assert len(change.files) <= 3
