"""What changed inside code: a name put for another, a guard, a call, an argument, a field, a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.grammar import definition
from smista_git.phases.builtin_message.pairs import Pair, is_name, main_swap, pairs_of, swaps
from smista_git.phases.builtin_message.paths import spoken
from smista_git.phases.builtin_message.reading import Block, Reading
from smista_git.phases.builtin_message.statements import Statement, guard_phrase, is_comment, statement
from smista_git.phases.builtin_message.wording import speakable

_OPENER = re.compile(r"([A-Za-z_$][\w$.-]*)['\"]?\s*(?::[^=]*)?[=:]?\s*(?:new \w+|&?\w*!?)?[\[{(]\s*$")
_CONTAINERS = frozenset(["class", "struct", "interface", "trait", "enum", "type", "impl"])
_CALLEE = re.compile(r"([\w$.]+)!?\s*(?:<[^>]*>)?\($")


def edit_facts(readings: Sequence[Reading]) -> Iterator[Fact]:
    """What was done within files of code, the same thing said once."""
    code = [r for r in readings if r.role == "source" and r.file.status not in {"added", "deleted"}]
    swap = main_swap(code)
    if (
        swap is not None
        and speakable(swap.old)
        and speakable(swap.new)
        and (swap.share >= 0.3 or swap.files > 2)
    ):
        tail = f"with {swap.new}"
        yield Fact(
            "code",
            "replace",
            (swap.old,),
            tail=tail,
            firm=True,
            weight=3.5 + 4 * swap.share + min(swap.times, 10) / 5,
        )
    for reading in code:
        for block in reading.blocks:
            yield from _of_block(block, reading)


def place(block: Block, reading: Reading) -> str:
    """The name of what encloses the block, else of the file."""
    around = block.around
    return around.name if around is not None else spoken(reading.path)


def _of_block(block: Block, reading: Reading) -> Iterator[Fact]:
    inside = block.around.kind if block.around else ""
    where = place(block, reading)
    if not speakable(where):
        return
    if block.removed and block.added:
        yield from _replaced(block, where, reading)
        return
    lines, verb = (block.added, "add") if block.added else (block.removed, "remove")
    if any(definition(line, reading.grammar) for line in lines):
        return
    told = [s for line in lines if (s := statement(line, inside=inside))]
    yield from (_sized(f, len(lines), reading.path) for f in _said(told, verb, where, block, inside))


def _sized(fact: Fact, lines: int, path: str) -> Fact:
    size = min(lines, 20) / 10
    return Fact(
        "code", fact.verb, fact.objects, fact.noun, fact.tail, fact.lead, fact.weight + size, path, fact.firm
    )


def _said(told: list[Statement], verb: str, where: str, block: Block, inside: str) -> Iterator[Fact]:
    """The one fact of a run of lines that only came or only went: its most telling statement."""
    kinds = {s.kind for s in told}
    if not told or kinds <= {"comment"}:
        if told:
            yield Fact(
                "code",
                "document" if verb == "add" else "trim",
                (where,),
                "" if verb == "add" else "comment",
                weight=1,
            )
        return
    first = next((s for s in told if s.kind != "comment"), told[0])
    if kinds <= {"import", "comment"}:
        return
    if kinds <= {"field", "comment", "decorator"} and inside in _CONTAINERS:
        names = tuple(s.name for s in told if s.kind == "field" and speakable(s.name))
        yield Fact("code", verb, names, "field", tail=f"{_to(verb)} {where}", weight=5)
        return
    if kinds <= {"entry", "comment", "field", "call"} and (owner := _list_owner(block)):
        names = tuple(s.name for s in told if s.kind in {"entry", "field"} and speakable(s.name))
        if names:
            yield Fact("code", verb, names[:4], tail=f"{_to(verb)} {owner}", weight=4)
            return
    yield from _one(first, told, verb, where)


def _to(verb: str) -> str:
    return "to" if verb == "add" else "from"


def _list_owner(block: Block) -> str | None:
    """The name of the list, table or call that the lines stand in: the nearest opened bracket above."""
    lines = block.added or block.removed
    indent = len(lines[0]) - len(lines[0].lstrip())
    for line in reversed(block.before):
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            found = _OPENER.search(line)
            return found[1] if found and speakable(found[1]) else None
    return None


def _one(first: Statement, told: list[Statement], verb: str, where: str) -> Iterator[Fact]:
    raised = next((s.name for s in told if s.kind == "raise" and speakable(s.name)), None)
    if raised and verb == "add":
        yield Fact("code", "raise", (raised,), tail=f"in {where}", weight=4.5)
    elif raised:
        yield Fact("code", "stop", (raised,), lead="raising", tail=f"in {where}", weight=4)
    elif first.kind == "if" and (guard := guard_phrase(first.name)) and verb == "add":
        yield Fact("code", guard[0], (guard[1],), tail=f"in {where}", weight=4.5)
    elif first.kind == "if" and speakable(first.name, limit=36) and _plain(first.name):
        yield Fact(
            "code",
            "check" if verb == "add" else "drop",
            (_unwrapped(first.name),),
            "" if verb == "add" else "check",
            tail=f"in {where}",
            weight=3.5,
        )
    elif first.kind == "case":
        yield Fact(
            "code",
            "handle" if verb == "add" else "drop",
            tuple(s.name for s in told if s.kind == "case")[:3],
            tail=f"in {where}",
            weight=4,
        )
    elif first.kind == "catch" and first.name:
        yield Fact(
            "code",
            "catch" if verb == "add" else "stop",
            (first.name,),
            lead="" if verb == "add" else "catching",
            tail=f"in {where}",
            weight=4,
        )
    else:
        yield from _other(first, told, verb, where)


def _other(first: Statement, told: list[Statement], verb: str, where: str) -> Iterator[Fact]:
    """Calls, assignments and returns, the weakest of what can be told apart."""
    calls = tuple(dict.fromkeys(s.name for s in told if s.kind == "call" and speakable(s.name, limit=40)))
    if first.kind == "log":
        yield Fact("code", verb, ("logging",), tail=f"{_to(verb)} {where}", weight=2.5)
    elif calls:
        noun = "" if verb == "add" else "call"
        yield Fact(
            "code",
            "call" if verb == "add" else "remove",
            calls[:2],
            noun,
            tail=f"{'in' if verb == 'add' else 'from'} {where}",
            weight=3,
        )
    elif first.kind in {"assign", "field"} and speakable(first.name):
        yield Fact(
            "code",
            "set" if verb == "add" else "remove",
            (first.name,),
            tail=f"{'in' if verb == 'add' else 'from'} {where}",
            weight=3,
        )
    elif first.kind == "decorator":
        yield Fact("code", verb, (first.name.removeprefix("#["),), tail=f"{_to(verb)} {where}", weight=2.5)
    else:
        yield Fact("code", "extend" if verb == "add" else "trim", (where,), weight=1.5)


def _plain(condition: str) -> bool:
    return re.fullmatch(r"[\w.$!()'\" =&|<>-]+", condition) is not None


def _unwrapped(condition: str) -> str:
    text = condition.strip()
    return text[1:-1] if text.startswith("(") and text.endswith(")") and text.count("(") == 1 else text


def _replaced(block: Block, where: str, reading: Reading) -> Iterator[Fact]:
    """What was put in place of what; nothing where only a definition's own line changed name."""
    if all(is_comment(x) or not x.strip() for x in (*block.removed, *block.added)):
        yield Fact("code", "reword", ("comment",), tail=f"in {where}", weight=1, path=reading.path)
        return
    size = min(len(block.added) + len(block.removed), 20) / 20
    for pair in pairs_of(block):
        if (fact := _of_pair(pair, where)) is not None:
            yield _sized(fact, 1, reading.path)
            return
    fact = _novelty(block, where)
    yield Fact(
        "code",
        fact.verb,
        fact.objects,
        fact.noun,
        fact.tail,
        fact.lead,
        fact.weight + size,
        reading.path,
        fact.firm,
    )


def _of_pair(pair: Pair, where: str) -> Fact | None:
    """One changed line, told by the words that differ."""
    if pair.spacing_only or is_comment(pair.new):
        return None
    tail = f"in {where}"
    old, new = pair.gone_text, pair.came_text
    if (found := swaps(pair)) and len(found) == 1 and speakable(old) and speakable(new):
        a, b = (x.strip("\"'`") for x in found[0])
        if a and b and a != b:
            return Fact("code", "use", (b,), lead="", noun="", tail=f"instead of {a} {tail}", weight=3.5)
    became = statement(pair.new)
    if became and became.kind == "return" and became.name and speakable(became.name, limit=30):
        return Fact("code", "return", (became.name,), tail=f"from {where}", weight=3)
    if not old and new and (callee := _callee(pair.head)) and is_name(arg := new.strip(", ")):
        return Fact("code", "pass", (arg,), tail=f"to {callee} {tail}", weight=3.5)
    if not new and old and (callee := _callee(pair.head)) and is_name(arg := old.strip(", ")):
        return Fact("code", "stop", (arg,), lead="passing", tail=f"to {callee} {tail}", weight=3.5)
    if (
        became
        and became.kind == "assign"
        and re.fullmatch(r"[\w.\"'-]{1,24}", became.value)
        and became.name in pair.old
    ):
        return Fact("code", "set", (became.name,), tail=f"to {became.value} {tail}", weight=3)
    if became and became.kind == "if" and speakable(became.name, limit=36) and _plain(became.name):
        return Fact("code", "check", (_unwrapped(became.name),), tail=tail, weight=3)
    return None


def _callee(head: Sequence[str]) -> str | None:
    """The call whose brackets are still open after those words."""
    text = "".join(head)
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[at], 0)
        if depth < 0:
            found = _CALLEE.search(text[: at + 1])
            return found[1] if found and speakable(found[1], limit=40) else None
    return None


_CALLED = re.compile(r"((?:[A-Za-z_$][\w$]*(?:\.|::))*[A-Za-z_$][\w$]*)!?\(")


def _novelty(block: Block, where: str) -> Fact:
    """The calls that only the new lines make and only the old ones made; failing that, the place alone."""
    new, old = _calls(block.added), _calls(block.removed)
    came = [c for c in new if c not in old]
    went = [c for c in old if c not in new]
    if came and went:
        return Fact("code", "use", (came[0],), tail=f"instead of {went[0]} in {where}", weight=2.8)
    if came:
        return Fact("code", "use", (came[0],), tail=f"in {where}", weight=2.6)
    if went:
        return Fact("code", "remove", (went[0],), "call", tail=f"from {where}", weight=2.6)
    return Fact("code", "rework", (where,), weight=1)


def _calls(lines: Sequence[str]) -> list[str]:
    found = (m for line in lines for m in _CALLED.findall(line))
    return [
        c
        for c in dict.fromkeys(found)
        if speakable(c, limit=40) and c not in {"if", "for", "while", "switch", "return"}
    ]
