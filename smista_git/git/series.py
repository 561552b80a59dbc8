"""Several commits out of one index, made from an index of their own: the real one is never written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smista_git.errors import GitFailed, Interrupted, Refused
from smista_git.git.committing import MESSAGE_FILE
from smista_git.git.process import decode, encode
from smista_git.git.repository import Repository
from smista_git.git.would_commit import temporary_index

GONE = ("0", "0" * 40)  # what `update-index --index-info` takes for "remove this path"; the name is not read
REFLOG = "git smista commit --split: back to where it began"


@dataclass(frozen=True, slots=True)
class Series:
    """Commits on top of ``before`` (None on an unborn branch); the last one must record ``tree``, what is staged.

    ``staged`` gives mode and object name of each staged path; a path that is not in it is staged as removed.
    """

    repo: Repository
    before: str | None
    tree: str
    index: Path
    staged: Mapping[str, tuple[str, str]]

    def commit(
        self, paths: Sequence[str], message: bytes, *, args: Sequence[str], terminal: bool, cwd: Path
    ) -> str:
        """Commit these paths as they are staged, and give the commit's full name. Raises: as Repository.commit."""
        entries = [
            b"%s %s\t%s" % (mode.encode(), oid.encode(), encode(path))
            for path in paths
            for mode, oid in (self.staged.get(path, GONE),)
        ]
        # Removals first: a folder can stand where a file was.
        entries.sort(key=lambda entry: not entry.startswith(b"0 "))
        environment = {"GIT_INDEX_FILE": os.fspath(self.index)}
        self.repo.run(
            "update-index", "-z", "--index-info", stdin=b"\0".join([*entries, b""]), env=environment
        )
        try:
            return self.repo.commit(message, args=args, terminal=terminal, cwd=cwd, index=self.index)
        except (GitFailed, Interrupted) as exc:
            # The message that a failed commit keeps speaks of one part, while all of them are staged.
            (self.repo.git_dir / MESSAGE_FILE).unlink(missing_ok=True)
            exc.hint = "nothing was committed, all of it is still staged; try again, or without --split"
            raise

    def undo(self) -> None:
        """Put HEAD back where it was; the index and the work tree were never touched."""
        now = self.repo.head()
        if now is None or now == self.before:
            return
        back = ("HEAD", self.before) if self.before else ("-d", "HEAD")
        self.repo.run("update-ref", "-m", REFLOG, *back, now)


@contextmanager
def series(repo: Repository, staged: Mapping[str, tuple[str, str]]) -> Iterator[Series]:
    """A series that holds as a whole: whatever ends it early, Ctrl-C included, HEAD is where it was before.

    Raises:
        Refused: the commits do not add up to what was staged, as when a hook rewrites files.
    """
    with temporary_index(repo) as index:
        before = repo.head()
        tree = write_tree(repo, index)
        # --reset keeps what the index knows of unchanged files, so that git does not read each of them again.
        fresh = ("--reset", before) if before else ("--empty",)
        repo.run("read-tree", *fresh, env={"GIT_INDEX_FILE": os.fspath(index)})
        made = Series(repo, before, tree, index, staged)
        try:
            yield made
            _check(made)
        except BaseException:
            made.undo()
            raise


def write_tree(repo: Repository, index: Path) -> str:
    """The name of the tree that an index holds."""
    written = repo.run("write-tree", env={"GIT_INDEX_FILE": os.fspath(index)})
    return decode(written.stdout.strip())


def _check(made: Series) -> None:
    with temporary_index(made.repo) as now:
        staged = write_tree(made.repo, now)
    if staged != made.tree:
        raise Refused(
            "what is staged changed while the commits were made; they were taken back",
            hint="look at `git status`, then run `git smista commit --split` again",
        )
    if made.repo.ask("rev-parse", "--verify", "HEAD^{tree}") != made.tree:
        raise Refused(
            "the commits do not add up to what was staged: a hook changed files; they were taken back",
            hint="let the hook change the files first and stage them, or commit without --split",
        )
