"""Cuts a patch into its sections and reads the hunks of one section.

Names are never read from a patch: they are quoted, ambiguous, and any of them may look like a header. Inside a
section every line of content starts with ``+``, ``-``, a space or a backslash, so a line that starts with
``diff --git`` is always git's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from smista_git.change.model import Hunk, HunkLines, Line
from smista_git.change.raw import RawEntry

_SECTION = re.compile(rb"^(?:diff --(?:git|cc|combined) |\* Unmerged path )", re.MULTILINE)
_PLAIN = b"diff --git "
_NEXT_PLAIN = b"\n" + _PLAIN
_INDEX = re.compile(rb"^index ([0-9a-f]+)\.\.([0-9a-f]+)", re.MULTILINE)
_HEADER = re.compile(rb"@@ -(\d{1,18})(?:,(\d{1,18}))? \+(\d{1,18})(?:,(\d{1,18}))? @@ ?(.*)", re.DOTALL)
_HUNK = b"@@ "
_NEXT_HUNK = b"\n@@ "
LOOK_AHEAD = 64


class Section(NamedTuple):
    """Where one file's part of a patch lies: header from ``start``, hunks from ``body``, up to ``end``."""

    start: int
    body: int
    end: int


def cut_sections(patch: bytes, *, plain: bool) -> list[Section]:
    """The sections of a patch, in order; ``plain`` says that no file is unmerged and no diff a combined one."""
    sections = []
    starts = _plain_starts(patch) if plain and patch.startswith(_PLAIN) else _section_starts(patch)
    for start, end in pairwise([*starts, len(patch)]):
        found = patch.find(_NEXT_HUNK, start, end)
        sections.append(Section(start, end if found < 0 else found + 1, end))
    return sections


def _plain_starts(patch: bytes) -> Iterator[int]:
    # A search for a plain text is many times as fast as one for a pattern.
    at = 0
    while at >= 0:
        yield at if at == 0 else at + 1
        at = patch.find(_NEXT_PLAIN, at + 1)


def _section_starts(patch: bytes) -> Iterator[int]:
    return (match.start() for match in _SECTION.finditer(patch))


def assign_sections(
    entries: Sequence[RawEntry], sections: Sequence[Section], patch: bytes
) -> list[list[Section]]:
    """The sections of each entry: by order where the numbers agree, else by the object names git printed."""
    if sum(entry.section_count for entry in entries) == len(sections):
        rest = iter(sections)
        return [[next(rest) for _ in range(entry.section_count)] for entry in entries]
    return _assign_by_object(entries, sections, patch)


def _assign_by_object(
    entries: Sequence[RawEntry], sections: Sequence[Section], patch: bytes
) -> list[list[Section]]:
    position, assigned = 0, []
    for entry in entries:
        mine: list[Section] = []
        for index in range(position, min(position + LOOK_AHEAD, len(sections))):
            if _belongs(entry, sections[index], patch):
                mine.append(sections[index])
                position = index + 1
                if len(mine) == entry.section_count:
                    break
            elif mine:
                break
        assigned.append(mine)
    return assigned


def _belongs(entry: RawEntry, section: Section, patch: bytes) -> bool:
    found = _INDEX.search(patch, section.start, section.body)
    if found is None:
        return entry.status == "unmerged" or entry.old_oid == entry.new_oid
    old, new = found[1].decode(), found[2].decode()
    old_fits = _same_object(old, entry.old_oid) or (entry.section_count == 2 and not old.strip("0"))
    new_fits = _same_object(new, entry.new_oid) or (entry.section_count == 2 and not new.strip("0"))
    return old_fits and new_fits


def _same_object(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def read_hunks(body: bytes) -> tuple[Hunk, ...]:
    """The hunks of one section, from the bytes after its header; reading stops at the first line that is no diff.

    Lines keep a trailing carriage return: it is content to git, and a change of line ends is a change.
    """
    hunks: list[Hunk] = []
    for start, stop in _bounds(body):
        first = body.find(b"\n", start, stop)
        header = _HEADER.match(body, start, stop if first < 0 else first)
        if header is None:
            break
        content = body[first:stop] if first >= 0 else b""
        if (hunk := _whole_hunk(header, content)) is None:
            lines = _text(content).split("\n")[1:]
            hunk, read = _read_hunk(header, lines)
            if read < len(lines):
                return (*hunks, hunk)
        hunks.append(hunk)
    return tuple(hunks)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _bounds(body: bytes) -> Iterator[tuple[int, int]]:
    """Where each hunk starts and ends, without its last newline; the body begins with one, or has none."""
    start = 0 if body.startswith(_HUNK) else -1
    while start >= 0:
        found = body.find(_NEXT_HUNK, start)
        yield start, len(body) - body.endswith(b"\n") if found < 0 else found
        start = found if found < 0 else found + 1


def _whole_hunk(header: re.Match[bytes], content: bytes) -> Hunk | None:
    """The hunk, where its lines are as many as its header says and nothing else; a newline comes before each."""
    old, old_lines, new, new_lines = _numbers(header)
    both, gone, come = content.count(b"\n "), content.count(b"\n-"), content.count(b"\n+")
    if both + gone != old_lines or both + come != new_lines:
        return None
    notes = content.count(b"\n") - both - gone - come
    if notes and notes != content.count(b"\n\\"):
        return None
    lines = HunkLines(content, (come, gone, both + notes), old, new)
    return Hunk(old, old_lines, new, new_lines, _text(header[5]), lines)


def _numbers(header: re.Match[bytes]) -> tuple[int, int, int, int]:
    old, old_lines, new, new_lines, _ = header.groups(b"1")
    return int(old), int(old_lines), int(new), int(new_lines)


def _read_hunk(header: re.Match[bytes], lines: list[str]) -> tuple[Hunk, int]:
    """The hunk as far as its lines are lines of a diff, and how many of them are."""
    old_start, old_lines, new_start, new_lines = _numbers(header)
    old, new = old_start, new_start
    old_end, new_end = old + old_lines, new + new_lines
    read: list[Line] = []
    at = 0
    while at < len(lines):
        text = lines[at]
        kind = text[:1]
        if kind == "+" and new < new_end:
            read.append(Line("+", None, new, text[1:]))
            new += 1
        elif kind == "-" and old < old_end:
            read.append(Line("-", old, None, text[1:]))
            old += 1
        # An empty line is an empty context line under diff.suppressBlankEmpty.
        elif (kind == " " or not kind) and old < old_end and new < new_end:
            read.append(Line(" ", old, new, text[1:]))
            old += 1
            new += 1
        elif kind != "\\":
            break
        at += 1
    return Hunk(old_start, old_lines, new_start, new_lines, _text(header[5]), tuple(read)), at
