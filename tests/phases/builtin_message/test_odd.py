"""The builtin writer where names cannot be said, nothing is to be read, or there is far too much."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.message import cases_of, measure, rouge_l, unfounded
from smista_git.change.model import Change, FileChange, Hunk, Line
from smista_git.classify.habits import Habits
from smista_git.phases.builtin_message import write_message
from smista_git.phases.message_check import check_message
from smista_git.phases.said import Said
from tests.conftest import Repo
from tests.phases.builtin_message.test_message import change_in, labels_of

ZERO = "0" * 40
ROOT = Path(__file__).parents[3]


def changed(path: str, *lines: str, status: str = "modified", **words: object) -> FileChange:
    """A file with one hunk, each line given with its sign."""
    read = tuple(Line(x[0], 1, 1, x[1:]) for x in lines)  # type: ignore[arg-type]
    fixed: dict[str, object] = {
        "old_path": None if status == "added" else path, "new_path": None if status == "deleted" else path,
        "status": status, "old_mode": "100644", "new_mode": "100644", "old_oid": "a" * 40, "new_oid": "b" * 40,
        "hunks": (Hunk(1, 1, 1, 1, "", read),) if read else (),
        "added": sum(x[0] == "+" for x in lines), "deleted": sum(x[0] == "-" for x in lines),
    }  # fmt: skip
    return FileChange(**{**fixed, **words})  # type: ignore[arg-type]


def written(*files: FileChange, **labels: object) -> str:
    return write_message(Change(files), labels_of(**labels), Habits())


def test_an_empty_commit_is_called_one() -> None:
    assert written(type="chore") == "chore: record an empty commit"


def test_a_name_with_a_newline_is_not_said() -> None:
    message = written(
        changed("docs/a\nb.md", "+text"), changed("docs/guide.md", "+text", "+more"), type="docs"
    )
    assert message == "docs: expand guide.md"


def test_a_name_with_broken_bytes_is_not_said() -> None:
    message = written(changed("src/a\udcff.py", "+x = 1"), type="chore")
    message.encode("utf-8")
    assert "\udcff" not in message


def test_a_very_long_name_is_left_out_whole() -> None:
    name = "extraordinarily_" * 6 + "long"
    message = written(changed("src/a.py", f"+def {name}():", "+    return 1"), type="feat")
    assert len(message.split("\n")[0]) <= 72
    assert "extraordinarily" not in message


def test_a_submodule_by_both_commits() -> None:
    mode = {"old_mode": "160000", "new_mode": "160000", "old_oid": "1234567" + "a" * 33}
    assert (
        written(changed("vendor/zlib", **mode), type="build")
        == "build: bump zlib submodule from 1234567 to bbbbbbb"
    )


def test_permission_bits() -> None:
    assert written(changed("run.sh", new_mode="100755"), type="chore") == "chore: make run.sh executable"


def test_a_file_that_became_a_symlink(repo: Repo) -> None:
    repo.stage("a.txt", "one\n")
    repo.commit("chore: before")
    (repo.path / "a.txt").unlink()
    (repo.path / "a.txt").symlink_to("README.md")
    repo.git("add", "a.txt")
    change = change_in(repo, {}, {})
    assert change.files == ()  # change_in committed it: read that commit instead
    from bench.history import change_of

    made = change_of(repo.path, "HEAD")
    assert write_message(made, labels_of(type="chore"), Habits()) == "chore: replace a.txt with a symlink"


def test_values_stay_unsaid_where_the_change_is_sensitive() -> None:
    file = changed("app.yaml", "-timeout: 10", "+timeout: 30")
    assert written(file, type="chore") == "chore: set timeout to 30 in app.yaml"
    assert written(file, type="chore", flags=("sensitive",)) == "chore: change timeout in app.yaml"


def test_issue_references_of_comments_are_not_taken_over() -> None:
    file = changed(
        "a.py",
        " def f():",
        "+    # ensure the list is sorted, see #12",
        "+    sort(found)",
        "+    end(found)",
    )
    assert "#12" not in written(file, type="fix")


def test_a_body_for_many_concerns_is_wrapped() -> None:
    files = [
        changed(
            f"src/m{i}.py",
            *(f"+def {word}_{kind}():" for kind in ("one", "two", "three")),
            f"+    return {i}",
        )
        for i, word in enumerate(("parse", "render", "collect", "verify"))
    ]
    files.append(changed("package.json", '-  "vite": "^5.0.0",', '+  "vite": "^5.1.0",'))
    files.append(changed("src/old.py", status="deleted"))
    message = written(*files, type="feat")
    subject, body = message.split("\n\n")
    assert len(subject) <= 72
    assert all(len(line) <= 72 for line in body.split("\n"))
    assert "- bump vite from 5.0.0 to 5.1.0" in body.split("\n")


def test_thousands_of_files_are_told_by_their_folder() -> None:
    files = [changed(f"assets/icons/i{n}.svg", status="deleted") for n in range(5000)]
    assert written(*files, type="chore") == "chore: remove icons assets"


def test_same_change_same_message() -> None:
    files = [changed(f"src/{n}.py", f"+value_{n} = {n}", f"-value_{n} = 0") for n in "abcdef"]
    assert len({written(*files, type="refactor") for _ in range(5)}) == 1


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=90)
LINES = st.lists(st.tuples(st.sampled_from("+- "), st.text(max_size=120)).map("".join), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(NAMES, LINES, st.sampled_from(["added", "modified", "deleted"])), max_size=4))
def test_any_change_gets_a_message_that_git_can_keep(made: list[tuple[str, list[str], str]]) -> None:
    change = Change(tuple(changed(name, *lines, status=status) for name, lines, status in made))
    message = write_message(change, labels_of(type="chore"), Habits())
    subject = message.split("\n")[0]
    assert subject.startswith("chore: ")
    assert len(subject) <= 72
    assert subject == subject.strip()
    assert not subject.endswith(".")
    message.encode("utf-8")


def test_own_history_names_nothing_that_is_not_in_the_diff() -> None:
    """Each commit at hand, written again: valid, and grounded. An archive without history gives none."""
    known = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--git-dir"], capture_output=True, check=False
    )
    scores = measure(ROOT, cases_of(ROOT, 30), write_message) if known.returncode == 0 else []
    assert [(s.sha, s.problems) for s in scores if s.problems] == []
    assert [(s.sha, s.unfounded) for s in scores if s.unfounded] == []


def test_the_checker_finds_what_was_made_up() -> None:
    change = Change((changed("src/parse.py", "+def parse_footer(text):"),))
    assert unfounded("fix: handle None in parse_header of src/other.py, 42 times", change) == [
        "parse_header",
        "src/other.py",
        "42",
    ]
    assert unfounded("fix: add parse_footer to src/parse.py", change) == []


def test_rouge_l_by_hand() -> None:
    assert rouge_l("add a quiet option", "add a quiet option") == 1.0
    assert rouge_l("add option", "add a quiet option") == 2 * 2 / (2 + 4)
    assert rouge_l("", "add") == 0.0


def test_a_message_of_the_writer_passes_the_check_for_models() -> None:
    change = Change(
        (changed("src/a.py", " def load(path):", "+    if path is None:", "+        return None"),)
    )
    labels = labels_of(type="fix")
    message = write_message(change, labels, Habits())
    assert check_message(message, change=change, labels=labels, habits=Habits(), said=Said()).ok
