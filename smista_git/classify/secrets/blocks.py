"""Private key blocks: whole, cut at either end by a hunk, or inside a string literal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smista_git.change.pattern import regex
from smista_git.classify.secrets.runs import BASE64, has_run

Span = tuple[str, int, int]

MARKERS = ("private key", "putty-user-key", "private-lines", "private-mac")

_MARK = regex(
    r"-----(?P<side>BEGIN|END) (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d|^[+\- ]?Private-Lines: \d+",
    re.MULTILINE,
)
_BODY = regex(
    r"""(?x)^[+\- >#*|\\"'`]{0,12}\s*(?: (?:[A-Za-z0-9+/=]|\\n|\\r){16,} | [A-Za-z0-9+/]{1,64}={0,2} | [A-Za-z][\w-]*:[ ][^\n]* | @@[^\n]*@@[^\n]* )?
    [\s"'`,;+.\\)]{0,8}(?:\\[nr])*[\s"'`,;+.\\)]{0,8}$"""
)
# A bare line of a key whose head and foot lie outside of the text: 64 (PEM), 70 (OpenSSH) or 76 (MIME) wide.
_WIDE = regex(r"(?m)^[+\- ]?[ \t]*(?:[A-Za-z0-9+/]{64}|[A-Za-z0-9+/]{70}|[A-Za-z0-9+/]{76})$")
_FOOT = regex(r"-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
# A key of 16,384 bits takes 13,000 characters.
LONGEST_INLINE = 20_000
_PUBLIC = regex(r"-----(?:BEGIN|END) (?!.*PRIVATE)[A-Z0-9 ]+-----")


def key_blocks(text: str) -> Iterator[Span]:
    """Spans of private keys from head to foot; a missing head or foot takes the body lines that are there.

    A marker without any body (a message, a constant that code compares with) is none.
    """
    at = 0
    for found in _MARK.finditer(text):
        if found.start() < at:
            continue
        if found["side"] == "END":
            start, end = _upwards(text, found.start(), at), found.end()
        else:
            start, end = found.start(), _downwards(text, found.end())
        if _substance(text[start:end]):
            yield "private-key", start, end
            at = end


def wide_runs(text: str) -> Iterator[Span]:
    """Spans of four or more lines in a row of base64 at a key's width, outside of public blocks."""
    run: list[re.Match[str]] = []
    for found in _WIDE.finditer(text) if has_run(text, BASE64, 64) else ():
        if run and found.start() != run[-1].end() + 1:
            yield from _run(text, run)
            run = []
        run.append(found)
    yield from _run(text, run)


def _run(text: str, run: list[re.Match[str]]) -> Iterator[Span]:
    if len(run) < 4:
        return
    start, end = run[0].start(), run[-1].end()
    around = text[max(0, text.rfind("\n", 0, max(0, start - 1))) : start] + text[end : end + 160]
    body = text[start:end]
    if _PUBLIC.search(around) or not any(c.isdigit() for c in body) or len(set(body)) < 30:
        return
    yield "key-material", start, end


def _substance(block: str) -> bool:
    body = re.sub(r"-----[^-\n]*-----", "", block)
    letters = re.findall(r"[A-Za-z0-9+/=]{16,}", body)
    return sum(map(len, letters)) >= 40


def _downwards(text: str, at: int) -> int:
    """The end of the block whose head ends at ``at``: its foot, else its last body line."""
    stop = text.find("\n", at)
    stop = len(text) if stop < 0 else stop
    mark = text.find("-----", at, min(stop, at + LONGEST_INLINE))
    if mark >= 0:
        # Head, body and foot in one line, as JSON and string literals hold them; or another head: then no body.
        foot = _FOOT.match(text, mark)
        return foot.end() if foot else mark
    while stop < len(text):
        nxt = text.find("\n", stop + 1)
        nxt = len(text) if nxt < 0 else nxt
        line = text[stop + 1 : nxt]
        closed = _FOOT.search(line)
        if closed:
            return stop + 1 + closed.end()
        if not _BODY.match(line):
            return stop
        stop = nxt
    return stop


def _upwards(text: str, at: int, least: int) -> int:
    start = text.rfind("\n", 0, at) + 1
    while start > least:
        above = text.rfind("\n", 0, start - 1) + 1
        if not _BODY.match(text[above : start - 1]) or above < least:
            break
        start = above
    return start
