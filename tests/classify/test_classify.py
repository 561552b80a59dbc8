"""Labels of changes made with real git, and what must hold for any change."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smista_git.change.model import Change, FileChange, Hunk, Line
from smista_git.change.parse import parse_change
from smista_git.classify.change_type.model import shipped_model
from smista_git.classify.classify import classify
from smista_git.classify.habits import Habits, PastCommit, learn_habits
from smista_git.classify.labels import COMMIT_TYPES, KINDS, TIERS
from tests.conftest import Repo

PINNED = ("--no-color", "--no-ext-diff", "--no-textconv", "-M", "--full-index", "--no-abbrev")
GUARD = "def load(path):\n    return open(path).read()\n"
GUARDED = "def load(path):\n    if path is None:\n        return ''\n    return open(path).read()\n"


def change_of(repo: Repo) -> Change:
    def run(*form: str) -> bytes:
        return repo.git("diff", "--cached", *PINNED, *form).encode("utf-8", "surrogateescape")

    return parse_change(run("--raw", "-z"), run("--numstat", "-z"), run("-p") + b"\n")


def edited(path: str, added: list[str], removed: list[str], **more: object) -> FileChange:
    lines = [Line("-", n + 1, None, text) for n, text in enumerate(removed)]
    lines += [Line("+", None, n + 1, text) for n, text in enumerate(added)]
    hunk = Hunk(1, len(removed), 1, len(added), "", tuple(lines))
    file = FileChange(
        path, path, "modified", "100644", "100644", "1" * 40, "2" * 40, (hunk,), len(added), len(removed)
    )
    return dataclasses.replace(file, **more)  # type: ignore[arg-type]


TYPES = {
    "docs": edited("README.md", ["Install it with pip, then run the doctor."], ["Install it."]),
    "test": edited("tests/test_load.py", ["def test_none():", "    assert load(None) == ''"], []),
    "ci": edited(".github/workflows/ci.yml", ["      - run: pytest -x"], ["      - run: pytest"]),
    "build": edited("Cargo.lock", ['version = "1.2.4"'], ['version = "1.2.3"'], lockfile=True),
    "style": edited("src/a.py", ["x = (1, 2)"], ["x = (1,2)"]),
    "chore": edited("pyproject.toml", ['version = "1.2.4"'], ['version = "1.2.3"']),
}


@pytest.mark.parametrize(("type_", "file"), TYPES.items())
def test_types_that_the_paths_or_the_shape_give_away(type_: str, file: FileChange) -> None:
    labels = classify(Change((file,)))
    assert labels.type == type_
    assert labels.confidence >= 0.5
    assert any(evidence.points_to == type_ for evidence in labels.evidence)


def test_a_new_module_with_public_functions_is_a_feature(repo: Repo) -> None:
    body = "".join(f"def export_{n}(rows):\n    return render(rows, {n})\n\n\n" for n in range(8))
    repo.stage("src/export.py", f'"""Exports rows."""\n\nfrom render import render\n\n\n{body}')
    assert classify(change_of(repo)).type == "feat"


def test_a_guard_in_a_function_is_a_small_fix(repo: Repo) -> None:
    repo.stage("src/load.py", GUARD)
    repo.commit("feat: load")
    repo.stage("src/load.py", GUARDED)
    labels = classify(change_of(repo))
    assert (labels.type, labels.kind, labels.size) == ("fix", "small-fix", "trivial")


def test_moved_functions_are_a_refactoring(repo: Repo) -> None:
    parts = [f"def part_{n}(value):\n    return value + {n}\n\n\n" for n in range(12)]
    repo.stage("src/a.py", "".join(parts))
    repo.stage("src/b.py", "import a\n")
    repo.commit("feat: parts")
    repo.stage("src/a.py", "".join(parts[:6]))
    repo.stage("src/b.py", "import a\n\n\n" + "".join(parts[6:]))
    assert classify(change_of(repo)).type == "refactor"


def test_nothing_to_read_is_heavy_without_confidence() -> None:
    labels = classify(Change(()))
    assert (labels.tier, labels.confidence) == ("heavy", 0.0)


def test_ten_lines_in_auth_are_not_light() -> None:
    added = [f"    check(user, {n})" for n in range(10)]
    plain = classify(Change((edited("src/view.py", added, []),)))
    auth = classify(Change((edited("src/auth/login.py", added, []),)))
    assert TIERS.index(auth.tier) >= TIERS.index("standard")
    assert TIERS.index(auth.tier) >= TIERS.index(plain.tier)
    assert any("auth" in evidence.signal for evidence in auth.evidence)


def test_machine_files_carry_no_size() -> None:
    big = edited("package-lock.json", ['"x": "1"'] * 3000, [], lockfile=True)
    small = edited("src/a.py", ["x = 2"], ["x = 1"])
    assert classify(Change((big, small))).size == "trivial"
    assert "generated-only" in classify(Change((big,))).flags


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("mode-change", {"new_mode": "100755"}),
        ("submodule", {"old_mode": "160000", "new_mode": "160000"}),
        ("binary", {"binary": True}),
    ],
)
def test_structure_is_flagged_and_never_light_nor_trivial(name: str, more: dict[str, object]) -> None:
    labels = classify(Change((edited("src/a.py", ["x = 2"], ["x = 1"], **more),)))
    assert name in labels.flags
    assert labels.tier != "light" and labels.size != "trivial"


def test_a_digest_that_pins_an_action_is_a_version() -> None:
    action = "      - uses: actions/checkout@"
    pinned = edited(
        ".github/workflows/a.yml", [f"{action}{'a1' * 20} # v6"], [f"{action}{'b2' * 20} # v5.0.1"]
    )
    assert classify(Change((pinned,))).tier == "light"
    other = edited(
        ".github/workflows/a.yml", [f"      - uses: evil/checkout@{'a1' * 20} # v5"], pinned.hunks[0].removed
    )
    assert classify(Change((other,))).tier == "standard"


def test_new_numbers_in_a_workflow_a_picture_and_a_changelog_are_light() -> None:
    bump = edited(
        ".github/workflows/ci.yml", ["  - uses: actions/checkout@v4"], ["  - uses: actions/checkout@v3"]
    )
    shot = edited("docs/images/menu.png", [], [], binary=True, hunks=())
    notes = edited("CHANGELOG.md", [f"- Say {n} more" for n in range(120)], [])
    assert [classify(Change((file,))).tier for file in (bump, shot, notes)] == ["light"] * 3
    step = edited(".github/workflows/ci.yml", ["  - run: make deploy"], ["  - run: make"])
    assert classify(Change((step,))).tier == "standard"


def test_a_deletion_and_a_symlink_are_never_light_nor_trivial() -> None:
    gone = edited("src/a.py", [], ["x = 1"], new_path=None, status="deleted", new_mode="000000")
    link = edited("src/l", ["b"], ["a"], old_mode="120000", new_mode="120000")
    for file in (gone, link):
        labels = classify(Change((file,)))
        assert labels.tier != "light" and labels.size != "trivial"


def test_sensitive_paths_count_on_both_sides_of_a_rename() -> None:
    moved = edited(
        "plain.txt", [], [], old_path="secrets/key.PEM", status="renamed", hunks=(), similarity=100
    )
    labels = classify(Change((moved,)), sensitive_paths=["*.pem"])
    assert "sensitive" in labels.flags
    assert any("secrets/key.PEM" in str(e.value) for e in labels.evidence if e.points_to == "sensitive")


def test_scopes_follow_the_paths_of_history() -> None:
    past = [PastCommit(f"fix(api): thing {n}", (f"src/api/m{n}.py",)) for n in range(20)]
    past += [PastCommit(f"fix(ui): thing {n}", (f"src/ui/m{n}.ts",)) for n in range(20)]
    habits = learn_habits(past)
    assert classify(Change((edited("src/ui/new.ts", ["a"], []),)), habits=habits).scope == "ui"
    assert classify(Change((edited("elsewhere/x.ts", ["a"], []),)), habits=habits).scope is None
    both = Change((edited("src/ui/n.ts", ["a"], []), edited("src/api/n.py", ["a"], [])))
    assert classify(both, habits=habits).scope is None
    assert classify(both).scope is None


def test_files_that_history_leaves_without_scope_get_none() -> None:
    past = [PastCommit("docs(site): once", ("docs/a.md",))]
    past += [PastCommit(f"docs: page {n}", ("docs/a.md",)) for n in range(9)]
    past += [PastCommit(f"fix(api): thing {n}", ("src/api.py",)) for n in range(9)]
    habits = learn_habits(past)
    assert classify(Change((edited("docs/a.md", ["a"], []),)), habits=habits).scope is None
    assert classify(Change((edited("src/api.py", ["a"], []),)), habits=habits).scope == "api"


def test_a_history_without_build_calls_it_chore() -> None:
    lock = Change((TYPES["build"],))
    words = [*["chore: bump"] * 20, *["feat: add"] * 20]
    labels = classify(lock, habits=learn_habits([PastCommit(w) for w in words]))
    assert (labels.type, labels.runner_up) == ("chore", "build")


def test_labels_print_as_the_fixed_shape() -> None:
    shown = classify(Change((TYPES["docs"],))).to_json()
    assert list(shown) == [
        "type", "kind", "scope", "size", "flags", "tier", "confidence", "runner_up", "evidence"]  # fmt: skip


def test_the_shipped_weights_say_where_they_come_from_and_fit() -> None:
    model = shipped_model()
    assert len(model.weights) > 100
    assert {len(row) for row in model.weights.values()} == {len(model.types)} == {len(model.bias)}


words = st.sampled_from(
    [
        "if x is None:",
        "def run(self):",
        "    return 1",
        "import os",
        "// note",
        "",
        "x = 2",
        "class A:",
        "fn go() {",
    ]
)
paths = st.sampled_from(
    ["src/a.py", "src/b/c.ts", "tests/test_a.py", "docs/x.md", "Cargo.lock", ".github/workflows/a.yml", "Makefile",
     "src/auth/login.go", "db/migrations/1.sql", "package.json", "a.png"]
)  # fmt: skip


@st.composite
def changes(draw: st.DrawFn) -> Change:
    chosen = draw(st.lists(paths, min_size=1, max_size=6, unique=True))
    return Change(
        tuple(
            edited(path, draw(st.lists(words, max_size=6)), draw(st.lists(words, max_size=6)))
            for path in chosen
        )
    )


@settings(deadline=None)
@given(changes(), st.randoms(use_true_random=False))
def test_the_order_of_files_and_hunks_changes_nothing(change: Change, draw: random.Random) -> None:
    files = [dataclasses.replace(f, hunks=f.hunks + f.hunks[:1]) for f in change.files]
    shuffled = [dataclasses.replace(f, hunks=tuple(draw.sample(f.hunks, len(f.hunks)))) for f in files]
    draw.shuffle(shuffled)
    one, other = classify(Change(tuple(files))), classify(Change(tuple(shuffled)))
    assert dataclasses.replace(one, confidence=0.0, evidence=()) == dataclasses.replace(
        other, confidence=0.0, evidence=()
    )
    assert one.confidence == pytest.approx(other.confidence)


@settings(deadline=None)
@given(changes())
def test_a_sensitive_file_more_never_lowers_the_tier(change: Change) -> None:
    key = edited("config/keys.pem", ["k"], [])
    before = classify(change, sensitive_paths=["*.pem"])
    after = classify(Change((*change.files, key)), sensitive_paths=["*.pem"])
    assert TIERS.index(after.tier) >= TIERS.index(before.tier)
    assert TIERS.index(after.tier) >= TIERS.index("standard") and "sensitive" in after.flags


@settings(deadline=None)
@given(st.lists(paths, min_size=1, max_size=5, unique=True), st.sampled_from(["lib", "core", "zoo"]))
def test_renaming_a_folder_is_a_rename_whatever_it_holds(held: list[str], folder: str) -> None:
    moved = tuple(
        edited(path, [], [], new_path=f"{folder}/{path}", status="renamed", hunks=(), similarity=100)
        for path in held
    )
    assert classify(Change(moved)).kind == "rename"


@settings(deadline=None)
@given(changes(), st.sampled_from(["lib", "core", "zoo"]))
def test_the_kind_of_an_edit_does_not_hang_on_the_name_of_a_plain_folder(change: Change, folder: str) -> None:
    def under(name: str) -> Change:
        return Change(
            tuple(
                dataclasses.replace(f, old_path=f"{name}/{f.path}", new_path=f"{name}/{f.path}")
                for f in change.files
            )
        )

    assert classify(under(folder)).kind == classify(under("plain")).kind


@settings(max_examples=50, deadline=None)
@given(changes())
def test_every_answer_is_in_its_bounds(change: Change) -> None:
    labels = classify(change, habits=Habits())
    assert labels.type in COMMIT_TYPES and labels.kind in KINDS and labels.tier in TIERS
    assert 0 <= labels.confidence <= 1 and labels.evidence
    assert list(labels.flags) == sorted(set(labels.flags))
