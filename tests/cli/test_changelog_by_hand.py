"""Files whose section to come is kept by hand: the last edit speaks for what is older, plainly, and for nothing else."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Smista
from tests.conftest import Repo

HEAD = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n"
PROSE = (
    HEAD
    + """- `sky`: a picture of the whole night, from any place on earth
- Everything can be printed, in colour or without
- Twelve languages, and a dictionary for each of them
"""
)
OLD = ["feat: draw stars", "feat: draw the moon", "fix: count planets twice", "feat: read catalogues"]


def listed(smista: Smista, *words: str) -> list[str]:
    """What the file is said to lack."""
    return [entry["text"] for entry in smista("changelog", "--write", "-n", "--json", *words).json["added"]]


@pytest.fixture
def kept(repo: Repo) -> Repo:
    """A section in its author's own words, over commits that it does not name one by one, and one commit more."""
    for subject in OLD:
        repo.commit(subject)
    repo.stage("CHANGELOG.md", PROSE)
    repo.commit("docs: describe the project")
    repo.commit("feat: find comets by their tail")
    return repo


def test_only_what_is_newer_than_the_last_edit_is_missing(kept: Repo, smista: Smista) -> None:
    ran = smista("changelog", "--check")
    assert ran.code == 1 and "lacks 1 entry" in ran.err and "find comets" in ran.err
    oid = kept.git("rev-parse", "HEAD~1")[:9]
    assert f"4 entries are older than the last edit of this section ({oid})" in ran.err
    assert "--since-edit no" in ran.err


def test_what_is_held_back_can_be_listed(kept: Repo, smista: Smista) -> None:
    found = smista("changelog", "--write", "-n", "--json").json
    assert [entry["text"] for entry in found["older_than_edit"]] == [s.partition(": ")[2] for s in OLD]
    assert found["edit"] == kept.git("rev-parse", "HEAD~1")
    assert len(listed(smista, "--since-edit", "no")) == 5
    kept.write(".smista.toml", 'version = 1\n[changelog]\nsince_edit = "no"\n')
    assert len(listed(smista)) == 5
    assert listed(smista, "--since-edit", "auto") == ["find comets by their tail"]


def test_a_preview_says_what_is_held_back_too(kept: Repo, smista: Smista) -> None:
    err = smista("changelog").err
    assert "CHANGELOG.md lacks 1 of these 5:\n" in err and "4 entries are older than the last edit" in err
    err = smista("changelog", "--since-edit", "no").err
    assert (
        "of these" not in err
        and err.splitlines()[-1] == "next: the same with --write, which adds what CHANGELOG.md lacks"
    )
    ran = smista("changelog", "--all", "--since-edit", "no")
    assert ran.code == 2 and "--since-edit is about what the file lacks" in ran.err and "--write" in ran.err


def test_whoever_names_a_range_gets_all_of_it(kept: Repo, smista: Smista) -> None:
    root = kept.git("rev-list", "--max-parents=0", "HEAD")
    assert len(listed(smista, f"{root}..HEAD")) == 5
    assert len(listed(smista, "--all")) == 5


def test_entries_that_the_tool_adds_leave_the_summary_one(kept: Repo, smista: Smista) -> None:
    for what in ("rain over lakes", "wind from the east", "snow by night", "fog", "hail", "rainbows at noon"):
        kept.commit(f"feat: foretell {what}")
        assert smista("changelog", "--write").code == 0
        kept.git("commit", "-q", "-a", "-m", "docs: update the changelog")
    assert listed(smista) == []
    assert len(listed(smista, "--since-edit", "no")) == 4


def test_a_branch_that_is_merged_after_the_edit_is_missing(kept: Repo, smista: Smista) -> None:
    kept.git("switch", "-q", "-c", "topic", "HEAD~2")
    kept.commit("feat: print posters")
    kept.git("switch", "-q", "-")
    kept.git("merge", "-q", "--no-ff", "topic", "-m", "Merge branch 'topic'")
    assert sorted(listed(smista)) == ["find comets by their tail", "print posters"]


def test_an_edit_that_is_not_committed_speaks_for_all_before_it(kept: Repo, smista: Smista) -> None:
    kept.write("CHANGELOG.md", PROSE + "- Bodies that come and go are followed for a year\n")
    ran = smista("changelog", "--check")
    assert ran.code == 0 and "5 entries are older than your edit" in ran.err


def test_a_corrected_word_speaks_for_nothing_new(kept: Repo, smista: Smista) -> None:
    kept.stage("CHANGELOG.md", PROSE.replace("picture", "drawing"))
    kept.commit("docs: mend a word")
    assert listed(smista) == ["find comets by their tail"]


@pytest.mark.parametrize("entries", [1, 2])
def test_a_few_words_of_ones_own_are_no_summary(repo: Repo, smista: Smista, entries: int) -> None:
    for subject in OLD:
        repo.commit(subject)
    repo.stage("CHANGELOG.md", "".join(PROSE.splitlines(keepends=True)[: 6 + entries]))
    repo.commit("docs: describe the project")
    assert len(listed(smista)) == 4


def test_where_commits_name_themselves_one_that_forgot_is_missing(repo: Repo, smista: Smista) -> None:
    text = HEAD
    for number, line in enumerate(PROSE.splitlines()[-3:]):
        text += f"{line}\n"
        repo.stage("CHANGELOG.md", text)
        repo.commit(f"feat: {OLD[number].partition(': ')[2]}")
        if number == 1:
            repo.commit("fix: stop at the horizon")
    assert listed(smista) == ["stop at the horizon"]


def test_where_entries_are_the_commits_one_that_is_taken_out_is_missing(repo: Repo, smista: Smista) -> None:
    for subject in OLD:
        repo.commit(subject)
    assert smista("changelog", "--write").code == 0
    repo.git("add", "CHANGELOG.md")
    repo.commit("docs: add the changelog")
    text = (repo.path / "CHANGELOG.md").read_text()
    repo.stage("CHANGELOG.md", text.replace("- Draw the moon\n", ""))
    repo.commit("docs: shorten the changelog")
    assert listed(smista) == ["draw the moon"]
    assert listed(smista, "--since-edit", "yes") == []
    assert "1 entry is older" in smista("changelog", "--check", "--since-edit", "yes").err


def test_an_entry_put_into_other_words_is_not_added_again(repo: Repo, smista: Smista) -> None:
    repo.commit("feat: tell a comet from a plane")
    assert smista("changelog", "--write").code == 0
    repo.git("add", "CHANGELOG.md")
    repo.commit("docs: add the changelog")
    text = (repo.path / "CHANGELOG.md").read_text()
    repo.write("CHANGELOG.md", text.replace("Tell a comet from a plane", "What moves too fast is no star"))
    assert listed(smista) == []
    repo.git("commit", "-q", "-a", "-m", "docs: say it for people")
    assert listed(smista) == []
    text = (repo.path / "CHANGELOG.md").read_text()
    repo.write("CHANGELOG.md", text.replace("- What moves too fast is no star\n", ""))
    assert listed(smista) == ["tell a comet from a plane"]
