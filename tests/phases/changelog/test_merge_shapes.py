"""The merge over shapes that changelogs have in the wild, and over files put together from pieces of them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smista_git.phases.changelog.document import parse_document
from smista_git.phases.changelog.entries import Entry
from tests.phases.changelog.test_merge import LINKS, entries, entry, is_kept, merged

SHAPES = {
    'bullets': '# Changelog\n\n## Unreleased\n\n* Bugfixes\n  * First (#1)\n\n* Features\n\n## 1.0\n\n* Docs\n  * Old (#9)\n* Flat (#8)\n',
    'bom': '\ufeff# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2024-01-01\n\n- First (#1)\n',
    'only title': '# Changelog\n',
    'only title no nl': '# Changelog',
    'empty': '',
    'front matter': '---\ntitle: Changelog\nversion: 1.2.3\n---\n\n# Changelog\n\n## 1.0.0\n\n- First (#1)\n',
    'front matter only': '---\ntitle: Changelog\n---\n',
    'table': '# Changelog\n\n| Version | Change |\n| --- | --- |\n| 1.0.0 | First |\n',
    'numbered': '# Changelog\n\n## Unreleased\n\n1. First (#1)\n2. Third (#3)\n\n## 1.0\n\n1. Old (#9)\n',
    'plus': '# Changelog\n\n## Unreleased\n\n+ First (#1)\n',
    'tabs': '# Changelog\n\n## Unreleased\n\n-\tFirst (#1)\n\t-\tnested\n',
    'nested scope': '# Changelog\n\n## Unreleased\n\n- Parser\n  - First (#1)\n  - Third (#3)\n- Lexer\n  - Fourth (#4)\n',
    'fence': '# Changelog\n\n## Unreleased\n\n- First (#1)\n\n  ```md\n  ## 9.9.9\n  - not one\n  ```\n\n## 1.0\n\n- Old (#9)\n',
    'comment': '# Changelog\n\n<!--\n## Unreleased\n\n- template\n-->\n\n## 1.0\n\n- Old (#9)\n',
    'dup': '# Changelog\n\n## 1.0\n\n- One (#5)\n\n## 1.0\n\n- Old (#9)\n',
    'yanked': '# Changelog\n\n## [Unreleased]\n\n## [1.0.1] - 2024-01-02 [YANKED]\n\n### Fixed\n\n- Bad (#8)\n\n## [1.0.0] - 2024-01-01\n\n### Fixed\n\n- Old (#9)\n',
    'links end': '# Changelog\n\n## [Unreleased]\n\n[unreleased]: https://github.com/o/n/compare/v1...HEAD\n[1.0.0]: https://x\n',
    'several products': '# App\n\n## Unreleased\n\n- First (#1)\n\n## 1.0\n\n- x (#7)\n\n# Library\n\n## Unreleased\n\n- Lib (#8)\n',
    'rst': 'Changelog\n=========\n\n1.0.0 (2024-01-01)\n------------------\n\n* First (:issue:`1`)\n* Third\n  goes on (:issue:`3`)\n\n0.9.0 (2023-01-01)\n------------------\n\n* Old (:issue:`9`)\n',
    'rst over': '=========\nChangelog\n=========\n\nVersion 1.0.0\n=============\n\n- First\n',
    'adoc': '= Changelog\n\n== 1.0.0\n\n* First (#1)\n* Third (#3)\n',
    'prose': '# Changelog\n\n## 1.0.0\n\nThis release brings a lot of things. See #1.\n\n## 0.9\n\nMore.\n',
    'crlf nofinal': '# C\r\n\r\n## Unreleased\r\n\r\n- First (#1)',
    'debian': 'foo (1.0-1) unstable; urgency=low\n\n  * First\n\n -- A <a@b.c>  Mon, 01 Jan 2024 00:00:00 +0000\n',
    'gnu': '2024-01-01  Ada  <a@b.c>\n\n\t* file.c: Mend.\n',
    'rst groups': 'Changelog\n=========\n\n1.0.0\n-----\n\nFeatures\n~~~~~~~~\n\n- First (#1)\n- x (#7)\n\nBug fixes\n~~~~~~~~~\n\n- y\n',
    'rst title': 'Changelog\n=========\n',
}  # fmt: skip
NEW = (entry("second", pull=2), entry("mend the thing", "fix", pull=4, rank=2))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_shape_keeps_its_lines_and_twice_is_once(shape: str, newline: str, mark: str) -> None:
    text = mark + SHAPES[shape].replace("\r\n", "\n").replace("\n", newline).removeprefix(mark)
    once = merged(text, *NEW, links=LINKS)
    assert is_kept(text, once)
    assert "econd" in once and merged(once, *NEW, links=LINKS) == once
    assert merged(text, *reversed(NEW), links=LINKS) == once
    if "\n" in text:
        assert once.count("\r\n") in (0, once.count("\n"))


pieces = st.sampled_from(
    [piece + "\n\n" for shape in SHAPES.values() for piece in shape.split("\n\n") if piece]
)


@given(st.lists(pieces, max_size=12).map("".join), entries())
@settings(max_examples=300, deadline=None)
def test_pieces_of_them_in_any_order_too(text: str, new: list[Entry]) -> None:
    once = merged(text, *new, links=LINKS)
    assert is_kept(text, once)
    assert merged(once, *new, links=LINKS) == once
    assert merged(text, *reversed(new), links=LINKS) == once


def test_what_is_new_is_as_deep_as_the_entry_above_it() -> None:
    text = "## [Unreleased]\n\n\t* file.c: Mend.\n\n\n-\tFirst (#1)\n\t-\tnested\n\n"
    once = merged(text, *NEW, links=LINKS)
    assert "\n* " in once and merged(once, *NEW, links=LINKS) == once


def test_a_section_of_one_form_gets_groups_of_its_form() -> None:
    text = "## [Unreleased]\n\n1.0.0\n-----\n\nChangelog\n=========\n\n- First (#1)\n\nFeatures\n~~~~~~~~\n\n"
    once = merged(text, *NEW, links=LINKS)
    assert "\n### " in once and merged(once, *NEW, links=LINKS) == once


def test_a_numbered_list_is_counted_on() -> None:
    assert "2. Third (#3)\n3. Second (#2)\n4. Mend the thing (#4)\n" in merged(SHAPES["numbered"], *NEW)


def test_the_headings_of_restructured_text_are_underlined_as_its_own_are() -> None:
    found = merged(SHAPES["rst groups"], *NEW)
    assert "Unreleased\n----------\n\nFeatures\n~~~~~~~~\n\n- second (#2)\n" in found and "#" not in found[:9]
    assert "* Second (:issue:`2`)\n* Mend the thing (:issue:`4`)\n" in merged(SHAPES["rst"], *NEW)


def test_what_stands_in_fences_comments_and_front_matter_is_no_heading() -> None:
    assert merged(SHAPES["fence"], *NEW).index("- Second") > SHAPES["fence"].index("9.9.9")
    assert merged(SHAPES["comment"], *NEW).count("## Unreleased") == 2
    settings_first = "---\nv1.2.3\n---\n\n# Changelog\n"
    assert merged(settings_first, *NEW).startswith(settings_first)


def test_two_megabytes_take_seconds() -> None:
    release = (
        "## [{0}.0.0] - 2024-01-01\n\n### Added\n\n" + "- Handle one more thing of {0} (#{0}7)\n" * 50 + "\n"
    )
    text = "# Changelog\n\n## [Unreleased]\n\n" + "".join(release.format(v) for v in range(1100, 0, -1))
    assert len(text) > 2_000_000
    start_s = time.process_time()
    assert is_kept(text, merged(text, *NEW))
    assert time.process_time() - start_s < 30


def test_who_made_an_entry_is_no_part_of_the_references_of_others() -> None:
    def old(number: int, *credits: str) -> str:
        names = "".join(f", [@{name}](https://github.com/{name})" for name in credits)
        return f"- Old {number} ([#{number}](https://github.com/o/n/pull/{number}){names})\n"

    text = (
        "## [Unreleased]\n\n## [1.0.0]\n\n"
        + old(91, "a")
        + old(92, "a", "b-c")
        + "- Third. ([@d](https://github.com/d))\n"
    )
    assert "- Second ([#2](https://github.com/o/n/" in merged(text, *NEW, links=LINKS)
    assert "))" in merged(text, *NEW, links=LINKS).split("- Second")[1].split("\n")[0]


def test_a_new_release_has_its_sections_in_the_order_of_the_last() -> None:
    text = "# Changelog\n\n## 1.0.0\n\n### Bug Fixes\n\n- One (#91)\n\n### Features\n\n- Two (#92)\n"
    found = merged(text, *NEW)
    assert found.index("### Bug Fixes") < found.index("### Features") < found.index("## 1.0.0")


def test_references_get_the_links_that_those_of_the_file_have() -> None:
    old = "## 1.0.0\n\n- Old ([#9])\n- Older ([#3])\n\n[1.0.0]: https://x\n"
    falling = '[#9]:https://github.com/o/n/pull/9  "by Ada"\n[#3]:https://github.com/o/n/pull/3\n'
    once = merged(old + falling, *NEW, links=LINKS)
    assert once.endswith(
        '[1.0.0]: https://x\n[#9]:https://github.com/o/n/pull/9  "by Ada"\n[#4]:https://github.com/o/n/pull/4\n'
        "[#3]:https://github.com/o/n/pull/3\n[#2]:https://github.com/o/n/pull/2\n"
    )
    assert merged(once, *NEW, links=LINKS) == once
    rising = "[#1]: https://github.com/o/n/pull/1\n[#3]: https://github.com/o/n/pull/3"
    assert merged(old + rising, *NEW, links=LINKS).endswith(
        "[#1]: https://github.com/o/n/pull/1\n[#2]: https://github.com/o/n/pull/2\n"
        "[#3]: https://github.com/o/n/pull/3\n[#4]: https://github.com/o/n/pull/4\n"
    )
    assert "pull/2" not in merged(old + falling, *NEW) and "pull/2" not in merged(old, *NEW, links=LINKS)


def test_a_block_belongs_to_its_entry_and_ends_with_it() -> None:
    text = "## 1.0\n\n- One\n```\ncode\n\n- more\n```\n- Two\n  ```\n  never closed\n- Three\n"
    texts = [item.text for item in parse_document(text).sections[0].items]
    assert texts == ["One ``` code - more ```", "Two ``` never closed", "Three"]
    unclosed = parse_document(text + "  ```\n  x\n  ```\n").sections[0].items
    assert [item.text for item in unclosed] == texts[:2]


def test_links_go_to_the_release_where_each_has_its_own() -> None:
    text = "".join(
        f"## {n}.0.0\n\n### {'Added' if n == 3 else 'Fixed'}\n\n- Old ([#{n}1])\n- More ([#{n}2])\n\n[#{n}1]: https://x/{n}1\n[#{n}2]: https://x/{n}2\n\n"
        for n in (3, 2)
    )
    once = merged(text, NEW[0], links=LINKS)
    assert once.startswith(
        "## Unreleased\n\n### Added\n\n- Second ([#2])\n\n[#2]: https://github.com/o/n/pull/2\n\n## 3.0.0\n"
    )
    assert is_kept(text, once) and merged(once, NEW[0], links=LINKS) == once
    twice = merged(once, NEW[0], entry("plug the hole", "security", pull=4), links=LINKS)
    assert twice.startswith(
        "## Unreleased\n\n### Added\n\n- Second ([#2])\n\n### Security\n\n- Plug the hole ([#4])\n\n"
        "[#2]: https://github.com/o/n/pull/2\n[#4]: https://github.com/o/n/pull/4\n\n## 3.0.0\n"
    )
