"""White space that changes what a program does is not light; white space that does not is."""

from __future__ import annotations

import pytest

from smista_git.change.parse import parse_change
from smista_git.classify.classify import classify
from smista_git.classify.labels import Labels

OUT_OF_THE_LOOP = " for item in items:\n     check(item)\n-    save(item)\n+save(item)\n"
INTO_THE_BLOCK = " if ready:\n         start()\n-    stop()\n+        stop()\n"
UNDER_ANOTHER_KEY = " a:\n   b: 1\n-c: 2\n+  c: 2\n"
NO_TAB = " all:\n-\tcc main.c\n+        cc main.c\n"
# As long as the first line of the program is at the left, two steps and four say the same.
WIDER = "-def f():\n-  if x:\n-    g()\n+def f():\n+    if x:\n+        g()\n"
SPACED = " def f():\n-    g( x )\n+    g(x)\n"
WRAPPED = " def f():\n-    g(x, y)\n+    g(\n+        x, y)\n"
BLANK = " x = 1\n-   \n+\n y = 2\n"


def labels(path: str, body: str) -> Labels:
    lines = body.splitlines()
    old, new = (sum(line[0] != sign for line in lines) for sign in "+-")
    added, removed = (sum(line[0] == sign for line in lines) for sign in "+-")
    raw = f":100644 100644 {'1' * 40} {'2' * 40} M\0{path}\0".encode()
    head = f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -1,{old} +1,{new} @@\n"
    return classify(parse_change(raw, f"{added}\t{removed}\t{path}\0".encode(), (head + body).encode()))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("src/a.py", OUT_OF_THE_LOOP),
        ("src/a.py", INTO_THE_BLOCK),
        ("src/a.nim", OUT_OF_THE_LOOP),
        ("deploy/values.yaml", UNDER_ANOTHER_KEY),
        ("Makefile", NO_TAB),
    ],
)
def test_a_line_that_moves_into_another_block_is_not_light(path: str, body: str) -> None:
    found = labels(path, body)
    assert (found.kind, found.tier) == ("format", "standard")
    assert "indentation has meaning" in {item.signal for item in found.evidence}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("src/a.py", WIDER),
        ("src/a.py", SPACED),
        ("src/a.py", WRAPPED),
        ("src/a.py", BLANK),
        ("src/a.js", OUT_OF_THE_LOOP),
    ],
)
def test_white_space_without_a_meaning_is_light(path: str, body: str) -> None:
    assert (labels(path, body).kind, labels(path, body).tier) == ("format", "light")
