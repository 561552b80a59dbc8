"""The line that says how far a range is, on a real terminal of some width."""

from __future__ import annotations

import fcntl
import os
import struct
import sys
import termios

import pytest

from smista_git.cli.range_progress import EVERY_S, RangeProgress


def shown(monkeypatch: pytest.MonkeyPatch, *, columns: int, term: str = "xterm") -> str:
    """What a terminal of so many columns gets to see half-way through 20,000 commits."""
    terminal, side = os.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    monkeypatch.setenv("TERM", term)
    with os.fdopen(side, "w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        progress = RangeProgress(lambda: 20_000)
        progress._last -= EVERY_S
        progress.at(10_000)
        progress.clear()
        os.set_blocking(terminal, False)
        try:
            return os.read(terminal, 4096).decode()
        except BlockingIOError:
            return ""
        finally:
            os.close(terminal)


def test_with_a_bar_where_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "##########---------- 10,000 of 20,000 commits, " in shown(monkeypatch, columns=100)


@pytest.mark.parametrize("columns", [20, 40, 60])
def test_never_over_the_edge(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    line = shown(monkeypatch, columns=columns).removeprefix("\r\x1b[K").removesuffix("\r\x1b[K")
    assert line.startswith("10,000 of 20,000 co"[: columns - 1]) and len(line) < columns


def test_nothing_where_no_line_can_be_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, columns=100, term="dumb") == ""
