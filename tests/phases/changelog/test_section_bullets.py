"""Sections that are bullets themselves, with their entries indented below."""

from __future__ import annotations

import pytest

from smista_git.phases.changelog.document import parse_document
from tests.phases.changelog.test_merge import LINKS, entry, is_kept, merged

FEAT, FIX, PERF = entry("new", pull=2), entry("mend it", "fix", pull=4), entry("quicker", "perf", pull=6)
SPACED = """\
## 2.0 / 2024-01-01

* Features
  * Add one ([#91])
  * Add two ([#92])

* Bugfixes
  * Mend three ([#93])

* Performance
  * Speed four up ([#94])

## 1.1 / 2023-02-01

* Features
  * Add six ([#96])

## 1.0 / 2023-01-01

* 2 Bugfixes:
  * Mend five ([#95])
"""
TIGHT = """\
### 2.0

* breaking changes
  * Drop one #91
* bug fixes
  * Mend two #92
    which goes on

    here
    * and here
  * Mend three #93
"""
LOOSE = """\
## 2.0

- **New features:**

    - Add one (#91)
    - Add two (#92)

- **Bug fixes:**

    - Mend three (#93)
"""


def groups(text: str) -> list[list[tuple[str, int]]]:
    return [[(g.title, len(g.items)) for g in section.groups] for section in parse_document(text).sections]


def test_they_are_seen() -> None:
    assert groups(SPACED) == [
        [("", 0), ("Features", 2), ("Bugfixes", 1), ("Performance", 1)],
        [("", 0), ("Features", 1)],
        [("", 1)],
    ]
    assert groups(TIGHT) == [[("", 0), ("breaking changes", 1), ("bug fixes", 2)]]
    assert groups(LOOSE) == [[("", 0), ("New features", 2), ("Bug fixes", 1)]]


@pytest.mark.parametrize("text", [SPACED, TIGHT, LOOSE])
def test_entries_go_beneath_them(text: str) -> None:
    before = text.count("\n")
    once = merged(text, FEAT, FIX, version="2.0", links=LINKS)
    assert is_kept(text, once) and merged(once, FEAT, FIX, version="2.0", links=LINKS) == once
    found = dict(groups(once)[0])
    assert found == {**dict(groups(text)[0]), **found} and once.count("\n") > before
    fix = next(g for g in parse_document(once).sections[0].groups if "ug" in g.title)
    assert any("end it" in item.text for item in fix.items) and len({i.indent for i in fix.items}) == 1


def test_a_new_section_is_a_bullet_in_the_words_of_the_file() -> None:
    text = "## Unreleased\n\n* Bugfixes\n  * Mend nine ([#99])\n\n" + SPACED
    assert merged(text, FEAT, PERF, links=LINKS).startswith(
        "## Unreleased\n\n* Features\n  * New ([#2])\n\n* Bugfixes\n  * Mend nine ([#99])\n\n"
        "* Performance\n  * Quicker ([#6])\n\n## 2.0"
    )
    assert merged("## Unreleased\n\n" + SPACED, FIX, FEAT, links=LINKS).startswith(
        "## Unreleased\n\n* Features\n  * New ([#2])\n\n* Bugfixes\n  * Mend it ([#4])\n\n## 2.0"
    )
    tight = merged("### Unreleased\n\n" + TIGHT, FIX, entry("away", "feat", breaking=True, pull=8))
    assert tight.startswith(
        "### Unreleased\n\n* breaking changes\n  * Away #8\n* bug fixes\n  * Mend it #4\n\n### 2.0"
    )
    loose = merged(LOOSE, FEAT, FIX)
    assert loose.startswith(
        "## Unreleased\n\n- **New features:**\n\n    - New (#2)\n\n- **Bug fixes:**\n\n    - Mend it (#4)\n\n## 2.0"
    )


def test_an_empty_one_is_filled() -> None:
    text = "## Unreleased\n\n* Features\n\n* Bugfixes\n  * Your bugfix goes here (#Number)\n\n" + SPACED
    assert merged(text, FEAT, FIX).startswith(
        "## Unreleased\n\n* Features\n  * New ([#2])\n\n* Bugfixes\n  * Mend it ([#4])\n  * Your bugfix"
    )


@pytest.mark.parametrize(
    "text",
    [
        "## 1.0\n\n- Parser\n  - First (#1)\n- Lexer\n  - Fourth (#4)\n",
        "## 1.0\n\n- Mend one\n- Mend two\n- Performance\n  - Quicker\n",
        "## 1.0\n\n### Fixed\n\n- **fixes:**\n  - one\n",
        "## 1.0\n\n* deps: debug@2.6\n  - Mend one\n* 3 bug fixes:\n  * One\n",
    ],
)
def test_what_only_looks_so_is_none(text: str) -> None:
    assert {title for title, _ in groups(text)[0]} <= {"", "Fixed"}


def test_a_release_that_is_flat_stays_flat() -> None:
    text = "## Unreleased\n\n* Mend nine ([#99])\n\n" + SPACED
    assert "* Mend nine ([#99])\n* New ([#2])\n\n## 2.0" in merged(text, FEAT)


def test_a_name_that_many_releases_have_is_one_too() -> None:
    text = "".join(f"## {n}.0\n\n* JRuby\n  * Mend {n} (#{n}1)\n\n" for n in range(4, 0, -1))
    assert groups(text)[0] == [("", 0), ("JRuby", 1)]
