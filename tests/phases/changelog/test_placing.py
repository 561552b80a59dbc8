"""Sections learned from the file: an entry goes where people put its like."""

from __future__ import annotations

import pytest

from smista_git.phases.changelog.document import parse_document
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.placing import learn_placing

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
