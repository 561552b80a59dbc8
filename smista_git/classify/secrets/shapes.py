"""Secrets known by their own form: token prefixes, credentials in addresses and headers, password hashes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smista_git.change.pattern import regex
from smista_git.classify.secrets.runs import ALNUM, has_run
from smista_git.classify.secrets.values import Grade, entropy, grade, is_placeholder

Span = tuple[str, int, int]

PREFIXES = (
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "akia", "asia", "aroa", "aida", "aiza", "ya29.", "sk_",
    "rk_", "sk-", "npm_", "pypi-", "sg.", "hooks.slack.com", "dop_v1_", "eyj", "shp", "hvs.", "key-", "age-secret-key", "accountkey=",
    "akab-", "sq0", "-us", "dapi", "hf_", "dckr_pat_", "atatt3", "lin_api_", "pmak-", "nrak-", "sntrys_", "dp.pt.", "sbp_", "glptt-", "gldt-", "glrt-",
    "glcbt-", "glsoat-", "glagent-", "rubygems_", "whsec_", "gocspx-", "xapp-", "glsa_", "glc_", "gsk_", "r8_", "nfp_", "ntn_", ".atlasv1.",
    "sharedaccesskey=", ":aa", "otp",
)  # fmt: skip
ADDRESSES = (
    "://",
    "basic ",
    "bearer ",
    "apikey ",
    "token ",
    "pass:",
    "curl ",
    "sshpass",
    "mysql",
    ".login(",
    "<pass",
    "<secret",
    "<token",
    "pass>",
)
HASHES = (
    "$1$",
    "$2",
    "$5$",
    "$6$",
    "$apr1$",
    "$argon2",
    "$p$",
    "$h$",
    "$y$",
    "sha}",
    "pbkdf2",
    "{crypt}",
)

_PREFIXED = regex(
    r"""(?x)(?P<v>
      gh[pousr]_[A-Za-z0-9]{10,} | github_pat_\w{20,} | glpat-[\w-]{15,} | xox[abeoprs]-[\w-]{10,} | (?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}
    | AIza[\w-]{30,} | ya29\.[\w-]{20,} | sk_(?:live|test)_\w{10,} | rk_(?:live|test)_\w{10,} | (?<![\w-])sk-(?:ant-|proj-)?[A-Za-z0-9][\w-]{19,}
    | npm_[A-Za-z0-9]{30,} | pypi-[\w-]{30,} | SG\.[\w-]{16,}\.[\w-]{16,} | hooks\.slack\.com/services/[\w/]{20,} | dop_v1_[a-f0-9]{40,}
    | eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)? | shp(?:at|ss|ca|pa)_[a-fA-F0-9]{24,} | hvs\.[\w-]{20,} | (?<![\w-])key-[0-9a-f]{32}
    | (?<=OTP[ (.'"])(?:new)?[ (]?['"]?[A-Z2-7]{16,64}\b | \bakab-[a-z0-9]{16}-[a-z0-9]{16}\b | \b\d{8,10}:AA[\w-]{33}\b
    | \bsq0[a-z]{3}-[\w-]{22,43} | \b[0-9a-f]{32}-us\d{1,2}\b | \bdapi[0-9a-f]{32} | \bhf_[A-Za-z0-9]{30,} | \bdckr_pat_[\w-]{20,}
    | \bATATT3[\w=-]{20,} | \blin_api_\w{30,} | \bPMAK-[\w-]{30,} | \bNRAK-[A-Z0-9]{20,} | \bsntrys_[\w=+/]{20,} | \bdp\.pt\.\w{30,} | \bsbp_[0-9a-f]{40}
    | \bgl(?:ptt|dt|rt|cbt|soat|agent)-[\w-]{20,} | \brubygems_[0-9a-f]{40,} | \bwhsec_\w{20,} | \bGOCSPX-[\w-]{20,} | \bxapp-[\w-]{20,} | \bgl(?:sa|c)_[\w=]{20,}
    | \bgsk_\w{30,} | \br8_\w{30,} | \bnfp_\w{30,} | \bntn_\w{30,} | \.atlasv1\.[\w-]{50,} | (?<=SharedAccessKey=)[A-Za-z0-9+/]{40,}={0,2}
    | AGE-SECRET-KEY-1[A-Z0-9]{30,} | (?<=AccountKey=)[A-Za-z0-9+/]{40,}={0,2} )"""
)
# Tokens without a telling prefix, told by their exact alphabet and length: Twilio's and NATS's.
_EXACT = regex(r"(?<![A-Za-z0-9])(?P<v>(?:AC|SK)[0-9a-f]{32}|S[NCOAUX]A[A-Z2-7]{55})(?![A-Za-z0-9])")
_URL = regex(
    r"(?i)(?<![a-z0-9])[a-z][a-z0-9+.-]{1,20}://[^\s:/@\"'`<>]{0,80}:(?P<v>[^\s/@\"'`<>]{2,120})@[\w.\[$({%-]"
)
_HEADER = regex(r"(?i)\b(?P<scheme>basic|bearer|token|apikey)[ \t]+(?P<v>[A-Za-z0-9+/_.~-]{8,}={0,2})")
_OPTION = regex(
    r"""(?x) \bpass:(?P<v>[^\s"'`:,;)]{3,}) | \bcurl\b[^\n|]{0,200}?\s(?:-u|--user)[ \t=]?["']?[\w.@-]+:(?P<v2>[^\s"'@:]{3,})
    | \.login\(\s*["'][^"'\n]{1,80}["'],\s*["'](?P<v5>[^"'\n ]{4,})["'] | \bsshpass\s+-p\s*["']?(?P<v3>[^\s"']{3,}) | \bmysql(?:dump|admin)?[ \t][^\n|`]{0,80}?\s-p(?P<v4>[^\s"'-][^\s"']{2,})"""
)
_ELEMENT = regex(
    r"(?i)<(?P<k>[\w:.-]*(?:passw(?:or)?d|pass|pwd|secret|token|apikey|api-key|passphrase))(?:\s[^<>]*)?>(?P<v>[^<>\n\s]{3,200})</"
)
_HASH = regex(
    r"""(?x)(?P<v> \$(?:1|2[abxy]?|5|6|apr1|argon2\w*|P|H|y)\$[./\w$=,+-]{20,} | \{(?:S?SHA\d*|CRYPT|SSHA\d*)\}[\w+/=$.,]{20,}
    | pbkdf2_?\w*[$:]\d+[$:][\w+/=$.]{20,} )"""
)
_JWK = regex(r"""\\?["']?\b(?:d|k|p|q|dp|dq|qi)\\?["']?\s*:\s*\\?["'](?P<v>[\w-]{20,})\\?["']""")
_PGPASS = regex(r"^[+\- ]?(?![#/])[\w.*-]+:(?:\d{2,5}|\*):[\w*-]+:[\w*.-]+:(?P<v>[^\s:]{3,})$")
_LOGIN = regex(r"^[+\- ]?[\w.@-]+:(?P<v>\$[^:\s]{10,}|\{SHA\}\S+|[./A-Za-z0-9]{13})(?::|$)")
_COLONS = regex(r"(?m)^[+\- ]?[\w.@*-]+:[^\s:]+(?::[^\s:]*)*$")
_SHADOW = regex(r"^[+\- ]?[a-z_][\w-]*:(?P<v>[^:\s*!]{10,}):\d*:\d*:")


def token_shapes(text: str, start: int, end: int) -> Iterator[Span]:
    """Tokens with a prefix of their issuer, in the line ``[start, end)``; cut ones count too."""
    for found in _PREFIXED.finditer(text, start, end):
        if not is_placeholder(found["v"]) and _is_drawn(found["v"]):
            yield "token-shape", found.start("v"), found.end("v")


def _is_drawn(token: str) -> bool:
    """Whether a token looks like one that was issued: with a digit, or one of AWS, of which 1 in 28 has none."""
    if any(c.isdigit() for c in token):
        return True
    return token.startswith(("AKIA", "ASIA", "AROA", "AIDA")) and entropy(token) >= 3.0


def exact_shapes(text: str) -> Iterator[Span]:
    """Tokens anywhere in the text that only their alphabet and length tell."""
    for found in _EXACT.finditer(text) if has_run(text, ALNUM, 34) else ():
        if entropy(found["v"]) >= 3.0:
            yield "token-shape", found.start("v"), found.end("v")


def address_shapes(text: str, start: int, end: int) -> Iterator[Span]:
    """Credentials in addresses, headers, elements and options, in the line ``[start, end)``."""
    for found in _URL.finditer(text, start, end):
        if _may_be_password(found["v"]):
            yield "credentials-in-url", found.start("v"), found.end("v")
    for found in _HEADER.finditer(text, start, end):
        graded = grade(found["v"])
        if (graded is Grade.RANDOM and any(c.isdigit() for c in found["v"])) or _basic_pair(
            found["scheme"], found["v"]
        ):
            yield "authorization-header", found.start("v"), found.end("v")
    for found in _OPTION.finditer(text, start, end):
        name = str(found.lastgroup)
        if grade(found[name]) >= Grade.WORD:
            yield "password-option", found.start(name), found.end(name)
    for found in _ELEMENT.finditer(text, start, end):
        if grade(found["v"]) >= Grade.WORD:
            yield "password-element", found.start("v"), found.end("v")


def hash_shapes(text: str, start: int, end: int) -> Iterator[Span]:
    """Password hashes in the line ``[start, end)``."""
    for found in _HASH.finditer(text, start, end):
        yield "password-hash", found.start("v"), found.end("v")


def jwk_shapes(text: str, start: int, end: int) -> Iterator[Span]:
    """Private members of JSON web keys, in the line ``[start, end)``."""
    for found in _JWK.finditer(text, start, end):
        if grade(found["v"]) is Grade.RANDOM:
            yield "json-web-key", found.start("v"), found.end("v")


def colon_lines(text: str) -> Iterator[Span]:
    """Values in lines of colons: shadow, htpasswd, pgpass."""
    for line in _COLONS.finditer(text):
        for pattern in (_SHADOW, _PGPASS, _LOGIN):
            found = pattern.match(text, line.start(), line.end())
            if found and (pattern is not _LOGIN or _crypt(found["v"])):
                yield "password-line", found.start("v"), found.end("v")
                break


def lone_key(text: str) -> Iterator[Span]:
    """The text itself, where it is nothing but one hex string of a key's length, as a key file holds it."""
    found = (
        re.match(
            r"\s*(?P<v>[0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})\s*$",
            text,
        )
        if len(text) < 200
        else None
    )
    if found:
        yield "lone-key", found.start("v"), found.end("v")


def _crypt(value: str) -> bool:
    return len(value) != 13 or (
        any(c.isdigit() for c in value)
        and any(c.isupper() for c in value)
        and any(c.islower() for c in value)
    )


def _may_be_password(value: str) -> bool:
    return (
        not is_placeholder(value)
        and not value.isdigit()
        and value.lower()
        not in (
            "password",
            "pass",
            "passwd",
            "pw",
            "pwd",
            "secret",
            "token",
            "x-oauth-basic",
        )
    )


def _basic_pair(scheme: str, value: str) -> bool:
    """True when base64 of ``user:password`` stands behind ``Basic``."""
    if scheme.lower() not in ("basic", "apikey"):
        return False
    import base64
    import binascii

    try:
        decoded = base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return b":" in decoded and decoded.isascii() and decoded.decode("ascii").isprintable()
