"""The values that every later stage reads: a Change, its files, hunks and lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, overload

Status = Literal["added", "modified", "deleted", "renamed", "copied", "type-changed", "unmerged"]

NO_MODE = "000000"
SYMLINK_MODE = "120000"
SUBMODULE_MODE = "160000"
_BLOCK = re.compile(r"-+\+*|\++")
MARKS = ("binary", "lockfile", "generated", "vendored", "truncated")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk, without its end-of-line; line numbers are 1-based, None on the side it is not on."""

    kind: Literal["+", "-", " "]
    old_line: int | None
    new_line: int | None
    text: str


class HunkLines(Sequence[Line]):
    """The lines of a hunk as git printed them, each with its sign; equal to a tuple of the same lines.

    ``body`` is all of them, a newline before each, and ``counts`` says how many are added, how many removed, and how
    many there are beside these. They are taken apart and numbered when they are first asked for: of most hunks of a
    history only the sides are read, of a lock file nothing.
    """

    __slots__ = ("_body", "_made", "_new", "_old", "_sides", "_texts", "counts")

    def __init__(self, body: bytes, counts: tuple[int, int, int], old_start: int, new_start: int) -> None:
        self._body = body
        self._old = old_start
        self._new = new_start
        self._texts: list[str] | None = None
        self._made: tuple[Line, ...] | None = None
        self._sides: dict[str, list[str]] = {}
        self.counts = counts

    @property
    def texts(self) -> list[str]:
        """Each line with its sign."""
        if self._texts is None:
            self._texts = self._body.decode("utf-8", "surrogateescape").split("\n")[1:]
        return self._texts

    @property
    def signs(self) -> str:
        """The sign of each line."""
        return self._only * sum(self.counts) or "".join([text[0] for text in self.texts])

    @property
    def _only(self) -> str:
        """The sign of all lines, as where a file is new; nothing where there are several."""
        added, removed, other = self.counts
        return "" if other or (added and removed) else "+" if added else "-"

    def mention(self, words: Iterable[bytes], *, in_any_case: bool) -> bool:
        """True where one of the words, given in ASCII, stands in any line; those for any case are given in lower case."""
        text = self._body.lower() if in_any_case else self._body
        return any(map(text.__contains__, words))

    def signed(self) -> Iterator[tuple[str, str]]:
        """The sign and the text of each line, without its number."""
        return ((text[0], text[1:]) for text in self.texts if text[0] != "\\")

    def side(self, kind: Literal["+", "-", " "]) -> list[str]:
        """The texts of one side, without their sign; made once, so it is not to be changed."""
        found = self._sides.get(kind)
        if found is None:
            self._sides[kind] = found = self._make_side(kind)
        return found

    def _make_side(self, kind: Literal["+", "-", " "]) -> list[str]:
        if not self.counts["+- ".index(kind)]:
            return []
        if self._only:
            return self._body.decode("utf-8", "surrogateescape").split("\n" + kind)[1:]
        return [text[1:] for text in self.texts if text[0] == kind]

    def but(self, kind: Literal["+", "-"]) -> list[str]:
        """The texts of all lines but those of one sign."""
        others = " -" if kind == "+" else " +"
        return [text[1:] for text in self.texts if text[0] in others]

    def numbered(self) -> Iterator[Line]:
        """The lines one by one, for who needs the first of them alone."""
        old, new = self._old, self._new
        for text in self.texts:
            kind = text[0]
            if kind == "+":
                yield Line("+", None, new, text[1:])
                new += 1
            elif kind == "-":
                yield Line("-", old, None, text[1:])
                old += 1
            elif kind != "\\":
                yield Line(" ", old, new, text[1:])
                old += 1
                new += 1

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Line]:
        return iter(self._all())

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, at: int | slice) -> Line | tuple[Line, ...]:
        return self._all()[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HunkLines | tuple) and self._all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def _all(self) -> tuple[Line, ...]:
        if self._made is None:
            self._made = tuple(self.numbered())
        return self._made


@dataclass(frozen=True, slots=True)
class Hunk:
    """A hunk as git wrote it; ``section`` is the text git found after the second ``@@``."""

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    section: str
    lines: Sequence[Line]

    @property
    def added(self) -> list[str]:
        """The texts of the lines added."""
        return self._side("+")

    @property
    def removed(self) -> list[str]:
        """The texts of the lines removed."""
        return self._side("-")

    def signed(self) -> Iterator[tuple[str, str]]:
        """The sign and the text of each line, in order: all that most readers need, and cheaper than ``lines``."""
        if isinstance(self.lines, HunkLines):
            return self.lines.signed()
        return ((line.kind, line.text) for line in self.lines)

    @property
    def counts(self) -> tuple[int, int]:
        """How many lines are added, and how many removed."""
        if isinstance(self.lines, HunkLines):
            return self.lines.counts[:2]
        return len(self.added), len(self.removed)

    def may_mention(self, words: Iterable[bytes], *, in_any_case: bool = False) -> bool:
        """False where surely none of the words, in ASCII, stands in any line: it is asked before a costly pattern is
        searched. Those that may stand there in any case are given in lower case.
        """
        return not isinstance(self.lines, HunkLines) or self.lines.mention(words, in_any_case=in_any_case)

    @property
    def before(self) -> list[str]:
        """The old side: what was removed and what stayed; the first stands on line ``old_start``."""
        return self._but("+")

    @property
    def after(self) -> list[str]:
        """The new side: what was added and what stayed; the first stands on line ``new_start``."""
        return self._but("-")

    @property
    def unchanged(self) -> list[str]:
        """The texts of the lines that are on both sides."""
        return self._side(" ")

    def blocks(self, *, beside: int) -> Iterator[tuple[list[str], list[str], list[str]]]:
        """The lines removed and those that took their place, for each stretch of them that stands together, and so
        many unchanged lines before and after it."""
        removed, added, unchanged = self.removed, self.added, self.unchanged
        signs = self.lines.signs if isinstance(self.lines, HunkLines) else "".join(n.kind for n in self.lines)
        old = new = 0
        for found in _BLOCK.finditer(signs.replace("\\", "")):
            gone = found[0].count("-")
            come = len(found[0]) - gone
            same = found.start() - old - new
            near = unchanged[max(same - beside, 0) : same + beside]
            yield removed[old : old + gone], added[new : new + come], near
            old, new = old + gone, new + come

    def _but(self, kind: Literal["+", "-"]) -> list[str]:
        if isinstance(self.lines, HunkLines):
            return self.lines.but(kind)
        return [line.text for line in self.lines if line.kind != kind]

    def _side(self, kind: Literal["+", "-", " "]) -> list[str]:
        if isinstance(self.lines, HunkLines):
            return self.lines.side(kind)
        return [line.text for line in self.lines if line.kind == kind]


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of a change. Paths are decoded as UTF-8 with surrogateescape, so every byte survives.

    ``added`` and ``deleted`` are git's own ``--numstat`` counts (0 for binary files). Object names are full
    hex, all zeros where a side is absent. ``truncated`` says that hunks beyond a size bound were not read.
    """

    old_path: str | None
    new_path: str | None
    status: Status
    old_mode: str
    new_mode: str
    old_oid: str
    new_oid: str
    hunks: tuple[Hunk, ...] = ()
    added: int = 0
    deleted: int = 0
    binary: bool = False
    language: str | None = None
    lockfile: bool = False
    generated: bool = False
    vendored: bool = False
    truncated: bool = False
    similarity: int | None = None

    @property
    def path(self) -> str:
        """The path people speak of: the new one, or the old one of a deletion."""
        path = self.new_path if self.new_path is not None else self.old_path
        assert path is not None, "a file change has at least one side"
        return path

    @property
    def paths(self) -> tuple[str, ...]:
        """Both sides, old first, each once: every rule that speaks of paths must look at all of them."""
        old, new = self.old_path, self.new_path
        return (self.path,) if old is None or new is None or old == new else (old, new)

    @property
    def is_symlink(self) -> bool:
        """True when either side is a symbolic link."""
        return SYMLINK_MODE in (self.old_mode, self.new_mode)

    @property
    def is_submodule(self) -> bool:
        """True when either side is a submodule commit."""
        return SUBMODULE_MODE in (self.old_mode, self.new_mode)

    @property
    def mode_changed(self) -> bool:
        """True when a file that stays got another mode."""
        return NO_MODE not in (self.old_mode, self.new_mode) and self.old_mode != self.new_mode

    def to_json(self) -> dict[str, Any]:
        """The JSON shape of a file: ``added`` and ``deleted`` are null where git counts no lines; marks only where
        they hold.
        """
        shape: dict[str, Any] = {
            "old_path": self.old_path,
            "new_path": self.new_path,
            "status": self.status,
            "old_mode": self.old_mode,
            "new_mode": self.new_mode,
            "added": None if self.binary else self.added,
            "deleted": None if self.binary else self.deleted,
        }
        if self.similarity is not None:
            shape["similarity"] = self.similarity
        shape.update([(mark, True) for mark in MARKS if getattr(self, mark)])
        return shape

    @property
    def mechanical(self) -> bool:
        """True when a machine wrote it: lockfile, generated or vendored; such files carry no size."""
        return self.lockfile or self.generated or self.vendored


@dataclass(frozen=True, slots=True)
class Change:
    """The files of a staged diff, a commit or a range, in git's order."""

    files: tuple[FileChange, ...]

    @property
    def added(self) -> int:
        """Lines added over all files."""
        return sum(f.added for f in self.files)

    @property
    def deleted(self) -> int:
        """Lines deleted over all files."""
        return sum(f.deleted for f in self.files)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path on either side, in order, each once."""
        return tuple(dict.fromkeys([path for f in self.files for path in f.paths]))
