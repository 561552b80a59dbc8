"""``git smista hook``: the scripts that are written, where they go, and what stands there."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from smista_git.git import hooks
from smista_git.git.hooks import Folder
from smista_git.git.repository import Repository
from smista_git.workflow.hook.managers import Manager, managers_of

HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-rewrite", "pre-push")
# What `install` takes when nobody names any: all of them, since each keeps still where it has nothing to do.
USUAL = HOOKS
READS_STDIN = ("post-rewrite", "pre-push")
PROGRAM = "git-smista"

_PACKAGE = Path(__file__).parents[2]
# In a wheel the scripts are inside the package; in a checkout they stand beside it.
SHIM_FOLDERS = (_PACKAGE / "hooks", _PACKAGE.parent / "hooks")


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, or would be, with one hook."""

    name: str
    what: str
    path: Path


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the status; ``outdated`` says that ``install`` would write another script today."""

    name: str
    state: hooks.State
    chained: bool
    outdated: bool
    path: Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where the hooks of this repository are, and who else looks after them."""

    repo: Repository
    folder: Folder
    managers: tuple[Manager, ...]

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know of the folder before something is written there."""
        folder = self.folder
        if folder.configured is None:
            return ()
        if folder.scope in ("global", "system"):
            return (
                f"core.hooksPath ({folder.scope}) is {folder.configured}: every repository runs these hooks",
            )
        if folder.path.is_relative_to(self.repo.root) and not folder.path.is_relative_to(
            self.repo.common_dir
        ):
            return (
                f"core.hooksPath is {folder.configured}, inside the work tree; the scripts name a path of this machine",
            )
        return (f"core.hooksPath is {folder.configured}",)


def find_place() -> Place:
    """The hooks of the repository around the working directory. Raises: NotARepository, Refused."""
    repo = Repository.discover()
    folder = hooks.hooks_folder(repo)
    return Place(repo, folder, managers_of(repo.root, folder))


def install(place: Place, names: Sequence[str], *, dry_run: bool) -> Iterator[Step]:
    """Each hook as it is put in place, or would be."""
    put = hooks.would_put if dry_run else hooks.put
    for name in names:
        what = put(place.folder.path, name, script_for(name, program_path()))
        yield Step(name, what, place.folder.path / name)


def uninstall(place: Place, names: Sequence[str], *, dry_run: bool) -> Iterator[Step]:
    """Each hook as it is taken away, or would be."""
    take = hooks.would_take if dry_run else hooks.take
    for name in names:
        yield Step(name, take(place.folder.path, name), place.folder.path / name)


def status(place: Place) -> Iterator[Standing]:
    """Every hook that there could be, in the order in which git runs them."""
    for name in HOOKS:
        found = hooks.look_at(place.folder.path, name)
        outdated = found.state == "ours" and found.content != script_for(name, program_path())
        yield Standing(name, found.state, found.chained, outdated, place.folder.path / name)


def program_path() -> str:
    """The program that runs now, by its full path; else its name, for the hook's own PATH."""
    running = Path(sys.argv[0])
    beside = Path(sys.executable).with_name(PROGRAM)
    for path in (running, beside):
        if path.name == PROGRAM and path.is_file():
            return path.absolute().as_posix()
    found = shutil.which(PROGRAM)
    return Path(found).absolute().as_posix() if found else PROGRAM


def script_for(name: str, program: str) -> bytes:
    """The whole script of a hook: what stood there before, what needs no Python, then the program."""
    listens = name in READS_STDIN
    parts = ("first", "chain-stdin" if listens else "chain", name, "last")
    text = "".join(_part(part) for part in parts)
    words = {
        "@NAME@": name,
        # Git takes no answer of a post- hook, so ours runs whatever the other said.
        "@OTHERWISE@": ":" if name.startswith("post-") else "exit",
        "@FEED@": "feed | " if listens else "",
        "@PROGRAM@": shlex.quote(program),
    }
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return text.encode("utf-8", "surrogateescape")


def _part(name: str) -> str:
    for folder in SHIM_FOLDERS:
        if (path := folder / f"{name}.sh").is_file():
            return path.read_text("utf-8")
    raise FileNotFoundError(f"the hook script {name}.sh is missing from {SHIM_FOLDERS[0]}")
