"""Contents out of the object store: a few by ``git cat-file``, many by pygit2 where it can open the place.

Importing pygit2 costs about 50 ms, a ``git cat-file`` about 2: so pygit2 is for walks over many objects. It
refuses sha256 and other ref formats, and knows no missing blobs; there the command line answers.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from smista_git.git.process import LOCAL_VARIABLES, decode, encode, for_reading, start, stop
from smista_git.git.repository import Repository

if TYPE_CHECKING:
    import pygit2

INDEX = ""
BATCH_SIZE = 2000


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One file of a tree: its path from the root, its mode in octal digits, and its object's name."""

    path: str
    mode: str
    oid: str


def read_text(repo: Repository, rev: str, path: str) -> bytes | None:
    """The bytes of a file at a revision, or in the index where ``rev`` is ``INDEX``; None where there is none."""
    return read_texts(repo, [(rev, path)])[0]


def read_texts(repo: Repository, wanted: Sequence[tuple[str, str]]) -> list[bytes | None]:
    """The bytes of several (revision, path) pairs, in their order, by one process; None where there is none."""
    with Batch(repo) as batch:
        return [batch.read(f"{rev}:{path}") for rev, path in wanted]


def blobs(repo: Repository, oids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
    """Each name with its blob's bytes, in the order given; None for one that is missing or no blob."""
    store = opened(repo)
    with Batch(repo) as batch:
        for oid in oids:
            data = _blob(store, oid) if store is not None else None
            yield oid, batch.read(oid) if data is None else data


def contents(repo: Repository, oids: Sequence[str]) -> Iterator[bytes]:
    """The bytes of each object that is here, in order, ``BATCH_SIZE`` of them by one process."""
    for first in range(0, len(oids), BATCH_SIZE):
        names = "".join(f"{oid}\n" for oid in oids[first : first + BATCH_SIZE])
        answer = BytesIO(repo.run("cat-file", "--batch", "--buffer", stdin=names.encode("ascii")).stdout)
        for header in iter(answer.readline, b""):
            if not header.endswith(b" missing\n"):
                yield answer.read(int(header.split()[2]))
                answer.read(1)


def tree(repo: Repository, rev: str) -> Iterator[TreeEntry]:
    """Every file of a revision, in the order of git's tree; folders are walked, not named.

    Raises:
        GitFailed: the revision means no tree.
    """
    with repo.stream("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", rev) as stdout:
        for record in records(stdout):
            facts, _, path = record.partition(b"\t")
            mode, _, oid = facts.split(b" ")
            yield TreeEntry(decode(path), mode.decode("ascii"), oid.decode("ascii"))


def walk(repo: Repository, rev: str = "HEAD") -> Iterator[str]:
    """The full names of a commit and all its ancestors, newest first, parents after children."""
    tip = repo.resolve(rev)
    store = opened(repo) if tip else None
    if tip and store is not None and not repo.place.shallow:
        yield from _walked(store, tip)
    elif tip:
        with repo.stream("rev-list", "--topo-order", tip, "--") as stdout:
            yield from (line.rstrip(b"\n").decode("ascii") for line in stdout)


def opened(repo: Repository) -> pygit2.Repository | None:
    """The repository as pygit2 sees it, or None where it cannot open it.

    FROM_ENV, since a hook's GIT_INDEX_FILE and object folders are part of what the repository is.
    """
    import pygit2
    from pygit2.enums import RepositoryOpenFlag

    tied = not LOCAL_VARIABLES.isdisjoint(repo.environment)
    path = None if repo.environment.get("GIT_DIR") else os.fspath(repo.root)
    flags = RepositoryOpenFlag.FROM_ENV if tied else RepositoryOpenFlag.NO_SEARCH
    try:
        return pygit2.Repository(path, flags)
    except (pygit2.GitError, KeyError, ValueError):
        return None


def _blob(store: Any, oid: str) -> bytes | None:
    try:
        return bytes(store[oid].data)
    except (KeyError, AttributeError, ValueError):
        return None  # missing here, or no blob: the command line has the last word


def _walked(store: Any, tip: str) -> Iterator[str]:
    from pygit2.enums import SortMode

    return (str(commit.id) for commit in store.walk(tip, SortMode.TOPOLOGICAL | SortMode.TIME))


def records(stream: Any) -> Iterator[bytes]:
    """The NUL-ended records of a stream, read as it comes."""
    rest = b""
    while data := stream.read(1 << 16):
        *whole, rest = (rest + data).split(b"\0")
        yield from whole


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
