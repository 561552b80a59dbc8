"""The signals that the type of a change is read from, and the model that weighs them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smista_git.change.model import Change, FileChange, Hunk, HunkLines
from smista_git.classify.change_type.lines import MOST_LINES, Tight, gather
from smista_git.classify.change_type.model import carriers, contributions, probabilities, shipped_model
from smista_git.classify.change_type.signals import in_order, read_signals
from smista_git.classify.change_type.words import count_tokens
from smista_git.classify.classify import classify
from tests.classify.test_classify import edited


def signals_of(added: list[str], removed: list[str], path: str = "src/a.py") -> dict[str, float]:
    return read_signals(Change((edited(path, added, removed),)))


def test_one_name_swapped_everywhere_is_seen_as_such() -> None:
    old = ["total = add(1)", "print(add(2), add(3))", "return add(total)"]
    found = signals_of([text.replace("add", "plus") for text in old], old)
    assert found["edits: name swapped"] == 1.0
    assert found["one swap repeated"] == 1.0
    assert found["different swaps"] == pytest.approx(0.693, abs=0.001)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("if n < 3:", "if n <= 3:", "edits: grown"),
        ("x = a < b", "x = a > b", "edits: operator swapped"),
        ("wait(30)", "wait(60)", "edits: number swapped"),
        ("say('no')", "say('nay')", "edits: text swapped"),
        ("use(True)", "use(False)", "edits: constant swapped"),
        ("run(a)", "run(a, b)", "edits: grown by an item"),
        ("if ready:", "if ready and open:", "edits: grown by a condition"),
        ("run(a, b)", "run(a)", "edits: shrunk"),
    ],
)
def test_what_became_of_a_line(old: str, new: str, kind: str) -> None:
    assert kind in signals_of([new], [old])


def test_lines_put_in_and_lines_moved() -> None:
    assert "put in: a guard that leaves" in signals_of(["if path is None:", "    return None"], [])
    assert "put in: list items" in signals_of(["    'one',", "    'two',"], [])
    assert "put in: a wrapping" in signals_of(["try:", "    load(path)", "except Error:"], ["load(path)"])
    body = [f"value_{n} = compute({n})" for n in range(5)]
    moved = read_signals(Change((edited("src/a.py", [], body), edited("src/b.py", body, []))))
    assert (moved["removed lines kept"], moved["moved between files"]) == (1.0, 1.0)
    assert signals_of([*body, "x = 1"], body)["moved between files"] == 0.0


def test_definitions_renamed_and_taken_out_of_old_code() -> None:
    assert signals_of(["def plus(a, b):"], ["def add(a, b):"])["renamed definitions"] > 0
    assert signals_of(["def plus(a, b, c):"], ["def add(a, b):"])["renamed definitions"] == 0
    taken = signals_of(["def _half(n):", "    return n / 2", "x = _half(y)"], ["x = y / 2"])
    assert taken["new definitions in use"] > 0


def in_place(texts: str, path: str = "src/a.py", section: str = "", **more: object) -> dict[str, float]:
    """The signals of one hunk whose lines start with their sign."""
    body = f"\n{texts}".encode()
    counts = (body.count(b"\n+"), body.count(b"\n-"), body.count(b"\n "))
    hunk = Hunk(1, 9, 1, 9, section, HunkLines(body, counts, 1, 1))
    return read_signals(Change((edited(path, [], [], hunks=(hunk,), **more),)))


def test_one_more_of_the_lines_beside_it_is_told_from_new_code() -> None:
    entry = in_place(" colours = {\n     'red': Red,\n+    'green': Green,\n     'blue': Blue,\n }")
    assert (entry["blocks like neighbours"], entry["some like neighbours"]) == (1.0, 1.0)
    code = in_place(" colours = {\n     'red': Red,\n+}\n+if dark:\n+    invert(colours)\n     'blue': Blue,")
    assert code["blocks like neighbours"] == 0.0


def test_a_line_that_moved_past_another_is_no_change_of_spaces() -> None:
    moved = in_place("-save(lid)\n mark(lid)\n close(lid)\n+save(lid)")
    assert (moved["whitespace only"], moved["moved only"]) == (0.0, 1.0)
    assert in_place("-save( lid )\n+save(lid)\n mark(lid)")["whitespace only"] == 1.0


def test_how_deep_changed_lines_stand_and_which_names_are_new() -> None:
    top = in_place("+def mend(part):\n+    return part")
    deep = in_place(
        " part = find(shelf)\n         while part:\n+            part = find(part)\n-            part = 1"
    )
    assert (top["top level share"], deep["top level share"]) == (0.5, 0.0)
    assert top["least depth"] == 0.0 < deep["least depth"]
    assert (top["added names unseen"], deep["added names unseen"]) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("path", "texts", "more", "said"),
    [
        ("CHANGELOG.md", " ### Bug Fixes\n \n+- The lid closes again (#3)", {}, "noted under fix"),
        ("CHANGELOG.md", " # 2.0\n+- `[lid]` Added a second lid", {}, "noted as feature"),
        ("History.rst", " 2.0 - Fixes\n ===\n+* Lids", {"section": "Features:"}, "noted under feature"),
        (
            ".changeset/odd-lid.md",
            "+---\n+'lid': patch\n+---\n+\n+Lids",
            {"status": "added"},
            "fragment of patch",
        ),
        ("changelog.d/12.bugfix.md", "+The lid closes.", {"status": "added"}, "fragment of fix"),
    ],
)
def test_what_a_changelog_says_of_a_change(path: str, texts: str, more: dict[str, str], said: str) -> None:
    assert in_place(texts, path, **more)[said] == 1.0


def test_no_note_is_read_from_what_was_there_before() -> None:
    found = in_place("-### Fixes\n-- Fixed the lid\n ### Notes\n+Words.", "CHANGELOG.md")
    assert not [name for name in found if name.startswith(("noted", "fragment"))]


def test_tests_inside_a_source_file_are_tests() -> None:
    added = ["    #[test]", "    fn adds() {", "        assert_eq!(add(1, 2), 3);", "    }"]
    assert signals_of(added, [], "src/lib.rs")["test cases in source"] > 0
    file = edited("src/lib.rs", ["        assert_eq!(add(1, 2), 3);"], ["        assert_eq!(add(1, 2), 4);"])
    hunk = file.hunks[0]
    inside = type(hunk)(
        hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines, "mod tests {", hunk.lines
    )
    changed = Change((FileChange(**{**_fields(file), "hunks": (inside,)}),))
    assert read_signals(changed)["hunks inside tests"] == 1.0


def _fields(file: FileChange) -> dict[str, object]:
    return {name: getattr(file, name) for name in FileChange.__slots__}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("Cargo.toml", 'version = "{}"'),
        ("package.json", '  "version": "{}",'),
        ("src/a/__init__.py", '__version__ = "{}"'),
        ("VERSION", "{}"),
        ("pom.xml", "  <version>{}-SNAPSHOT</version>"),
    ],
)
def test_a_bump_of_the_own_version_is_a_chore(path: str, line: str) -> None:
    labels = classify(Change((edited(path, [line.format("1.2.4")], [line.format("1.2.3")]),)))
    assert (labels.type, labels.kind, labels.confidence) == ("chore", "config", 0.95)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("Cargo.toml", 'serde = {{ version = "{}", features = ["derive"] }}'),
        ("src/Directory.Packages.props", '    <PackageVersion Include="X" Version="{}" />'),
        ("pom.xml", "      <version>{}</version>"),
        ("build.gradle.kts", '    kotlin("jvm") version "{}"'),
        ("package.json", '    "vite": "^{}",'),
    ],
)
def test_a_bump_of_a_dependency_is_a_build(path: str, line: str) -> None:
    labels = classify(Change((edited(path, [line.format("1.2.4")], [line.format("1.2.3")]),)))
    assert (labels.type, labels.kind) == ("build", "dependencies")


def test_probabilities_do_not_hang_on_the_order_of_the_signals() -> None:
    model, found = shipped_model(), signals_of(["if a is None:", "    return b"], ["return a"])
    there = probabilities(contributions(found, model), model)
    back = probabilities(contributions(dict(reversed(found.items())), model), model)
    assert there == back
    assert sum(there.values()) == pytest.approx(1.0)


def test_what_carries_an_answer_is_named_by_its_weight() -> None:
    model, found = shipped_model(), signals_of(["More words."], ["Words."], "README.md")
    parts = dict(contributions(found, model))
    docs, fix = model.types.index("docs"), model.types.index("fix")
    named = carriers(contributions(found, model), model, "docs", "fix", limit=3)
    leads = [parts[name][docs] - parts[name][fix] for name in named]
    assert leads == sorted(leads, reverse=True) and len(leads) == 3
    assert all(parts[name][docs] > 0 for name in named)


def test_a_change_in_order_is_handed_back_as_it_is() -> None:
    change = Change((edited("a.py", ["x"], []), edited("b.py", ["x"], [])))
    assert in_order(change) is change
    assert [file.path for file in in_order(Change(change.files[::-1])).files] == ["a.py", "b.py"]


def test_a_huge_file_is_read_as_far_as_its_shape_is_known() -> None:
    lines = [f"value_{n} = compute({n})" for n in range(20_000)]
    found = gather(Change((edited("src/a.py", lines, lines[::-1]), edited("src/b.py", lines, []))))
    assert len(found.code) == 2 * MOST_LINES
    assert sum(len(block.added) + len(block.removed) for block in found.blocks) <= 2 * MOST_LINES


def test_of_a_line_of_megabytes_only_the_start_is_read() -> None:
    line = "const a = (b) => c(d, e); " * 10_000
    one, other = (signals_of([text], [text + "f()"], "dist/app.js") for text in (line, line + line))
    assert one == other


ASCII_LINES = st.lists(st.text(st.characters(max_codepoint=127, exclude_characters="\n")), min_size=1)


@given(ASCII_LINES)
def test_plain_ascii_is_cut_as_any_other_text(lines: list[str]) -> None:
    assert count_tokens(lines) == count_tokens([*lines, "\u00e9"])  # which is no token, and no ASCII
    learned = Tight()
    learned.learn(lines)
    assert learned.of(lines) == Tight().of(lines)


def test_tokens_are_names_without_leading_digits_and_operators() -> None:
    found = count_tokens(["12abc 0x1f 7 !=> a??.b --all #12 @x"])
    assert dict(found) == {
        "abc": 1,
        "x1f": 1,
        "!=": 1,
        "a": 1,
        "??": 1,
        "b": 1,
        "--": 1,
        "all": 1,
        "#": 1,
        "@": 1,
        "x": 1,
    }
