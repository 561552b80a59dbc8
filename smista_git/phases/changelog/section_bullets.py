"""Bullets that name a section, with its entries indented below: ``* Bugfixes``, ``- **New features:**``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from smista_git.phases.changelog.outline import ITEM
from smista_git.phases.changelog.sections import kinds_of_name, plain_name

# A name that says no kind is one of a section where so many releases have it.
LEAST_USES = 3
_NAMED = re.compile(
    r"(?P<lead> {0,3}[-*+•][ \t]+)(?:\*\*|__)?(?P<title>(?:[^\w\s\[`#*]+ )?[^\W\d_][\w &/-]{1,38}?):?(?:\*\*|__)?:?[ \t]*"
)


def section_bullets(lines: Sequence[str], hidden: Sequence[bool]) -> frozenset[str]:
    """The plain names of the sections that bullets of a file name, each with a list below it somewhere."""
    found = Counter(
        plain_name(match["title"])
        for index, line in enumerate(lines)
        if not hidden[index] and (match := _NAMED.fullmatch(line)) and _lists(lines, index)
    )
    return frozenset(name for name, uses in found.items() if uses >= LEAST_USES or kinds_of_name(name))


def named_bullet(lines: Sequence[str], index: int, names: Collection[str]) -> str:
    """The section that this bullet names, one of ``names``; empty where it says something itself."""
    match = _NAMED.fullmatch(lines[index]) if names else None
    if match is None or plain_name(match["title"]) not in names:
        return ""
    goes_on = index + 1 < len(lines) and lines[index + 1].startswith((" ", "\t"))
    return match["title"] if _lists(lines, index) or not goes_on else ""


def _lists(lines: Sequence[str], index: int) -> bool:
    """Whether the next line that is not blank is an entry, deeper than this one."""
    follows = next((line for line in lines[index + 1 : index + 3] if line.strip()), "")
    return bool(ITEM.fullmatch(follows)) and _depth(follows) > _depth(lines[index]) + 1


def _depth(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
