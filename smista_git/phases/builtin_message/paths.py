"""What a path is for, and how people call it."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from smista_git.change.model import FileChange
from smista_git.change.paths import language_of, role_of
from smista_git.change.pattern import regex

Role = Literal[
    "source", "test", "fixture", "docs", "changelog", "ci", "manifest", "lock", "config", "licence", "asset",
    "generated",
]  # fmt: skip

# Where a folder says what for, and the name says what.
_PLACES = frozenset({"docs", "example", "test"})
_TESTS = frozenset({"source", "test", "style", "build"})
_SAMPLES = frozenset(
    {"__fixtures__", "__snapshots__", "fixture", "fixtures", "golden", "snapshots", "testdata"}
)
_LICENCE = regex(r"^(?:licen[cs]e|copying|notice|copyright)(?:[.-]|$)", re.I)
# Build files that say which version of what they stand on.
_PINNED = frozenset({"dockerfile", "msbuild"})
_CALLED: dict[str, Role] = {
    "lockfile": "lock",
    "vendored": "generated",
    "migration": "source",
    "style": "source",
    "other": "source",
}
_STEM_ONLY_WORDS = """
    readme changelog contributing security license licence code_of_conduct agents claude
"""
_STEM_ONLY = frozenset(_STEM_ONLY_WORDS.split())
_INDEX_WORDS = """
    index mod main __init__ lib readme init
"""
_INDEX = frozenset(_INDEX_WORDS.split())


@cache
def role_of_path(path: str) -> Role:
    """What the file is for, judged by its path alone."""
    place, name = role_of(path), base_name(path)
    if place == "test" and not _SAMPLES.isdisjoint(path.lower().split("/")):
        return "fixture"
    inner = role_of(name) if place in _PLACES else place
    if place == "test" and inner not in {"asset", "manifest"}:
        return "test" if inner in _TESTS else "fixture"
    if inner == "docs" and _LICENCE.match(name):
        return "licence"
    if inner == "build":
        return "manifest" if language_of(name) in _PINNED else "config"
    return _CALLED.get(inner, inner)  # type: ignore[arg-type]


def role(file: FileChange) -> Role:
    """What a changed file is for."""
    if file.lockfile:
        return "lock"
    if (file.generated or file.vendored) and role_of_path(file.path) != "fixture":
        return "generated"
    if file.binary and role_of_path(file.path) == "source":
        return "asset"
    return role_of_path(file.path)


def base_name(path: str) -> str:
    """The last part of a path."""
    return path.rstrip("/").rsplit("/", 1)[-1]


def folder(path: str) -> str:
    """The folder of a path, "" at the root."""
    return path.rsplit("/", 1)[0] if "/" in path else ""


def stem(path: str) -> str:
    """The last part of a path without its endings; a leading dot stays."""
    name = base_name(path)
    return name[:1] + name[1:].split(".", 1)[0]


def spoken(path: str) -> str:
    """What people call a file: README for README.md, the folder for an index file, else the name."""
    name, short = base_name(path), stem(path)
    if short.lower() in _STEM_ONLY:
        where = folder(path)
        return f"{base_name(where)} {short}" if where and short.lower() == "readme" else short
    if short.lower() in _INDEX and base_name(folder(path)) not in {"", "src", "lib"}:
        return base_name(folder(path))
    return short if role_of_path(path) in {"source", "test"} else name
