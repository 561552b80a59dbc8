"""Concerns of a change."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from smista_git.change.model import Change, FileChange, Hunk, Line
from smista_git.classify.concerns import MOST_FILES, concerns

OID = "1" * 40


def file_of(path: str, *added: str, old_path: str | None = None) -> FileChange:
    lines = tuple(Line("+", None, at, text) for at, text in enumerate(added, 1))
    hunks = (Hunk(0, 0, 1, len(lines), "", lines),) if lines else ()
    status = "renamed" if old_path else "modified"
    return FileChange(old_path or path, path, status, "100644", "100644", OID, OID, hunks, added=len(lines))


TWO = Change(
    (
        file_of("src/parse/reader.py", "def read_token(stream):", "    return stream.next_token()"),
        file_of("tests/parse/test_reader.py", "def test_read_token():", "    assert read_token(stream)"),
        file_of(".github/workflows/release.yml", "runs-on: ubuntu-latest"),
    )
)


def groups(change: Change) -> list[set[str]]:
    return [set(concern.paths) for concern in concerns(change)]


def test_source_goes_with_its_test_and_not_with_the_build_server() -> None:
    assert groups(TWO) == [
        {"src/parse/reader.py", "tests/parse/test_reader.py"},
        {".github/workflows/release.yml"},
    ]
    signals = {evidence.signal for evidence in concerns(TWO)[0].evidence}
    assert "same name" in signals and "shared new names" in signals
    assert concerns(TWO)[1].evidence == ()


def test_a_lockfile_goes_with_its_manifest() -> None:
    change = Change((file_of("package.json"), file_of("package-lock.json"), file_of("docs/guide/intro.md")))
    assert {"package.json", "package-lock.json"} in groups(change)


def test_files_that_moved_together_are_one() -> None:
    moved = tuple(file_of(f"new/{n}.go", old_path=f"old/{n}.go") for n in ("lexer", "tree", "walk"))
    assert len(groups(Change(moved))) == 1


def test_nothing_has_no_concern_and_one_file_has_one() -> None:
    assert concerns(Change(())) == ()
    assert groups(Change((file_of("a.py", "x = 1"),))) == [{"a.py"}]


def test_a_tree_of_files_is_told_apart_by_folder() -> None:
    files = [file_of(f"{top}/part/{n}.py") for top in ("one", "two") for n in range(MOST_FILES)]
    assert groups(Change(tuple(files))) == [
        {f.path for f in files if f.path.startswith(top)} for top in ("one", "two")
    ]


WORDS = st.sampled_from(["read_token", "walkTree", "stream", "limit_bytes", "class Reader:", "return None"])
PATHS = st.sampled_from(
    ["src/a/reader.py", "src/a/writer.py", "src/b/tree.py", "tests/test_reader.py", "docs/reader.md", "README.md",
     "package.json", "yarn.lock", ".github/workflows/ci.yml", "lib/tree.rs"]
)  # fmt: skip


@given(st.dictionaries(PATHS, st.lists(WORDS, max_size=4), max_size=8), st.randoms(use_true_random=False))
def test_order_means_nothing_and_each_file_is_in_one_concern(files: dict[str, list[str]], draw) -> None:
    made = [file_of(path, *added) for path, added in files.items()]
    found = concerns(Change(tuple(made)))
    draw.shuffle(made)
    turned = [dataclasses.replace(f, hunks=tuple(reversed(f.hunks))) for f in made]
    assert concerns(Change(tuple(turned))) == found
    assert sorted(path for concern in found for path in concern.paths) == sorted(files)
