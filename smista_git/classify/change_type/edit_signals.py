"""Signals read from how old lines of code became new ones: what was swapped, put in, taken out or moved."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter

from smista_git.change.pattern import regex
from smista_git.classify.change_type.lines import MOST_LETTERS_IN_LINE, Block, Lines, Tight

MOST_PAIRS = 40
MOST_BLOCK = 8  # lines a side up to which lines of unequal blocks are matched
LEAST_ALIKE = 0.4  # the share of pieces that two lines have in common before one counts as the other, edited
LEAST_LETTERS = 9  # shorter lines without spaces are found everywhere; they show no move

_PIECE = regex(r"\w+|\"[^\"\n]*\"|'[^'\n]*'|[^\w\s]")
_GUARD_STARTS = ("if ", "if(", "unless ", "guard ", "} else if", "elif ", "assert")
_LEAVES = ("return", "continue", "break", "throw", "raise", "panic", "?", "exit")
_CONDITION = frozenset(
    {"&", "|", "!", "and", "or", "not", "?", "if", "is", "None", "null", "nil", "undefined"}
)
_KEYWORDS = frozenset({"true", "false", "True", "False", "null", "None", "nil", "undefined"})


def edit_signals(lines: Lines) -> Mapping[str, float]:
    """Named numbers about pairs of old and new lines, and about lines put in and moved; no block, no signal."""
    blocks = lines.blocks
    if not blocks:
        return {}
    signals: dict[str, float] = {}
    _add_blocks(blocks, lines.tight, signals)
    _add_moves(blocks, lines.tight, signals)
    _add_pairs(list(islice(_pairs(blocks), MOST_PAIRS)), signals)
    return signals


def _add_blocks(blocks: Sequence[Block], tight: Tight, signals: dict[str, float]) -> None:
    """Shares of blocks that only add, only remove, grow or shrink, and what kinds of lines were put in."""
    counts = Counter(_kind_of(block) for block in blocks)
    signals.update({f"blocks {kind}": count / len(blocks) for kind, count in counts.items()})
    inserted = [kind for block in blocks if block.added for kind in _inserted(block, tight)]
    signals.update({f"put in: {kind}": math.log1p(count) for kind, count in Counter(inserted).items()})


def _kind_of(block: Block) -> str:
    added, removed = len(block.added), len(block.removed)
    if not removed:
        return "only adding"
    if not added:
        return "only removing"
    return "even" if added == removed else "growing" if added > removed else "shrinking"


def _inserted(block: Block, tight: Tight) -> Iterator[str]:
    stripped = [text.strip() for text in block.added]
    if block.removed:
        old = set(tight.of(block.removed))
        if old and len(stripped) > len(block.removed) and old <= set(tight.of(block.added)):
            yield "a wrapping"
        return
    first = next((text for text in stripped if text), "")
    if first.startswith(_GUARD_STARTS) and len(stripped) <= 6:
        leaves = any(word in text for text in stripped for word in _LEAVES)
        yield "a guard that leaves" if leaves else "a condition"
    if len(stripped) <= 3 and all(text.endswith(",") for text in stripped if text):
        yield "list items"
    if len(stripped) == 1:
        yield "one line"


def _add_moves(blocks: Sequence[Block], tight: Tight, signals: dict[str, float]) -> None:
    """Which shares of the removed and of the added lines stand on the other side, and of those how many in another file."""
    if not any(block.added for block in blocks) or not any(block.removed for block in blocks):
        return
    removed, added = (
        [(block.file, t) for block in blocks for t in tight.of(side(block)) if len(t) >= LEAST_LETTERS]
        for side in (attrgetter("removed"), attrgetter("added"))
    )
    if not removed or not added:
        return
    common = _in_both([text for _, text in removed], [text for _, text in added])
    signals["removed lines kept"] = common / len(removed)
    signals["added lines kept"] = common / len(added)
    signals["moved between files"] = (common - (_in_both(removed, added) if common else 0)) / len(removed)


def _in_both(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """How many values stand in both, each as often as in the one that has fewer of it."""
    here, there = Counter(one), Counter(other)
    return sum([min(here[value], there[value]) for value in here.keys() & there.keys()])


def _pairs(blocks: Sequence[Block]) -> Iterator[tuple[list[str], list[str]]]:
    """Old and new pieces of each line that was edited in place."""
    for block in blocks:
        if len(block.removed) == len(block.added):
            for old, new in zip(block.removed, block.added, strict=True):
                if old.strip() != new.strip():
                    yield _pieces(old), _pieces(new)
        elif block.removed and block.added and max(len(block.removed), len(block.added)) <= MOST_BLOCK:
            yield from _matched(block)


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(text[:MOST_LETTERS_IN_LINE])


def _matched(block: Block) -> Iterator[tuple[list[str], list[str]]]:
    news = [_pieces(text) for text in block.added]
    sets = [set(new) for new in news]
    for text in block.removed:
        old = _pieces(text)
        known = set(old)
        shared = [len(known & new) for new in sets]
        alike = [both / max(len(known) + len(new) - both, 1) for both, new in zip(shared, sets, strict=True)]
        best = max(range(len(news)), key=alike.__getitem__)
        if alike[best] >= LEAST_ALIKE and news[best] != old:
            yield old, news[best]


def _add_pairs(pairs: Sequence[tuple[list[str], list[str]]], signals: dict[str, float]) -> None:
    if not pairs:
        return
    found: list[tuple[str, str]] = []
    kinds = Counter([kind for old, new in pairs for kind in _edits(old, new, found)])
    swaps = Counter(found)
    signals["edited lines"] = math.log1p(len(pairs))
    signals.update({f"edits: {kind}": count / len(pairs) for kind, count in kinds.items()})
    if swaps:
        most = max(swaps.values())
        signals["different swaps"] = math.log1p(len(swaps))
        signals["one swap repeated"] = most / len(pairs) if most > 1 else 0.0
        signals["most repeated swap"] = math.log(most)


def _edits(old: list[str], new: list[str], swaps: list[tuple[str, str]]) -> Iterator[str]:
    """The kinds of edit that made one line of the other; swaps of one piece are added to ``swaps``."""
    if len(old) == len(new):
        different = {(one, other) for one, other in zip(old, new, strict=True) if one != other}
        if len(different) <= 2:
            swaps += different
            yield from {f"{_piece_kind(one, other)} swapped" for one, other in different}
            return
    gone, come = _middle(old, new)
    if not gone:
        yield "grown"
        yield from _growth(come)
    elif not come:
        yield "shrunk"
    elif 2 * (len(gone) + len(come)) > len(old) + len(new):
        yield "rewritten"
    else:
        yield "reworked"
        if not _CONDITION.isdisjoint(come) and _CONDITION.isdisjoint(gone):
            yield "reworked with a condition"


def _middle(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """What is left of both without their common beginning and end."""
    least, start = min(len(old), len(new)), 0
    while start < least and old[start] == new[start]:
        start += 1
    end = 0
    while end < least - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return old[start : len(old) - end], new[start : len(new) - end]


def _growth(come: list[str]) -> Iterator[str]:
    if not _CONDITION.isdisjoint(come):
        yield "grown by a condition"
    if "," in come:
        yield "grown by an item"
    if "." in come or "(" in come:
        yield "grown by a call"


def _piece_kind(one: str, other: str) -> str:
    if one[0] in "\"'" or other[0] in "\"'":
        return "text"
    if one[0].isdigit() and other[0].isdigit():
        return "number"
    if one in _KEYWORDS or other in _KEYWORDS:
        return "constant"
    return "name" if one[0].isalnum() or one[0] == "_" else "operator"
