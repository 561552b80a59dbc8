"""Reads the two machine formats that say what changed: ``--raw -z`` and ``--numstat -z``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from smista_git.change.model import NO_MODE, Status

STATUS_OF_LETTER: dict[str, Status] = {
    "A": "added",
    "M": "modified",
    "D": "deleted",
    "R": "renamed",
    "C": "copied",
    "T": "type-changed",
    "U": "unmerged",
}
TWO_PATHS = ("renamed", "copied")
FILE_TYPE = slice(0, 3)  # of "100644": the leading digits say regular file, symlink or submodule


class RawEntry(NamedTuple):
    """One record of ``--raw``: modes, object names, status and paths, as git said them."""

    old_path: str | None
    new_path: str | None
    status: Status
    old_mode: str
    new_mode: str
    old_oid: str
    new_oid: str
    similarity: int | None

    @property
    def key(self) -> str:
        """The path that ``--numstat`` files this entry under: the new one, or the only one."""
        return self.new_path if self.new_path is not None else self.old_path or ""

    @property
    def section_count(self) -> int:
        """How many patch sections git writes for it: a change between file types takes two."""
        if self.status == "unmerged" or NO_MODE in (self.old_mode, self.new_mode):
            return 1
        return 2 if self.old_mode[FILE_TYPE] != self.new_mode[FILE_TYPE] else 1


class Counts(NamedTuple):
    """Lines added and deleted as git counted them, and whether it called the file binary."""

    added: int = 0
    deleted: int = 0
    binary: bool = False


def decode_path(path: bytes) -> str:
    """A path as text; bytes that are not UTF-8 survive as surrogates."""
    return path.decode("utf-8", "surrogateescape")


def read_raw(raw: bytes) -> tuple[RawEntry, ...]:
    """The entries of ``--raw -z`` output in git's order; anything that is not a record is passed over."""
    tokens = iter(raw.split(b"\0"))
    entries = []
    for token in tokens:
        meta = token.lstrip(b"\n")
        if not meta.startswith(b":"):
            continue
        entry = _entry(meta.decode("ascii", "replace"), tokens)
        if entry is not None:
            entries.append(entry)
    return tuple(entries)


def _entry(meta: str, tokens: Iterator[bytes]) -> RawEntry | None:
    parents = len(meta) - len(meta.lstrip(":"))
    fields = meta.lstrip(":").split(" ")
    if len(fields) != 2 * (parents + 1) + 1 or not fields[-1]:
        return None
    status = STATUS_OF_LETTER.get(fields[-1][-1 if parents > 1 else 0], "modified")
    paths = [next(tokens, b"") for _ in range(2 if status in TWO_PATHS and parents == 1 else 1)]
    if not all(paths):
        return None
    names = [decode_path(path) for path in paths]
    score = fields[-1][1:]
    return RawEntry(
        old_path=None if status == "added" else names[0],
        new_path=None if status == "deleted" else names[-1],
        status=status,
        old_mode=fields[0],
        new_mode=fields[parents],
        old_oid=fields[parents + 1],
        new_oid=fields[-2],
        similarity=int(score) if status in TWO_PATHS and score.isdigit() else None,
    )


def read_numstat(numstat: bytes) -> dict[str, Counts]:
    """Counts by path (the new one of a rename) from ``--numstat -z`` output."""
    tokens = iter(numstat.split(b"\0"))
    counts: dict[str, Counts] = {}
    for token in tokens:
        fields = token.lstrip(b"\n").split(b"\t", 2)
        if len(fields) != 3:
            continue
        path = fields[2]
        if not path:  # a rename: the two names follow, each in a record of its own
            next(tokens, b"")
            path = next(tokens, b"")
        counts[decode_path(path)] = _counts(fields[0], fields[1])
    return counts


def _counts(added: bytes, deleted: bytes) -> Counts:
    if added.isdigit() and deleted.isdigit():
        return Counts(int(added), int(deleted))
    return Counts(binary=added == b"-" and deleted == b"-")
