"""Each key of a rule: what it matches, and the words for why."""

from __future__ import annotations

from decimal import Decimal

import pytest

from smista_git.route.match import match_rule
from tests.route.made import file, layer, task


@pytest.mark.parametrize(
    ("body", "what", "holds", "why"),
    [
        ("", task(), True, "it has no conditions"),
        ('intent = ["review", "plan"]', task("plan"), True, "intent is plan"),
        ('intent = ["review", "plan"]', task("commit"), False, "intent is commit, not review or plan"),
        ('skill = "changelog"', task("changelog"), True, "skill is changelog"),
        ('skill = "changelog"', task("edit"), False, "skill is not known, not changelog"),
        ('skill = "release"', task("changelog", skill="release"), True, "skill is release"),
        ('skill = "changelog"', task("changelog", skill="release"), False, "skill is release, not changelog"),
        ('type = "feat"', task(type="feat"), True, "type is feat"),
        ('size = "large"', task(), False, "size is small, not large"),
        ('tier = ["light", "heavy"]', task(), False, "tier is standard, not light or heavy"),
        ('hook = "pre-push"', task(hook="pre-push"), True, "hook is pre-push"),
        ('hook = "pre-push"', task(), False, "hook is not known, not pre-push"),
        ('flags = ["binary", "secret"]', task(flags=("secret",)), True, "flagged secret"),
        ('flags = ["binary", "secret"]', task(), False, "not flagged binary or secret"),
        ('branch = "release/*"', task(branch="release/1.x"), True, "branch release/1.x matches release/*"),
        ('branch = ["main", "x"]', task(branch="Main"), False, "branch Main does not match main or x"),
        ('branch = "*"', task(), False, "no branch is checked out, so none is *"),
        ("max_files = 2", task("commit", "a", "b"), True, "2 files, within 2"),
        ("max_files = 1", task("commit", "a", "b"), False, "2 files, more than 1"),
        ("max_lines = 5", task("commit", file("a", added=3, deleted=3)), False, "6 lines, more than 5"),
        (
            "max_lines = 1",
            task("commit", file("l", added=999, lockfile=True), "a"),
            True,
            "1 lines, within 1",
        ),
        ('cost_limit_usd = "0.10"', task(cost_usd=Decimal("0.10")), True, "$0.10 is within $0.10"),
        ('cost_limit_usd = "0.10"', task(cost_usd=Decimal("0.11")), False, "$0.11 exceeds $0.10"),
        ('cost_limit_usd = "0.10"', task(), False, "the cost is not known, so it may exceed $0.10"),
        ('paths = "src/**"', task("commit", "a", "src/b"), True, "src/b matches src/**"),
        ('paths = "SRC/**"', task("commit", "src/b"), False, "no file matches SRC/**"),
        ('paths = "src/**"', task("commit", file("lib/b", old="src/b")), True, "src/b matches src/**"),
        ('paths = ["src/**", "!src/b"]', task("commit", "src/b"), False, "no file matches src/** or !src/b"),
        ('paths_all = "src/**"', task("commit", "src/a", "src/b"), True, "every file matches src/**"),
        ('paths_all = "src/**"', task("commit", "src/a", "b"), False, "b does not match src/**"),
        (
            'paths_all = "src/**"',
            task("commit", file("src/b", old="lib/b")),
            False,
            "lib/b does not match src/**",
        ),
        ('kind = "refactor"\npaths = "a"', task("commit", "a"), True, "kind is refactor; a matches a"),
    ],
)
def test_match(body, what, holds, why):
    (rule,) = layer(f'[[routing.rules]]\nname = "r"\n{body}\n').rules
    made = match_rule(rule, what, "standard")
    assert (made.holds, made.why) == (holds, why)
