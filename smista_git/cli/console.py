"""What is safe to print: text from a repository never moves the cursor or sets a colour."""

from __future__ import annotations

import sys

import click


def printable(text: str) -> str:
    """The text with control characters (but newline and tab), bidi overrides and lone surrogates made visible."""
    return "".join(_visible(c) for c in text)


def talk(text: str = "", *, dim: bool = False, nl: bool = True) -> None:
    """Say something to the person, on stderr; results go to stdout by ``click.echo``."""
    shown = printable(text)
    click.echo(click.style(shown, dim=True) if dim else shown, err=True, nl=nl)


def interactive() -> bool:
    """True when a person can be asked: stdin and stderr are both a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _visible(char: str) -> str:
    code = ord(char)
    if char in "\n\t" or 0x20 <= code < 0x7F:
        return char
    if code < 0x20 or 0x7F <= code < 0xA0:
        return f"\\x{code:02x}"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if 0xD800 <= code <= 0xDFFF or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return f"\\u{code:04x}"
    return char
