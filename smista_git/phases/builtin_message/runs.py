"""Lines of code that only came or only went: the most telling thing that they do."""

from __future__ import annotations

from collections.abc import Sequence

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.reading import Block
from smista_git.phases.builtin_message.statements import Statement, guard_phrase, statement
from smista_git.phases.builtin_message.wording import speakable

_OPENER = regex(r"([A-Za-z_$][\w$.-]*)['\"]?\s*(?::[^=]*)?[=:]?\s*(?:new \w+|&?\w*!?)?[\[{(]\s*$")
_CONTAINERS_WORDS = """
    class struct interface trait enum type impl
"""
_CONTAINERS = frozenset(_CONTAINERS_WORDS.split())
_OPTION_MARK = regex(r"^\s*(?:#\[(?:arg|clap|structopt|option|command)\b|@(?:\w+\.)?option\b)|\bFlags?\(\)")
_PLAIN = regex(r"[\w.$!()'\" =&|<>*-]+")


def run_fact(block: Block, where: str) -> Fact | None:
    """What the lines of a block do that has only added or only removed ones; None for imports and brackets."""
    lines, verb = (block.added, "add") if block.added else (block.removed, "remove")
    inside = block.around.kind if block.around else ""
    told = [s for line in lines if (s := statement(line, inside=inside))]
    kinds = {s.kind for s in told} - {"comment"}
    if not kinds:
        return _comment(told, verb, where) if told else None
    if kinds == {"import"}:
        return None
    return (
        _fields(told, kinds, block, verb, where)
        or _entries(told, kinds, block, verb)
        or _failure(told, verb, where)
        or _branch(next(s for s in told if s.kind != "comment"), told, verb, where)
        or _action(next(s for s in told if s.kind != "comment"), told, verb, where)
    )


def _to(verb: str) -> str:
    return "to" if verb == "add" else "from"


def _names(told: Sequence[Statement], *kinds: str, limit: int = 60) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s.name for s in told if s.kind in kinds and speakable(s.name, limit=limit)))


def _comment(told: Sequence[Statement], verb: str, where: str) -> Fact:
    noun = "TODO" if any("TODO" in s.name for s in told) else "comment"
    return Fact("code", verb, (), noun, tail=f"{_to(verb)} {where}", weight=1.5)


def _fields(told: Sequence[Statement], kinds: set[str], block: Block, verb: str, where: str) -> Fact | None:
    names = _names(told, "field")
    if (
        not names
        or not kinds <= {"field", "decorator"}
        or (block.around and block.around.kind not in _CONTAINERS)
    ):
        return None
    if block.around is None:
        return None
    noun = "option" if any(_OPTION_MARK.search(line) for line in block.added or block.removed) else "field"
    return Fact("code", verb, names, noun, tail=f"{_to(verb)} {where}", weight=6)


def _entries(told: Sequence[Statement], kinds: set[str], block: Block, verb: str) -> Fact | None:
    owner = _list_owner(block) if kinds <= {"entry", "field", "call"} else None
    names = _names(told, "entry", "field")
    return Fact("code", verb, names[:4], tail=f"{_to(verb)} {owner}", weight=4) if owner and names else None


def _list_owner(block: Block) -> str | None:
    """The name of the list, table or call that the lines stand in: the nearest opened bracket above."""
    lines = block.added or block.removed
    indent = len(lines[0]) - len(lines[0].lstrip())
    for line in reversed(block.before):
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            found = _OPENER.search(line)
            return found[1] if found and speakable(found[1]) else None
    return None


def _failure(told: Sequence[Statement], verb: str, where: str) -> Fact | None:
    """An error raised or caught."""
    for kind, did, doing in (("raise", "raise", "raising"), ("catch", "catch", "catching")):
        names = _names(told, kind)
        if names and verb == "add":
            return Fact("code", did, names[:2], tail=f"in {where}", weight=4.5)
        if names:
            return Fact("code", "stop", names[:2], tail=f"in {where}", lead=doing, weight=4)
    return None


def _branch(first: Statement, told: Sequence[Statement], verb: str, where: str) -> Fact | None:
    """A condition or a case."""
    guard = guard_phrase(first.name) if first.kind == "if" else None
    if guard and verb == "add":
        return Fact("code", guard[0], (guard[1],), tail=f"in {where}", weight=4.5)
    if first.kind == "if" and plain_condition(first.name):
        noun = "" if verb == "add" else "check"
        did = "check" if verb == "add" else "drop"
        return Fact(
            "code",
            did,
            (unwrapped(first.name),),
            noun,
            tail=f"{'in' if verb == 'add' else 'from'} {where}",
            weight=3.5,
        )
    cases = _names(told, "case", limit=40)
    if first.kind == "case" and cases:
        noun = "" if verb == "add" else "case"
        return Fact(
            "code",
            "handle" if verb == "add" else "drop",
            cases[:3],
            noun,
            tail=f"{'in' if verb == 'add' else 'from'} {where}",
            weight=4,
        )
    return None


def _action(first: Statement, told: Sequence[Statement], verb: str, where: str) -> Fact:
    """Logging, calls, assignments: the weakest of what can be told apart; at last the place alone."""
    preposition = "in" if verb == "add" else "from"
    calls = _names(told, "call", limit=40)
    if first.kind == "log":
        return Fact("code", verb, ("logging",), tail=f"{_to(verb)} {where}", weight=2.5)
    if calls:
        did, noun = ("call", "") if verb == "add" else ("remove", "call")
        return Fact("code", did, calls[:2], noun, tail=f"{preposition} {where}", weight=3)
    if first.kind in {"assign", "field"} and speakable(first.name):
        return Fact(
            "code",
            "set" if verb == "add" else "remove",
            (first.name,),
            tail=f"{preposition} {where}",
            weight=3,
        )
    if first.kind == "decorator":
        return Fact("code", verb, (first.name.removeprefix("#["),), tail=f"{_to(verb)} {where}", weight=2.5)
    return Fact("code", "extend" if verb == "add" else "trim", (where,), weight=1.5)


def plain_condition(condition: str) -> bool:
    """True when a condition is short and simple enough to be quoted as it stands."""
    return speakable(condition, limit=44) and _PLAIN.fullmatch(condition) is not None


def unwrapped(condition: str) -> str:
    """A condition without the brackets that its language wants around it."""
    text = condition.strip()
    return (
        text[1:-1].strip() if text.startswith("(") and text.endswith(")") and text.count("(") == 1 else text
    )
