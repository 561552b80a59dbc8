"""Values beside key words: ``password = "..."`` in the many ways that languages and configuration write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from smista_git.classify.secret_values import Grade, grade, subwords

Span = tuple[str, int, int]

# Looked for in the lower-cased text; only lines that hold one are read with care.
TRIGGERS = (
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "credential",
    "auth",
    "salt",
    "nonce",
    "sig",
    "_pw",
    "identified by",
)

_WORD = re.compile(r"(?i)pass|pwd|secret|token|keys?|credential|auth|salt|nonce|sig|(?<=_)pw")
_STRONG = frozenset({
    "password", "passwords", "passwd", "passphrase", "passcode", "pass", "pwd", "pw", "secret", "credential", "credentials",
    "dbpass", "userpass", "mypass", "adminpass", "rootpass", "sshpass", "ftppass", "requirepass", "masterauth", "secretkey",
})  # fmt: skip
_STRONG_END = ("password", "passwd", "passphrase", "passcode", "pwd", "secret")
_PASSWORD = re.compile(r"(?i)(?:pass(?:word|wd|phrase|code|w)?|pwd|_pw)s?[-_]?\d*$")
_TOKENS = frozenset(
    {
        "token",
        "apikey",
        "accesskey",
        "privatekey",
        "authkey",
        "salt",
        "nonce",
        "sig",
        "signature",
        "auth",
        "authorization",
    }
)
_TOKEN_END = ("token", "apikey", "accesskey", "privatekey", "authkey", "secretkey")
_KEY_OF = frozenset({
    "api", "access", "auth", "private", "encryption", "encrypt", "master", "account", "storage", "license", "signing",
    "sign", "session", "shared", "secret", "app", "application", "client", "service", "jwt", "admin", "crypto", "cipher", "aes",
    "hmac", "rsa", "deploy", "publish", "integration", "security", "consumer", "primary", "secondary", "subscription", "cookie", "write",
})  # fmt: skip
# What such a word is followed by when it names something about a secret, and not the secret.
_ABOUT = frozenset({
    "name", "names", "url", "uri", "urls", "path", "paths", "file", "files", "filename", "dir", "type", "types", "field", "fields",
    "label", "message", "msg", "error", "errors", "length", "len", "size", "count", "algorithm", "alg", "encryption", "format", "policy",
    "action", "header", "prefix", "suffix", "column", "table", "expires", "expiry", "expiration", "expire", "ttl", "timeout", "max", "min",
    "regex", "pattern", "hint", "text", "title", "placeholder", "description", "desc", "endpoint", "host", "server", "provider", "providers",
    "service", "method", "methods", "mode", "enabled", "disabled", "required", "complexity", "strength", "validator", "manager", "store",
    "storage", "source", "class", "id", "ids", "ref", "version", "index", "param", "params", "form", "page", "view", "route", "event",
    "test", "tests", "check", "plugin", "module", "scheme", "schema", "realm", "issuer", "audience", "scope", "scopes", "db", "location",
    "usage", "uses", "limit", "limits", "kind", "handler", "callback", "command", "cmd", "env", "var", "selector", "input", "visible", "in",
    "by", "for", "with", "is", "not", "no", "and", "or", "to", "of", "was", "has", "user", "username", "login", "state", "status", "generator",
    "middleware", "controller", "guard", "strategy", "factory", "config", "configuration", "options", "settings", "down", "up", "press",
    "board", "word", "words", "code", "rounds", "cost", "iterations", "map", "list", "set", "chain", "ring", "space", "stone", "frame",
    "domain", "port", "group", "request", "response", "date", "time", "at", "age", "lifetime", "cache", "lock", "exists", "valid", "invalid",
})  # fmt: skip
_AFTER = re.compile(
    r"""(?x)
    (?P<close>(?:\\?["'`])?[ \t]*[\])]{0,2}[ \t]*)
    (?: (?:[?!]?:[ \t]*[A-Za-z_*&][\w.<>\[\]|?* ]{0,30}?[ \t]*(?==[^=>]))? [ \t]*(?P<sep>:=|=>|->|===?|!==?|=|:|<-)[ \t]*(?:[\[(][ \t]*(?=\\?["'])|&\#?\w*;)?
      | (?P<comma>,)[ \t]* | (?P<call>\()[ \t]* | (?P<attribute>[ \t]+(?:value|content)[ \t]*=[ \t]*) | (?P<by>[ \t]+by[ \t]+) | (?P<space>[ \t]+) )"""
)
_QUOTED = re.compile(
    r"""(?x)(?:(?:new[ ])?(?:String|str|bytes|\[\]byte|Buffer\.from|(?:base64\.)?b64decode|atob|unhexlify|SecureString|bytes\.fromhex|Some|Optional\.of|u|b|T|_)\()?
    [@$]?(?:[bBuUrRfFL]{1,2})?(?P<q>\\?["'`])(?P<v>(?:\\[^"'`]|(?!(?P=q))[^\n\\]){1,6000}?)(?P=q)"""
)
_BARE = re.compile(r"(?P<v>[^\s\"'`,;<>\\]+)")
_DEFAULT = re.compile(
    r"""(?x)[\w.:]*(?:env|environ|get|fetch|config|getenv)\w*\(\s*["'][\w.-]+["']\s*,\s*(?:default\s*=\s*)?(?P<q>["'])(?P<v>[^"'\n]{1,200})(?P=q)"""
)
_CODE_LINE = re.compile(
    r"""(?x)^[+\- ]?\s*(?:const|let|var|val|def|func|fn|return|if|for|while|public|private|protected|static|final|import|from|class|self\.|this\.|@|\}|\w+\()
    | [;{(]\s*$ | \w\.\w+\s*[:=]=?\s | => | \)\s*[,;]?\s*$"""
)
_LINE_START = re.compile(
    r"""(?x)[+\- ]?\s*(?:[-*\#>/;]{1,3}\s*)*(?:export|set|setx|ENV|ARG|env|declare\s+-x|SetEnv|fastcgi_param|\$)?\s*["'\[]?$"""
)
_JSON_LINE = re.compile(
    r"""[+\- ]?\s*"[\w.-]+"\s*:\s*"[^"]*",?\s*$|[+\- ]?\s*(?:- )?[A-Z_]+=""", re.MULTILINE
)
_AFTER_BARE = re.compile(r"[ \t]*(?:(?:#|//|;|<!--|\)).*)?$")


class _Key(NamedTuple):
    name: str
    start: int
    end: int
    least: Grade
    password: bool


def assignments(text: str, start: int, end: int, *, code: bool | None) -> Iterator[Span]:
    """Spans of values in the line ``[start, end)``; ``code`` says that bare words there are names, None: unknown."""
    at = start
    while word := _WORD.search(text, at, end):
        at = word.end()
        key = _key(text, word, start, end)
        at = max(at, key.end)
        if key.least is Grade.NOTHING:
            continue
        after = _AFTER.match(text, key.end, end)
        found = _value(text, key, after, (start, end), code=code) if after else None
        if found is not None:
            rule = "password-assignment" if key.least is Grade.WORD else "token-assignment"
            yield rule, found.start("v"), found.end("v")
            at = max(at, found.end("v"))


def _key(text: str, word: re.Match[str], start: int, end: int) -> _Key:
    """The whole identifier around a key word, and the least grade that its value must have."""
    left, right = word.start(), word.end()
    while left > max(start, word.start() - 60) and (text[left - 1].isalnum() or text[left - 1] in "_-.$"):
        left -= 1
    while right < min(end, word.end() + 60) and (text[right].isalnum() or text[right] in "_-"):
        right += 1
    name = text[left:right]
    least = Grade.NOTHING if name.startswith(("$PWD", "PWD")) and name[-3:] == "PWD" else _least(name)
    return _Key(name, left, right, least, bool(_PASSWORD.search(name)))


def _least(name: str) -> Grade:
    words = [w for w in subwords(name.rpartition(".")[2] or name) if not w.isdigit()]
    if len(words) > 7:
        return Grade.NOTHING
    best, at = Grade.NOTHING, -1
    for i, word in enumerate(words):
        if word in _STRONG or word.endswith(_STRONG_END):
            best, at = Grade.WORD, i
        elif (
            word in _TOKENS
            or word.endswith(_TOKEN_END)
            or (word in ("key", "keys") and i and words[i - 1] in _KEY_OF)
        ):
            best, at = (Grade.WORD if best is Grade.WORD else Grade.MIXED), i
        elif word == "key" and not (
            i and words[i - 1] in ("public", "primary", "foreign", "partition", "sort", "cache")
        ):
            best, at = (best or Grade.RANDOM), i
    if any(word in _ABOUT for word in words[at + 1 :]) or len(words) - at > 3:
        return Grade.NOTHING
    return best


def _value(
    text: str, key: _Key, after: re.Match[str], line: tuple[int, int], *, code: bool | None
) -> re.Match[str] | None:
    end = line[1]
    quoted = _QUOTED.match(text, after.end(), end)
    if quoted is not None:
        return quoted if grade(quoted["v"]) >= _least_quoted(text, key, after, quoted) else None
    default = _DEFAULT.match(text, after.end(), end)
    if default is not None:
        return default if grade(default["v"]) >= max(key.least, Grade.WORD) else None
    bare = _BARE.match(text, after.end(), end)
    if bare is None or after["comma"] or after["call"] or after["attribute"] or after["by"]:
        return None
    return _bare(text, key, after, bare, line, code=code)


def _least_quoted(text: str, key: _Key, after: re.Match[str], quoted: re.Match[str]) -> Grade:
    closed = bool(after["close"].strip(" \t])"))
    if after["comma"]:
        defines = re.search(
            r"(?i)define|env|put|set|pair|config|option", text[max(0, key.start - 40) : key.start]
        )
        return max(key.least, Grade.WORD if defines else Grade.MIXED) if closed else Grade.RANDOM
    if after["call"]:
        ends = text[quoted.end() : quoted.end() + 1] == ")"
        setter = re.match(r"(?i)[\w.$]*(?:set|with|use)_?\w*$", key.name) or key.name.islower()
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
        return max(key.least, Grade.MIXED)
    if len(quoted["v"]) < 8 and key.least is not Grade.WORD:
        return Grade.RANDOM
    if key.password and (
        len(subwords(quoted["v"])) > 1 or _JSON_LINE.match(text, text.rfind("\n", 0, key.start) + 1)
    ):
        return Grade.NAME
    return key.least


def _bare(
    text: str,
    key: _Key,
    after: re.Match[str],
    bare: re.Match[str],
    line: tuple[int, int],
    *,
    code: bool | None,
) -> re.Match[str] | None:
    start, end = line
    value = bare["v"]
    before = text[start : key.start]
    if "?" in before or "&" in before:
        bare = re.compile(r"(?P<v>[^\s\"'`,;<>\\&#]+)").match(text, bare.start(), end) or bare
        value = bare["v"]
    if re.search(r"[()\[\]{}|]|=>|^[*&]\w|\.$|:$", value) and not value.startswith("$"):
        return None
    graded = grade(value)
    if after["space"]:
        option = re.search(r"(?:^|\s)--?$", before + "") is not None or key.name.startswith("--")
        netrc = bool(re.search(r"(?:^[+\- ]?\s*|login \S+ )$", before)) and key.name.lower() in (
            "password",
            "passwd",
            "requirepass",
            "masterauth",
            "pass",
            "passphrase",
        )
        if netrc and _AFTER_BARE.match(text, bare.end(), end) and graded >= Grade.WORD:
            return bare
        return (
            bare
            if graded >= (Grade.MIXED if option else Grade.RANDOM) and (option or len(value) >= 20)
            else None
        )
    if after["sep"] not in (":", "=", "=>", ":="):
        return None
    least = Grade.NAME if key.password else key.least
    tight = after[0].strip("\"'") in ("=", ":")
    if tight and after["sep"] == "=" and key.name.strip("-").replace("_", "").isupper():
        return bare if graded >= least else None
    inside = sum(before.count(q) for q in "\"'`") % 2 == 1 and tight
    if inside:
        return bare if graded >= max(key.least, Grade.MIXED) else None
    if code or (code is None and _CODE_LINE.search(text, start, end)):
        return None
    if text[bare.end() : bare.end() + 1] in (",", ";", "\\") or not _AFTER_BARE.match(text, bare.end(), end):
        return bare if tight and graded >= Grade.MIXED and code is not True else None
    if _LINE_START.match(before) is None:
        return bare if graded >= max(key.least, Grade.MIXED) else None
    return bare if graded >= (least if code is False or tight else key.least) else None
