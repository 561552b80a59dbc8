"""Colour: on a terminal, unless the person asked for none."""

from __future__ import annotations

from pathlib import Path

import pytest

import smista_git.cli
from smista_git.cli.console import styled


@pytest.mark.parametrize("variable", [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_style_where_none_is_wanted(variable: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert styled("smista", fg="red") == "\x1b[31msmista\x1b[0m"
    monkeypatch.setenv(*variable)
    assert styled("smista", fg="red") == "smista"


def test_all_that_is_coloured_asks_first() -> None:
    files = Path(smista_git.cli.__path__[0]).rglob("*.py")
    direct = {f.name for f in files if any(word in f.read_text() for word in ("click.style(", "secho("))}
    assert direct == {"console.py"}
