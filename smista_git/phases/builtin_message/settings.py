"""Configuration: keys that came, went or changed, with old and new value where both are short and no secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.bumps import bumps_in
from smista_git.phases.builtin_message.facts import Fact, Topic
from smista_git.phases.builtin_message.paths import base_name
from smista_git.phases.builtin_message.reading import Block, Reading
from smista_git.phases.builtin_message.wording import speakable

_KEY = regex(
    r"""^\s*(?:-\s+)?(?:export\s+|set\s+)?["']?(?P<key>[@A-Za-z_.$][\w.@/$-]*)["']?\s*(?::(?=[\s\["'{]|$)|=)\s*(?P<value>.*?),?\s*$"""
)
_ENTRY = regex(r"""^\s*(?:-\s+)?["']?(?P<entry>[^"'#\s,{}\[\]][^"',{}\[\]]*?)["']?\s*,?\s*$""")
_SECRET = regex(r"pass|secret|token|key|credential|auth|private|cert|salt|cookie|session|dsn|url", re.I)
_SHORT = regex(r"^[\w.@/:+<>=~^*-]{1,24}$")
_HOLLOW_WORDS = """
    env with run uses name id steps shell jobs on
"""
HOLLOW = frozenset(_HOLLOW_WORDS.split())
_KEYWORDS = frozenset(
    ["begin", "do", "done", "else", "end", "endif", "fi", "then"]
)  # alone on a line of a Gemfile or a script
_IGNORE = regex(r"ignore$|(^|/)\.git/info/exclude$")
_OWNERS = regex(r"(^|/)CODEOWNERS$")


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
            yield from key_facts(reading, topic="config", name=base_name(reading.path), values=values)


def key_facts(reading: Reading, *, topic: Topic, name: str, values: bool) -> Iterator[Fact]:
    """The keys of one file that came, went or changed value, each once; of nested ones that came, the outermost."""
    bumped = {b.name for b in bumps_in(reading)}
    if reading.role == "manifest":
        bumped |= {"version", "__version__"}  # told as a release
    for block in reading.blocks:
        old, new = _pairs(block.removed, bumped), _pairs(block.added, bumped)
        if not old or not new:
            old, new = _outermost(old), _outermost(new)
        for key in dict.fromkeys([*old, *new]):
            if key in old and key in new:
                yield from _changed(key, old[key][1], new[key][1], reading, topic, name, values=values)
            elif key in new:
                script = _is_script(reading, block, new[key][1])
                fact = _came(key, new[key][1], reading, topic, name, values=values and not old and not script)
                yield replace(fact, noun="script" if script else "")
            else:
                yield Fact(topic, "remove", (key,), tail=f"from {name}", weight=3, path=reading.path)
        if not old and not new:
            yield from _entries(block, reading, topic, name)


def _is_script(reading: Reading, block: Block, value: str) -> bool:
    """True for an entry of the scripts of a package.json: it stands below that key, or holds a command."""
    if base_name(reading.path) != "package.json":
        return False
    return '"scripts"' in "".join(block.before) or (" " in value and value[:1].isalpha())


_Keys = dict[str, tuple[int, str]]


def _pairs(lines: Iterable[str], without: set[str]) -> _Keys:
    """Each key with its indent and its value."""
    read = (line for line in lines if not line.lstrip().startswith(("#", "//", ";")))
    found = ((len(line) - len(line.lstrip(" -\t")), m) for line in read if (m := _KEY.match(line)))
    return {
        m["key"]: (indent, m["value"].strip("\"' "))
        for indent, m in found
        if m["key"] not in without and speakable(m["key"], limit=40)
    }


def _outermost(keys: _Keys) -> _Keys:
    """Only the keys that no other of them encloses; ``env`` and its like say less than what is in them."""
    telling = {k: v for k, v in keys.items() if k not in HOLLOW} or keys
    least = min((indent for indent, _ in telling.values()), default=0)
    return {k: v for k, v in telling.items() if v[0] == least}


def _changed(
    key: str, old: str, new: str, reading: Reading, topic: Topic, name: str, *, values: bool
) -> Iterator[Fact]:
    if old == new:
        return
    came, went = _items(old, new)
    if {old, new} == {"true", "false"}:
        yield Fact(
            topic,
            "enable" if new == "true" else "disable",
            (key,),
            tail=f"in {name}",
            weight=4,
            path=reading.path,
        )
    elif values and (came or went) and all(sayable(key, item) for item in (*came, *went)):
        verb, to = ("add", "to") if came else ("remove", "from")
        yield Fact(
            topic, verb, (came or went)[:3], tail=f"{to} {key} in {name}", weight=4.5, path=reading.path
        )
    elif values and sayable(key, new) and sayable(key, old):
        yield Fact(topic, "set", (key,), tail=f"to {new} in {name}", weight=4, path=reading.path)
    else:
        yield Fact(topic, "change", (key,), tail=f"in {name}", weight=3, path=reading.path)


def _items(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What came into a list on one line, and what left it; nothing where either side is no list."""
    if not (old.startswith("[") and new.startswith("[") and old.endswith("]") and new.endswith("]")):
        return (), ()
    one, two = ([item.strip(" \"'") for item in side[1:-1].split(",")] for side in (old, new))
    return tuple(x for x in two if x and x not in one), tuple(x for x in one if x and x not in two)


def _came(key: str, new: str, reading: Reading, topic: Topic, name: str, *, values: bool) -> Fact:
    if new in {"true", "false"}:
        return Fact(
            topic,
            "enable" if new == "true" else "disable",
            (key,),
            tail=f"in {name}",
            weight=3.5,
            path=reading.path,
        )
    if values and sayable(key, new) and new.replace(".", "").isalnum():
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
        entries = (m["entry"] for line in lines if (m := _ENTRY.match(line)))
        found = [entry for entry in entries if sayable("", entry) and entry not in _KEYWORDS]
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
