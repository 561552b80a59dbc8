"""Walks over history: one git process each, read as it writes, newest first."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from smista_git.classify.habits import PastCommit
from smista_git.git.diffs import PATCH_LIMIT_BYTES, PINNED_CONFIG, PINNED_OPTIONS, RawDiff, collect
from smista_git.git.process import CHUNK_BYTES, decode

LOG = (
    *PINNED_CONFIG,
    "-c", "log.showRoot=true",
    "-c", "log.showSignature=false",
    "log", "--encoding=UTF-8", "--no-show-signature",
)  # fmt: skip


TERMINATOR = b"\0\n"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One commit: full name, parents in order, author time in seconds since 1970, subject and body."""

    oid: str
    parents: tuple[str, ...]
    author_time_s: int
    subject: str
    body: str


def new_mark() -> bytes:
    """A line that no file and no message can hold, since it is drawn after they were written."""
    return b"commit-" + os.urandom(16).hex().encode()


def recent_words(limit: int, mark: bytes, *, rev: str) -> list[str]:
    """The command for the subjects and paths of the last ``limit`` commits, merges excluded."""
    form = f"--format={mark.decode()}%s%x00"
    return [*LOG, "-z", "--name-only", "--no-renames", "--no-merges", f"-n{limit}", form, rev, "--"]


def read_recent(stream: IO[bytes], mark: bytes) -> Iterator[PastCommit]:
    """The commits of ``recent_words``, newest first."""
    for chunks in framed(stream, mark):
        subject, _, paths = b"".join(chunks).partition(b"\0")
        yield PastCommit(decode(subject), tuple(_paths(paths)))


def log_words(revisions: Sequence[str], mark: bytes, *, paths: Sequence[str] | None = None) -> list[str]:
    """The command for the facts and messages of a range."""
    form = f"--format={mark.decode()}%H%x00%P%x00%at%x00%s%x00%b"
    return [*LOG, "--no-patch", form, *revisions, "--", *(paths or ())]


def read_log(stream: IO[bytes], mark: bytes) -> Iterator[LogEntry]:
    """The commits of ``log_words``, newest first; bodies without their last newlines."""
    for chunks in framed(stream, mark):
        oid, parents, seconds, subject, body = b"".join(chunks).split(b"\0")
        yield LogEntry(
            oid.decode("ascii"),
            tuple(parents.decode("ascii").split()),
            int(seconds or 0),
            decode(subject),
            decode(body.rstrip(b"\n")),
        )


def diffs_words(revisions: Sequence[str], mark: bytes, *, merges: bool, parts: Sequence[str]) -> list[str]:
    """The command for some parts of the diffs of a range; a merge is compared with its first parent."""
    which = "--diff-merges=first-parent" if merges else "--no-merges"
    return [*LOG, which, *PINNED_OPTIONS, *parts, f"--format={mark.decode()}%H%x00", *revisions, "--"]


def read_diffs(
    stream: IO[bytes], mark: bytes, *, limit_bytes: int = PATCH_LIMIT_BYTES
) -> Iterator[tuple[str, RawDiff]]:
    """Each commit's full name and diff, newest first; a patch beyond ``limit_bytes`` is cut, not kept."""
    for chunks in framed(stream, mark):
        oid, found = _first_field(chunks)
        yield oid.decode("ascii"), collect(_diff_bytes(found, chunks), limit_bytes=limit_bytes)


def framed(stream: IO[bytes], mark: bytes) -> Iterator[Iterator[bytes]]:
    """What follows each ``mark``, as chunks; take or leave each before the next. Memory stays flat."""
    frames = _Frames(stream, mark)
    frames.skip()
    while frames.more:
        frames.begin()
        yield frames.chunks()
        frames.skip()


class _Frames:
    """A stream cut at each mark; the mark itself may straddle two reads."""

    def __init__(self, stream: IO[bytes], mark: bytes) -> None:
        self.stream = stream
        self.mark = mark
        self.buffer = b""
        self.position = 0
        self.more = False
        self._inside = True

    def begin(self) -> None:
        """Start with what follows the mark that was found last."""
        self.more, self._inside = False, True

    def skip(self) -> None:
        """Leave what was not taken; a reader that stops early has closed its own chunks."""
        if self._inside:
            for _ in self.chunks():
                pass

    def chunks(self) -> Iterator[bytes]:
        """The bytes up to the next mark, which is consumed; ``more`` says whether there was one."""
        while (at := self.buffer.find(self.mark, self.position)) < 0:
            safe = max(self.position, len(self.buffer) - len(self.mark) + 1)
            yield self.buffer[self.position : safe]
            read = self.stream.read(CHUNK_BYTES)
            if not read:
                rest, self.buffer, self.position, self._inside = self.buffer[safe:], b"", 0, False
                yield rest
                return
            self.buffer, self.position = self.buffer[safe:] + read, 0
        chunk = self.buffer[self.position : at]
        self.position = at + len(self.mark)
        self.more, self._inside = True, False
        yield chunk


def _first_field(chunks: Iterator[bytes]) -> tuple[bytes, bytes]:
    data = b""
    for chunk in chunks:
        data += chunk
        if b"\0" in data:
            break
    field, _, rest = data.partition(b"\0")
    return field, rest


def _diff_bytes(start: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The diff after a message: under -z git ends the message with a NUL, and begins a diff with a newline."""
    while len(start) < len(TERMINATOR) and (chunk := next(chunks, None)) is not None:
        start += chunk
    yield _unterminated(start)
    yield from chunks


def _unterminated(data: bytes) -> bytes:
    return data.removeprefix(TERMINATOR[:1]).removeprefix(TERMINATOR[1:])


def _paths(listing: bytes) -> Iterator[str]:
    return (decode(path) for path in _unterminated(listing).split(b"\0") if path)
