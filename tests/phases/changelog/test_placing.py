"""Sections learned from the file: an entry goes where people put its like."""

from __future__ import annotations

import pytest

from smista_git.phases.changelog.document import parse_document
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.placing import Home, learn_placing
from smista_git.phases.changelog.traits import Touched

FILE = "# Changes\n\n" + "".join(
    f"""## 1.{number}.0

### Stable style

- Keep the brackets of a lambda number {number} where they are
- Split a long return annotation {number} by its brackets

### Integrations

- Let the vim plugin find version {number}
- Mend the docker image of version {number}

### Bug fixes

- Fix a crash on empty input {number}

### Contributors

- Ada and {number} others with brackets and docker

"""
    for number in range(5)
)


@pytest.mark.parametrize(
    ("text", "kind", "section"),
    [
        ("keep brackets around a long lambda", "change", "Stable style"),
        ("build the docker image for arm", "feat", "Integrations"),
        ("stop the crash on a lonely surrogate", "fix", "Bug fixes"),
    ],
)
def test_an_entry_goes_where_its_like_stands(text: str, kind: str, section: str) -> None:
    placing = learn_placing(parse_document(FILE))
    assert placing.knows
    assert placing.best(Entry(text, kind, ())) == section


def test_the_newest_way_to_write_a_name_is_taken_and_people_are_no_section() -> None:
    placing = learn_placing(parse_document(FILE.replace("### Bug fixes", "### :bug: Bug Fixes", 1)))
    assert sorted(placing.titles.values()) == [":bug: Bug Fixes", "Integrations", "Stable style"]


def test_too_little_is_not_learned_from() -> None:
    assert not learn_placing(parse_document("## 1.0\n\n### Odd\n\n- one\n\n### Ends\n\n- two\n")).knows


def test_what_commits_touched_tells_their_section_where_words_do_not() -> None:
    document = parse_document(FILE)
    website, program = (
        Touched(frozenset({path}), frozenset({role}))
        for path, role in (("site/a.html", "docs"), ("a.py", "source"))
    )
    homes = [Home(Entry(f"part {i}", "change", ()), website, "Integrations") for i in range(9)]
    homes += [Home(Entry(f"part {i}", "change", ()), program, "Stable style") for i in range(9)]
    placing = learn_placing(document, homes)
    new = Entry("polish it", "change", ())
    assert [placing.placed(new, t).section for t in (website, program)] == ["Integrations", "Stable style"]


def test_security_has_a_section_of_its_own_where_keep_a_changelog_does() -> None:
    file = "".join(
        f"## 1.{i}.0\n\n### Fixed\n\n- Mend part {i}\n\n### Added\n\n- Part {i}\n\n" for i in range(6)
    )
    placing = learn_placing(parse_document(file))
    assert placing.best(Entry("mend a hole", "security", ())) == "Security"
    assert placing.best(Entry("mend a part", "fix", ())) == "Fixed"


def test_a_file_with_few_entries_under_sections_has_none_to_learn() -> None:
    loose = "".join(f"- Part {number}\n" for number in range(20))
    text = f"## 2.0\n\n{loose}\n### Highlights\n\n" + "- Shine\n" * 6
    assert not learn_placing(parse_document(text)).knows


RELEASES = "".join(
    f"## 1.{i}.0\n\n### Fixes\n\n- Mend the window of part {i}\n\n### Features\n\n- A window for part {i}\n\n"
    for i in range(6)
)


@pytest.mark.parametrize(
    ("own", "section"),
    [
        ("### Features\n\n- A cache for names\n- A cache for places\n", "Fixes"),
        ("### Bug fixes\n\n- Mend the door\n\n### Features\n\n- A cache for names\n", "Bug fixes"),
        ("### All updates\n\n- A cache for names\n- Mend the door\n", "Fixes"),
        ("### All updates\n\n" + "".join(f"- Mend door {i} for {i}\n" for i in range(30)), "All updates"),
    ],
)
def test_the_release_that_is_written_and_the_older_ones_tell_a_section_together(
    own: str, section: str
) -> None:
    document = parse_document(f"## Unreleased\n\n{own}\n{RELEASES}")
    written = document.sections[0]
    placing = learn_placing(document, within=written)
    here = [group.title for group in written.groups if group.title]
    leaning = Entry("mend the window again", "fix", (), leans=(("fixes", 1.0), ("features", -1.0)))
    assert placing.best(leaning, here) == section


def test_a_release_with_sections_after_many_without_any_fills_its_own() -> None:
    loose = "".join(f"## 1.{i}.0\n\n- Part {i}\n- Mend part {i}\n\n" for i in range(9))
    document = parse_document(f"## Unreleased\n\n### All updates\n\n- One\n- Two\n\n{loose}")
    placing = learn_placing(document, within=document.sections[0])
    assert placing.knows and placing.best(Entry("mend it", "fix", ()), ["All updates"]) == "All updates"


def test_a_section_for_security_takes_nothing_else_however_full_it_is() -> None:
    file = "".join(f"## 1.{i}.0\n\n### Security\n\n- Escape header {i}\n\n" for i in range(8))
    file += "## 0.9.0\n\n### Changed\n\n- Read the header of a part\n\n"
    assert learn_placing(parse_document(file)).best(Entry("read header names", "change", ())) == "Changed"
