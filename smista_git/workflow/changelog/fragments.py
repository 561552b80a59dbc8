"""News fragments: files of one entry each, out of which a tool writes the changelog when it releases."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smista_git.git.process import decode
from smista_git.git.repository import Repository

FOLDERS = frozenset((".changes", ".changeset", "changelog", "changelog.d", "changelogs", "newsfragments"))
# Folders of these names hold other things as well: there a fragment has a number or a kind in its name, as towncrier's do.
NUMBERED = frozenset(("changes", "news"))
_NO_FRAGMENT = re.compile(r"\.|readme|config|template|_template|.*\.(?:json|j2|jinja2?|tmpl)$", re.IGNORECASE)
_NUMBERED = re.compile(r"\d+(?:\.\w+)+|[\w+-]+(?:\.\w+){2,}")


def fragments_of(repo: Repository) -> tuple[str, ...]:
    """The fragments in the folders at the root of the newest commit, by their names there."""
    folders = [name for name in _tree(repo) if name.lower() in FOLDERS | NUMBERED]
    return tuple(name for folder in folders for name in _tree(repo, folder) if _is_one(name))


def commits_of(repo: Repository, revisions: Sequence[str], fragments: Sequence[str]) -> frozenset[str]:
    """The commits of a range that wrote fragments which are still there."""
    folders = sorted({name.partition("/")[0] for name in fragments})
    if not folders:
        return frozenset()
    words = ("log", "--format=%x01%H", "--name-only", "--diff-filter=A", "--no-renames", "-z")
    told = decode(repo.run("--literal-pathspecs", *words, *revisions, "--", *folders).stdout)
    there = set(fragments)
    parts = (part.replace("\n", "").split("\0") for part in told.split("\x01")[1:])
    return frozenset(oid for oid, *names in parts if not there.isdisjoint(names))


def _tree(repo: Repository, folder: str = "") -> list[str]:
    """What lies at the root, or what lies in a folder of it and below; nothing where there is no commit yet."""
    words = ("-r", "HEAD", "--", f"{folder}/") if folder else ("HEAD",)
    done = repo.run("--literal-pathspecs", "ls-tree", "-z", "--name-only", "--full-tree", *words, ok=(0, 128))
    return decode(done.stdout).split("\0")[:-1]


def _is_one(name: str) -> bool:
    folder, file = name.partition("/")[0].lower(), name.rpartition("/")[2]
    if folder in NUMBERED:
        return _NUMBERED.fullmatch(file) is not None
    return _NO_FRAGMENT.match(file) is None
