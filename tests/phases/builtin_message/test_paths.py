"""What files are for, where the folder says one thing and the name another."""

from __future__ import annotations

import pytest

from smista_git.phases.builtin_message.paths import role_of_path

ROLES = {
    "docs/guide.md": "docs",
    "docs/theme/index.ts": "source",
    "docs/images/flow.svg": "asset",
    "examples/todo/main.go": "source",
    "examples/todo/package.json": "manifest",
    "tests/test_a.py": "test",
    "tests/helper.py": "test",
    "tests/data/a.json": "fixture",
    "spec/fixtures/a.ts": "fixture",
    "packages/testing/package.json": "manifest",
    "LICENSE-MIT": "licence",
    "Dockerfile": "manifest",
    "Makefile": "config",
    "src/app.css": "source",
    "third_party/z.c": "generated",
    "yarn.lock": "lock",
}


@pytest.mark.parametrize(("path", "role"), ROLES.items())
def test_what_a_file_is_for(path: str, role: str) -> None:
    assert role_of_path(path) == role
