"""Phrases of a longer text that tell how big its work is: a table to read and to add to.

What each weighs was learned with the words and stands in ``weights.json``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from smista_git.change.pattern import regex

MOST = 3  # of one hint; more of them say no more

HINTS: Mapping[str, re.Pattern[str]] = {
    "the fix is given": regex(
        r"\b(?:simple|easy|trivial|one[- ]line|quick) (?:fix|change|solution)|\bfix (?:is|would be|could be)\b"
        r"|should be (?:changed|replaced|fixed) (?:to|by|with)\b|\b(?:patch|diff) (?:below|attached)|^diff --git"
        r"|(?:replac|chang)\w* .{1,40} (?:to|with|by) `|^\s*- ?\w.*\n\s*\+ ?\w",
        re.IGNORECASE | re.MULTILINE,
    ),
    "the cause is known": regex(
        r"\b(?:caused by|because of|due to|the (?:problem|issue|bug|culprit|cause) (?:is|lies|seems|appears)|line \d+"
        r"|introduced (?:in|by)|broken? (?:in|by|since)|regression)\b",
        re.IGNORECASE,
    ),
    "design": regex(
        r"\b(?:design|proposal|propose|architecture|rfc|roadmap|discuss\w*|alternativ\w*|consider|trade-?offs?|refactor\w*"
        r"|rewrite|redesign|deprecat\w*|backwards?[- ]compat\w*|breaking)\b",
        re.IGNORECASE,
    ),
    "a feature": regex(
        r"\b(?:feature request|add support|support for|would be (?:nice|great|useful|helpful)|it should be possible"
        r"|ability to|allow|new (?:option|api|command|parameter|argument|class|module)|implement\w*)\b",
        re.IGNORECASE,
    ),
    "speed or memory": regex(
        r"\b(?:performance|slow(?:er)?|memory|speed|latency|quadratic|leak\w*)\b", re.IGNORECASE
    ),
    "threads": regex(
        r"\b(?:thread\w*|async\w*|race|deadlock|concurren\w*|lock(?:ing|s)?|parallel)\b", re.IGNORECASE
    ),
    "intricate": regex(
        r"\b(?:inconsisten\w*|complicated|complex\w*|difficult|tricky|unfortunately|workaround|edge cases?|nested|recursi\w*"
        r"|algorithm|cach\w*|parser?|compiler|protocol)\b",
        re.IGNORECASE,
    ),
    "many places": regex(
        r"\b(?:all|every|each|multiple|several|various|everywhere|across|many|both)\b", re.IGNORECASE
    ),
}


def hints_of(text: str) -> dict[str, float]:
    """How loudly each hint speaks, by its name; those that are silent are left out."""
    found = {name: sum(1 for _ in pattern.finditer(text)) for name, pattern in HINTS.items()}
    return {name: math.sqrt(min(count, MOST)) for name, count in found.items() if count}
