"""Values beside key words: ``password = "..."`` in the many ways that languages and configuration write it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smista_git.change.pattern import regex
from smista_git.classify.secrets.bare import bare_value
from smista_git.classify.secrets.keys import WORD, Key, key_around
from smista_git.classify.secrets.values import Grade, grade

Span = tuple[str, int, int]

# Looked for in the lower-cased text; only lines that hold one are read with care.
TRIGGERS = (
    "pass",
    "pwd",
    "secret",
    "token",
    "tokens",
    "key",
    "credential",
    "auth",
    "salt",
    "nonce",
    "sig",
    "_pw",
    "identified ",
    "sid=",
    "_sid",
    "session",
)

_AFTER = regex(
    r"""(?ix)
    (?P<close>(?:\\?["'`])?[ \t]*[\])]{0,2}[ \t]*)
    (?: (?:[?!]?:[ \t]*[A-Za-z_*&][\w.<>\[\]|?* ]{0,30}?[ \t]*(?==[^=>]))? [ \t]*(?P<sep>\+=|:=|=>|->|===?|!==?|=|:|<-)[ \t]*(?:[\[(][ \t]*(?=\\?["'])|&\#?\w*;)?
      | (?P<comma>,)[ \t]* | (?P<call>\()[ \t]* | (?P<attribute>[ \t]+(?:value|content)[ \t]*=[ \t]*) | (?P<by>[ \t]+(?:with[ \t]+\w+[ \t]+)?by[ \t]+) | (?P<space>[ \t]+) )"""
)
_QUOTED = regex(
    r"""(?x)(?:(?:new[ ])?(?:String|str|bytes|\[\]byte|Buffer\.from|(?:base64\.)?b64decode|atob|unhexlify|(?:\w+\.)?(?:decode|fromBase64|parseHex)\w*|SecureString|bytes\.fromhex|Some|Optional\.of|u|b|T|_)\()?
    [@$]?(?:[bBuUrRfFL]{1,2})?(?P<q>\\?["'`])(?P<v>(?:\\[^"'`]|(?!(?P=q))[^\n\\]){1,6000}?)(?P=q)"""
)
_WRAPPED = regex(
    r"""(?:new[ ])?(?!\w*(?:[eE]nv|[gG]et|[cC]onf|[fF]ield|[iI]nput|[lL]abel|[pP]rompt|[cC]olumn|[kK]ey|[pP]ath|[fF]ile|[eE]rror|[eE]xcep))[A-Z][\w.]*\(\s*(?P<q>["'])(?P<v>[^"'\s]{3,200})(?P=q)\s*\)"""
)
_OPENED = regex(r"""[\w.-]+\\?["']?\]?\s*(?:=|:|=>|:=)\s*(?:[|>][-+]?|\(|\\)?\s*$""")
_BELOW = regex(
    r"""\r?\n[+\- ]?[ \t]*(?P<item>-[ ])?(?P<q>["'`]?)(?P<v>[^\s"'`(){}\[\],;]{6,500})(?P=q)[,;)]{0,2}[ \t]*(?=\r?\n|\Z)"""
)
_ITEM = regex(r"""\s*,\s*(?P<q>\\?["'`])(?P<v>[^"'`\n\\]{1,6000})(?P=q)""")
_DEFAULT = regex(
    r"""(?x)[\w.:]*(?:env|environ|get|fetch|config|getenv)\w*\(\s*["'][\w.-]+["']\s*,\s*(?:default\s*=\s*)?(?P<q>["'])(?P<v>[^"'\n]{1,200})(?P=q)"""
)


def assignments(text: str, start: int, end: int, *, code: bool | None) -> Iterator[Span]:
    """Spans of values in the line ``[start, end)``; ``code`` says that bare words there are names, None: unknown."""
    at = start
    while word := WORD.search(text, at, end):
        at = word.end()
        key = key_around(text, word, start, end)
        at = max(at, key.end)
        if key.least is Grade.NOTHING:
            continue
        after = _AFTER.match(text, key.end, end)
        found = _value(text, key, after, (start, end), code=code) if after else None
        if found is not None:
            rule = "password-assignment" if key.least is Grade.WORD else "token-assignment"
            yield rule, found.start("v"), found.end("v")
            at = max(at, found.end("v"))
            for item in _more_items(text, after, found, end) if after else ():
                yield rule, item.start("v"), item.end("v")


def next_line(text: str, start: int, end: int) -> Iterator[Span]:
    """The value on the line below, where the line ``[start, end)`` ends in a key word and its separator."""
    opened = _OPENED.search(text, max(start, end - 120), end)
    if opened is None:
        return
    words = list(WORD.finditer(text, opened.start(), opened.end()))
    value = _BELOW.match(text, end) if words else None
    if value is None:
        return
    key = key_around(text, words[-1], start, end)
    least = Grade.RANDOM if value["item"] else max(key.least, Grade.MIXED)
    if key.least and grade(value["v"]) >= least:
        yield "value-below", value.start("v"), value.end("v")


def _more_items(text: str, after: re.Match[str], first: re.Match[str], end: int) -> Iterator[re.Match[str]]:
    """The further string literals of a list whose first one is a secret."""
    item: re.Match[str] | None = first
    while "[" in after[0] and item is not None:
        item = _ITEM.match(text, item.end(), end)
        if item is not None and grade(item["v"]) >= Grade.WORD:
            yield item


def _value(
    text: str,
    key: Key,
    after: re.Match[str],
    line: tuple[int, int],
    *,
    code: bool | None,
) -> re.Match[str] | None:
    end = line[1]
    quoted = _QUOTED.match(text, after.end(), end)
    if quoted is not None:
        return quoted if grade(quoted["v"]) >= _least_quoted(text, key, after, quoted) else None
    wrapped = _WRAPPED.match(text, after.end(), end) if key.password and after["sep"] else None
    if wrapped is not None:
        return wrapped if grade(wrapped["v"]) >= Grade.WORD or "-" in wrapped["v"] else None
    default = _DEFAULT.match(text, after.end(), end)
    if default is not None:
        return default if grade(default["v"]) >= max(key.least, Grade.WORD) else None
    if after["comma"] or after["call"] or after["attribute"] or after["by"]:
        return None
    return bare_value(text, key, after, line, code=code)


def _least_quoted(text: str, key: Key, after: re.Match[str], quoted: re.Match[str]) -> Grade:
    closed = bool(after["close"].strip(" \t])"))
    if after["comma"]:
        defines = re.search(
            r"(?i)define|env|put|set|pair|config|option",
            text[max(0, key.start - 40) : key.start],
        )
        return max(key.least, Grade.WORD if defines else Grade.MIXED) if closed else Grade.RANDOM
    if after["call"]:
        ends = text[quoted.end() : quoted.end() + 1] == ")"
        setter = re.match(r"(?i)[\w.$]*(?:set|with|use)_?\w*$", key.name) or re.match(
            r"(?:[\w.]*\.)?[a-z]+$", key.name
        )
        return max(key.least, Grade.WORD) if ends and setter else Grade.RANDOM
    if after["by"]:
        return Grade.NAME
    if after["space"]:
        sql = key.name.upper() in ("PASSWORD", "PASSWD") and not closed and quoted["q"] == "'"
        option = text[key.start - 1 : key.start] == "-" or key.name.startswith("-")
        own_line = not text[text.rfind("\n", 0, key.start) + 1 : key.start].strip("+- \t")
        return (
            max(key.least, Grade.WORD)
            if sql or option
            else Grade.NAME
            if own_line and key.password
            else Grade.RANDOM
        )
    if after["attribute"] and not closed:
        return Grade.RANDOM
    if after["sep"] in ("==", "===", "!=", "!=="):
        return Grade.WORD if key.password else max(key.least, Grade.MIXED)
    if len(quoted["v"]) < 8 and key.least is not Grade.WORD:
        return Grade.RANDOM
    if key.password:
        return Grade.NAME
    return key.least
