"""Diffs as git writes them, with every option pinned that a configuration could turn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from smista_git.git.bounded import BoundedPatch
from smista_git.git.process import CHUNK_BYTES

PATCH_LIMIT_BYTES = 16 << 20

# A blob above this is named and not read: it would cost its size in memory, twice for a rename.
BIG_FILE = "32m"

PINNED_CONFIG = (
    "-c", "core.quotePath=false",
    "-c", f"core.bigFileThreshold={BIG_FILE}",
    "-c", "diff.suppressBlankEmpty=false",
    "-c", "diff.ignoreSubmodules=none",
)  # fmt: skip

# -O/dev/null is git's documented way to cancel diff.orderFile; --full-index does not reach --raw.
PINNED_OPTIONS = (
    "-z", "--no-color", "--no-color-moved", "--ws-error-highlight=none", "--no-ext-diff", "--no-textconv",
    "--src-prefix=a/", "--dst-prefix=b/", "--find-renames=50%", "-l1000", "--submodule=short",
    "--ignore-submodules=none", "--full-index", "--no-abbrev", "--diff-algorithm=myers", "--indent-heuristic",
    "--inter-hunk-context=0", "--no-relative", "-O/dev/null",
)  # fmt: skip

# --unified is here since by itself it asks for a patch.
FACT_PARTS = ("--raw", "--numstat")
PATCH_PARTS = ("--patch", "--unified=3")
ALL_PARTS = (*FACT_PARTS, *PATCH_PARTS)
COUNTABLE_PARTS = ("--raw", *PATCH_PARTS)

EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}

RAW_RECORD = re.compile(
    rb":[0-7]{6} [0-7]{6} [0-9a-f]+ [0-9a-f]+ (?:[RC]\d*\0[^\0]+|[^RC\0]\d*)\0[^\0]+\0", re.DOTALL
)
NUMSTAT_RECORD = re.compile(rb"(?:\d+|-)\t(?:\d+|-)\t(?:\0[^\0]+\0)?[^\0]+\0", re.DOTALL)


# Where git's counts do not show in a patch: the patch of a pure rename or a change of mode does not say that the file
# is binary, and where a file becomes a link it has lines that git does not count.
UNCOUNTABLE = re.compile(rb":[0-7]{6} [0-7]{6} ([0-9a-f]+) \1 | T\0")


@dataclass(frozen=True, slots=True)
class RawDiff:
    """``--raw -z``, ``--numstat -z`` and the patch of one diff, byte for byte.

    ``numstat`` is None where the lines of the patch are to be counted instead; then the patch is whole. ``truncated`` says that the patch ends early, before a hunk or a file; ``raw`` and ``numstat`` are always
    whole. ``notices`` are sentences about what could not be read.
    """

    raw: bytes = b""
    numstat: bytes | None = b""
    patch: bytes = b""
    truncated: bool = False
    notices: tuple[str, ...] = ()


def read_diff(stream: IO[bytes], *, limit_bytes: int = PATCH_LIMIT_BYTES) -> RawDiff:
    """The diff on ``stream``, of whose patch up to ``limit_bytes`` are kept."""
    return collect(iter(lambda: stream.read(CHUNK_BYTES), b""), limit_bytes=limit_bytes)


def collect(chunks: Iterable[bytes], *, limit_bytes: int = PATCH_LIMIT_BYTES) -> RawDiff:
    """The diff that the chunks make up; reads no further than the bounds of ``BoundedPatch`` allow."""
    facts = bytearray()
    head = Head()
    patch = BoundedPatch(limit_bytes=limit_bytes)
    for chunk in chunks:
        if head.patch_start:
            patch.feed(chunk)
        else:
            facts += chunk
            if head.find_end(facts):
                patch.feed(bytes(facts[head.patch_start :]))
        if patch.full:
            break
    return RawDiff(
        raw=bytes(facts[: head.raw_end]),
        numstat=bytes(facts[head.raw_end : head.numstat_end]),
        patch=patch.finish(),
        truncated=patch.cut,
        notices=(f"the patch is cut to {limit_bytes} bytes",) if patch.cut else (),
    )


class Head:
    """Where the raw and the numstat records of a combined ``-z`` stream end, found as it grows.

    A raw record starts with a colon, a numstat record with a digit or a dash, and git puts one more NUL
    before the patch: so the end of each part shows in its first byte.
    """

    __slots__ = ("numstat_end", "patch_start", "raw_end")

    def __init__(self) -> None:
        self.raw_end = 0
        self.numstat_end = 0
        self.patch_start = 0

    def find_end(self, buffer: bytes | bytearray) -> bool:
        """True once the start of the patch is known."""
        if self.patch_start:
            return True
        if self.numstat_end == self.raw_end:
            self.raw_end = self.numstat_end = _last(RAW_RECORD, buffer, self.raw_end)
        if buffer[self.raw_end : self.raw_end + 1] != b":":
            self.numstat_end = _last(NUMSTAT_RECORD, buffer, self.numstat_end)
        if buffer[self.numstat_end : self.numstat_end + 1] == b"\0":
            self.patch_start = self.numstat_end + 1
        return bool(self.patch_start)


def _last(record: re.Pattern[bytes], buffer: bytes | bytearray, start: int) -> int:
    while found := record.match(buffer, start):
        start = found.end()
    return start
