"""What the changelog command says: what went wrong, what was read, and what to type next."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Smista
from tests.conftest import Repo


@pytest.fixture
def history(repo: Repo) -> Repo:
    repo.commit("feat: the first thing (#1)")
    repo.git("tag", "v1.0.0")
    repo.commit("feat(ui): add a switch (#2)")
    repo.commit("chore: tidy up")
    return repo


REFUSED = [
    (("--template", "none.j2"), 2, "the template none.j2 cannot be read (No such file or directory)", "--template FILE"),
    (("--template", "folder"), 2, "the template folder cannot be read (Is a directory)", "--template FILE"),
    (("--template", "latin.j2"), 2, "the template latin.j2 cannot be read (it is not UTF-8)", "--template FILE"),
    (("--template", "latin.j2", "--write"), 2, "--template prints in a form of its own", "leave one of them out"),
    (("--template", "latin.j2", "--json"), 2, "--template prints in a form of its own", "leave one of them out"),
    (("--check", "--write"), 2, "--check writes nothing", "leave one of them out"),
    (("--check", "--polish"), 2, "--check asks no model", "leave one of them out"),
    (("--release", "auto", "--all"), 2, "--release is about what is to come", "leave one of them out"),
    (("--write", "--model", "ollama/x"), 2, "--model is for --polish", "add --polish"),
    (("--file", "folder"), 2, "folder is a folder", "--file folder/CHANGELOG.md"),
    (("--write", "--file", "none/LOG.md"), 3, "there is no folder none", "mkdir -p none"),
    (("v9..HEAD",), 2, "'v9' names no commit", "git tag"),
    (("--release", "1.0.0"), 2, "the tag v1.0.0 is there already", "changelog v1.0.0"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "code", "said", "hint"), REFUSED)
def test_what_cannot_be_says_what_to_type(
    history: Repo, smista: Smista, words: tuple[str, ...], code: int, said: str, hint: str
) -> None:
    (history.path / "folder").mkdir()
    history.write("latin.j2", b"\xe9")
    ran = smista("changelog", *words)
    *_, first, second = ran.err.splitlines()
    assert (ran.code, ran.out) == (code, "")
    assert said in first and first.count(str(history.path)) == 0
    assert second.startswith("  try: ") and hint in second


def test_a_file_that_may_not_be_read_is_told(history: Repo, tmp_path: Path) -> None:
    path = history.write("LOG.md", "# Log\n")
    path.chmod(0o000)
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from smista_git.errors import UsageError\n"
        "from smista_git.workflow.changelog.file import read_file\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: read_file(Path(sys.argv[1]))\n"
        "except UsageError as exc: print(exc.message, exc.hint)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, "LOG.md"], cwd=history.path, capture_output=True, text=True, timeout=60
    )
    assert "LOG.md cannot be read (Permission denied) look at who may read it: `ls -l LOG.md`" in ran.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("v1.0.0..v1.0.0",), ["no commits in v1.0.0..v1.0.0"]),
        (
            ("HEAD..v1.0.0",),
            [
                "no commits in HEAD..v1.0.0",
                "next: git smista changelog v1.0.0..HEAD, which is the other way round",
            ],
        ),
        (("--path", "nowhere"), ["no commits since v1.0.0 touch nowhere"]),
    ],
)
def test_where_there_are_no_commits_that_is_said(
    history: Repo, smista: Smista, words: tuple[str, ...], said: list[str]
) -> None:
    ran = smista("changelog", *words)
    assert (ran.code, ran.out, ran.err.splitlines()) == (0, "", said)


def test_tags_that_count_for_nothing_are_told(history: Repo, smista: Smista) -> None:
    assert (
        "note: no tag in this history is like 'ui-*', so nothing counts as released"
        in smista("changelog", "--tags", "ui-*").err
    )
    history.git("tag", "-d", "v1.0.0")
    assert "note: no tag" not in smista("changelog").err
    history.git("tag", "ui@1.0.0")
    history.git("tag", "core@1.0.0")
    err = smista("changelog").err
    assert "no tag here is a version alone; name those of the releases: `--tags '" in err and "@*'`" in err


def test_on_a_tag_its_release_is_shown(history: Repo, smista: Smista) -> None:
    history.git("tag", "v1.1.0")
    ran = smista("changelog")
    assert (
        ran.out.startswith("## 1.1.0 - 2024-05-06\n") and "since v1.0.0, up to v1.1.0: 1 to list" in ran.err
    )
    assert (
        "HEAD is v1.1.0; there is nothing to release as 1.2.0" in smista("changelog", "--release", "auto").err
    )


@pytest.mark.parametrize(
    ("words", "last"),
    [
        ((), "next: the same with --write, which adds what CHANGELOG.md lacks"),
        (("--left-out",), "next: the same with --write, which adds what CHANGELOG.md lacks"),
        (("--write", "-n"), "next: the same without -n"),
        (("--release", "auto", "-n"), "next: the same without -n"),
        (("--write",), "next: look at CHANGELOG.md, then `git add CHANGELOG.md`"),
        (("--write", "--left-out"), "next: look at CHANGELOG.md, then `git add CHANGELOG.md`"),
    ],
)
def test_what_comes_next_is_said_last(
    history: Repo, smista: Smista, words: tuple[str, ...], last: str
) -> None:
    assert smista("changelog", *words).err.splitlines()[-1] == last


@pytest.mark.parametrize("known", [True, False])
def test_the_steps_of_a_release_are_those_that_work(history: Repo, smista: Smista, known: bool) -> None:
    if known:
        history.stage("CHANGELOG.md", "# Changelog\n")
        history.commit("docs: begin a changelog")
    err = smista("changelog", "--release", "auto").err
    steps = err[err.index("next: ") + len("next: ") :].splitlines()
    assert [step.split()[1] for step in steps] == ["commit", "tag"] if known else ["add", "commit", "tag"]
    for step in steps:
        subprocess.run(step, shell=True, cwd=history.path, check=True, env=os.environ, capture_output=True)
    assert history.git("show", "--name-only", "--format=", "v1.1.0") == "CHANGELOG.md"


def test_the_steps_of_a_release_are_worded_as_those_of_the_last(history: Repo, smista: Smista) -> None:
    for version in ("1.0.1", "1.0.2"):
        history.commit(f"It's v{version} (#7)")
        history.git("tag", "-a", "-m", "out", f"v{version}")
    history.commit("feat: add a lamp")
    err = smista("changelog", "--release", "auto").err
    assert err.splitlines()[-2:] == [
        "      git commit -m 'It'\"'\"'s v1.1.0' CHANGELOG.md",
        "      git tag -a -m v1.1.0 v1.1.0",
    ]


def test_a_check_as_json_names_what_is_missing(history: Repo, smista: Smista) -> None:
    ran = smista("changelog", "--check", "--json")
    assert (ran.code, ran.json["written"], [e["text"] for e in ran.json["added"]]) == (
        1,
        False,
        ["add a switch"],
    )
    smista("changelog", "--write")
    ran = smista("changelog", "--check", "--json")
    assert (ran.code, ran.json["added"]) == (0, [])
