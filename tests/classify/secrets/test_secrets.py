"""Secrets are found wherever they stand, and findings never carry the value."""

from __future__ import annotations

import pytest

from smista_git.change.model import Change, FileChange, Hunk, Line
from smista_git.classify.secrets.secrets import ChangeFinding, scan, scan_change

FOUND = [
    ('password = "hunter2!"', "hunter2!"),
    ("DB_PASS=s3cr3tpa55", "s3cr3tpa55"),
    ("export API_KEY=abcd1234efgh5678", "abcd1234efgh5678"),
    ('url = "postgres://u:pA55w0rd@db/x"', "pA55w0rd"),
    ("define('DB_PASSWORD', 'wp1pass');", "wp1pass"),
    ('{"token": "a8sd7f6a8s7df6"}', "a8sd7f6a8s7df6"),
    ("<password>abc123</password>", "abc123"),
]
CLEAN = [
    "password = get_password()",
    'password = os.environ["DB_PASSWORD"]',
    '"pwd": "core.magics.shell:ShellMagics",',
    "password: ${DB_PASSWORD}",
    'password = "changeme"',
    "password: <your password>",
    "token = next(tokens)",
    'secret = "{{ secrets.KEY }}"',
]


@pytest.mark.parametrize(("text", "value"), FOUND)
def test_finds_the_value(text: str, value: str) -> None:
    assert value in {text[f.start : f.end] for f in scan(text)}


@pytest.mark.parametrize("text", CLEAN)
def test_leaves_ordinary_text_alone(text: str) -> None:
    assert scan(text) == ()


def _file(path: str, *lines: tuple[str, str]) -> FileChange:
    built = tuple(
        Line(kind, None if kind == "+" else n, None if kind == "-" else n, text)  # type: ignore[arg-type]
        for n, (kind, text) in enumerate(lines, 1)
    )
    hunk = Hunk(1, len(built), 1, len(built), "", built)
    return FileChange(path, path, "modified", "100644", "100644", "0" * 40, "1" * 40, (hunk,))


@pytest.mark.parametrize(("kind", "side"), [("+", "new"), ("-", "old"), (" ", "new")])
def test_every_kind_of_line_is_scanned(kind: str, side: str) -> None:
    change = Change((_file("a.py", (" ", "x = 1"), (kind, 'password = "hunter2!"')),))
    assert [(f.path, f.line, f.side) for f in scan_change(change) if f.side == side] == [("a.py", 2, side)]


def test_a_file_name_is_scanned() -> None:
    path = "keys/ghp_" + "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5"
    assert [(f.line, f.side) for f in scan_change(Change((_file(path),)))] == [(0, "name")]
    assert isinstance(scan_change(Change((_file(path),)))[0], ChangeFinding)
