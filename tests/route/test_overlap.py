"""Which rules can hold for one task both, and which leave nothing for a later one."""

from __future__ import annotations

import pytest

from smista_git.route.overlap import can_both_match, covers
from tests.route.made import layer


def rule(body: str):
    (made,) = layer(f'[[routing.rules]]\nname = "r"\n{body}\n').rules
    return made


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("", "", True),
        ('intent = "commit"', 'intent = "review"', False),
        ('intent = ["commit", "review"]', 'intent = ["review", "plan"]', True),
        ('kind = "docs"', 'size = "small"', True),
        ('flags = "secret"', 'flags = "binary"', True),
        ('branch = "main"', 'branch = "dev"', False),
        ('branch = "release/*"', 'branch = "feature/*"', False),
        ('branch = "release/*"', 'branch = "release/1"', True),
        ('branch = "*"', 'branch = "main"', True),
        ('paths = "docs/**"', 'paths = "src/**"', True),
        ('paths_all = "docs/**"', 'paths_all = "src/**"', False),
        ('paths_all = "docs/**"', 'paths = "src/**"', False),
        ('paths = ["src/**", "docs/a/**"]', 'paths_all = "docs/**"', True),
        ('paths_all = "*.md"', 'paths_all = "src/**"', True),
        ("max_files = 1", "max_files = 9", True),
    ],
)
def test_can_both_match(one, other, both):
    assert can_both_match(rule(one), rule(other)) is both
    assert can_both_match(rule(other), rule(one)) is both


@pytest.mark.parametrize(
    ("earlier", "later", "covered"),
    [
        ("", 'kind = "docs"', True),
        ('kind = "docs"', "", False),
        ('kind = ["docs", "fix"]', 'kind = "fix"', True),
        ('kind = "fix"', 'kind = ["docs", "fix"]', False),
        ('paths = "src/**"', 'paths = "src/auth/**"', True),
        ('paths = "src/auth/**"', 'paths = "src/**"', False),
        ('paths = "**"', 'paths = "x.py"', True),
        ('paths = "src/**"', 'paths_all = "src/auth/**"', True),
        ('paths_all = "src/**"', 'paths = "src/auth/**"', False),
        ('paths = ["src/**", "!src/a"]', 'paths = "src/auth/**"', False),
        ('paths = "src/**"', 'paths = ["src/a/**", "docs/**"]', False),
        ("max_files = 5", "max_files = 3", True),
        ("max_files = 3", "max_files = 5", False),
        ("max_files = 3", "", False),
        ('cost_limit_usd = "1"', 'cost_limit_usd = "0.5"', True),
        ('flags = ["secret", "binary"]', 'flags = "binary"', True),
        ('branch = "release/*"', 'branch = "main"', False),
    ],
)
def test_covers(earlier, later, covered):
    assert covers(rule(earlier), rule(later)) is covered
