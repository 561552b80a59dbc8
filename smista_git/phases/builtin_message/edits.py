"""What changed inside code: a name put for another, a guard, a call, an argument, a field, a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.grammar import definition
from smista_git.phases.builtin_message.novelty import novelty
from smista_git.phases.builtin_message.pairs import Pair, is_name, swaps
from smista_git.phases.builtin_message.paths import base_name
from smista_git.phases.builtin_message.reading import Block, Reading
from smista_git.phases.builtin_message.runs import plain_condition, run_fact, unwrapped
from smista_git.phases.builtin_message.statements import RESERVED, is_comment, statement
from smista_git.phases.builtin_message.swaps import Swap, main_swap
from smista_git.phases.builtin_message.wording import speakable

_CALLEE = regex(r"([\w$.]+)!?\s*(?:<[^>]*>)?\($")
_KEY = regex(r"([A-Za-z_][\w.-]*)[\"']?\s*[:=]\s*$")
_SHORT_VALUE = regex(r"[\w.\"'-]{1,24}")


def edit_facts(readings: Sequence[Reading]) -> Iterator[Fact]:
    """What was done within files of code, the same thing said once."""
    code = [r for r in readings if r.role == "source" and r.file.status not in {"added", "deleted"}]
    swap = _telling_swap(code)
    if swap is not None:
        weight = 3.5 + 4 * swap.share + min(swap.times, 10) / 5
        yield Fact("code", "replace", (swap.old,), tail=f"with {swap.new}", firm=True, weight=weight)
    for reading in code:
        for block in reading.blocks:
            found = _of_block(block, reading)
            if found is not None and not _explained(found, swap):
                size = min(len(block.added) + len(block.removed), 20) / 12
                if found.verb == "rework" and block.around is not None:
                    found = replace(found, tail=f"in {base_name(reading.path)}")
                yield replace(found, weight=found.weight + size, path=reading.path)


def _telling_swap(code: Sequence[Reading]) -> Swap | None:
    """The name put for another, where that is a good part of the change."""
    swap = main_swap(code)
    if swap is None or not (speakable(swap.old) and speakable(swap.new)):
        return None
    return swap if swap.share >= 0.3 or swap.files > 2 else None


def _explained(fact: Fact, swap: Swap | None) -> bool:
    """True when the fact is but one place of the swap that is told already."""
    if swap is None:
        return False
    return (fact.verb == "use" and fact.objects[0] == swap.new) or (swap.share > 0.8 and fact.weight < 2)


def place(block: Block, reading: Reading) -> str:
    """The name of what encloses the block, else of the file."""
    return block.around.name if block.around is not None else base_name(reading.path)


def _of_block(block: Block, reading: Reading) -> Fact | None:
    where = place(block, reading)
    if not speakable(where):
        return None
    if block.removed and block.added:
        return _replaced(block, where)
    if any(definition(line, reading.grammar) for line in (*block.added, *block.removed)):
        return None  # told as a definition that came or went
    after = definition(block.after, reading.grammar)
    if after is not None and block.added and all(is_comment(line) for line in block.added if line.strip()):
        return Fact("code", "document", (after.name,), weight=2.5)
    return run_fact(block, where)


def _replaced(block: Block, where: str) -> Fact | None:
    """What was put in place of what."""
    if all(is_comment(x) or not x.strip() for x in (*block.removed, *block.added)):
        return Fact("code", "reword", ("comment",), tail=f"in {where}", weight=1)
    only = _one_sided(block)
    if only is not None and (fact := run_fact(only, where)) is not None:
        return fact
    told = (fact for pair in block.pairs if (fact := _of_pair(pair, where)) is not None)
    return next(told, None) or novelty(block, where)


def _one_sided(block: Block) -> Block | None:
    """The block without the lines that merely moved in or out by a step, where that leaves one side only."""
    old, new = ({line.strip() for line in side} for side in (block.removed, block.added))
    came = tuple(line for line in block.added if line.strip() and line.strip() not in old)
    went = tuple(line for line in block.removed if line.strip() and line.strip() not in new)
    return replace(block, added=came, removed=went) if bool(came) != bool(went) else None


def _of_pair(pair: Pair, where: str) -> Fact | None:
    """One changed line, told by the words that differ."""
    if pair.spacing_only or is_comment(pair.new):
        return None
    return _reordered(pair, where) or _swapped(pair, where) or _argument(pair, where) or _became(pair, where)


def _reordered(pair: Pair, where: str) -> Fact | None:
    """The arguments of a call that changed places."""
    if sorted(x for x in pair.gone if x.strip()) != sorted(x for x in pair.came if x.strip()):
        return None
    callee = _callee(pair.head)
    return Fact("code", "swap", (), "arguments", tail=f"of {callee} in {where}", weight=4) if callee else None


def _swapped(pair: Pair, where: str) -> Fact | None:
    found = swaps(pair)
    if len(found) != 1:
        return None
    old, new = (name.strip("\"'`") for name in found[0])
    if new in {"true", "false", "True", "False"} and (key := _KEY.search("".join(pair.head))):
        return Fact(
            "code", "enable" if new.lower() == "true" else "disable", (key[1],), tail=f"in {where}", weight=4
        )
    if old == new or not speakable(old) or not speakable(new):
        return None
    return Fact("code", "use", (new,), tail=f"instead of {old} in {where}", weight=3.5)


def _argument(pair: Pair, where: str) -> Fact | None:
    """An argument that came into a call or left it."""
    old, new = pair.gone_text.strip(", "), pair.came_text.strip(", ")
    callee = _callee(pair.head) if bool(old) != bool(new) else None
    argument = old or new
    # No string, and no lifetime of rust: "'a" is the argument of a type.
    if callee is None or not is_name(argument) or not argument[-1].isalnum() or argument.startswith("'"):
        return None
    verb, lead = ("pass", "") if new else ("stop", "passing")
    return Fact("code", verb, (argument,), tail=f"to {callee} in {where}", lead=lead, weight=3.5)


def _became(pair: Pair, where: str) -> Fact | None:
    """What a line does now that it did not do so before: a return, an assignment, a condition."""
    now = statement(pair.new)
    if now is None:
        return None
    if now.kind == "return" and speakable(now.name, limit=30):
        return Fact("code", "return", (now.name,), tail=f"from {where}", weight=3)
    if now.kind == "assign" and _SHORT_VALUE.fullmatch(now.value) and now.name in pair.old:
        return Fact("code", "set", (now.name,), tail=f"to {now.value} in {where}", weight=3)
    texts = bool(pair.came) and all(
        side[-1][:1] in {"'", '"', "`"} for side in (pair.gone or ("",), pair.came)
    )
    if texts and (key := _KEY.search("".join(pair.head))):
        return Fact("code", "change", (key[1],), tail=f"in {where}", weight=2.5)
    if now.kind == "if" and plain_condition(now.name):
        return Fact("code", "check", (unwrapped(now.name),), tail=f"in {where}", weight=3)
    return None


def _callee(head: Sequence[str]) -> str | None:
    """The call whose brackets are still open after those words."""
    text = "".join(head)
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[at], 0)
        if depth < 0:
            found = _CALLEE.search(text[: at + 1])
            named = found is not None and found[1] not in RESERVED and speakable(found[1], limit=40)
            return found[1] if found is not None and named else None
    return None
