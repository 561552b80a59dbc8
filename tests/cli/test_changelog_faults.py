"""What goes wrong while the changelog is written: the file is as before or whole, and the message says what to do."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Smista
from tests.conftest import Repo

KEPT = "# Changelog\n\n## [Unreleased]\n\n## [1.0.0]\n\n### Added\n\n- The first thing (#1)\n"
# An audit hook sees the real calls as they happen; it only sends the signal.
CHILD = """
import os, signal, sys
wanted, name = sys.argv[1], getattr(signal, sys.argv[2])
def hook(event, args):
    if event == wanted and (event != "open" or str(args[0]).endswith(".new")):
        os.kill(os.getpid(), name)
sys.addaudithook(hook)
from smista_git.cli.main import main
main(sys.argv[3:])
"""


@pytest.fixture
def history(repo: Repo) -> Repo:
    repo.commit("feat: the first thing (#1)")
    repo.git("tag", "v1.0.0")
    repo.commit("feat(ui): add a switch (#2)")
    repo.write("CHANGELOG.md", KEPT)
    return repo


def child(repo: Repo, *words: str, limit_bytes: int | None = None) -> subprocess.CompletedProcess[str]:
    def limited() -> None:
        if limit_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

    return subprocess.run(
        [sys.executable, *words],
        cwd=repo.path,
        capture_output=True,
        text=True,
        preexec_fn=limited,
        timeout=60,
        # Python does not notice when its cache of compiled modules meets the limit, and would leave them cut short.
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )


def left_behind(repo: Repo) -> list[str]:
    return [name for name in os.listdir(repo.path) if name.endswith(".new")]


@pytest.mark.parametrize("event", ["subprocess.Popen", "open", "os.chmod", "os.rename"])
def test_ctrl_c_leaves_the_file_as_it_was(history: Repo, event: str) -> None:
    ran = child(history, "-c", CHILD, event, "SIGINT", "changelog", "--write")
    assert ran.returncode == 130 and "interrupted" in ran.stderr, ran.stderr
    assert (history.path / "CHANGELOG.md").read_text() == KEPT
    assert left_behind(history) == []


@pytest.mark.parametrize("event", ["subprocess.Popen", "open", "os.chmod", "os.rename"])
def test_a_kill_leaves_the_file_as_it_was_and_the_next_run_writes(
    history: Repo, smista: Smista, event: str
) -> None:
    ran = child(history, "-c", CHILD, event, "SIGKILL", "changelog", "--write")
    assert ran.returncode == -signal.SIGKILL
    assert (history.path / "CHANGELOG.md").read_text() == KEPT
    assert smista("changelog", "--write").code == 0
    assert "Add a switch" in (history.path / "CHANGELOG.md").read_text()


def test_where_no_more_can_be_written_the_file_is_as_it_was(history: Repo) -> None:
    ran = child(history, "-m", "smista_git", "changelog", "--write", limit_bytes=64)
    assert ran.returncode == 3
    assert "could not be written (File too large); it is as it was" in ran.stderr and "df -h" in ran.stderr
    assert (history.path / "CHANGELOG.md").read_text() == KEPT
    assert left_behind(history) == []


def test_a_read_only_file_is_left_alone_also_by_root(history: Repo, smista: Smista) -> None:
    (history.path / "CHANGELOG.md").chmod(0o444)
    ran = smista("changelog", "--write")
    assert ran.code == 3 and "read-only" in ran.err and "chmod u+w" in ran.err
    assert (history.path / "CHANGELOG.md").read_text() == KEPT


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder that everybody may read and nobody but root may write in, with a file that everybody may write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "CHANGELOG.md").write_text(KEPT)
        (folder / "CHANGELOG.md").chmod(0o666)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


def test_in_a_read_only_folder_the_file_is_as_it_was(locked: Path) -> None:
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from smista_git.errors import Refused\n"
        "from smista_git.workflow.changelog.file import write_file\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: write_file(Path(sys.argv[1]), 'new')\n"
        "except Refused as exc: print(exc.message, exc.hint)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, locked / "CHANGELOG.md"], capture_output=True, text=True, timeout=60
    )
    assert (
        "could not be written (Permission denied); it is as it was" in ran.stdout and "ls -ld" in ran.stdout
    )
    assert (locked / "CHANGELOG.md").read_text() == KEPT


def test_a_file_that_is_not_utf_8_keeps_its_bytes(history: Repo, smista: Smista) -> None:
    old = KEPT.replace("first thing", "erste Größe").encode("latin-1")
    history.write("CHANGELOG.md", old)
    ran = smista("changelog", "--write")
    new = (history.path / "CHANGELOG.md").read_bytes()
    assert ran.code == 0 and "not all UTF-8" in ran.err
    assert b"erste Gr\xf6\xdfe (#1)\n" in new and b"- Add a switch (#2)\n" in new


def test_utf_16_is_refused_with_the_way_out(history: Repo, smista: Smista) -> None:
    history.write("CHANGELOG.md", KEPT.encode("utf-16"))
    ran = smista("changelog", "--write")
    assert ran.code == 2 and "UTF-16" in ran.err and "iconv" in ran.err
    assert (history.path / "CHANGELOG.md").read_bytes() == KEPT.encode("utf-16")


def test_a_folder_of_that_name_is_refused(history: Repo, smista: Smista) -> None:
    (history.path / "docs").mkdir()
    ran = smista("changelog", "--write", "--file", "docs")
    assert ran.code == 2 and "--file docs/CHANGELOG.md" in ran.err


def test_the_owner_stays(history: Repo, smista: Smista) -> None:
    path = history.path / "CHANGELOG.md"
    # Only root may give a file away; anybody else's is their own, before and after.
    owner = (1234, 1235) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    os.chown(path, *owner)
    assert smista("changelog", "--write").code == 0
    assert (path.stat().st_uid, path.stat().st_gid) == owner


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("CHANGES.org", "* Changes\n\n** 1.0\n\n- one\n", "other forms are not supported"),
        ("NEWS", "foo (one) unstable\n\n  * First\n\n -- A <a@b.c>\n", "no heading that names a release"),
        ("CHANGELOG.md", "# C\n\n| what | when |\n| --- | --- |\n", "no heading that names a release"),
    ],
)
def test_a_form_that_is_not_known_is_refused_plainly(
    history: Repo, smista: Smista, name: str, text: str, said: str
) -> None:
    (history.path / "CHANGELOG.md").unlink()
    history.write(name, text)
    ran = smista("changelog", "--write", "--file", name)
    assert ran.code == 3 and said in ran.err and "try:" in ran.err
    assert (history.path / name).read_text() == text
    assert smista("changelog", "--file", name).code == 0


ADDED = "## Unreleased\n\n### Added\n\n- Add a switch (#2)\n"
SHAPES = [
    ("CHANGELOG.md", "# Changelog\n", f"# Changelog\n\n{ADDED}"),
    ("CHANGES.md", "# Changes", f"# Changes\n\n{ADDED}"),
    ("CHANGELOG.md", "\ufeff# Changelog\n", f"\ufeff# Changelog\n\n{ADDED}"),
    ("CHANGELOG.md", "\ufeff## Unreleased\n\n- A b\n", "\ufeff## Unreleased\n\n- A b\n- Add a switch\n"),
    ("HISTORY.md", "# H\r\n\r\n## 1.0.0\r\n\r\n* first\r\n", "# H\r\n\r\n## Unreleased\r\n\r\n* add a switch\r\n\r\n## 1.0.0\r\n\r\n* first\r\n"),
    ("NEWS.md", "# 1.0.0\n\n- First", "# Unreleased\n\n- Add a switch\n\n# 1.0.0\n\n- First"),
    ("CHANGELOG.md", "## Unreleased\n\n- First", "## Unreleased\n\n- First\n- Add a switch\n"),
    ("CHANGES.rst", "Only words.\n", "Only words.\n\nUnreleased\n----------\n\nAdded\n~~~~~\n\n- Add a switch (#2)\n"),
    ("docs/changelog.md", "# C\n\n## 1.0.0\n\n- First\n", "# C\n\n## Unreleased\n\n- Add a switch\n\n## 1.0.0\n\n- First\n"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new"), SHAPES)
def test_files_of_many_names_and_shapes(history: Repo, smista: Smista, name: str, old: str, new: str) -> None:
    (history.path / "CHANGELOG.md").unlink()
    path = history.write(name, old)
    ran = smista("changelog", "--write")
    assert ran.code == 0 and f"`git add {name}`" in ran.err
    assert path.read_bytes().decode() == new
    assert smista("changelog", "--check").code == 0
    assert smista("changelog", "--write").code == 0
    assert path.read_bytes().decode() == new


@pytest.mark.parametrize("blank", ["", "\n\n", "\ufeff"])
@pytest.mark.parametrize("name", ["CHANGELOG.md", "CHANGES.rst"])
def test_a_file_with_nothing_in_it_gets_a_preamble_of_its_form(
    history: Repo, smista: Smista, name: str, blank: str
) -> None:
    (history.path / "CHANGELOG.md").unlink()
    path = history.write(name, blank)
    assert smista("changelog", "--write").code == 0
    text = path.read_text()
    markdown = name.endswith(".md")
    assert text.startswith(blank + ("# Changelog\n" if markdown else "Changelog\n=========\n"))
    assert ("](https://" in text, "#" in text.replace("(#2)", "")) == (markdown, markdown)
    assert ("\n## Unreleased\n" if markdown else "\nUnreleased\n----------\n") in text
    assert smista("changelog", "--write").code == 0 and path.read_text() == text


def test_a_page_about_changelogs_is_none(history: Repo, smista: Smista) -> None:
    (history.path / "CHANGELOG.md").unlink()
    page = history.write("docs/changelog.md", "# How to write one\n\n- Be short\n")
    assert smista("changelog", "--write").code == 0
    assert "Be short" in page.read_text() and (history.path / "CHANGELOG.md").exists()


CONFLICTS = {
    "CHANGELOG.md": ("# C\n\n<<<<<<< HEAD\n- a\n||||||| 12ab\n=======\n- b\n>>>>>>> x\n", 3),
    "CHANGES.rst": ("Changes\n=======\n\n<<<<<<< HEAD\n- a\n=======\n- b\n>>>>>>> x\n", 4),
    "NEWS.md": ("# C\r\n\r\n<<<<<<< HEAD\r\n- a\r\n=======\r\n- b\r\n>>>>>>> x\r\n", 3),
}


@pytest.mark.parametrize("name", CONFLICTS)
@pytest.mark.parametrize("words", [("--write",), ("--check",), ("--release", "auto"), ()])
def test_a_conflict_is_told_with_its_line(
    history: Repo, smista: Smista, name: str, words: tuple[str, ...]
) -> None:
    text, line = CONFLICTS[name]
    (history.path / "CHANGELOG.md").unlink()
    path = history.write(name, text)
    ran = smista("changelog", *words)
    assert ran.code == 3 and f"{name}:{line} has the marks of a merge conflict" in ran.err
    assert f"git add {name}" in ran.err and path.read_bytes().decode() == text


def test_heading_marks_alone_are_no_conflict(history: Repo, smista: Smista) -> None:
    history.write("CHANGELOG.md", "Changes\n=======\n\nUnreleased\n----------\n\n- A quote: <<<<<<< x\n")
    assert smista("changelog", "--write").code == 0


def test_the_name_is_told_from_where_one_stands(
    history: Repo, smista: Smista, monkeypatch: pytest.MonkeyPatch
) -> None:
    (history.path / "src").mkdir()
    monkeypatch.chdir(history.path / "src")
    assert "git add ../CHANGELOG.md" in smista("changelog", "--write").err


@pytest.fixture
def full_disk(history: Repo) -> Iterator[Path]:
    """A real disk of 64 KiB with the changelog on it, and no room for another one."""
    folder = history.path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=False)
    if mounted.returncode != 0:
        pytest.skip("mounting needs root; the limit on file sizes above stands in for it")
    try:
        (folder / "CHANGELOG.md").write_text(KEPT + "x" * 40_000)
        yield folder / "CHANGELOG.md"
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_leaves_the_file_as_it_was(full_disk: Path, smista: Smista) -> None:
    before = full_disk.read_bytes()
    ran = smista("changelog", "--write", "--file", str(full_disk))
    assert ran.code == 3 and "(No space left on device); it is as it was" in ran.err
    assert full_disk.read_bytes() == before and os.listdir(full_disk.parent) == ["CHANGELOG.md"]
