"""The text as a reader would join or decode it: literals put together, percent signs, base64 and hex undone."""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from smista_git.change.pattern import regex
from smista_git.classify.secrets.runs import ANY_BASE64, HEX, has_run

Span = tuple[str, int, int]
Finder = Callable[[str], Iterable[Span]]

# "abc" + "def", 'abc' . 'def', "abc" "def", and a backslash at the end of a line; a diff's sign may stand in between.
# It begins with one set of signs, since only then the search jumps to the next of them.
_JOINT = regex(
    r"""(["'`\\])(?:(?<!\\)[ \t]*(?:[+.&]|\\|\.\.|<>|\+\+|~)?[ \t]*(?:\\?\n[+\- ]?[ \t]*(?:[+.&]|\.\.)?[ \t]*)?\1|(?<=\\)\n[+\- ]?[ \t]*)"""
)
_PERCENT = regex(r"%[0-9A-Fa-f]{2}")
_BASE64 = regex(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{20,8000}={0,2}(?![A-Za-z0-9+/_=-])")
_HEX = regex(r"(?<![0-9A-Za-z])(?:[0-9a-f]{2}){16,4000}(?![0-9A-Za-z])")
_TEXTUAL = regex(r"^[\t\n\r\x20-\x7e]{12,}$")


def hidden_spans(text: str, find: Finder) -> Iterator[Span]:
    """(rule, start, end) in the given text of what ``find`` sees only in a joined or decoded view of it."""
    yield from _joined(text, find)
    if "%" in text:
        yield from _percent(text, find)
    yield from _decoded(text, find)


def _joined(text: str, find: Finder) -> Iterator[Span]:
    pieces, starts, at = [], [], 0
    size = 0
    origins = []
    for joint in _JOINT.finditer(text):
        pieces.append(text[at : joint.start()])
        starts.append(size)
        origins.append(at)
        size += len(pieces[-1])
        at = joint.end()
    if not pieces:
        return
    pieces.append(text[at:])
    starts.append(size)
    origins.append(at)
    view = "".join(pieces)
    for rule, start, end in find(view):
        first = bisect_right(starts, start) - 1
        last = bisect_right(starts, end - 1) - 1
        if first != last:
            yield (
                rule,
                origins[first] + start - starts[first],
                origins[last] + end - starts[last],
            )


def _percent(text: str, find: Finder) -> Iterator[Span]:
    """Each line with percent escapes, decoded; a finding covers the stretch that it came from."""
    # One step to the first percent sign: a pattern that looks for an escape from each letter on is quadratic.
    for line in re.finditer(r"^(?=[^\n%]*%)[^\n]*", text, re.MULTILINE):
        if len(line[0]) > 8000 or not _PERCENT.search(line[0]):
            continue
        view: list[str] = []
        origins: list[int] = []
        at = 0
        for escape in _PERCENT.finditer(line[0]):
            view += line[0][at : escape.start()]
            origins += range(at, escape.start())
            view.append(chr(int(escape[0][1:], 16)))
            origins.append(escape.start())
            at = escape.end()
        view += line[0][at:]
        origins += range(at, len(line[0]) + 1)
        for rule, start, end in find("".join(view)):
            yield rule, line.start() + origins[start], line.start() + origins[end]


def _decoded(text: str, find: Finder) -> Iterator[Span]:
    """Base64 and hex whose content is printable text with a secret in it; the whole stretch is the finding."""
    for stretch in _BASE64.finditer(text) if has_run(text, ANY_BASE64, 20) else ():
        plain = _from_base64(stretch[0])
        if plain is not None and any(True for _ in find(plain)):
            yield "encoded-secret", stretch.start(), stretch.end()
    for stretch in _HEX.finditer(text) if has_run(text, HEX, 32) else ():
        content = bytes.fromhex(stretch[0]).decode("latin-1")
        if _TEXTUAL.match(content) and any(True for _ in find(content)):
            yield "encoded-secret", stretch.start(), stretch.end()


def _from_base64(value: str) -> str | None:
    body = value.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        content = base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return None
    return content if _TEXTUAL.match(content) else None
