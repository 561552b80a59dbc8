"""The changelog from the command line: real repositories, real files."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Smista
from tests.conftest import Repo

KEPT = """# Changelog

Words of ours.

## [Unreleased]

### Added

- A thing that a person wrote (#3)

## [1.0.0] - 2024-01-01

### Added

- The first thing (#1)
"""


@pytest.fixture
def history(repo: Repo) -> Repo:
    repo.commit("feat: the first thing (#1)")
    repo.git("tag", "v1.0.0")
    repo.commit("feat(ui): add a switch (#2)")
    repo.commit("feat: a thing (#3)")
    repo.commit("fix: stop the leak\n\nCloses #9")
    repo.commit("chore: tidy up")
    return repo


def test_prints_what_changed_since_the_last_release(history: Repo, smista: Smista) -> None:
    ran = smista("changelog")
    assert ran.code == 0
    assert ran.out == (
        "## Unreleased\n\n### Added\n\n- Add a switch (#2)\n- A thing (#3)\n\n### Fixed\n\n- Stop the leak (#9)\n"
    )


def test_json_has_the_full_context(history: Repo, smista: Smista) -> None:
    (release,) = smista("changelog", "--json").json["releases"]
    added = release["sections"][0]["entries"][0]
    assert (release["version"], release["previous"]) == (None, "v1.0.0")
    assert (added["scope"], added["pull"], added["kind"]) == ("ui", "#2", "feat")
    assert added["commits"] == [history.git("rev-parse", "HEAD~3")]


def test_links_lead_to_the_forge(history: Repo, smista: Smista) -> None:
    history.git("remote", "add", "origin", "git@gitlab.com:group/sub/name.git")
    out = smista("changelog").out
    assert "- Add a switch ([#2](https://gitlab.com/group/sub/name/-/issues/2))" in out
    assert "[Unreleased]: https://gitlab.com/group/sub/name/-/compare/v1.0.0...HEAD" in out


def test_write_adds_what_is_missing_and_changes_nothing_else(history: Repo, smista: Smista) -> None:
    history.write("CHANGELOG.md", KEPT)
    ran = smista("changelog", "--write")
    text = (history.path / "CHANGELOG.md").read_text()
    assert ran.code == 0
    assert text == KEPT.replace(
        "- A thing that a person wrote (#3)\n",
        "- A thing that a person wrote (#3)\n- Add a switch (#2)\n\n### Fixed\n\n- Stop the leak (#9)\n",
    )
    assert smista("changelog", "--write").code == 0
    assert (history.path / "CHANGELOG.md").read_text() == text


def test_check_names_what_is_missing(history: Repo, smista: Smista) -> None:
    history.write("CHANGELOG.md", KEPT)
    ran = smista("changelog", "--check")
    assert ran.code == 1
    assert "add a switch" in ran.err and "stop the leak" in ran.err and "first thing" not in ran.err
    smista("changelog", "--write")
    assert smista("changelog", "--check").code == 0


def test_dry_run_shows_the_difference_and_writes_nothing(history: Repo, smista: Smista) -> None:
    history.write("CHANGELOG.md", KEPT)
    ran = smista("changelog", "--write", "-n")
    assert "+- Add a switch (#2)" in ran.out and "\n-" not in ran.out.replace("\n---", "")
    assert (history.path / "CHANGELOG.md").read_text() == KEPT


def test_release_cuts_the_section_and_opens_a_fresh_one(history: Repo, smista: Smista) -> None:
    definitions = "\n[unreleased]: https://github.com/o/n/compare/v1.0.0...HEAD\n[1.0.0]: https://github.com/o/n/releases/tag/v1.0.0\n"
    history.write("CHANGELOG.md", KEPT + definitions)
    ran = smista("changelog", "--release", "auto")
    text = (history.path / "CHANGELOG.md").read_text()
    assert ran.code == 0
    assert "## [Unreleased]\n\n## [1.1.0] - 20" in text
    assert (
        "[unreleased]: https://github.com/o/n/compare/v1.1.0...HEAD\n[1.1.0]: https://github.com/o/n/compare/v1.0.0...v1.1.0\n"
        in text
    )
    assert smista("changelog", "--write").code == 0
    assert (history.path / "CHANGELOG.md").read_text() == text


def test_a_first_file_is_made_in_keep_a_changelogs_form(history: Repo, smista: Smista) -> None:
    assert smista("changelog", "--write").code == 0
    text = (history.path / "CHANGELOG.md").read_text()
    assert text.startswith("# Changelog\n") and "## Unreleased\n\n### Added\n\n- Add a switch (#2)\n" in text
    assert smista("changelog", "--write").code == 0
    assert (history.path / "CHANGELOG.md").read_text() == text


def test_all_writes_every_release_in_order(history: Repo, smista: Smista) -> None:
    assert smista("changelog", "--all", "--write").code == 0
    text = (history.path / "CHANGELOG.md").read_text()
    assert (
        text.index("## Unreleased")
        < text.index("## 1.0.0 - 2024-05-06")
        < text.index("- The first thing (#1)")
    )
    assert smista("changelog", "--all", "--write").code == 0
    assert (history.path / "CHANGELOG.md").read_text() == text


def test_a_file_in_conflict_is_left_alone(history: Repo, smista: Smista) -> None:
    text = KEPT.replace("- A thing", "<<<<<<< HEAD\n- A thing\n=======\n- Another\n>>>>>>> other\n- A thing")
    history.write("CHANGELOG.md", text)
    ran = smista("changelog", "--write")
    assert ran.code == 3 and "merge conflict" in ran.err
    assert (history.path / "CHANGELOG.md").read_text() == text


def test_mode_and_symlink_are_kept(history: Repo, smista: Smista) -> None:
    path = history.write("docs/log.md", KEPT)
    path.chmod(0o640)
    os.symlink("docs/log.md", history.path / "CHANGELOG.md")
    assert smista("changelog", "--write").code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert (history.path / "CHANGELOG.md").is_symlink() and "Add a switch" in path.read_text()
    assert sorted(os.listdir(history.path / "docs")) == ["log.md"]


def test_a_package_has_its_own_commits_tags_and_file(history: Repo, smista: Smista) -> None:
    history.stage("ui/a.py", "a = 1\n")
    history.commit("feat: show the sky")
    history.git("tag", "ui-v2.0.0")
    history.stage("ui/a.py", "a = 2\n")
    history.commit("fix: show the moon too")
    history.stage("core/b.py", "b = 1\n")
    history.commit("feat: count the stars")
    ran = smista("changelog", "--path", "ui", "--tags", "ui-v*")
    assert ran.out == "## Unreleased\n\n### Fixed\n\n- Show the moon too\n"
    history.write("ui/CHANGELOG.md", "# Changelog\n")
    assert smista("changelog", "--path", "ui", "--tags", "ui-v*", "--write").code == 0
    assert "Show the moon too" in (history.path / "ui/CHANGELOG.md").read_text()


def test_a_pair_that_undoes_itself_is_left_out(history: Repo, smista: Smista) -> None:
    oid = history.commit("feat: a mistake")
    history.commit(f'Revert "feat: a mistake"\n\nThis reverts commit {oid}.')
    assert "mistake" not in smista("changelog").out


def test_a_shallow_clone_says_so(history: Repo, smista: Smista, monkeypatch: pytest.MonkeyPatch) -> None:
    history.git("clone", "-q", "--depth=2", f"file://{history.path}", "../short")
    monkeypatch.chdir(history.path.parent / "short")
    ran = smista("changelog")
    assert ran.code == 0 and "shallow" in ran.err and "--unshallow" in ran.err


def test_the_words_of_the_command_are_checked(history: Repo, smista: Smista) -> None:
    assert smista("changelog", "--check", "--write").code == 2
    assert smista("changelog", "nowhere..HEAD").code == 2
    assert smista("changelog", "--release", "soon").code == 2


def test_an_entry_reworded_by_hand_is_not_added_again(history: Repo, smista: Smista) -> None:
    history.commit("feat: support reading settings from environment variables")
    reworded = KEPT.replace("(#3)\n", "(#3)\n- Settings can now be read from environment variables\n")
    history.write("CHANGELOG.md", reworded)
    added = json.loads(smista("changelog", "--write", "--json").out)["added"]
    assert [entry["text"] for entry in added] == ["add a switch", "stop the leak"]


POLICY = """
version = 1
[changelog]
tags = "v*"
exclude = ["fix"]
include = ["chore"]
order = ["New", "Chores"]
scopes = true
authors = true
contributors = true
[changelog.sections]
feat = "New"
chore = "Chores"
"""


def test_the_policy_names_orders_and_chooses(history: Repo, smista: Smista) -> None:
    history.write(".smista.toml", POLICY)
    history.git("commit", "-q", "--allow-empty", "-m", "feat: fly", "--author", "Bob <bob@example.org>")
    assert smista("changelog").out == (
        "## Unreleased\n\n### New\n\n- **ui:** add a switch by Ada Test (#2)\n- A thing by Ada Test (#3)\n- Fly by Bob\n\n"
        "### Chores\n\n- Tidy up by Ada Test\n\n### New contributors\n\n- Bob\n"
    )


@pytest.mark.parametrize("named", ["../outside.md", "/tmp/outside.md"])
def test_a_policy_cannot_lead_the_writing_out_of_the_repository(
    history: Repo, smista: Smista, named: str
) -> None:
    history.write(".smista.toml", f'version = 1\n[changelog]\nfile = "{named}"\n')
    ran = smista("changelog", "--write")
    assert ran.code == 3 and "outside of the repository" in ran.err


def test_a_link_cannot_lead_the_writing_out_of_the_repository(history: Repo, smista: Smista) -> None:
    outside = history.path.parent / "outside.md"
    outside.write_text(KEPT)
    os.symlink(outside, history.path / "CHANGELOG.md")
    assert smista("changelog", "--write").code == 3
    assert outside.read_text() == KEPT
    assert smista("changelog", "--write", "--file", str(outside)).code == 0
    assert "Add a switch" in outside.read_text()


def test_a_template_of_the_users(history: Repo, smista: Smista) -> None:
    history.write(
        "log.j2",
        "{% for release in releases %}{% for section in release.sections %}{% for entry in section.entries %}\n"
        "{{ section.name }}: {{ entry.text }} {{ entry.pull or '' }}\n{% endfor %}{% endfor %}{% endfor %}\n",
    )
    assert smista("changelog", "--template", "log.j2").out.split("\n")[0] == "Added: add a switch #2"
    history.write(".smista.toml", 'version = 1\n[changelog]\ntemplate = "log.j2"\n')
    assert "Fixed: stop the leak" in smista("changelog").out


@pytest.mark.parametrize(
    "text",
    ["{% for %}", "{{ nothing.here }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ 1 / 0 }}"],
)
def test_a_template_that_is_wrong_or_wants_out_is_refused(history: Repo, smista: Smista, text: str) -> None:
    history.write("log.j2", text)
    ran = smista("changelog", "--template", "log.j2")
    assert ran.code == 2 and "log.j2" in ran.err and ran.out == ""


def test_what_was_read_and_what_comes_next_is_said(history: Repo, smista: Smista) -> None:
    ran = smista("changelog")
    assert "4 commits since v1.0.0: 3 to list, 1 not" in ran.err
    assert "--left-out" in ran.err and "next: the same with --write" in ran.err


def test_a_preview_says_what_the_file_lacks_of_it(history: Repo, smista: Smista) -> None:
    history.write("CHANGELOG.md", KEPT)
    ran = smista("changelog")
    assert "- A thing (#3)" in ran.out
    assert ran.err.splitlines()[-4:] == [
        "CHANGELOG.md lacks 2 of these 3:",
        "  Added: add a switch",
        "  Fixed: stop the leak",
        "next: the same with --write, which adds them",
    ]
    assert [(e["text"], e["missing"]) for e in shown(smista)] == [
        ("add a switch", True),
        ("a thing", False),
        ("stop the leak", True),
    ]
    smista("changelog", "--write")
    assert smista("changelog").err.splitlines()[-1] == "CHANGELOG.md has all of these"
    assert not any(entry["missing"] for entry in shown(smista))
    assert {entry["missing"] for entry in shown(smista, "--all")} == {None}


def test_a_preview_that_lacks_much_does_not_repeat_it(history: Repo, smista: Smista) -> None:
    history.write("CHANGELOG.md", KEPT)
    for number in range(10, 20):
        history.commit(f"feat: count to {number} (#{number})")
    assert smista("changelog").err.splitlines()[-2:] == [
        "CHANGELOG.md lacks 12 of these 13; which: `git smista changelog --check`",
        "next: the same with --write, which adds them",
    ]


def shown(smista: Smista, *words: str) -> list[dict[str, Any]]:
    """Every entry that is printed."""
    releases = smista("changelog", "--json", *words).json["releases"]
    return [e for release in releases for section in release["sections"] for e in section["entries"]]


def test_what_is_left_out_is_shown_with_why(history: Repo, smista: Smista) -> None:
    oid = history.git("rev-parse", "HEAD")
    assert (
        f"Not listed:\n  {oid[:9]} tidy up (chore is not for users)\n"
        in smista("changelog", "--left-out").out
    )
    shown = smista("changelog", "--left-out", "--json").json
    assert [(e["text"], e["why"]) for e in shown["left_out"]] == [("tidy up", "chore is not for users")]
    for words in (("--write", "-n"), ("--check",), ("--write",)):
        found = smista("changelog", "--left-out", "--json", *words).json
        assert [e["text"] for e in found["left_out"]] == ["tidy up"]
    assert "left_out" not in smista("changelog", "--write", "--json").json


def test_a_check_that_finds_nothing_is_quiet(history: Repo, smista: Smista) -> None:
    smista("changelog", "--write")
    ran = smista("changelog", "--check")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_all_cancels_and_merges_within_each_release(history: Repo, smista: Smista) -> None:
    """What a release shipped and the next one took back stands in both."""
    oid = history.commit("feat: a mistake")
    history.commit("fix: typo in the help")
    history.git("tag", "v1.1.0")
    history.commit(f'Revert "feat: a mistake"\n\nThis reverts commit {oid}.')
    history.commit("fix: typo in the help")
    first, second = smista("changelog", "--all", "--json").json["releases"][:2]
    texts = [[e["text"] for s in release["sections"] for e in s["entries"]] for release in (first, second)]
    assert any("mistake" in text for text in texts[0]) and "a mistake" in texts[1]
    assert "typo in the help" in texts[0] and "typo in the help" in texts[1]


def test_new_contributors_are_told_per_release(history: Repo, smista: Smista) -> None:
    history.write(".smista.toml", "version = 1\n[changelog]\ncontributors = true\n")
    history.git("commit", "-q", "--allow-empty", "-m", "feat: fly", "--author", "Bob <bob@example.org>")
    history.git("tag", "v1.1.0")
    history.git("commit", "-q", "--allow-empty", "-m", "feat: land", "--author", "Bob <bob@example.org>")
    history.git("commit", "-q", "--allow-empty", "-m", "feat: swim", "--author", "Cyd <cyd@example.org>")
    found = {
        r["version"]: r["new_contributors"] for r in smista("changelog", "--all", "--json").json["releases"]
    }
    assert found == {None: ["Cyd"], "1.1.0": ["Bob"], "1.0.0": ["Ada Test"]}
    assert smista("changelog", "--json").json["releases"][0]["new_contributors"] == ["Cyd"]


def test_with_a_path_the_pull_request_of_a_merge_is_known(history: Repo, smista: Smista) -> None:
    history.git("switch", "-q", "-c", "topic")
    history.stage("ui/a.py", "a = 1\n")
    history.commit("draw the sky")
    history.git("switch", "-q", "-")
    history.git(
        "merge", "-q", "--no-ff", "topic", "-m", "Merge pull request #41 from a/topic\n\nDraw the sky in blue"
    )
    history.git("switch", "-q", "-c", "other")
    history.stage("core/b.py", "b = 1\n")
    history.commit("count")
    history.git("switch", "-q", "-")
    history.git(
        "merge", "-q", "--no-ff", "other", "-m", "Merge pull request #42 from a/other\n\nAdd counting"
    )
    out = smista("changelog", "--path", "ui").out
    assert "Draw the sky in blue (#41)" in out and "counting" not in out


def test_restructured_text_gets_headings_of_its_own_kind(history: Repo, smista: Smista) -> None:
    history.write("CHANGES.rst", "Changes\n=======\n")
    assert smista("changelog", "--write").code == 0
    text = (history.path / "CHANGES.rst").read_text()
    assert text.startswith(
        "Changes\n=======\n\nUnreleased\n----------\n\nAdded\n~~~~~\n\n- Add a switch (#2)\n"
    )
    assert smista("changelog", "--check").code == 0
    assert "### Added" in smista("changelog").out


def test_in_a_bare_repository_the_changelog_of_the_last_release_teaches(
    history: Repo, smista: Smista, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People there list what touches the program and leave out what touches the website."""
    for release in range(3):
        told = []
        for number in range(8):
            history.stage(f"src/{release}{number}.py", "x = 1\n")
            history.commit(f"feat: part {release}{number} of the program")
            told.append(f"- Part {release}{number} of the program\n")
            history.stage(f"shop/{release}{number}.py", "x = 1\n")
            history.commit(f"feat: shelf {release}{number} of the shop")
        old = (history.path / "CHANGELOG.md").read_text() if release else ""
        history.stage("CHANGELOG.md", f"## 3.{release}.0\n\n{''.join(told)}\n{old}")
        history.commit("docs: tell")
        history.git("tag", f"v3.{release}.0")
    for place in ("src", "shop"):
        history.stage(f"{place}/new.py", "x = 2\n")
        history.commit(f"feat: new in {place}")
    bare = tmp_path / "bare.git"
    history.git("clone", "-q", "--bare", str(history.path), str(bare))
    monkeypatch.chdir(bare)
    found = smista("changelog", "--json").json["releases"]
    assert [e["text"] for r in found for s in r["sections"] for e in s["entries"]] == ["new in src"]


def test_what_is_printed_stands_under_the_sections_of_the_file(history: Repo, smista: Smista) -> None:
    lines = []
    for number in range(3):
        history.stage("a.py", f"x = {number}\n")
        history.commit(f"feat: part {number} of the program")
        lines.append(
            f"## 3.{number}.0\n\n### :rocket: Novelties\n\n- Part {number} of the program\n\n"
            f"### Repairs\n\n- Fix the leak of {number}\n\n"
        )
        history.stage("CHANGELOG.md", "".join(reversed(lines)))
        history.commit("docs: tell")
        history.git("tag", f"v3.{number}.0")
    history.stage("a.py", "x = 9\n")
    history.commit("feat: part 9 of the program")
    (release,) = smista("changelog", "--json").json["releases"]
    assert [section["name"] for section in release["sections"]] == [":rocket: Novelties"]


@pytest.mark.parametrize(
    ("tags", "since"),
    [
        (("tool-1.0.0", "tool-1.1.0"), "tool-1.1.0"),
        (("ui-1.0.0", "core-1.1.0"), None),
        (("tool-1.0.0", "v1.1.0"), "v1.1.0"),
    ],
)
def test_tags_behind_one_name_are_releases(
    repo: Repo, smista: Smista, tags: tuple[str, ...], since: str | None
) -> None:
    for tag in tags:
        repo.commit(f"feat: what {tag} brings")
        repo.git("tag", tag)
    repo.commit("feat: what comes")
    (release,) = smista("changelog", "--json").json["releases"]
    assert release["previous"] == since


def test_the_template_in_the_docs_runs(history: Repo, smista: Smista) -> None:
    page = (Path(__file__).parents[2] / "docs" / "changelog.md").read_text("utf-8")
    history.write("log.j2", page.partition("```jinja\n")[2].partition("```")[0])
    out = smista("changelog", "--template", "log.j2").out
    assert (
        out.split("\n")[0] == "Next" and "[Added] add a switch #2\n" in out and "[Fixed] stop the leak" in out
    )


def test_the_error_of_a_template_names_its_line(history: Repo, smista: Smista) -> None:
    history.write("log.j2", "one\n{{ releases | length }}\n{{ nothing.here }}\n")
    ran = smista("changelog", "--template", "log.j2")
    assert ran.code == 2 and "log.j2:3: 'nothing' is undefined" in ran.err
    history.write("log.j2", "one\n{% for %}\n")
    assert "log.j2:2: " in smista("changelog", "--template", "log.j2").err


def test_the_keys_of_the_json_stay(history: Repo, smista: Smista) -> None:
    """Other tools read them; docs/changelog.md names each."""
    shown = smista("changelog", "--json", "--left-out").json
    release = shown["releases"][0]
    entry = release["sections"][0]["entries"][0]
    keys = [set(found) for found in (shown, release, release["sections"][0], entry)]
    assert keys == [
        {"v", "releases", "left_out"},
        {"version", "tag", "date", "previous", "new_contributors", "sections"},
        {"name", "entries"},
        {"text", "kind", "confidence", "conventional", "scope", "breaking", "notes", "commits", "pull", "references",
         "links", "author", "co_authors", "time", "missing"},
    ]  # fmt: skip
    page = (Path(__file__).parents[2] / "docs" / "changelog.md").read_text("utf-8")
    assert all(f"`{key}`" in page for key in set().union(*keys))
    written = smista("changelog", "--release", "auto", "--json").json
    assert set(written) == {"v", "file", "written", "added", "older_than_edit", "edit", "version", "tag"}
    assert all(f"`{key}`" in page for key in written)


@pytest.mark.parametrize(
    ("old", "shown"),
    [
        ("", "- **Breaking:** Read no old files (#4)\n"),
        ("### Added\n\n- One (#5)\n- [**breaking**] Two (#6)\n", "- [**breaking**] Read no old files (#4)\n"),
        ("### Breaking Changes\n\n- One (#5)\n\n### Added\n\n- Two (#6)\n", "### Breaking Changes\n\n- Read no old files (#4)\n"),
    ],
)  # fmt: skip
def test_what_breaks_says_so(history: Repo, smista: Smista, old: str, shown: str) -> None:
    history.commit("feat!: read no old files (#4)")
    history.write("CHANGELOG.md", f"# Changelog\n\n## 1.0.0\n\n{old}")
    if not old:
        assert shown in smista("changelog").out
    smista("changelog", "--write")
    text = (history.path / "CHANGELOG.md").read_text()
    assert shown in text
    smista("changelog", "--write")
    assert (history.path / "CHANGELOG.md").read_text() == text


def test_asciidoc_is_read_written_and_begun(history: Repo, smista: Smista) -> None:
    text = "= Changes\n\n== 1.0.0 (2024-01-01)\n\n=== Fixed\n\n* The first thing (#1)\n"
    history.write("CHANGES.adoc", text)
    assert smista("changelog", "--check").code == 1
    assert smista("changelog", "--write").code == 0
    once = (history.path / "CHANGES.adoc").read_text()
    assert once.startswith("= Changes\n\n== Unreleased\n\n=== Added\n\n* Add a switch (#2)\n")
    assert once.endswith(text.partition("\n\n")[2])
    assert smista("changelog", "--check").code == 0
    assert "CHANGES.adoc: released as 1.1.0" in smista("changelog", "--release", "auto").err
    assert "== Unreleased\n\n== 1.1.0 (2" in (history.path / "CHANGES.adoc").read_text()
    history.git("remote", "add", "origin", "https://github.com/o/n.git")
    history.commit("feat: take a List<T> (#4)")
    assert smista("changelog", "--write", "--file", "NEW.adoc").code == 0
    begun = (history.path / "NEW.adoc").read_text()
    assert begun.startswith("= Changelog\n") and "https://keepachangelog.com/en/1.1.0/[Keep a" in begun
    assert "== Unreleased\n\n=== Added\n\n* Add a switch (https://github.com/o/n/pull/2[#2])\n" in begun
    assert "* Take a List<T> (https:" in begun
    assert smista("changelog", "--check", "--file", "NEW.adoc").code == 0


@pytest.mark.parametrize(
    "name", ["changelog.d/2.feature.md", "NEWS/2.feature", "news/lamp.new.md", ".changeset/odd-cats-run.md"]
)
def test_a_commit_that_wrote_a_news_fragment_lacks_nothing(history: Repo, smista: Smista, name: str) -> None:
    history.write("CHANGELOG.md", KEPT)
    history.stage("changelog.d/README.md", "how to\n")
    history.stage(".changeset/config.json", "{}\n")
    history.stage(name, "Add a lamp.\n")
    history.stage("lamp.py", "LAMP = 1\n")
    history.commit("feat: add a lamp")
    ran = smista("changelog", "--check")
    assert "lacks 2 entries" in ran.err and "lamp" not in ran.err
    assert f"note: {name.partition('/')[0]}/ has 1 fragment of what is to come" in ran.err
    history.git("rm", "-q", name)
    history.commit("chore: release")
    assert "add a lamp" in (err := smista("changelog", "--check").err) and "fragment" not in err


def test_a_package_of_a_monorepo_is_named_where_there_is_no_file_of_all(repo: Repo, smista: Smista) -> None:
    repo.stage("libs/ui/CHANGELOG.md", "# ui\n\n## 1.0.0\n\n- First\n")
    repo.commit("feat: first")
    for tag in ("@team/ui@1.0.0", "core-v1.0.0"):
        repo.git("tag", tag)
        repo.commit(f"feat: more than {tag}")
    repo.git("tag", "-d", "core-v1.0.0")
    assert "releases: `--path libs/ui --tags '@team/ui@*'`" in smista("changelog").err
