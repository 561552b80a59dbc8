"""Text from strangers, made safe to print and to quote: nothing in it can move a cursor or start a new line."""

from __future__ import annotations

import re

from smista_git.change.pattern import regex

# C0 and C1 controls, the line and paragraph separators, the marks that turn the direction of writing, and the
# surrogates that stand for bytes which are no UTF-8.
_UNSAFE = regex("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def printable(text: str) -> str:
    """``text`` on one line, with every control character written as an escape; what is harmless stays as it is."""
    return _UNSAFE.sub(_escape, text)


def printable_line(text: str) -> str:
    """The same for a line of a file, whose tabs stay tabs."""
    return "\t".join(printable(part) for part in text.split("\t"))


def printable_lines(text: str) -> str:
    """The same for a text of many lines: line ends stay, a carriage return before one is dropped."""
    return "\n".join(printable_line(line.removesuffix("\r")) for line in text.split("\n"))


def fence_for(text: str) -> str:
    """A code fence that nothing in ``text`` can close: longer than its longest run of the same sign."""
    runs = {sign: _longest_run(sign, text) for sign in "`~"}
    sign = "`" if runs["`"] <= max(runs["~"], 8) else "~"
    return sign * max(3, runs[sign] + 1)


def fenced(text: str, *, name: str = "") -> str:
    """``text`` between two fences that it cannot close, the first one followed by ``name``."""
    fence = fence_for(text)
    return f"{fence}{name}\n{text}\n{fence}"


def _longest_run(sign: str, text: str) -> int:
    return max((len(run) for run in re.findall(f"{sign}+", text)), default=0)


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
