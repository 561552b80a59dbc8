"""Contents out of the object store, by ``git cat-file``: one process for as many objects as are asked for."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any

from smista_git.git.process import encode, for_reading, start, stop
from smista_git.git.repository import Repository

INDEX = ""
BATCH_SIZE = 2000


def read_text(repo: Repository, rev: str, path: str) -> bytes | None:
    """The bytes of a file at a revision, or in the index where ``rev`` is ``INDEX``; None where there is none."""
    return read_texts(repo, [(rev, path)])[0]


def read_texts(repo: Repository, wanted: Sequence[tuple[str, str]]) -> list[bytes | None]:
    """The bytes of several (revision, path) pairs, in their order, by one process; None where there is none."""
    with Batch(repo) as batch:
        return [batch.read(f"{rev}:{path}") for rev, path in wanted]


def contents(repo: Repository, oids: Sequence[str]) -> Iterator[bytes]:
    """The bytes of each object that is here, in order, ``BATCH_SIZE`` of them by one process."""
    for first in range(0, len(oids), BATCH_SIZE):
        names = "".join(f"{oid}\n" for oid in oids[first : first + BATCH_SIZE])
        answer = BytesIO(repo.run("cat-file", "--batch", "--buffer", stdin=names.encode("ascii")).stdout)
        for header in iter(answer.readline, b""):
            if not header.endswith(b" missing\n"):
                yield answer.read(int(header.split()[2]))
                answer.read(1)


def records(stream: Any) -> Iterator[bytes]:
    """The NUL-ended records of a stream, read as it comes."""
    for whole in record_blocks(stream):
        yield from whole.split(b"\0")


def record_blocks(stream: Any) -> Iterator[bytes]:
    """The stream as it comes, in pieces of whole records; NULs stand between them alone."""
    rest = b""
    while data := stream.read(1 << 16):
        whole, end, after = (rest + data).rpartition(b"\0")
        rest = after
        if end:
            yield whole


class Batch:
    """A running ``git cat-file --batch``; a name that means nothing, or more than one thing, reads as None."""

    def __init__(self, repo: Repository) -> None:
        self.repo = repo
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Batch:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            with suppress(BrokenPipeError):
                stop(self._process)
            self._process = None

    def read(self, name: str) -> bytes | None:
        """The exact contents of an object: of a blob, a commit or a tree as git stores it."""
        found = self._ask(name)
        return None if found is None else found[1]

    def name_of(self, name: str) -> str | None:
        """The full name of the object that ``name`` means."""
        found = self._ask(name)
        return None if found is None else found[0]

    def first(self, names: Iterable[str]) -> bytes | None:
        """The contents of the first of ``names`` that exists."""
        return next((data for name in names if (data := self.read(name)) is not None), None)

    def _ask(self, name: str) -> tuple[str, bytes] | None:
        if "\n" in name:
            return self._ask_alone(name)
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        with suppress(BrokenPipeError):
            process.stdin.write(encode(name) + b"\n")
            process.stdin.flush()
        header = process.stdout.readline()
        if not header:  # git died on this name, as on a missing blob of a partial clone: the next starts anew
            self.__exit__()
            return None
        if header.endswith((b" missing\n", b" ambiguous\n")):
            return None
        oid, _, size = header.split()
        data = process.stdout.read(int(size))
        process.stdout.read(1)
        return oid.decode("ascii"), data

    def _ask_alone(self, name: str) -> tuple[str, bytes] | None:
        """A name that cannot be one line of the batch."""
        oid = self.repo.ask("rev-parse", "--verify", "--quiet", "--end-of-options", name)
        return None if oid is None else self._ask(oid)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = start(
                ("cat-file", "--batch"),
                cwd=self.repo.root,
                environment=for_reading(self.repo.environment),
                stdin=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process
