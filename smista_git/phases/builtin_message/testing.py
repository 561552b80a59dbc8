"""Tests: what they are about, by their titles and names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.paths import spoken
from smista_git.phases.builtin_message.reading import Reading
from smista_git.phases.builtin_message.wording import speakable

_TITLE = regex(
    r"""^\s*(?:it|test|specify|scenario)(?:\.\w+)*\s*\(?\s*(?P<quote>['"`])(?P<title>.+?)(?P=quote)"""
)
_NAMED = regex(
    r"^\s*(?:async\s+)?(?:def|fn|pub fn|async fn|func|function|fun|void|public void|public function)\s+`?(?:test_?|Test_?|should_?)(?P<title>\w[\w ]*)"
)
_ANY_FN = regex(r"^\s*(?:pub\s+)?(?:async\s+)?(?:fn|void|public void|fun|func)\s+`?(?P<title>\w[\w ]*)")
_MARK = regex(r"^\s*(?:#\[(?:\w+::)*test\b|#\[test_case|#\[rstest|@Test\b|\[Fact\]|\[Test\])")
_CASE = regex(r"""^\s*(?:name|desc|description|title|testName)\s*:\s*["'`](?P<title>[^"'`]+)["'`],?\s*$""")
_CAMEL = regex(r"(?<=[a-z0-9])(?=[A-Z])")


def test_titles(reading: Reading) -> list[str]:
    """The titles of tests that came new, as sentences of plain words, in order."""
    gone = set(_titles(reading.removed))
    return [t for t in dict.fromkeys(_titles(reading.added)) if t not in gone]


def _titles(lines: Iterator[str]) -> Iterator[str]:
    marked = False
    for line in lines:
        found = (
            _TITLE.match(line)
            or _NAMED.match(line)
            or (_ANY_FN.match(line) if marked else None)
            or _CASE.match(line)
        )
        if found is not None:
            yield sentence(found["title"])
        marked = _MARK.match(line) is not None or (marked and line.lstrip().startswith(("#[", "@")))


def sentence(title: str) -> str:
    """A title or a name of a test as words: ``parse_empty_footer`` gives ``parse empty footer``."""
    if " " in title:
        return title.strip()
    return (
        " ".join(_CAMEL.sub(" ", title.replace("_", " ")).lower().split())
        if "_" in title or title[:1].isupper()
        else title
    )


def test_facts(readings: Sequence[Reading]) -> Iterator[Fact]:
    """What was tested, file by file; snapshots and fixtures by kind."""
    for reading in readings:
        if (
            reading.role != "test"
            or reading.file.status in {"added", "deleted"}
            or not speakable(spoken(reading.path))
        ):
            continue
        titles = [t for t in test_titles(reading) if speakable(t, limit=56)]
        name = subject_of(reading.path)
        if len(titles) == 1:
            said = f'"{titles[0]}"' if " " in titles[0] and _is_quote(reading, titles[0]) else titles[0]
            yield Fact("test", "cover", (said,), weight=4, path=reading.path)
        elif titles:
            yield Fact("test", "add", (name,), "tests", weight=4, path=reading.path)
        else:
            yield Fact("test", "update", (name,), "tests", weight=2, path=reading.path)
    fixtures = [r for r in readings if r.role == "fixture" and r.file.status == "modified"]
    if fixtures:
        yield Fact("test", "update", (), _fixture_noun(fixtures), weight=2, path=fixtures[0].path)


def _is_quote(reading: Reading, title: str) -> bool:
    """True when the title stands there as a sentence, not as a name taken apart."""
    return '"' not in title and any(title in line for line in reading.added)


def subject_of(path: str) -> str:
    """What the tests of a file are about, by its name."""
    name = spoken(path)
    for affix in ("test_", "tests_", "spec_"):
        name = name.removeprefix(affix)
    for affix in ("_test", "_spec", "-test", "Tests", "Test"):
        name = name.removesuffix(affix) or name
    return name


def _fixture_noun(readings: Sequence[Reading]) -> str:
    paths = [r.path for r in readings]
    for mark, noun in (("snap", "snapshots"), ("golden", "golden files"), ("testdata", "testdata")):
        if all(mark in p for p in paths):
            return noun
    return "fixtures"
