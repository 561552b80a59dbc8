"""The changed lines of a change, gathered once for every signal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from smista_git.change.model import Change, FileChange, Hunk
from smista_git.change.paths import role_of
from smista_git.change.pattern import regex

CODE_ROLES = frozenset({"source", "style", "migration", "example"})
# Beyond so many lines a side, or letters, the shape of a part is known; reading on only costs time.
MOST_LINES = 400
MOST_LINES_IN_BLOCKS = 2 * MOST_LINES
MOST_LINES_IN_ALL = 20_000
MOST_LETTERS = 24_000
MOST_LETTERS_IN_LINE = 2_000
NEIGHBOURS = 3  # unchanged lines on each side of a block, as many as git shows

_WORDLESS = regex(r"^[\W_]*$")
_NO_SPACES = {ord(sign): None for sign in map(chr, range(128)) if sign.isspace() and sign != "\n"}


@dataclass(slots=True)
class Side:
    """Added and removed lines of one part of a change."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)


class Block(NamedTuple):
    """Lines that stand together in one file and were removed, then those that took their place, and the unchanged
    lines beside both."""

    file: int
    removed: Sequence[str]
    added: Sequence[str]
    near: Sequence[str] = ()


@dataclass(slots=True)
class Lines:
    """The changed lines of the files that people wrote, apart by role; blocks, unchanged lines, shapes and sections of
    hunks are those of code."""

    all: Side = field(default_factory=Side)
    code: Side = field(default_factory=Side)
    test: Side = field(default_factory=Side)
    docs: Side = field(default_factory=Side)
    rest: Side = field(default_factory=Side)
    blocks: list[Block] = field(default_factory=list)
    lines_in_blocks: int = 0
    context: list[str] = field(default_factory=list)
    hunk_shapes: list[tuple[int, int]] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    spaces_only: bool = True
    tight: Tight = field(default_factory=lambda: Tight())

    def part(self, role: str) -> Side:
        """The part that files of the role belong to."""
        if role in CODE_ROLES:
            return self.code
        return {"test": self.test, "docs": self.docs, "changelog": self.docs}.get(role, self.rest)


def gather(change: Change) -> Lines:
    """The lines of a change, files of machines left out, so many of each part and side as the bounds allow."""
    lines = Lines()
    for at, file in enumerate(change.files):
        if not file.mechanical:
            _gather_file(at, file, lines)
    return lines


def _gather_file(at: int, file: FileChange, lines: Lines) -> None:
    role = role_of(file.path)
    code, part = role in CODE_ROLES, lines.part(role)
    own = Side()
    for hunk in file.hunks:
        added, removed = hunk.added, hunk.removed
        own.added += added
        own.removed += removed
        if code and len(lines.hunk_shapes) < MOST_LINES:
            lines.hunk_shapes.append((len(added), len(removed)))
            lines.sections.append(hunk.section)
            if lines.lines_in_blocks < MOST_LINES_IN_BLOCKS:
                lines.blocks += _blocks_of(at, hunk)
                lines.context += hunk.unchanged[: MOST_LINES - len(lines.context)]
                lines.lines_in_blocks += len(added) + len(removed)
    for side, most in ((lines.all, MOST_LINES_IN_ALL), (part, MOST_LINES)):
        side.added += own.added[: most - len(side.added)]
        side.removed += own.removed[: most - len(side.removed)]
    if lines.spaces_only:
        lines.spaces_only = (
            not file.truncated
            and _may_be_equal(own, lines.tight)
            and all(_same_but_for_spaces(hunk) for hunk in file.hunks)
        )


def _may_be_equal(own: Side, tight: Tight) -> bool:
    """Whether the first lines are alike: that tells most changes apart."""
    added, removed = [next(filter(None, map(tight.__getitem__, t)), "") for t in (own.added, own.removed)]
    if not added or not removed:
        return added == removed
    return added.startswith(removed) or removed.startswith(added)


def _same_but_for_spaces(hunk: Hunk) -> bool:
    """Whether both sides of a hunk are equal without spaces, unchanged lines in their places: a line that has moved past
    another is no such thing."""
    old, new = ("".join("".join(side).split()) for side in (hunk.before, hunk.after))
    return old == new


def _blocks_of(file: int, hunk: Hunk) -> list[Block]:
    return [
        Block(file, removed[:MOST_LINES], added[:MOST_LINES], near)
        for removed, added, near in hunk.blocks(beside=NEIGHBOURS)
    ]


class Tight(dict[str, str]):
    """Each line without any white space, made once, for several signals ask for it."""

    def __missing__(self, text: str) -> str:
        self[text] = tight = "".join(text.split())
        return tight

    def learn(self, texts: Sequence[str]) -> None:
        """Makes those of many lines at once, in a third of the time, where they are plain ASCII."""
        text = "\n".join(texts)
        if texts and text.isascii():
            self.update(zip(texts, text.translate(_NO_SPACES).split("\n"), strict=True))

    def of(self, texts: Iterable[str]) -> list[str]:
        """The lines without white space; those of nothing else are left out."""
        return [tight for tight in map(self.__getitem__, texts) if tight]


def common_share(added: Sequence[str], removed: Sequence[str]) -> float:
    """Which share of tight lines stands on both sides, lines without words and of three letters left out."""
    if not added or not removed:
        return 0.0
    here, there = Counter(added), Counter(removed)
    both = [text for text in here.keys() & there.keys() if len(text) > 3 and not _WORDLESS.match(text)]
    weight = sum([min(here[text], there[text]) for text in both])
    return 2 * weight / (len(added) + len(removed))
