"""What a commit changes, whatever its name: git's stable patch id."""

from __future__ import annotations

import subprocess
import tempfile

from smista_git.git.process import failure, for_reading, start, stop
from smista_git.git.repository import Repository

# Renames, context and prefixes would all change the id.
DIFF_TREE = (
    "diff-tree", "--patch", "--full-index", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color",
    "--unified=3", "--inter-hunk-context=0", "--diff-algorithm=myers", "--src-prefix=a/", "--dst-prefix=b/",
    "--submodule=short", "--ignore-submodules=none", "-O/dev/null", "--end-of-options",
)  # fmt: skip


def patch_id(repo: Repository, rev: str) -> str | None:
    """The id of a commit against its first parent; None where it changes nothing."""
    return patch_id_between(repo, repo.parent_or_empty(rev), rev)


def patch_id_between(repo: Repository, base: str, tip: str) -> str | None:
    """The id of the difference from ``base`` to ``tip``; the patch goes from git to git, not through here.

    Raises:
        GitFailed: one of the names means nothing.
    """
    reading = for_reading(repo.environment)
    words = (*DIFF_TREE, base, tip)
    with tempfile.TemporaryFile() as stderr:
        diff = start(words, cwd=repo.root, environment=reading, stderr=stderr)
        try:
            identify = start(
                ("patch-id", "--stable"),
                cwd=repo.root,
                environment=reading,
                stdin=diff.stdout,
                stderr=subprocess.DEVNULL,
            )
            answer, _ = identify.communicate()
            if diff.wait() != 0:
                stderr.seek(0)
                raise failure(words, diff.returncode, stderr.read())
        finally:
            stop(diff)
    return answer.split(b" ", 1)[0].decode("ascii") or None
