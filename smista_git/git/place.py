"""Where a repository lies: found by git itself, from a folder or from what a hook's environment says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smista_git.errors import GitFailed, NotARepository
from smista_git.git.process import LOCAL_VARIABLES, Done, elsewhere, failure, for_reading, run

FACTS = ("--is-bare-repository", "--is-shallow-repository", "--show-object-format")
PATHS = ("--absolute-git-dir", "--git-common-dir", "--show-toplevel")
REV_PARSE = ("rev-parse", "--path-format=absolute")


@dataclass(frozen=True, slots=True)
class Place:
    """``root`` is the top of the work tree, or the git directory where there is none (``bare``)."""

    root: Path
    git_dir: Path
    common_dir: Path
    bare: bool
    shallow: bool
    object_format: str


def locate(cwd: Path | None, environment: Mapping[str, str]) -> tuple[Place, dict[str, str]]:
    """The repository around ``cwd`` and the environment to run git in.

    Without ``cwd`` this is the repository of the working directory, and GIT_DIR, GIT_INDEX_FILE and the like
    are kept: a hook means them. A ``cwd`` in another repository than theirs is read without them.

    Raises:
        NotARepository: there is none.
    """
    here = _working_directory() if cwd is None else cwd
    kept = dict(environment)
    if cwd is not None and not LOCAL_VARIABLES.isdisjoint(kept):
        scrubbed = elsewhere(kept)
        place = _ask(here, scrubbed)
        if not _is_meant(place, kept):
            return place, scrubbed
    place = _ask(here, kept)
    return place, _anchored(kept, place)


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as gone:
        hint = "change to a folder that exists"
        raise NotARepository("the working directory is gone", hint=hint) from gone


def _is_meant(place: Place, environment: Mapping[str, str]) -> bool:
    try:
        return _ask(Path.cwd(), environment).git_dir == place.git_dir
    except NotARepository:
        return False


def _anchored(environment: dict[str, str], place: Place) -> dict[str, str]:
    """The environment with its paths made absolute, since git will run from the root and from below it.

    GIT_DIR alone makes git take its working directory for the top, so the real top is named beside it.
    """
    if not environment.get("GIT_DIR"):
        return environment
    absolute = {"GIT_DIR": place.git_dir}
    if not place.bare:
        absolute["GIT_WORK_TREE"] = place.root
    if environment.get("GIT_COMMON_DIR"):
        absolute["GIT_COMMON_DIR"] = place.common_dir
    return environment | {name: os.fspath(path) for name, path in absolute.items()}


def _ask(cwd: Path, environment: Mapping[str, str]) -> Place:
    reading = for_reading(environment)
    done = run((*REV_PARSE, *FACTS, *PATHS), cwd=cwd, environment=reading, ok=range(256))
    lines = done.stdout.split(b"\n")[:-1]
    if done.returncode != 0 and len(lines) < len(FACTS):
        raise _not_found(cwd, done)
    paths = lines[len(FACTS) :]
    if len(paths) > len(PATHS) or (done.returncode == 0 and len(paths) != len(PATHS)):
        paths = _one_by_one(cwd, reading)  # a folder's name holds a newline
    return _place(lines[: len(FACTS)], paths)


def _one_by_one(cwd: Path, reading: Mapping[str, str]) -> list[bytes]:
    answers = (run((*REV_PARSE, path), cwd=cwd, environment=reading, ok=range(256)) for path in PATHS)
    return [done.stdout.removesuffix(b"\n") for done in answers if done.returncode == 0]


def _place(facts: list[bytes], paths: list[bytes]) -> Place:
    git_dir, common_dir, *top = (Path(os.fsdecode(path)) for path in paths)
    return Place(
        root=top[0] if top else git_dir,
        git_dir=git_dir,
        common_dir=common_dir,
        bare=not top,
        shallow=facts[1] == b"true",
        object_format=facts[2].decode("ascii"),
    )


def _not_found(cwd: Path, done: Done) -> NotARepository | GitFailed:
    if b"not a git repository" in done.stderr:
        hint = "change to a folder inside a repository, or run `git init` to start one"
        return NotARepository(f"{cwd} is not inside a git repository", hint=hint)
    return failure(("rev-parse",), done.returncode, done.stderr, hint="see what git says above")
