"""What is safe to print: text from a repository never moves the cursor or sets a colour."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any

import click

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with control characters (but newline and tab), bidi overrides and lone surrogates made visible."""
    return _UNSAFE.sub(lambda found: _visible(found[0]), text)


def json_line(value: object) -> str:
    """The value as JSON on one line; escaped where a name is no valid text, so that the line always is."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


def talk(text: str = "", *, dim: bool = False, nl: bool = True) -> None:
    """Say something to the person, on stderr; results go to stdout by ``click.echo``."""
    shown = printable(text)
    click.echo(styled(shown, dim=True) if dim else shown, err=True, nl=nl)


def styled(text: str, **style: Any) -> str:
    """The text in the style that ``click.style`` knows; plain where the person asked for no colour."""
    return click.style(text, **style) if _colour_wanted() else text


def interactive() -> bool:
    """True when a person can be asked: stdin and stderr are both a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def redraws() -> bool:
    """True where a line of talk can be written over: stderr is a terminal that can."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def colourful() -> bool:
    """True where results may carry colour: stdout is a terminal that knows them, and nobody asked for none."""
    return sys.stdout.isatty() and _colour_wanted()


def _colour_wanted() -> bool:
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _visible(char: str) -> str:
    code = ord(char)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return f"\\x{code:02x}"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}"
