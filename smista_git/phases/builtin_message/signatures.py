"""Functions that stay and are called in another way: parameters, asynchrony, export."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.grammar import definition
from smista_git.phases.builtin_message.reading import Block, Reading
from smista_git.phases.builtin_message.statements import RESERVED
from smista_git.phases.builtin_message.wording import speakable

_NAME = regex(
    r"^\s*(?:mut\s+|final\s+|const\s+|\.\.\.|\*{1,2}|&)*(?P<name>[A-Za-z_$][\w$]*)\??\s*(?:[:=]|$|\s+[\w.*\[\]&<>]+$)"
)
_TYPED_FIRST = regex(r"^\s*(?:final\s+|const\s+)*[\w.<>\[\]*&?]+[\s*&]+(?P<name>\w+)\s*(?:=.*)?$")
_TYPE_FIRST_ENDINGS = (".java", ".cs", ".c", ".h", ".cpp", ".cc", ".hpp", ".php", ".dart")
_MARKS = ("async", "export")


def signature_facts(code: Sequence[Reading]) -> Iterator[Fact]:
    """What changed in the first lines of functions that are there before and after."""
    for reading in code:
        for block in reading.blocks:
            if block.removed and block.added:
                yield from _of_block(block, reading)


def _of_block(block: Block, reading: Reading) -> Iterator[Fact]:
    old = {d.name: d.text for line in block.removed if (d := definition(line, reading.grammar))}
    new = {d.name: d.text for line in block.added if (d := definition(line, reading.grammar))}
    for name in [n for n in new if n in old and speakable(n)]:
        one, two = parameters(old[name], reading.path), parameters(new[name], reading.path)
        if one is not None and two is not None:
            yield from _parameters(name, one, two, reading.path)
        for mark in _MARKS:
            if _has(mark, new[name]) and not _has(mark, old[name]):
                verb, tail = ("export", "") if mark == "export" else ("make", mark)
                yield Fact("code", verb, (name,), tail=tail, firm=bool(tail), weight=4.5, path=reading.path)


def _has(mark: str, text: str) -> bool:
    return re.search(rf"\b{mark}\b", text) is not None


def _parameters(name: str, one: list[str], two: list[str], path: str) -> Iterator[Fact]:
    came, went = tuple(p for p in two if p not in one), tuple(p for p in one if p not in two)
    if came and not went:
        yield Fact("code", "add", came, "parameter", tail=f"to {name}", weight=5.5, path=path)
    elif went and not came:
        yield Fact("code", "remove", went, "parameter", tail=f"from {name}", weight=5.5, path=path)
    elif len(came) == len(went) == 1:
        yield Fact(
            "code", "rename", went, "parameter", tail=f"to {came[0]}", firm=True, weight=4.5, path=path
        )


def parameters(line: str, path: str) -> list[str] | None:
    """The names of the parameters that a definition lists on its own line, or None where the list goes on."""
    inner = _bracketed(line)
    if inner is None:
        return None
    pattern = _TYPED_FIRST if path.endswith(_TYPE_FIRST_ENDINGS) else _NAME
    found = [pattern.match(part) for part in _split(inner)]
    names = [m["name"] for m in found if m is not None]
    return [n for n in names if n not in RESERVED and n != "cls"] if len(names) == len(found) else None


def _bracketed(line: str) -> str | None:
    """What stands between the first bracket after the name and its partner; a receiver of go is passed over."""
    start = line.find("(", line.find(")") if line.startswith("func (") else 0)
    depth = 0
    for at in range(max(start, 0), len(line)):
        depth += {"(": 1, ")": -1}.get(line[at], 0)
        if start >= 0 and depth == 0:
            return line[start + 1 : at]
    return None


def _split(inner: str) -> list[str]:
    """The parts between commas that stand in no bracket of their own."""
    parts, depth, current = [], 0, ""
    for sign in inner:
        depth += {"(": 1, "[": 1, "{": 1, "<": 1, ")": -1, "]": -1, "}": -1, ">": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += sign
    return [p for p in (*parts, current) if p.strip()]
