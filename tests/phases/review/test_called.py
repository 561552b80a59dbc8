"""Which functions a change touches, and which lines use them."""

from __future__ import annotations

import pytest

from smista_git.phases.review.called import is_call, may_mean, touched_functions
from tests.plan.changes import hunk, modified

TOUCHED = [
    ("a.py", "", ["-def share_out(a):", "+def share_out(a, b):"], ("share_out",)),
    ("a.py", "def share_out(a):", [" x = 1", "+y = 2"], ("share_out",)),
    ("a.py", "", [" def share_out(a):", "+    y = 2"], ("share_out",)),
    ("a.py", "", ["+def share_out(a):", "+    y = 2"], ()),
    ("a.py", "", [" def main(a):", "+    y = 2"], ()),
    ("a.go", "", ["-func (s *Store) Lookup(a int) {", "+func (s *Store) Lookup(a, b int) {"], ("Lookup",)),
    ("a.ts", "", [" export function shareOut(a) {", "-  return a", "+  return 2"], ("shareOut",)),
    ("a.rs", "", ["-pub fn share_out(a: u8) {", "+pub fn share_out(a: u16) {"], ("share_out",)),
    (
        "a.java",
        "",
        ["-    public int shareOut(int a) {", "+    public int shareOut(long a) {"],
        ("shareOut",),
    ),
    ("a.c", "", ["-int share_out(int a)", "+int share_out(long a)", " {"], ("share_out",)),
    ("a.txt", "", ["-def share_out(a):"], ()),
]


@pytest.mark.parametrize(("path", "section", "lines", "names"), TOUCHED)
def test_touched_functions(path: str, section: str, lines: list[str], names: tuple[str, ...]) -> None:
    assert touched_functions(modified(path, hunk(*lines, section=section))) == names


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = share_out(1)", True),
        ("return money.share_out(1)", True),
        ("names.map(share_out)", True),
        ("ptr->share_out(1);", True),
        ("share_out!(1)", True),
        ("# share_out(1) is slow", False),
        ("def share_out(a):", False),
        ("share_outer(1)", False),
        ("'share_out'", False),
        ("import share_out", False),
        ("run('--by=share_out')", False),
    ],
)
def test_which_lines_are_uses(text: str, told: bool) -> None:
    assert is_call(text, "share_out", "a.py") is told


@pytest.mark.parametrize(
    ("text", "path", "home", "told"),
    [
        ("x = share_out(1)", "app/user.py", "lib/money.py", True),
        ("x = money.share_out(1)", "app/user.py", "lib/money.py", True),
        ("x = path.share_out(1)", "app/user.py", "lib/money.py", False),
        ("self.share_out(1)", "lib/money.py", "lib/money.py", True),
        ("self.share_out(1)", "app/user.py", "lib/money.py", False),
        ("open(p).share_out(1)", "app/user.py", "lib/money.py", False),
        ("const a = Promise.share_out()", "lib/server.js", "lib/promise.js", False),
        ("a(share_out(1), b.share_out)", "lib/server.js", "lib/promise.js", True),
        ("auth.share_out(h)", "api/client.go", "host/host.go", False),
        ("host.share_out(h)", "api/client.go", "internal/host/names.go", True),
        ("share_out(h)", "api/client.go", "host/host.go", False),
        ("share_out(h)", "host/other.go", "host/host.go", True),
        ("money::share_out(1)", "src/main.rs", "src/money.rs", True),
        ("other->share_out(1)", "src/a.cc", "src/b.cc", False),
    ],
)
def test_which_uses_can_mean_the_function_of_a_file(text: str, path: str, home: str, told: bool) -> None:
    assert may_mean(text, path, "share_out", home) is told
