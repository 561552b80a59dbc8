"""Releases: the project's own version going up, said the way the repository says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.paths import base_name, folder
from smista_git.phases.builtin_message.reading import Block, Reading
from smista_git.phases.builtin_message.wording import speakable

_VERSION = regex(
    r"""^\s*(?:export\s+)?(?:const\s+|var\s+|public\s+const\s+)?["']?(?:__version__|VERSION|version|Version|appVersion|PKG_VERSION|project\.version)["']?"""
    r"""\s*(?:=|:|:=|,)\s*["']?(?P<version>v?\d+\.\d+[\w.+-]*)["']?\s*[,;]?\s*(?:\#.*)?$"""
)
_BARE = regex(r"^\s*(?P<version>v?\d+\.\d+[\w.+-]*)\s*$")
_NAME = regex(r"""^\s*["']?name["']?\s*[:=]\s*["'](?P<name>[@\w./-]+)["']""")
_HEADING = regex(r"^#{1,3}\s*(?:Version\s+|Release\s+)?\[?(?P<version>v?\d+\.\d+\.\d+[\w.+-]*)\]?")
_PLACES = frozenset({"manifest", "lock", "changelog", "generated"})


@dataclass(frozen=True, slots=True)
class Version:
    """The version of one package, old ("" when unknown) and new."""

    package: str
    old: str
    new: str
    path: str


def release_facts(readings: Sequence[Reading]) -> Iterator[Fact]:
    """The release that a change makes, where its own version numbers say so."""
    found = versions_in(readings)
    if not found:
        return
    paths = {v.path for v in found}
    about = [r for r in readings if r.role in _PLACES or r.path in paths]
    weight = 12.0 if len(about) * 2 >= len(readings) else 4.0
    news = list(dict.fromkeys(v.new for v in found))
    if len(news) == 1:
        only = found[0] if len({v.package for v in found}) == 1 and folder(found[0].path) else None
        name = f"{only.package} {news[0]}" if only and only.package and "/" in only.path else news[0]
        yield Fact("release", "release", (name,), weight=weight, path=found[0].path)
    else:
        names = tuple(f"{v.package} {v.new}".strip() for v in found)
        yield Fact("release", "release", names, weight=weight)


def versions_in(readings: Sequence[Reading]) -> list[Version]:
    """The packages whose version went up, the root's first; the changelog's heading where nothing else says it."""
    found = [
        v for r in readings if r.role not in {"lock", "ci", "docs", "fixture", "test"} for v in _of_file(r)
    ]
    if not found:
        headed = [v for r in readings if r.role == "changelog" for v in _of_changelog(r)]
        found = headed if len(headed) == 1 else []
    return sorted(found, key=lambda v: v.path.count("/"))


def _of_file(reading: Reading) -> Iterator[Version]:
    pattern = _BARE if base_name(reading.path).upper() in {"VERSION", "VERSION.TXT", ".VERSION"} else _VERSION
    for block in reading.blocks:
        old = next((m["version"] for x in block.removed if (m := pattern.match(x))), "")
        new = next((m["version"] for x in block.added if (m := pattern.match(x))), "")
        if old and new and old != new and speakable(new, limit=30):
            yield Version(_package(block, reading.path), old, new, reading.path)
            return


def _package(block: Block, path: str) -> str:
    named = next((m["name"] for x in reversed(block.before) if (m := _NAME.match(x))), "")
    return named or base_name(folder(path))


def _of_changelog(reading: Reading) -> Iterator[Version]:
    gone = {m["version"] for line in reading.removed if (m := _HEADING.match(line))}
    for line in reading.added:
        if (match := _HEADING.match(line)) and match["version"] not in gone:
            yield Version("", "", match["version"], reading.path)
