"""Bare values beside key words: configuration, shells, options and comments, where no quotes mark them."""

from __future__ import annotations

import re

from smista_git.change.pattern import regex
from smista_git.classify.secrets.keys import Key
from smista_git.classify.secrets.values import Grade, grade

_BARE = regex(r"(?P<v>[^\s\"'`,;<>\\]+)")
_IN_ADDRESS = regex(r"(?P<v>[^\s\"'`,;<>\\&#()]+)")
_CODE_LINE = regex(
    r"""(?x)^[+\- ]?\s*(?:const|let|var|val|def|func|fn|return|if|for|while|public|private|protected|static|final|import|from|class|self\.|this\.|@|\}|\w+\()
    | [;{(]\s*$ | \w\.\w+\s*[:=]=?\s | => | \)\s*[,;]?\s*$"""
)
_LINE_START = regex(
    r"""(?x)[+\- ]?\s*(?:[-*\#>/;]{1,3}\s*)*(?:export|set|setx|ENV|ARG|env|declare\s+-x|SetEnv|fastcgi_param|\$)?\s*["'\[]?$"""
)
_AFTER_BARE = regex(r"[ \t]*(?:(?:#|//|;|<!--|\)).*)?$")
_COMMENT = regex(r"[+\- ]?\s*(?://|#|\*|--\s|<!--|;)")
_EXPRESSION = regex(r"[()\[\]{}|]|=>|^[*&]\w|\.$|:$")
_FLOW = regex(r"^[\[{]|\(.*\)|^[*&]\w|\{\{")
# Words that take their value after a blank: netrc, redis.conf, esmtprc.
_SPACED = frozenset({"password", "passwd", "requirepass", "masterauth", "pass", "passphrase"})


def bare_value(
    text: str,
    key: Key,
    after: re.Match[str],
    line: tuple[int, int],
    *,
    code: bool | None,
) -> re.Match[str] | None:
    """The match whose group ``v`` is an unquoted value that can be a secret, or None."""
    start, end = line
    before = text[start : key.start]
    in_address = "?" in before or "&" in before
    bare = (_IN_ADDRESS if in_address else _BARE).match(text, after.end(), end)
    expression = _FLOW if code is False and key.password else _EXPRESSION
    if bare is None or (expression.search(bare["v"]) and not bare["v"].startswith("$")):
        return None
    graded = grade(bare["v"])
    if after["space"]:
        return bare if graded >= _least_spaced(text, key, before, bare, end) else None
    if after["sep"] not in (":", "=", "=>", ":=", "+="):
        return None
    if in_address and graded is Grade.RANDOM:
        return bare
    return bare if graded >= _least_assigned(text, key, after, bare, line, code=code) else None


def _least_spaced(text: str, key: Key, before: str, bare: re.Match[str], end: int) -> int:
    """For ``password hunter2``, ``--token abc`` and prose, where nearly nothing is a secret."""
    if key.name.lower() in _SPACED and re.search(r"(?:^[+\- ]?\s*|login \S+ )$", before):
        return Grade.WORD if _AFTER_BARE.match(text, bare.end(), end) else Grade.RANDOM
    if key.name.startswith("-") or before.endswith("-"):
        return max(key.least, Grade.MIXED)
    return Grade.RANDOM if len(bare["v"]) >= 20 else _NEVER


def _least_assigned(
    text: str,
    key: Key,
    after: re.Match[str],
    bare: re.Match[str],
    line: tuple[int, int],
    *,
    code: bool | None,
) -> int:
    start, end = line
    before = text[start : key.start]
    least = Grade.NAME if key.password else key.least
    tight = after[0].strip("\"'") in ("=", ":")
    if tight and after["sep"] == "=" and key.name.strip("-").replace("_", "").isupper():
        return least
    if tight and sum(before.count(quote) for quote in "\"'`") % 2 == 1:
        return max(key.least, Grade.MIXED)
    comment = _COMMENT.match(text, start, end) is not None
    if not comment and (code or (code is None and _CODE_LINE.search(text, start, end))):
        return _NEVER
    ends = _AFTER_BARE.match(text, bare.end(), end) and text[bare.end() : bare.end() + 1] not in (
        ",",
        ";",
        "\\",
    )
    if not ends:
        return (Grade.WORD if key.password and after["sep"] == "=" else Grade.MIXED) if tight else _NEVER
    if _LINE_START.match(before) is None:
        return max(key.least, Grade.MIXED)
    return least if code is False or tight or comment else key.least


_NEVER = max(Grade) + 1
