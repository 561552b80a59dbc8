"""Configuration: keys that came, went or changed, with old and new value where both are short and no secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from smista_git.phases.builtin_message.bumps import bumps_in
from smista_git.phases.builtin_message.facts import Fact, Topic
from smista_git.phases.builtin_message.paths import base_name, stem
from smista_git.phases.builtin_message.reading import Block, Reading
from smista_git.phases.builtin_message.wording import speakable

_KEY = re.compile(
    r"""^\s*(?:-\s+)?(?:export\s+|set\s+)?["']?(?P<key>[@A-Za-z_.$][\w.@/$-]*)["']?\s*(?::(?!:|//)|=)\s*(?P<value>.*?),?\s*$"""
)
_ENTRY = re.compile(r"""^\s*(?:-\s+)?["']?(?P<entry>[^"'#\s,{}\[\]][^"',{}\[\]]*?)["']?\s*,?\s*$""")
_SECRET = re.compile(r"pass|secret|token|key|credential|auth|private|cert|salt|cookie|session|dsn|url", re.I)
_SHORT = re.compile(r"^[\w.@/:+<>=~^*-]{1,24}$")
_IGNORE = re.compile(r"ignore$|(^|/)\.git/info/exclude$")
_OWNERS = re.compile(r"(^|/)CODEOWNERS$")
_STEMMED = frozenset(
    [
        "package",
        "pyproject",
        "tsconfig",
        "cargo",
        "composer",
        "turbo",
        "lerna",
        "netlify",
        "vercel",
        "dependabot",
    ]
)


def setting_facts(readings: Sequence[Reading], *, values: bool) -> Iterator[Fact]:
    """What changed in configuration; without ``values`` no value is ever named."""
    for reading in readings:
        if reading.file.status in {"added", "deleted"} or reading.role not in {"config", "manifest"}:
            continue
        if _IGNORE.search(reading.path):
            yield from _ignored(reading)
        elif _OWNERS.search(reading.path):
            yield from _owners(reading)
        else:
            yield from key_facts(reading, topic="config", name=called(reading.path), values=values)


def called(path: str) -> str:
    """What a configuration file is called: its stem where that is a household name."""
    return stem(path) if stem(path).lower() in _STEMMED else base_name(path)


def key_facts(reading: Reading, *, topic: Topic, name: str, values: bool) -> Iterator[Fact]:
    """The keys of one file that came, went or changed value, each once."""
    bumped = {b.name for b in bumps_in(reading)}
    for block in reading.blocks:
        old, new = _pairs(block.removed, bumped), _pairs(block.added, bumped)
        for key in dict.fromkeys([*old, *new]):
            if key in old and key in new:
                yield from _changed(key, old[key], new[key], reading, topic, name, values=values)
            elif key in new:
                yield _came(key, new[key], reading, topic, name, values=values and not old)
            else:
                yield Fact(topic, "remove", (key,), tail=f"from {name}", weight=3, path=reading.path)
        if not old and not new:
            yield from _entries(block, reading, topic, name)


def _pairs(lines: Iterable[str], without: set[str]) -> dict[str, str]:
    found = (
        m for line in lines if not line.lstrip().startswith(("#", "//", ";")) and (m := _KEY.match(line))
    )
    return {
        m["key"]: m["value"].strip("\"' ")
        for m in found
        if m["key"] not in without and speakable(m["key"], limit=40)
    }


def _changed(
    key: str, old: str, new: str, reading: Reading, topic: Topic, name: str, *, values: bool
) -> Iterator[Fact]:
    if old == new:
        return
    if {old, new} == {"true", "false"}:
        yield Fact(
            topic,
            "enable" if new == "true" else "disable",
            (key,),
            tail=f"in {name}",
            weight=4,
            path=reading.path,
        )
    elif values and sayable(key, new) and sayable(key, old):
        yield Fact(topic, "set", (key,), tail=f"to {new} in {name}", weight=4, path=reading.path)
    else:
        yield Fact(topic, "change", (key,), tail=f"in {name}", weight=3, path=reading.path)


def _came(key: str, new: str, reading: Reading, topic: Topic, name: str, *, values: bool) -> Fact:
    if new == "true":
        return Fact(topic, "enable", (key,), tail=f"in {name}", weight=3.5, path=reading.path)
    if new == "false":
        return Fact(topic, "disable", (key,), tail=f"in {name}", weight=3.5, path=reading.path)
    if values and sayable(key, new) and _SHORT.match(new) is not None and new.replace(".", "").isalnum():
        return Fact(topic, "set", (key,), tail=f"to {new} in {name}", weight=3.5, path=reading.path)
    return Fact(topic, "add", (key,), tail=f"to {name}", weight=3.5, path=reading.path)


def sayable(key: str, value: str) -> bool:
    """True when a value may stand in a message: short, one word, and not under a key that hides secrets."""
    letters_and_digits = (
        len(value) > 16 and any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    )
    return _SHORT.match(value) is not None and not _SECRET.search(key) and not letters_and_digits


def _entries(block: Block, reading: Reading, topic: Topic, name: str) -> Iterator[Fact]:
    for verb, lines, to in (("add", block.added, "to"), ("remove", block.removed, "from")):
        found = [m["entry"] for line in lines if (m := _ENTRY.match(line)) and sayable("", m["entry"])]
        if found:
            yield Fact(
                topic,
                verb,
                tuple(found[:3]),
                tail=f"{to} {_list_name(block) or name}",
                weight=2.5,
                path=reading.path,
            )


def _list_name(block: Block) -> str | None:
    for line in reversed(block.before[-12:]):
        found = _KEY.match(line)
        if found and found["value"].strip() in {"", "[", "{"} and speakable(found["key"], limit=40):
            return found["key"]
    return None


def _ignored(reading: Reading) -> Iterator[Fact]:
    came, went = _patterns(reading.added), _patterns(reading.removed)
    tail = "" if base_name(reading.path) == ".gitignore" else f"in {base_name(reading.path)}"
    for verb, lead, found in (("ignore", "", came - went), ("stop", "ignoring", went - came)):
        if found:
            yield Fact(
                "config", verb, tuple(sorted(found)), tail=tail, lead=lead, weight=3, path=reading.path
            )


def _patterns(lines: Iterable[str]) -> set[str]:
    bare = (line.strip() for line in lines)
    return {p for p in bare if p and not p.startswith(("#", "!")) and speakable(p, limit=40)}


def _owners(reading: Reading) -> Iterator[Fact]:
    came, went = (set(re.findall(r"@[\w/-]+", " ".join(x))) for x in (reading.added, reading.removed))
    for verb, to, found in (("add", "to", came - went), ("remove", "from", went - came)):
        if found:
            yield Fact(
                "config",
                verb,
                tuple(sorted(n.removeprefix("@") for n in found)),
                tail=f"{to} CODEOWNERS",
                weight=3,
                path=reading.path,
            )
