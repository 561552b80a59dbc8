"""Changed lines, old beside new: which words were put for which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smista_git.change.pattern import regex

_TOKEN = regex(r"v\d+(?:\.\d+)+|[A-Za-z_$][\w$]*|\d+(?:\.\d+)*|\"[^\"]*\"|'[^']*'|`[^`]*`|\s+|[^\w\s]")
_NAME = regex(r"^[\"'`]?[@A-Za-z_$][\w$./:@-]*[\"'`]?$")


@dataclass(frozen=True, slots=True)
class Pair:
    """An old line beside its new one: the words between what they share at both ends."""

    old: str
    new: str
    head: tuple[str, ...]
    gone: tuple[str, ...]
    came: tuple[str, ...]

    @property
    def gone_text(self) -> str:
        """What stood there."""
        return "".join(self.gone).strip()

    @property
    def came_text(self) -> str:
        """What stands there now."""
        return "".join(self.came).strip()

    @property
    def spacing_only(self) -> bool:
        """True when only blanks differ."""
        return self.old.split() == self.new.split() or "".join(self.old.split()) == "".join(self.new.split())


def words(line: str) -> list[str]:
    """The words, strings, signs and blanks of a line."""
    return _TOKEN.findall(line)


def pairs_of(removed: Sequence[str], added: Sequence[str]) -> list[Pair]:
    """Old lines beside new ones: in order where they are as many, else each beside the likest that is left."""
    if len(removed) == len(added):
        return [_pair(o, n) for o, n in zip(removed[:60], added[:60], strict=True)]
    if not removed or not added or len(removed) > 8 or len(added) > 30:
        return []
    return list(_likest(removed, added))


def _likest(removed: Sequence[str], added: Sequence[str]) -> Iterator[Pair]:
    left = list(added)
    for old in removed:
        bag = set(words(old)) - {" "}
        scored = [(len(bag & set(words(n))) / max(1, len(bag)), -i) for i, n in enumerate(left)]
        if scored and (best := max(scored))[0] >= 0.6 and len(bag) > 2:
            yield _pair(old, left.pop(-best[1]))


def _pair(old: str, new: str) -> Pair:
    one, two = words(old.strip()), words(new.strip())
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    end = 0
    while end < min(len(one), len(two)) - start and one[-1 - end] == two[-1 - end]:
        end += 1
    return Pair(
        old, new, tuple(two[:start]), tuple(one[start : len(one) - end]), tuple(two[start : len(two) - end])
    )


def swaps(pair: Pair) -> list[tuple[str, str]]:
    """The names put for names in a line, word by word; empty when more than names differ."""
    if len(pair.gone) != len(pair.came):
        return (
            [(pair.gone_text, pair.came_text)] if is_name(pair.gone_text) and is_name(pair.came_text) else []
        )
    found = [(a, b) for a, b in zip(pair.gone, pair.came, strict=True) if a != b]
    return found if found and all(is_name(a) and is_name(b) for a, b in found) else []


def is_name(text: str) -> bool:
    """True for an identifier, a dotted path or a quoted name."""
    return len(text) <= 50 and _NAME.match(text) is not None
