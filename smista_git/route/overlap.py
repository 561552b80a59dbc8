"""Compares rules of one file: which can hold for one task both, and which leaves nothing for a later one.

Both answers err on the safe side. ``can_both_match`` says yes unless a fact rules it out; ``covers`` says no
unless every task of the second rule is certain to satisfy the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from smista_git.route.match import OWN_SKILLS
from smista_git.route.policy import Rule
from smista_git.route.specificity import specificity

SINGLE = ("intent", "skill", "kind", "type", "tier", "size", "hook")
LIMITS = ("max_files", "max_lines", "cost_limit_usd")
_WILD = re.compile(r"[*?\[]")


def ties(rules: Sequence[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Pairs of equal priority and specificity that can both match, each as (earlier, later)."""
    for position, later in enumerate(rules):
        for earlier in rules[:position]:
            same = (earlier.priority, specificity(earlier)) == (later.priority, specificity(later))
            if same and can_both_match(earlier, later):
                yield earlier, later


def shadows(in_order: Sequence[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """For each rule that can never be reached: the first rule that takes all of its tasks, then the rule."""
    for position, later in enumerate(in_order):
        for earlier in in_order[:position]:
            if covers(earlier, later):
                yield earlier, later
                break


def never_holds(rule: Rule) -> str | None:
    """Why no task can satisfy the rule, or None."""
    own = [skill for skill in rule.skill if skill in OWN_SKILLS]
    if rule.intent and own and len(own) == len(rule.skill) and not set(own) & set(rule.intent):
        return f"skill {' or '.join(own)} is never in use while the intent is {' or '.join(rule.intent)}"
    if rule.paths and rule.paths_all and _apart(rule.paths, rule.paths_all):
        return "no file can match paths while all files match paths_all"
    return None


def can_both_match(one: Rule, other: Rule) -> bool:
    """False only where no task can satisfy both rules."""
    for key in SINGLE:
        mine, theirs = set(getattr(one, key)), set(getattr(other, key))
        if mine and theirs and not mine & theirs:
            return False
    if one.branch and other.branch and _branches_apart(one.branch, other.branch):
        return False
    pairs = ((one.paths_all, other.paths_all), (one.paths, other.paths_all), (one.paths_all, other.paths))
    return not any(mine and theirs and _apart(mine, theirs) for mine, theirs in pairs)


def covers(earlier: Rule, later: Rule) -> bool:
    """True when every task that satisfies ``later`` satisfies ``earlier`` too."""
    for key in (*SINGLE, "flags", "branch"):
        mine, theirs = set(getattr(earlier, key)), set(getattr(later, key))
        if mine and not (theirs and theirs <= mine):
            return False
    for key in LIMITS:
        mine, theirs = getattr(earlier, key), getattr(later, key)
        if mine is not None and (theirs is None or theirs > mine):
            return False
    if earlier.paths_all and not _patterns_cover(earlier.paths_all, later.paths_all):
        return False
    if not earlier.paths:
        return True
    return _patterns_cover(earlier.paths, later.paths) or _patterns_cover(earlier.paths, later.paths_all)


def _patterns_cover(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    if not theirs or any(pattern.startswith("!") for pattern in mine):
        return False
    return all(any(_pattern_covers(m, t) for m in mine) for t in theirs if not t.startswith("!"))


def _pattern_covers(mine: str, theirs: str) -> bool:
    if mine == theirs or mine in ("**", "*", "/**"):
        return True
    folder = mine.removesuffix("**")
    return (
        mine.endswith("/**")
        and theirs.lstrip("/").startswith(folder.lstrip("/"))
        and not _WILD.search(folder)
    )


def _apart(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """True when no path can match a pattern of each, as their fixed beginnings show."""
    return all(_prefixes_apart(_anchor(m), _anchor(t)) for m in mine for t in theirs)


def _anchor(pattern: str) -> str:
    """The beginning that every path of a pattern has; empty where it may match in any folder."""
    if pattern.startswith("!") or "/" not in pattern.rstrip("/"):
        return ""
    return _WILD.split(pattern.lstrip("/"))[0]


def _prefixes_apart(one: str, other: str) -> bool:
    return not (one.startswith(other) or other.startswith(one))


def _branches_apart(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    return all(_globs_apart(m, t) for m in mine for t in theirs)


def _globs_apart(one: str, other: str) -> bool:
    if not _WILD.search(one) and not _WILD.search(other):
        return one != other
    return _prefixes_apart(_WILD.split(one)[0], _WILD.split(other)[0])
