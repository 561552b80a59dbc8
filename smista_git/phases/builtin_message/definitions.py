"""Functions, classes, types, constants and options that came, went, moved or got another name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.grammar import Definition, definition
from smista_git.phases.builtin_message.paths import base_name, folder, spoken, stem
from smista_git.phases.builtin_message.reading import Block, Reading
from smista_git.phases.builtin_message.signatures import signature_facts
from smista_git.phases.builtin_message.wording import speakable

_WEIGHTS = {
    "class": 6.0, "struct": 6.0, "interface": 5.5, "trait": 6.0, "enum": 5.5, "type": 5.0, "function": 5.5,
    "module": 5.0, "method": 4.5, "constant": 3.5, "macro": 4.0, "table": 7.0, "column": 6.0, "selector": 3.5,
    "variable": 3.5, "impl": 2.0,
}  # fmt: skip
_NOUNS = {"method": "method", "table": "table", "column": "column", "view": "view", "index": "index",
          "macro": "macro", "trait": "trait", "enum": "enum", "interface": "interface", "struct": "struct",
          "class": "class", "type": "type", "selector": "style", "mixin": "mixin", "animation": "animation",
          "function": "function", "resource": "resource", "rpc": "rpc", "message": "message"}  # fmt: skip
_OPTION = regex(r"""(?<![\w$-])['"`](?:-\w\W{1,6})?(--[a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?=[\s='"`<\[,])""")
_EXPORT = regex(r"^\s*(?:export|pub|public)\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A definition in an added or removed line, with the number of lines of its body that came or went too."""

    what: Definition
    block: Block
    reading: Reading
    size: int


def definition_facts(readings: Sequence[Reading]) -> Iterator[Fact]:
    """What came, went, moved or was renamed, over all files of code."""
    code = [r for r in readings if r.role == "source" and r.grammar is not None]
    came, went = [f for r in code for f in _found(r, "+")], [f for r in code for f in _found(r, "-")]
    gone = {(f.what.kind, f.what.name) for f in went}
    here = {(f.what.kind, f.what.name) for f in came}
    came_only = [f for f in came if (f.what.kind, f.what.name) not in gone]
    went_only = [f for f in went if (f.what.kind, f.what.name) not in here]
    renamed = list(_renames(came_only, went_only))
    used = {id(f) for pair in renamed for f in pair}
    for old, new in renamed:
        yield Fact(
            "code",
            "rename",
            (old.what.name,),
            tail=f"to {new.what.name}",
            firm=True,
            weight=8,
            path=new.reading.path,
        )
    yield from _moved(came, went)
    yield from signature_facts(code)
    for verb, found in (("add", came_only), ("remove", went_only)):
        yield from (
            _fact(verb, f)
            for f in _outermost(found)
            if id(f) not in used and f.reading.file.status not in {"deleted"}
        )
    yield from _options(readings)


def _found(reading: Reading, side: str) -> Iterator[Found]:
    for block in reading.blocks:
        lines = block.added if side == "+" else block.removed
        marks = [(i, d) for i, line in enumerate(lines) if (d := definition(line, reading.grammar))]
        for at, (i, what) in enumerate(marks):
            if what.kind != "impl" and speakable(what.name) and not _is_test(what, lines, i):
                stop = next((j for j, d in marks[at + 1 :] if d.indent <= what.indent), len(lines))
                yield Found(what, block, reading, stop - i)


def _is_test(what: Definition, lines: Sequence[str], at: int) -> bool:
    """Tests that live beside the code: told by their mark or their name."""
    marks = lines[max(0, at - 3) : at]
    return what.name.lower().startswith("test") or any(
        "#[test" in m or "::test]" in m or "@Test" in m for m in marks
    )


def _outermost(found: list[Found]) -> list[Found]:
    """Without what lies inside another found definition, and without what is nested in a function."""
    kept: list[Found] = []
    for f in found:
        last = kept[-1] if kept else None
        inside = last is not None and last.block is f.block and last.what.indent < f.what.indent
        around = f.block.around
        nested = around is not None and around.kind in {"function", "method"} and f.what.kind != "method"
        if not inside and not nested:
            kept.append(f)
    return kept


def _fact(verb: str, found: Found) -> Fact:
    what = found.what
    weight = _WEIGHTS.get(what.kind, 4.0) + min(found.size, 60) / 30
    weight += (1.0 if _EXPORT.match(what.text) else 0.0) - (2.0 if what.private else 0.0)
    noun = _NOUNS.get(what.kind, "")
    around = found.block.around
    owner = (
        around.name
        if around and around.kind in {"class", "struct", "interface", "trait", "impl", "enum"}
        else ""
    )
    tail = f"{'to' if verb == 'add' else 'from'} {owner}" if owner and what.kind == "method" else ""
    return Fact("code", verb, (what.name,), noun, tail=tail, weight=weight, path=found.reading.path)


def _renames(came: list[Found], went: list[Found]) -> Iterator[tuple[Found, Found]]:
    """Pairs whose lines are equal but for the name: the same place or the only candidate in the file."""
    taken: set[int] = set()
    for old in went:
        for new in came:
            if id(new) in taken or new.reading is not old.reading or new.what.kind != old.what.kind:
                continue
            if _shape(old.what) == _shape(new.what) and (new.block is old.block or old.size == new.size > 2):
                taken.add(id(new))
                yield old, new
                break


def _shape(what: Definition) -> str:
    return re.sub(r"\s+", " ", what.text.replace(what.name, "\x00", 1)).strip()


def _moved(came: list[Found], went: list[Found]) -> Iterator[Fact]:
    """Definitions that left one file and stand in another now."""
    homes = {(f.what.kind, f.what.name): f for f in came if f.what.kind != "method" and f.size > 2}
    for old in went:
        new = homes.get((old.what.kind, old.what.name))
        if new is None or new.reading is old.reading or stem(new.reading.path) == old.what.name:
            continue
        if old.reading.file.status == "deleted" and new.reading.file.status == "added":
            continue
        names = spoken(old.reading.path), spoken(new.reading.path)
        if names[0] == names[1]:
            names = base_name(folder(old.reading.path)), base_name(folder(new.reading.path))
        tail = f"from {names[0]} to {names[1]}" if all(names) and names[0] != names[1] else ""
        yield Fact("code", "move", (old.what.name,), tail=tail, weight=6.5, path=new.reading.path)


def _options(readings: Sequence[Reading]) -> Iterator[Fact]:
    """Command-line options that code came to know or to forget."""
    code = [r for r in readings if r.role == "source"]
    seen = {o for r in code for b in r.blocks for line in (*b.before, b.after) for o in _OPTION.findall(line)}
    came = {o: r.path for r in code for line in r.added for o in _OPTION.findall(line)}
    went = {o: r.path for r in code for line in r.removed for o in _OPTION.findall(line)}
    for verb, some, other in (("add", came, went), ("remove", went, came)):
        for option, path in some.items():
            if option not in other and option not in seen and speakable(option):
                yield Fact("code", verb, (option,), "option", weight=8.5, path=path)
