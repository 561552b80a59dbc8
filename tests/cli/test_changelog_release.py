"""``--release``: which versions are refused, what the links become, what is said of a file that is not committed."""

from __future__ import annotations

import datetime

import pytest

from tests.cli.conftest import Smista
from tests.conftest import Repo

KEPT = "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- A leak (#3)\n\n## [1.0.0] - 2024-01-01\n\n### Added\n\n- The first thing (#1)\n"
TODAY = datetime.datetime.now(datetime.UTC).date().isoformat()


@pytest.fixture
def history(repo: Repo) -> Repo:
    repo.commit("feat: the first thing (#1)")
    repo.git("tag", "v1.0.0")
    repo.commit("fix: a leak (#3)")
    repo.stage("CHANGELOG.md", KEPT)
    repo.commit("docs: tell of the leak")
    return repo


def text_of(repo: Repo) -> str:
    return (repo.path / "CHANGELOG.md").read_text()


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("1.0.0", "the tag v1.0.0 is there already"),
        ("v1.0.0", "the tag v1.0.0 is there already"),
        ("0.9.0", "0.9.0 is older than v1.0.0"),
        ("1.0.0-rc.1", "1.0.0-rc.1 is older than v1.0.0"),
        ("next", "is no version"),
    ],
)
def test_a_version_that_cannot_be_is_refused(history: Repo, smista: Smista, version: str, said: str) -> None:
    ran = smista("changelog", "--release", version)
    assert ran.code == 2 and said in ran.err and "try:" in ran.err
    assert text_of(history) == KEPT


@pytest.mark.parametrize("version", ["1.0.1", "1.1.0-beta.1", "2.0.0"])
def test_a_version_of_ones_own_is_cut(history: Repo, smista: Smista, version: str) -> None:
    ran = smista("changelog", "--release", version)
    assert ran.code == 0 and f"git tag v{version}" in ran.err
    assert text_of(history) == KEPT.replace(
        "## [Unreleased]\n", f"## [Unreleased]\n\n## [{version}] - {TODAY}\n"
    )


def test_another_packages_versions_do_not_count(history: Repo, smista: Smista) -> None:
    history.git("tag", "ui-v7.0.0", "HEAD~1")
    history.stage("ui/CHANGELOG.md", KEPT.replace("1.0.0", "7.0.0"))
    history.commit("fix: another leak (#9)")
    words = ("changelog", "--path", "ui", "--tags", "ui-v*", "--release")
    assert smista(*words, "6.9.0").code == 2
    ran = smista(*words, "auto")
    assert ran.code == 0 and "git tag ui-v7.0.1" in ran.err


def test_with_nothing_to_release_nothing_is_cut(history: Repo, smista: Smista) -> None:
    empty = KEPT.replace("### Fixed\n\n- A leak (#3)\n\n", "")
    history.stage("CHANGELOG.md", empty)
    history.commit("docs: say nothing")
    history.git("tag", "v1.0.1")
    ran = smista("changelog", "--release", "auto")
    assert ran.code == 3 and "nothing to release" in ran.err
    assert text_of(history) == empty


def test_what_is_not_committed_is_said_to_be_released(history: Repo, smista: Smista) -> None:
    assert "not committed" not in smista("changelog", "--release", "auto", "-n").err
    history.write("CHANGELOG.md", KEPT.replace("- A leak", "- A bad leak"))
    ran = smista("changelog", "--release", "auto")
    assert ran.code == 0 and "had changes that are not committed" in ran.err


FORGES = {
    "github.com": ("https://github.com/o/n/compare/{}...{}", False),
    "gitlab.com": ("https://gitlab.com/o/n/-/compare/{}...{}", False),
    "codeberg.org": ("https://codeberg.org/o/n/compare/{}...{}", False),
    "bitbucket.org": ("https://bitbucket.org/o/n/branches/compare/{}%0D{}", True),
}


@pytest.mark.parametrize("host", FORGES)
def test_the_compare_links_move_on(history: Repo, smista: Smista, host: str) -> None:
    form, newer_first = FORGES[host]

    def link(old: str, new: str) -> str:
        return form.format(*((new, old) if newer_first else (old, new)))

    history.git("remote", "add", "origin", f"https://{host}/o/n.git")
    text = f"{KEPT}\n[unreleased]: {link('v1.0.0', 'HEAD')}\n[1.0.0]: https://{host}/o/n/src/tag/v1.0.0\n"
    history.stage("CHANGELOG.md", text)
    history.commit("docs: link")
    assert smista("changelog", "--release", "auto").code == 0
    assert f"[unreleased]: {link('v1.0.1', 'HEAD')}\n[1.0.1]: {link('v1.0.0', 'v1.0.1')}\n" in text_of(
        history
    )


def test_without_such_links_none_are_made_up(history: Repo, smista: Smista) -> None:
    history.git("remote", "add", "origin", "https://github.com/o/n.git")
    assert smista("changelog", "--release", "auto").code == 0
    assert "github.com" not in text_of(history)


TAGGED = [
    ("ui@1.0.0", "ui@*", "ui@1.0.1"),
    ("ui/v1.0.0", "ui/v*", "ui/v1.0.1"),
    ("ui-v1.0.0", "ui-v*", "ui-v1.0.1"),
    ("v1.0.0-rc.1", "v1.0.0-*", "v1.0.0"),
]


@pytest.mark.parametrize(("tag", "pattern", "expected"), TAGGED)
def test_tags_are_named_like_the_last_one(
    repo: Repo, smista: Smista, tag: str, pattern: str, expected: str
) -> None:
    repo.git("tag", tag)
    repo.commit("fix: a leak")
    ran = smista("changelog", "--tags", pattern, "--release", "auto", "--json")
    assert ran.json["tag"] == expected


def test_a_first_tag_is_named_like_the_pattern(repo: Repo, smista: Smista) -> None:
    repo.commit("feat: begin")
    assert (
        smista("changelog", "--tags", "ui-v*", "--release", "auto", "-n", "--json").json["tag"] == "ui-v0.1.0"
    )


def test_where_nothing_is_tagged_the_file_is_counted_on(repo: Repo, smista: Smista) -> None:
    repo.commit("feat: begin")
    repo.write("CHANGELOG.md", "# Changelog\n\n## 0.3.0\n\n- First\n")
    assert smista("changelog", "--release", "auto", "-n", "--json").json["version"] == "0.4.0"
    ran = smista("changelog", "--release", "0.2.0")
    assert ran.code == 2 and "0.2.0 is older than 0.3.0, which is part of the file" in ran.err


def test_tags_by_the_calendar_need_no_policy(history: Repo, smista: Smista) -> None:
    history.git("tag", "-d", "v1.0.0")
    history.git("tag", "2024.4.0", "HEAD~1")
    history.commit("feat: fly")
    year, month, _ = map(int, TODAY.split("-"))
    found = smista("changelog", "--release", "auto", "-n", "--json").json
    assert found["version"] == f"{year}.{month}.0"
    assert smista("changelog", "--release", "rc", "-n").code == 2
    history.write(".smista.toml", 'version = 1\n[changelog]\nversion = "semver"\n')
    assert smista("changelog", "--release", "auto", "-n", "--json").json["version"] == "2024.5.0"


def test_from_one_pre_release_to_the_next_and_out(repo: Repo, smista: Smista) -> None:
    found = []
    for release in ("rc", "rc", "auto"):
        repo.commit(f"fix: mend the {('roof', 'door', 'wall')[len(found)]} of the house")
        tag = smista("changelog", "--release", release, "--json").json["tag"]
        repo.git("add", "CHANGELOG.md")
        repo.commit(f"chore: release {tag}")
        repo.git("tag", tag)
        found.append(tag)
    assert found == ["v0.1.0-rc.1", "v0.1.0-rc.2", "v0.1.0"]


def test_what_the_project_did_before_one_is_done_again(repo: Repo, smista: Smista) -> None:
    for tag in ("0.1.0", "0.1.1", "0.1.2"):
        repo.commit(f"feat: learn {tag}")
        repo.git("tag", tag)
    repo.commit("feat: fly")
    found = smista("changelog", "--release", "auto", "-n")
    assert "as 0.1.3 (new: fly, before 1.0, as past releases did)" in found.err


OPEN = "## Version 1.1.0\n\nUnreleased\n\n- Something new. (#8)\n\n## Version 1.0.0\n\nReleased 2024-01-01\n\n- First. (#1)\n"


def test_a_version_that_says_beneath_that_it_is_not_out_is_what_is_to_come(
    history: Repo, smista: Smista
) -> None:
    history.git("rm", "-q", "CHANGELOG.md")
    history.write("CHANGES.md", OPEN)
    smista("changelog", "--write")
    text = (history.path / "CHANGES.md").read_text()
    assert (
        text.startswith("## Version 1.1.0\n\nUnreleased\n\n- Something new. (#8)\n- ")
        and text.count("\n## ") == 1
    )
    assert smista("changelog", "--release", "1.1.0").code == 0
    lines = f"\n\nReleased {TODAY}\n\n"
    assert (history.path / "CHANGES.md").read_text() == text.replace("\n\nUnreleased\n\n", lines)


def test_a_heading_that_compares_is_followed_by_one_that_does(history: Repo, smista: Smista) -> None:
    site = "https://github.com/o/n/compare/"
    old = (
        f"## [1.0.0]({site}v0.9.0...v1.0.0) (2024-01-01)\n\n### Features\n\n* first ([#1](https://x.org/1))\n"
    )
    history.write("CHANGELOG.md", old)
    smista("changelog", "--release", "1.1.0")
    text = (history.path / "CHANGELOG.md").read_text()
    assert f"\n## [1.1.0]({site}v1.0.0...v1.1.0) ({TODAY})\n" in text and old in text


def test_what_is_printed_is_worded_and_ordered_as_the_file_is(history: Repo, smista: Smista) -> None:
    history.commit("feat(api): fly")
    history.commit("fix(api): land")
    entries = "* **api:** one\n* **api:** two\n"
    history.write("CHANGELOG.md", f"## 1.0.0\n\n### Fixes\n\n{entries}\n### Features\n\n{entries}")
    out = smista("changelog").out
    assert "- **api:** fly\n" in out and out.index("### Fixes") < out.index("### Features")


def test_a_pre_release_that_the_file_has_is_the_last_release(repo: Repo, smista: Smista) -> None:
    for tag in ("v1.0.0", "v2.0.0-rc.1"):
        repo.commit(f"feat: learn {tag}")
        repo.git("tag", tag)
    repo.commit("fix: mend the roof")
    assert "Learn v2.0.0-rc.1" in smista("changelog").out
    assert "2 commits since v1.0.0" in smista("changelog").err
    repo.write("CHANGELOG.md", "# Changelog\n\n## 2.0.0-rc.1\n\n- News of ours\n\n## 1.0.0\n\n- First\n")
    ran = smista("changelog")
    assert "Learn" not in ran.out and "1 commit since v2.0.0-rc.1" in ran.err
    assert smista("changelog", "--release", "auto", "-n", "--json").json["version"] == "2.0.0"
