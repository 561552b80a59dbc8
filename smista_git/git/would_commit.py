"""The diff that ``git commit -a`` or ``git commit PATH`` would record, through an index of our own.

The real index is never opened for writing, so there is nothing to restore.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smista_git.errors import UsageError
from smista_git.git.diffs import PATCH_LIMIT_BYTES, RawDiff
from smista_git.git.process import PATHSPEC_VARIABLES, encode
from smista_git.git.repository import Repository
from smista_git.git.scope import Scope

SKIP_WORKTREE = b"S"


def would_commit(
    repo: Repository, scope: Scope, *, cwd: Path | None = None, limit_bytes: int = PATCH_LIMIT_BYTES
) -> RawDiff:
    """The diff of the commit that ``git commit`` would make; pathspecs are seen from ``cwd``.

    Like ``git add``, this stores the blobs of changed files, which ``git commit`` then finds.

    Raises:
        UsageError: ``--patch`` and ``--interactive``, whose result nobody can know before.
        GitFailed: a pathspec that matches nothing.
    """
    if scope.interactive:
        hint = "stage with `git add -p` first, then commit what is staged"
        raise UsageError("an interactive commit cannot be shown before it is made", hint=hint)
    if scope.index_only:
        return repo.staged_diff(amend=scope.amend, limit_bytes=limit_bytes)
    with temporary_index(repo) as index:
        environment = {"GIT_INDEX_FILE": os.fspath(index)}
        if scope.all:
            repo.run("add", "--update", "--", env=environment, cwd=repo.root)
        else:
            _add_paths(repo, scope, environment, cwd=cwd or Path.cwd())
        return repo.staged_diff(amend=scope.amend, limit_bytes=limit_bytes, env=environment)


@contextmanager
def temporary_index(repo: Repository) -> Iterator[Path]:
    """A copy of the index; the shared part of a split index is found in the git directory from anywhere."""
    with tempfile.TemporaryDirectory(prefix="smista-index-") as folder:
        index = Path(folder) / "index"
        real = repo.index_file()
        if real.exists():
            shutil.copyfile(real, index)
        yield index


def _add_paths(repo: Repository, scope: Scope, environment: dict[str, str], *, cwd: Path) -> None:
    """Bring the named files into the temporary index: over HEAD, or over the index with ``--include``."""
    paths = _matching(repo, scope, cwd=cwd)
    if not scope.include:
        head = repo.head()
        repo.run("read-tree", head or "--empty", env=environment)
    stdin = b"".join(path + b"\0" for path in paths)
    repo.run("update-index", "--add", "--remove", "-z", "--stdin", stdin=stdin, env=environment)


def _matching(repo: Repository, scope: Scope, *, cwd: Path) -> list[bytes]:
    """The tracked paths from the root that the pathspecs name; those outside a sparse checkout stay out."""
    words = [*map(encode, scope.pathspecs), *_listed(scope, cwd)]
    meaning = {name: value for name, value in repo.environment.items() if name in PATHSPEC_VARIABLES}
    listing = repo.run(
        "ls-files", "-z", "-t", "--full-name", "--error-unmatch", "--", *words,
        cwd=cwd, env=meaning, hint="name files that git tracks, or `git add` new ones first",
    )  # fmt: skip
    entries = (entry.split(b" ", 1) for entry in listing.stdout.split(b"\0")[:-1])
    return list(dict.fromkeys(path for tag, path in entries if tag != SKIP_WORKTREE))


def _listed(scope: Scope, cwd: Path) -> list[bytes]:
    if scope.pathspec_file is None:
        return []
    data = (cwd / os.fsdecode(encode(scope.pathspec_file))).read_bytes()
    return [line for line in data.replace(b"\r\n", b"\n").split(b"\n") if line]
