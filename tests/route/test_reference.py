"""The reference page says what the schema says."""

from __future__ import annotations

from pathlib import Path

from smista_git.route.build import LISTS
from smista_git.route.reference import reference_markdown
from smista_git.route.schema import RuleTable

PAGE = Path(__file__).parents[2] / "docs" / "policy.md"


def test_the_page_is_not_stale():
    assert PAGE.read_text("utf-8") == reference_markdown()


def test_every_key_of_a_rule_is_explained():
    page = reference_markdown()
    for name, field in RuleTable.model_fields.items():
        assert field.description
        assert f"| `{name}` |" in page
    assert set(LISTS) < RuleTable.model_fields.keys()
