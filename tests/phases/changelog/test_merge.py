"""The merge over generated and over odd files: no line lost or changed, twice is once, order does not matter."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smista_git.phases.changelog.document import parse_document
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.heading import Target
from smista_git.phases.changelog.links import Links
from smista_git.phases.changelog.merge import merge
from smista_git.phases.changelog.release import Wording
from smista_git.phases.changelog.style import Style
from smista_git.phases.conventional import Reference

LINKS = Links(
    "https://github.com/o/n", "/commit/{}", "/issues/{}", "/pull/{}", "/compare/{}...{}", "/releases/tag/{}"
)
STYLE = Style(tail=" ({ref})")


def entry(text: str, kind: str = "feat", *, pull: int | None = None, rank: int = 0, **more: object) -> Entry:
    reference = Reference(pull) if pull else None
    return Entry(text, kind, (f"{rank:040x}",), pull=reference, rank=rank, conventional=True, **more)  # type: ignore[arg-type]


def merged(text: str, *entries: Entry, version: str | None = None, links: Links | None = None) -> str:
    target = Target(version, "2024-05-06" if version else None)
    return merge(text, entries, target=target, wording=Wording(), style=STYLE, links=links).text


def is_kept(old: str, new: str) -> bool:
    """True when every line of ``old`` stands in ``new``, unchanged and in its order; only the last may get an end."""
    lines = iter(new.split("\n"))
    whole = old.removesuffix("\n").split("\n") if old.strip("\ufeff") else []
    last = None if old.endswith("\n") else len(whole) - 1
    return all(
        any(line == other or (i == last and line == other.removesuffix("\r")) for other in lines)
        for i, line in enumerate(whole)
    )


words = st.sampled_from(
    [
        "cache",
        "login",
        "window",
        "socket",
        "parser",
        "index",
        "router",
        "colour",
        "theme",
        "export",
        "import",
        "batch",
        "queue",
    ]
)
texts = st.lists(words, min_size=2, max_size=5).map(lambda found: "handle " + " ".join(found))
kinds = st.sampled_from(["feat", "fix", "perf", "remove", "deprecate", "security", "change"])


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    leans = st.sampled_from([(), (("added", 2.0), ("bug fixes", -1.0), ("fixed", -4.0))])
    drawn = draw(st.lists(st.tuples(texts, kinds, st.booleans(), leans), max_size=8))
    return [
        entry(t, k, pull=100 + i if p else None, rank=i, leans=lean, section="Added" if lean else "")
        for i, (t, k, p, lean) in enumerate(drawn)
    ]


lines = st.one_of(
    st.sampled_from(
        [
            "# Changelog", "## [Unreleased]", "## Unreleased", "## 1.0.0 - 2024-01-01", "## v0.9.0", "### Added", "### Fixed",
            "### Bug Fixes", "", "", "- one thing (#1)", "* another thing", "  more of it", "    - nested", "Some words.",
            "1.2.0 (2024-01-01)", "==================", "------", "```", "<!-- hidden -->", "<!--", "-->", "**Fixed**",
            "[unreleased]: https://github.com/o/n/compare/v1...HEAD", "[1.0.0]: https://example.org", "\ttab", "- ", "***",
        ]
    ),
    st.text(alphabet=st.characters(exclude_characters="\n"), max_size=20),
)  # fmt: skip
files = st.builds(
    lambda parts, newline, last: newline.join(parts) + (newline if last and parts else ""),
    st.lists(lines, max_size=25),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)


@given(files)
@settings(max_examples=300, deadline=None)
def test_any_file_comes_back_as_it_was(text: str) -> None:
    document = parse_document(text)
    assert document.text == text
    for section in document.sections:
        assert 0 <= section.start < section.body <= max(section.end, section.body) <= len(document.lines)
    for one, other in pairwise(document.sections):
        assert one.start < other.start


@given(files, entries())
@settings(max_examples=400, deadline=None)
def test_no_line_is_lost_or_changed(text: str, new: list[Entry]) -> None:
    assert is_kept(text, merged(text, *new))


@given(files, entries())
@settings(max_examples=400, deadline=None)
def test_twice_gives_the_same_file(text: str, new: list[Entry]) -> None:
    once = merged(text, *new)
    assert merged(once, *new) == once


@given(files, entries(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_of_entries_does_not_matter(text: str, new: list[Entry], chance: random.Random) -> None:
    shuffled = list(new)
    chance.shuffle(shuffled)
    assert merged(text, *shuffled) == merged(text, *new)


KEEP = "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2024-01-01\n\n### Added\n\n- First (#1)\n"

CASES = {
    "into an empty section to come": (
        KEEP,
        "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Second (#2)\n\n## [1.0.0] - 2024-01-01\n\n### Added\n\n- First (#1)\n",
    ),
    "no section to come yet": (
        "# Changes\n\n## v1.0.0 (2024-01-01)\n\n* First (#1)\n",
        "# Changes\n\n## Unreleased\n\n* Second (#2)\n\n## v1.0.0 (2024-01-01)\n\n* First (#1)\n",
    ),
    "underlined headings": (
        "Changes\n=======\n\n1.0.0 (2024-01-01)\n------------------\n\n- First (#1)\n",
        "Changes\n=======\n\nUnreleased\n----------\n\n- Second (#2)\n\n1.0.0 (2024-01-01)\n------------------\n\n- First (#1)\n",
    ),
    "carriage returns": (
        "# C\r\n\r\n## Unreleased\r\n\r\n### Added\r\n\r\n- First (#1)\r\n",
        "# C\r\n\r\n## Unreleased\r\n\r\n### Added\r\n\r\n- First (#1)\r\n- Second (#2)\r\n",
    ),
    "no newline at the end": (
        "## Unreleased\n\n### Added\n\n- First (#1)",
        "## Unreleased\n\n### Added\n\n- First (#1)\n- Second (#2)\n",
    ),
    "the past tense, a period and a link before": (
        "## Unreleased\n\n## 1.0\n\n### Added\n\n- [#1](https://github.com/o/n/pull/1): Added a cat.\n- [#3](https://github.com/o/n/pull/3): Removed a dog.\n",
        "## Unreleased\n\n### Added\n\n- [#2](https://github.com/o/n/pull/2): Second.\n\n## 1.0\n\n### Added\n\n- [#1](https://github.com/o/n/pull/1): Added a cat.\n- [#3](https://github.com/o/n/pull/3): Removed a dog.\n",
    ),
    "other names for the same sections": (
        "## Unreleased\n\n### Bug Fixes\n\n- Mend (#5)\n\n## 1.0\n\n### Features\n\n- First (#1)\n",
        "## Unreleased\n\n### Features\n\n- Second (#2)\n\n### Bug Fixes\n\n- Mend (#5)\n\n## 1.0\n\n### Features\n\n- First (#1)\n",
    ),
    "below the comment that asks for it": (
        "## main\n\n<!-- Your comment below here -->\n<!-- Your comment above here -->\n\n## 1.0\n\n* First (#1)\n",
        "## main\n\n<!-- Your comment below here -->\n* Second (#2)\n<!-- Your comment above here -->\n\n## 1.0\n\n* First (#1)\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_files_in_the_wild(name: str) -> None:
    before, after = CASES[name]
    second = entry("second", pull=2)
    assert merged(before, second, links=LINKS if "github" in before else None) == after


def test_a_version_gets_its_place_between_others() -> None:
    text = "# C\n\n## 2.0.0\n\n### Added\n\n- Two (#2)\n\n## 1.0.0\n\n### Added\n\n- One (#1)\n"
    found = merged(text, entry("between", pull=5), version="1.5.0")
    assert found.index("## 2.0.0") < found.index("## 1.5.0") < found.index("## 1.0.0")


@pytest.mark.parametrize(
    "listed",
    [
        "- Something else altogether (#77)",
        "- Something else altogether ([#77](https://github.com/o/n/pull/77))",
        "- Something else altogether (0000000000a1)",
        "- Session tokens are rotated now when logging in",
    ],
)
def test_what_is_there_is_known_by_reference_commit_and_meaning(listed: str) -> None:
    text = f"## Unreleased\n\n### Added\n\n{listed}\n"
    known = Entry(
        "rotate session tokens on login",
        "feat",
        ("0000000000a1" + "0" * 28,),
        pull=Reference(77),
        conventional=True,
    )
    if "Session" in listed:
        known = Entry(known.text, "feat", known.oids, conventional=True)
    assert merged(text, known) == text


def test_another_pull_request_with_like_words_is_another_entry() -> None:
    text = "## Unreleased\n\n### Fixed\n\n- Fix crash in the parser on empty input (#7)\n"
    assert "(#8)" in merged(text, entry("fix crash in the lexer on empty input", "fix", pull=8))


def test_markup_in_a_subject_cannot_break_out_of_its_entry() -> None:
    found = merged(KEEP, entry("show <script>alert(1)</script>\x1b[31m <!-- gone", pull=4))
    assert "\\<script>" in found and "\\<!--" in found and "\x1b" not in found


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("## Version 1.0.0", "## Version 1.1.0\n"),
        ("## 1.0.0 (2024-01-01)", "## 1.1.0 (2024-05-06)\n"),
        ("## [1.0.0] - 2024-01-01", "## [1.1.0] - 2024-05-06\n"),
        ("## v1.0.0 / 2024.01.01", "## v1.1.0 / 2024.05.06\n"),
    ],
)
def test_a_heading_has_a_date_where_those_of_the_file_have_one(heading: str, expected: str) -> None:
    text = f"# Changes\n\n{heading}\n\n- First (#1)\n"
    assert expected in merged(text, entry("second", pull=2), version="1.1.0")


@pytest.mark.parametrize(
    "name", ["[Unreleased]", "TBD", "Upcoming release", "next", "To be released", "<version> - <date>"]
)
def test_the_section_to_come_is_known_by_many_names(name: str) -> None:
    text = f"# Changes\n\n## {name}\n\n- One\n\n## 1.0\n\n- Old\n"
    assert merged(text, entry("two")) == text.replace("- One\n", "- One\n- Two\n")
