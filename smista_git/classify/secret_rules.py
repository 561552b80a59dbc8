"""Own rules: what the engine misses, found by a cheap look for key words and then a careful one at their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smista_git.classify.secret_values import is_placeholder, plausible_bare, plausible_quoted, random_looking

Span = tuple[str, int, int]

PASSWORD_WORDS = (
    "passw",
    "pwd",
    "passphrase",
    "passcode",
    "_pass",
    "pass=",
    "pass:",
    'pass"',
    "pass'",
    "pass ",
    "secret",
    "credential",
)
TOKEN_WORDS = ("token", "api_key", "apikey", "api-key", "access_key", "accesskey", "access-key", "_key", "-key", "authkey", "privatekey",
               "private_key", "secretkey", "encryptionkey", "masterkey", "salt", "nonce", "auth", "signature", "license")  # fmt: skip
_STRONG = re.compile(r"(?i)pass(?!ive|port|ing|ed\b|es\b|enger|thr)|pwd|secret|credential")
_KEY = re.compile(
    r"(?i)[\w.$-]*(?:passw(?:or)?d|passwd|passphrase|passcode|pwd|(?:(?<=[_\W])|^)pass|secret|credentials?|token|"
    r"(?:api|access|auth|private|encryption|master|account|storage|license|signing|session|shared|host|admin|app|_|-)"
    r"[-_]?keys?|salt|auth)(?:[-_.]?[A-Za-z0-9]+){0,3}"
)
_SEPARATOR = re.compile(
    r"""(?ix)\\?["'`]?\s*[\])]?\s*(?: (?:,|:=|=>|<-|={1,3}|:) | (?<=["'`])\s+value\s*= | (?::\s*[\w.\[\]<>?|&' ]{1,24}\s*=))\s*
        (?:[\w.:]{0,24}\(\s*)?[@a-z]{0,2}?(?=["'`\\]|[^\s=]) """
)
_QUOTED = re.compile(r"""\\?(["'`])(?P<v>(?:\\.|(?!\1)[^\n\\]){1,500}?)\\?\1""")
_BARE = re.compile(r"""(?P<v>[^\s"'`,;<>]+)""")
_XML = re.compile(
    r"(?i)<(?P<k>[\w:.-]*(?:passw(?:or)?d|pass|pwd|secret|token|apikey|api-key|passphrase)[\w:.-]*)(?:\s[^<>]*)?>(?P<v>[^<>\n]{3,200})</"
)
_URL = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@\"'`<>]{0,80}:(?P<v>[^\s/@\"'`<>]{3,120})@[\w.\[-]")
_HEADER = re.compile(r"(?i)\b(?:basic|bearer|token)\s+(?P<v>[A-Za-z0-9+/_.~-]{12,}={0,2})")
_PREFIXED = re.compile(
    r"""(?x)(?P<v>
      gh[pousr]_[A-Za-z0-9]{10,} | github_pat_\w{20,} | glpat-[\w-]{15,} | xox[abeoprs]-[\w-]{10,} | (?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}
    | AIza[\w-]{30,} | ya29\.[\w-]{20,} | sk_(?:live|test)_\w{10,} | rk_(?:live|test)_\w{10,} | sk-(?:ant-|proj-)?[\w-]{20,}
    | npm_[A-Za-z0-9]{30,} | pypi-[\w-]{30,} | SG\.[\w-]{16,}\.[\w-]{16,} | hooks\.slack\.com/services/[\w/]{20,} | dop_v1_[a-f0-9]{40,}
    | eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)? | shp(?:at|ss|ca|pa)_[a-fA-F0-9]{24,} | hvs\.[\w-]{20,} | key-[0-9a-f]{32} | AGE-SECRET-KEY-1[A-Z0-9]{30,}
    )"""
)
_PREFIX_WORDS = ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "akia", "asia", "aroa", "aida", "aiza", "ya29.", "sk_",
                 "rk_", "sk-", "npm_", "pypi-", "sg.", "hooks.slack.com", "dop_v1_", "eyj", "shp", "hvs.", "key-", "age-secret-key")  # fmt: skip
_HASH = re.compile(
    r"(?P<v>\$(?:1|2[abxy]?|5|6|apr1|argon2\w*|P|H|y)\$[./\w$=,+-]{20,}|\{S?SHA\}[\w+/=]{20,})"
)
_PEM = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d|-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----"
)
_BODY_LINE = re.compile(
    r"^[+\- >#*|\\\"']{0,8}(?:(?:[A-Za-z0-9+/=]|\\n){16,}|[A-Za-z][\w-]*: [^\n]*)?[\s\"',;+\\)]{0,6}$"
)


def own_spans(text: str) -> Iterator[Span]:
    """(rule, start, end) of everything the own rules find, in no particular order, overlaps included."""
    low = text.lower()
    for start, end in _lines_with(text, low, PASSWORD_WORDS + TOKEN_WORDS):
        yield from _assignments(text, start, end)
    for start, end in _lines_with(text, low, ("://", "basic ", "bearer ", "token ")):
        yield from _first_groups("credentials-in-url", _URL, text, start, end)
        yield from (
            s
            for s in _first_groups("authorization-header", _HEADER, text, start, end)
            if random_looking(text[s[1] : s[2]])
        )
    for start, end in _lines_with(text, low, _PREFIX_WORDS):
        yield from _first_groups("token-shape", _PREFIXED, text, start, end)
    for start, end in _lines_with(
        text, low, ("$1$", "$2", "$5$", "$6$", "$apr1$", "$argon2", "$p$", "$h$", "$y$", "sha}")
    ):
        yield from _first_groups("password-hash", _HASH, text, start, end)
    if "private key" in low or "putty-user-key" in low:
        yield from _key_blocks(text)


def _lines_with(text: str, low: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Start and end of every line that holds one of the words, each once, in order."""
    found: dict[int, int] = {}
    for word in words:
        at = low.find(word)
        while at >= 0:
            start = text.rfind("\n", 0, at) + 1
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            found[start] = end
            at = low.find(word, end)
    return sorted(found.items())


def _first_groups(rule: str, pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Span]:
    for found in pattern.finditer(text, start, end):
        if not is_placeholder(found["v"]):
            yield rule, found.start("v"), found.end("v")


def _assignments(text: str, start: int, end: int) -> Iterator[Span]:
    end = min(end, start + 20_000)
    for found in _XML.finditer(text, start, end):
        if plausible_quoted(found["v"], strong=True):
            yield "password-element", found.start("v"), found.end("v")
    at = start
    while key := _KEY.search(text, at, end):
        at = key.end()
        strong = bool(_STRONG.search(key[0]))
        separator = _SEPARATOR.match(text, key.end(), end)
        if separator is None:
            continue
        value = _QUOTED.match(text, separator.end(), end)
        if value is not None:
            good = plausible_quoted(value["v"], strong=strong)
        else:
            value = _BARE.match(text, separator.end(), end)
            good = value is not None and plausible_bare(value["v"], strong=strong)
        if value is not None and good:
            yield ("password-assignment" if strong else "token-assignment"), value.start("v"), value.end("v")
            at = max(at, value.end())


def _key_blocks(text: str) -> Iterator[Span]:
    """Whole private key blocks; a missing head or foot takes the body lines that are there."""
    for found in _PEM.finditer(text):
        if found[0].startswith("-----END"):
            yield "private-key", _body_start(text, found.start()), found.end()
        else:
            yield "private-key", found.start(), _body_end(text, found.end())


def _body_end(text: str, at: int) -> int:
    while at < len(text):
        stop = text.find("\n", at + 1)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop].strip("\n")
        if not _BODY_LINE.match(line):
            break
        at = stop
    return at


def _body_start(text: str, at: int) -> int:
    at = text.rfind("\n", 0, at) + 1
    while at > 0:
        start = text.rfind("\n", 0, at - 1) + 1
        if not _BODY_LINE.match(text[start : at - 1]):
            break
        at = start
    return at
