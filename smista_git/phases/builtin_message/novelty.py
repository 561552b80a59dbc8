"""What lines of code name for the first time, and what they no longer name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.reading import Block
from smista_git.phases.builtin_message.statements import RESERVED
from smista_git.phases.builtin_message.wording import speakable

_CALLED = regex(r"((?:[A-Za-z_$][\w$]*(?:\.|::))*[A-Za-z_$][\w$]*)!?\(")
_NAMED = regex(r"(?<![\w$\"'`-])((?:[A-Za-z_$][\w$]*(?:\.|::))*[A-Za-z_$][\w$]*)")
_PLAIN_WORD = regex(r"^[a-z]{1,9}$")
_STRINGS = regex(r"\"[^\"]*\"|'[^']*'|`[^`]*`|(?://|#(?!\[)).*$")


def novelty(block: Block, where: str) -> Fact:
    """What only the new lines call or name, and only the old ones did; failing that, the place alone."""
    for pattern, weight in ((_CALLED, 2.8), (_NAMED, 2.4)):
        new, old = _names(block.added, pattern), _names(block.removed, pattern)
        around = set(_names((*block.before[-6:], block.after), _NAMED))
        came = [c for c in new if c not in old]
        went = [c for c in old if c not in new]
        fresh = [c for c in came if c not in around] or came
        if came and went and pattern is _CALLED:
            return Fact("code", "use", (fresh[0],), tail=f"instead of {went[0]} in {where}", weight=weight)
        if came:
            return Fact("code", "use", (fresh[0],), tail=f"in {where}", weight=weight)
        if went:
            noun = "call" if pattern is _CALLED else ""
            return Fact("code", "remove", (went[0],), noun, tail=f"from {where}", weight=weight)
    return Fact("code", "rework", (where,), weight=1)


def _names(lines: Sequence[str], pattern: re.Pattern[str]) -> list[str]:
    """The names in some lines of code, strings and comments apart, in order, each once."""
    found = (n for line in lines for n in pattern.findall(_STRINGS.sub("", line)))
    if pattern is _NAMED:
        found = (n for n in found if not _PLAIN_WORD.match(n))
    return [n for n in dict.fromkeys(found) if speakable(n, limit=40) and n.split(".")[-1] not in RESERVED]
