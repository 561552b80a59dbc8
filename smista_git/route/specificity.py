"""The order in which the rules of one layer are tried."""

from __future__ import annotations

from collections.abc import Iterable

from smista_git.route.policy import Rule


def specificity(rule: Rule) -> int:
    """3 for a rule with paths and intent, 2 with paths, 1 with intent, 0 with neither."""
    return 2 * bool(rule.paths or rule.paths_all) + bool(rule.intent)


def in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Lowest priority number first, then the most specific, then as written."""
    return tuple(sorted(rules, key=lambda rule: (rule.priority, -specificity(rule))))
