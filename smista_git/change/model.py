"""The values that every later stage reads: a Change, its files, hunks and lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["added", "modified", "deleted", "renamed", "copied", "type-changed", "unmerged"]

NO_MODE = "000000"
SYMLINK_MODE = "120000"
SUBMODULE_MODE = "160000"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk, without its end-of-line; line numbers are 1-based, None on the side it is not on."""

    kind: Literal["+", "-", " "]
    old_line: int | None
    new_line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """A hunk as git wrote it; ``section`` is the text git found after the second ``@@``."""

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    section: str
    lines: tuple[Line, ...]


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
        return tuple(dict.fromkeys(p for p in (self.old_path, self.new_path) if p is not None))

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
        return tuple(dict.fromkeys(path for f in self.files for path in f.paths))
