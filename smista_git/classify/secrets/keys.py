"""The names that secrets go by: the identifier around a key word, and what its value must look like."""

from __future__ import annotations

import re
from typing import NamedTuple

from smista_git.change.pattern import regex
from smista_git.classify.secrets.values import Grade, subwords

WORD = regex(
    r"(?i)pass|pwd|secret|token|keys?|credential|auth|salt|nonce|sig|(?<=_)pw|(?<![a-z])sid(?![a-z])|session[-_]?id|identified(?=\s)"
)
_STRONG = frozenset({
    "password", "passwords", "passwd", "passphrase", "passcode", "pass", "pwd", "pw", "secret", "credential", "credentials",
    "dbpass", "userpass", "mypass", "adminpass", "rootpass", "sshpass", "ftppass", "requirepass", "masterauth", "secretkey",
})  # fmt: skip
_STRONG_END = ("password", "passwd", "passphrase", "passcode", "pwd", "secret")
_PASSWORD = regex(r"(?i)(?:pass(?:word|wd|phrase|code|w)?|pwd|_pw)s?[-_]?\d*$")
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
        "auth",
        "authorization",
    }
)
_TOKEN_END = (
    "token",
    "tokens",
    "apikey",
    "accesskey",
    "privatekey",
    "authkey",
    "secretkey",
)
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
    "usage", "uses", "limit", "limits", "kind", "handler", "spec", "preview", "within", "after", "before", "ratelimit", "callback", "command", "cmd", "env", "var", "selector", "input", "visible", "in",
    "by", "for", "with", "is", "not", "no", "and", "or", "to", "of", "was", "has", "user", "username", "login", "state", "status", "generator",
    "middleware", "controller", "guard", "strategy", "factory", "config", "configuration", "options", "settings", "down", "up", "press",
    "board", "word", "words", "code", "rounds", "cost", "iterations", "map", "list", "set", "chain", "ring", "space", "stone", "frame",
    "domain", "port", "group", "request", "response", "date", "time", "at", "age", "lifetime", "cache", "lock", "exists", "valid", "invalid",
})  # fmt: skip


class Key(NamedTuple):
    """An identifier in a text, the least grade of value that makes it a finding, whether it names a password."""

    name: str
    start: int
    end: int
    least: Grade
    password: bool


def key_around(text: str, word: re.Match[str], start: int, end: int) -> Key:
    """The whole identifier around a key word, and the least grade that its value must have."""
    left, right = word.start(), word.end()
    while left > max(start, word.start() - 60) and (text[left - 1].isalnum() or text[left - 1] in "_-.$"):
        left -= 1
    while right < min(end, word.end() + 60) and (text[right].isalnum() or text[right] in "_-"):
        right += 1
    name = text[left:right]
    least = Grade.NOTHING if name.startswith(("$PWD", "PWD")) and name[-3:] == "PWD" else _least(name)
    return Key(name, left, right, least, bool(_PASSWORD.search(name)))


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
        elif word == "identified":
            best, at = Grade.WORD, i
        elif (
            word == "sessionid"
            or (word == "sid" and (len(words) == 1 or words[i - 1] in ("connect", "session", "auth")))
            or (word == "id" and i and words[i - 1] == "session")
            or (
                word == "key"
                and not (i and words[i - 1] in ("public", "primary", "foreign", "partition", "sort", "cache"))
            )
        ):
            best, at = (best or Grade.RANDOM), i
    if "public" in words or ("encrypted" in words and words[at] == "key"):
        return Grade.NOTHING
    if any(word in _ABOUT for word in words[at + 1 :]) or len(words) - at > 3:
        return Grade.NOTHING
    return best
