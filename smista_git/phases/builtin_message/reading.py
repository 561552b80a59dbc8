"""A changed file, read for facts: its role, its blocks of edits, and what encloses each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from smista_git.change.model import Change, FileChange, Hunk
from smista_git.phases.builtin_message.grammar import Definition, definition, grammar_for
from smista_git.phases.builtin_message.pairs import Pair, pairs_of
from smista_git.phases.builtin_message.paths import Role, base_name, role

# Beyond these a change is spoken of by its paths; both bounds keep a large change under a third of a second.
MOST_FILES = 80
MOST_LINES = 1000
MOST_LINES_IN_ALL = 3000
LONGEST_LINE = 500


@dataclass(frozen=True)  # no slots: cached_property keeps its value in the instance
class Block:
    """One run of removed and added lines; ``around`` is the definition that encloses it, ``before`` the
    unchanged lines above it within the hunk, nearest last, and ``after`` the first one below."""

    removed: tuple[str, ...]
    added: tuple[str, ...]
    around: Definition | None
    before: tuple[str, ...]
    after: str
    section: str

    @cached_property
    def pairs(self) -> list[Pair]:
        """Its old lines beside its new ones; asked for by several readers, hence kept."""
        return pairs_of(self.removed, self.added)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file with its role and blocks."""

    file: FileChange
    role: Role
    grammar: re.Pattern[str] | None
    blocks: tuple[Block, ...]

    @property
    def path(self) -> str:
        """The path people speak of."""
        return self.file.path

    @property
    def added(self) -> Iterator[str]:
        """Every added line."""
        return (line for block in self.blocks for line in block.added)

    @property
    def removed(self) -> Iterator[str]:
        """Every removed line."""
        return (line for block in self.blocks for line in block.removed)


def read_change(change: Change) -> tuple[Reading, ...]:
    """The files worth reading closely, in git's order; at most ``MOST_FILES``, those of substance first.

    A submodule's one line is the name of a commit: files.py tells it.
    """
    files = tuple(file for file in change.files if not file.is_submodule)
    if len(files) > MOST_FILES:
        ranked = sorted(range(len(files)), key=lambda i: (files[i].mechanical, files[i].binary, i))
        files = tuple(files[i] for i in sorted(ranked[:MOST_FILES]))
    readings: list[Reading] = []
    left = MOST_LINES_IN_ALL
    for file in files:
        readings.append(_read(file, min(left, MOST_LINES)))
        left -= sum(len(b.added) + len(b.removed) for b in readings[-1].blocks)
    return tuple(readings)


def _read(file: FileChange, most_lines: int) -> Reading:
    name = base_name(file.path)
    grammar = grammar_for(name.rsplit(".", 1)[-1]) if "." in name else None
    blocks: list[Block] = []
    lines = 0
    for hunk in file.hunks:
        if lines >= most_lines:
            break
        blocks.extend(_blocks(hunk, grammar, most_lines - lines))
        lines += len(hunk.lines)
    return Reading(file, role(file), grammar, tuple(blocks))


def _blocks(hunk: Hunk, grammar: re.Pattern[str] | None, most_lines: int) -> Iterator[Block]:
    nest = _Nest(definition(hunk.section, grammar))
    removed: list[str] = []
    added: list[str] = []
    before: list[str] = []
    around: Definition | None = None
    for line in hunk.lines[:most_lines]:
        text = line.text if len(line.text) <= LONGEST_LINE else ""
        if line.kind == " ":
            if removed or added:
                yield Block(tuple(removed), tuple(added), around, tuple(before), text, hunk.section)
                nest.note(removed if removed and not added else added, grammar)
                before = [*before, *(added or removed)][-40:]
                removed, added = [], []
            nest.note([text], grammar)
            before.append(text)
            continue
        if not any(x.strip() for x in (*removed[-1:], *added[-1:])):
            around = nest.enclosing(text)
        (removed if line.kind == "-" else added).append(text)
    if removed or added:
        yield Block(tuple(removed), tuple(added), around, tuple(before), "", hunk.section)


class _Nest:
    """The definitions open at a place, by indentation."""

    def __init__(self, section: Definition | None) -> None:
        self._open: list[Definition] = [section] if section else []

    def note(self, lines: list[str], grammar: re.Pattern[str] | None) -> None:
        for text in lines:
            found = definition(text, grammar)
            if found is not None and found.kind not in {"constant", "variable", "type"}:
                self._open = [d for d in self._open if d.indent < found.indent]
                self._open.append(found)
            elif text[:1] in {"}", ")"}:
                self._open = []

    def enclosing(self, text: str) -> Definition | None:
        """The innermost definition that the line stands inside of."""
        indent = len(text) - len(text.lstrip())
        if not text.strip():
            return self._open[-1] if self._open else None
        return next((d for d in reversed(self._open) if d.indent < indent), None)
