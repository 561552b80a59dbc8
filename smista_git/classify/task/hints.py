"""Phrases of a longer text that tell how big its work is: a table to read and to add to.

The weights are rounded from a logistic regression beside the shipped weights, over 1,069 small and big tasks of more
than 40 words in 60 public repositories that taught neither; halved where so few texts use the phrase.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from smista_git.change.pattern import regex

MOST = 3  # of one hint; more of them say no more

HINTS: Mapping[str, tuple[re.Pattern[str], float]] = {
    "the fix is given": (
        regex(
            r"\b(?:simple|easy|trivial|one[- ]line|quick) (?:fix|change|solution)|\bfix (?:is|would be|could be)\b"
            r"|should be (?:changed|replaced|fixed) (?:to|by|with)\b|\b(?:patch|diff) (?:below|attached)|^diff --git"
            r"|(?:replac|chang)\w* .{1,40} (?:to|with|by) `|^\s*- ?\w.*\n\s*\+ ?\w",
            re.IGNORECASE | re.MULTILINE,
        ),
        -0.5,
    ),
    "the cause is known": (
        regex(
            r"\b(?:caused by|because of|due to|the (?:problem|issue|bug|culprit|cause) (?:is|lies|seems|appears)|line \d+"
            r"|introduced (?:in|by)|broken? (?:in|by|since)|regression)\b",
            re.IGNORECASE,
        ),
        -0.3,
    ),
    "design": (
        regex(
            r"\b(?:design|proposal|propose|architecture|rfc|roadmap|discuss\w*|alternativ\w*|consider|trade-?offs?|refactor\w*"
            r"|rewrite|redesign|deprecat\w*|backwards?[- ]compat\w*|breaking)\b",
            re.IGNORECASE,
        ),
        0.25,
    ),
    "a feature": (
        regex(
            r"\b(?:feature request|add support|support for|would be (?:nice|great|useful|helpful)|it should be possible"
            r"|ability to|allow|new (?:option|api|command|parameter|argument|class|module)|implement\w*)\b",
            re.IGNORECASE,
        ),
        0.4,
    ),
    "speed or memory": (
        regex(r"\b(?:performance|slow(?:er)?|memory|speed|latency|quadratic|leak\w*)\b", re.IGNORECASE),
        0.3,
    ),
    "threads": (
        regex(
            r"\b(?:thread\w*|async\w*|race|deadlock|concurren\w*|lock(?:ing|s)?|parallel)\b", re.IGNORECASE
        ),
        0.3,
    ),
    "intricate": (
        regex(
            r"\b(?:inconsisten\w*|complicated|complex\w*|difficult|tricky|unfortunately|workaround|edge cases?|nested|recursi\w*"
            r"|algorithm|cach\w*|parser?|compiler|protocol)\b",
            re.IGNORECASE,
        ),
        0.2,
    ),
    "many places": (
        regex(r"\b(?:all|every|each|multiple|several|various|everywhere|across|many|both)\b", re.IGNORECASE),
        0.15,
    ),
}
HINT_WEIGHTS: Mapping[str, float] = {name: weight for name, (_, weight) in HINTS.items()}


def hints_of(text: str) -> dict[str, float]:
    """How loudly each hint speaks, by its name; those that are silent are left out."""
    found = {name: sum(1 for _ in pattern.finditer(text)) for name, (pattern, _) in HINTS.items()}
    return {name: math.sqrt(min(count, MOST)) for name, count in found.items() if count}
