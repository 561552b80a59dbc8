"""The folder in which git looks for hooks, and what is done there: put ours in, take ours out, never another's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from smista_git.errors import Refused
from smista_git.git.process import decode
from smista_git.git.repository import Repository
from smista_git.whole_file import write_whole

# The line by which a script of ours is known, and the name under which another's waits behind ours.
MARKER = b"# smista-hook:"
BEFORE = ".before-smista"
MARKER_WITHIN_BYTES = 1024

State = Literal["ours", "another's", "missing"]
Written = Literal["written", "chained", "renewed", "unchanged", "crowded"]
Removed = Literal["removed", "restored", "another's", "missing"]


@dataclass(frozen=True, slots=True)
class Folder:
    """Where git looks for hooks; ``configured`` is core.hooksPath and ``scope`` the layer that sets it."""

    path: Path
    configured: str | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at a hook's name; ``chained`` says that another's hook waits behind it."""

    name: str
    state: State
    chained: bool
    content: bytes = b""


def hooks_folder(repo: Repository) -> Folder:
    """The folder of this repository's hooks: core.hooksPath, else that of the main work tree's git directory.

    Raises: Refused, where core.hooksPath is no place for files, such as /dev/null.
    """
    path = repo.root / os.fsdecode(repo.run("rev-parse", "--git-path", "hooks").stdout.removesuffix(b"\n"))
    scope, configured = _configured(repo)
    if path.exists() and not path.is_dir():
        hint = "see who turned the hooks off: `git config --show-origin --get core.hooksPath`"
        raise Refused(f"{path} is no folder, so git runs no hooks here", hint=hint)
    return Folder(path, configured, scope)


def look_at(folder: Path, name: str) -> Found:
    """What stands at a hook's name now."""
    path = folder / name
    chained = os.path.lexists(_waiting(path))
    if not os.path.lexists(path):
        return Found(name, "missing", chained)
    content = path.read_bytes() if path.is_file() else b""
    ours = MARKER in content[:MARKER_WITHIN_BYTES]
    return Found(name, "ours" if ours else "another's", chained, content)


def put(folder: Path, name: str, script: bytes) -> Written:
    """Put a script of ours at a hook's name; another's is renamed, waits behind it, and is run by it.

    ``crowded``: another's hook stands there although one waits already, so nothing was done.
    """
    what = would_put(folder, name, script)
    path = folder / name
    if what in ("unchanged", "crowded"):
        return what
    folder.mkdir(parents=True, exist_ok=True)
    if what == "chained":
        path.rename(_waiting(path))
    try:
        write_whole(path, script, mode=0o755)
    except OSError:
        if what == "chained":
            _waiting(path).rename(path)
        raise
    return what


def would_put(folder: Path, name: str, script: bytes) -> Written:
    """What ``put`` would do."""
    found = look_at(folder, name)
    if found.state == "ours":
        runs = os.access(folder / name, os.X_OK)
        return "unchanged" if found.content == script and runs else "renewed"
    if found.state == "missing":
        return "written"
    return "crowded" if found.chained else "chained"


def take(folder: Path, name: str) -> Removed:
    """Take a script of ours away and put back what waited behind it; another's stays as it is."""
    what = would_take(folder, name)
    path = folder / name
    if what == "restored":
        _waiting(path).replace(path)
    elif what == "removed":
        path.unlink()
    return what


def would_take(folder: Path, name: str) -> Removed:
    """What ``take`` would do. One that waits behind nothing any more is put back too."""
    found = look_at(folder, name)
    if found.state == "another's":
        return "another's"
    if found.chained:
        return "restored"
    return "removed" if found.state == "ours" else "missing"


def _waiting(path: Path) -> Path:
    return path.with_name(path.name + BEFORE)


def _configured(repo: Repository) -> tuple[str | None, str | None]:
    """The scope and the value of core.hooksPath."""
    said = repo.run("config", "--null", "--show-scope", "--get", "core.hooksPath", ok=(0, 1)).stdout
    scope, _, value = said.removesuffix(b"\0").partition(b"\0")
    return (decode(scope), decode(value)) if scope else (None, None)
