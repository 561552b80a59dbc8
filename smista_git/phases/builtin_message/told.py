"""Sentences that the change itself carries: a changelog entry, a change file, a test's title, a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.reading import Reading
from smista_git.phases.builtin_message.statements import is_comment
from smista_git.phases.builtin_message.testing import test_titles
from smista_git.phases.builtin_message.wording import imperative, speakable

_BULLET = regex(r"^\s*[-*+]\s+(?P<text>.+)$")
_PREFIX = regex(r"^(?:\*\*[^*]+\*\*:?\s*|\[[^\]]+\]\s+|[a-z]+(?:\([\w./-]+\))?!?:\s+)")
_LINK = regex(r"\[([^\]]*)\]\([^)]*\)")
_REFERENCE = regex(
    r"\s*[\[(]?(?:(?:[Ff]ix|[Cc]lose|[Rr]esolve)\w*\s+)?#\d+[\])]?|\s*\bby @[\w-]+.*$|\s*\(@[\w-]+\)"
)
_NEVER = regex(
    r"https?:|#\d|@\w+[^\w/]|TODO|FIXME|XXX|HACK|noqa|eslint|prettier|@ts-|nolint|type: ?ignore|[{}]|\$\{|copyright",
    re.I,
)
_OPENING = regex(r"^\s*(?:#+|//[/!]?|/\*\*?|\*|--|;+|<!--)\s*")
_CLAUSE = regex(r"(?:, | so that | because | since | which | - |; | \(| when | if | to avoid | instead of )")
_SHOULD = regex(
    r"^(?:it |that |we )?(?:should|must|will)\s+(?:be able to\s+|correctly\s+|properly\s+)?", re.I
)
# Nouns as often as verbs: in a comment only what follows them tells.
_AMBIGUOUS_WORDS = """
    default test name state output request report record release process work point patch order label
    list group support display log map match mark cache filter format query search sort trace track
    return set load print reference schedule call change check copy count define export import measure
    notice override read start stop use
"""
_AMBIGUOUS = frozenset(_AMBIGUOUS_WORDS.split())
_DETERMINERS_WORDS = """
    the a an all any each every its this that these our only default same both if whether
"""
_DETERMINERS = frozenset(_DETERMINERS_WORDS.split())
_NOT = regex(r"^(?:does not|doesn't|do not|don't|not|never)\s+(?P<rest>.+)$", re.I)


def told_facts(readings: Sequence[Reading]) -> Iterator[Fact]:
    """What the change says of itself, the plainest source first."""
    code = [r for r in readings if r.role in {"source", "ci", "config"}]
    if not code:
        return
    for reading in readings:
        if reading.role == "changelog":
            yield from _entries(reading)
    titles = [t for r in readings if r.role in {"test", "source"} for t in test_titles(r)]
    for title in [t for t in titles if " " in t][:6]:
        if fact := told(title, weight=4.5 if len(titles) < 4 else 3.0):
            yield fact
    for reading in code:
        yield from _comments(reading)


def _entries(reading: Reading) -> Iterator[Fact]:
    """The entries that a changelog or a change file got, unless a whole release came with them."""
    lines = list(reading.added)
    if any(re.match(r"^#{1,3}\s.*\d+\.\d+", line) for line in lines):
        return
    entries = [m["text"] for line in lines if (m := _BULLET.match(line))]
    if not entries and reading.file.status == "added":
        entries = [line for line in _past_front_matter(lines) if line.strip()][:1]
    if len(entries) <= 2:
        yield from (f for e in entries if (f := told(e, weight=8, path=reading.path)))


def _past_front_matter(lines: list[str]) -> list[str]:
    if lines[:1] == ["---"] and "---" in lines[1:]:
        return lines[lines.index("---", 1) + 1 :]
    return lines


def _comments(reading: Reading) -> Iterator[Fact]:
    """Comments in the imperative that open a run of new code."""
    for block in reading.blocks:
        first = block.added[0] if block.added else ""
        if len(block.added) < 2 or not is_comment(first) or is_comment(block.added[1]):
            continue
        if fact := told(_OPENING.sub("", first).rstrip("*/ "), weight=3.5, path=reading.path, certain=True):
            yield fact


def told(text: str, *, weight: float, path: str = "", certain: bool = False) -> Fact | None:
    """A sentence as a fact in the imperative, its clauses ready to be dropped; None where it will not do.

    ``certain``: the first word must stand in the imperative already, as in a comment.
    """
    clean = _cleaned(text)
    if _NEVER.search(clean) or not speakable(clean, limit=160):
        return None
    clean = _SHOULD.sub("", clean)
    lead = ""
    if denied := _NOT.match(clean):
        clean, lead = denied["rest"], "not"
    first, _, rest = clean.partition(" ")
    verb = imperative(first.strip(",:"))
    if verb is None or not rest or (certain and verb != first.lower()) or len(rest.split()) < 2:
        return None
    if certain and verb in _AMBIGUOUS and rest.split()[0].lower() not in _DETERMINERS:
        return None
    cut = _CLAUSE.search(rest, 8)
    head, tail = (rest[: cut.start()], rest[cut.start() :]) if cut else (rest, "")
    if len(head) > 60 or head.count("`") % 2 or head.count('"') % 2:
        return None
    return Fact(
        "told",
        "do not" if lead else verb,
        (head,),
        tail=tail.strip(),
        lead=verb if lead else "",
        weight=weight,
        path=path,
    )


def _cleaned(text: str) -> str:
    text = _LINK.sub(r"\1", text.strip())
    text = _REFERENCE.sub("", _PREFIX.sub("", text))
    return re.split(r"\.\s", text)[0].strip().rstrip(".:;,!").strip()
