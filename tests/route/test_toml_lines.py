"""Where each key of a TOML text stands."""

from __future__ import annotations

import pytest

from smista_git.route.toml_lines import Lines, read_toml

TEXT = '''\
version = 1
# [comment]
text = """
[not.a.table]
key = 1
"""
list = [
  "a", # ]
  "[b]",
]
[tiers]
light = "x" # = y
"quoted key" = 2
a.b.c = 3

[[routing.rules]]
name = "one"
inline = { paths = ["p"], deep = 1 }
[[routing.rules]]
  name = 'two'
  [routing.rules.inner]
  x = 1
[ spaced . table ]
y = \'\'\'one line\'\'\'
z = "a [ \\" [" # [
last = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("version",), 1),
        (("text",), 3),
        (("list",), 7),
        (("list", 1), 7),
        (("tiers",), 11),
        (("tiers", "light"), 12),
        (("tiers", "quoted key"), 13),
        (("tiers", "a", "b", "c"), 14),
        (("routing", "rules", 0), 16),
        (("routing", "rules", 0, "name"), 17),
        (("routing", "rules", 0, "inline", "deep"), 18),
        (("routing", "rules", 1), 19),
        (("routing", "rules", 1, "name"), 20),
        (("routing", "rules", 1, "inner", "x"), 22),
        (("spaced", "table", "y"), 24),
        (("spaced", "table", "last"), 26),
        (("nowhere",), 1),
        (("tiers", "nowhere"), 11),
    ],
)
def test_lines(path, line):
    read_toml(TEXT, source="x")
    assert Lines(TEXT).of(path) == line


def test_what_looks_like_a_table_in_a_string_is_none():
    assert Lines(TEXT).of(("not", "a", "table")) == 1
