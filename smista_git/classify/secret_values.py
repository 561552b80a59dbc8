"""Whether a value beside a key word can be a secret, or is a placeholder, a reference or plain code."""

from __future__ import annotations

import math
import re
from collections import Counter

_PLACEHOLDER = re.compile(
    r"""(?ix)
      ^(?:x{3,}|\*{2,}|\.{2,}|-+|_+|\#+|\?+|0+|n/?a|none|null|nil|true|false|yes|no|on|off|undefined|empty|
          todo|tbd|fixme|required|optional|default|unset|redacted|masked|hidden|removed|encrypted|
          string|str|text|bytes?|int|number|bool(?:ean)?|object|char|varchar|password|passwd|pwd|pass|passphrase|secret|
          token|key|apikey|api_key|api-key|auth|value|username|user|name|email|login|credentials?|private|public|
          placeholder|foo|bar|baz|foobar|abc|auto|basic|bearer|plain|hash|md5|sha\d*|bcrypt)$
    | example | sample | placeholder | change[-_ ]?(?:me|this|it) | replace[-_ ]?(?:me|this|with) | dummy | \bfake | redacted
    | your[-_ ]?\w*[-_ ]?(?:pass|key|token|secret|pwd|cred) | \byour[-_ ] | \bmy[-_](?:secret|token|key|api|password)\b
    | (?:insert|enter|put|add|paste|fill|set)[-_ ](?:your|the|here|a\b|in\b) | [-_ ]here\b | goes[-_ ]here | x{5,} | \*{4,} | \.{3,}
    | lorem | \bnot[-_ ]?(?:a[-_ ])?(?:real|secret)
    """
)
_REFERENCE = re.compile(
    r"""(?ix)
      \$\{ | \$\( | ^\$\w+$ | ^\$[A-Z_]+ | \{\{ | \}\} | <%|%> | ^<[^<>]*>$ | ^\[[^\]]*\]$ | ^%\w+%$ | ^\{[^{}]*\}$ | ^:\w+$ | ^@\w+@?$ | ^&\w+;?$
    | \#\{ | %\(\w+\)s | ^%[sdvq@]$ | ^!\w | ^\{\d*\}$ | ^__\w+__$
    | ^(?:process\.env|os\.environ|env\.|config\.|self\.|this\.|vault:|secret:|arn:|file:|ref\+|op://|ssm:|projects/)
    | \.(?:get|env|config|secrets|value|text|data)\b\s*[\[(]
    """
)
_WORDY = re.compile(r"^[A-Za-z][a-z]*(?:[-_ .:/][A-Za-z]?[a-z]*)*$")
_IDENTIFIER = re.compile(r"^[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)*$")
_UUID = re.compile(r"(?i)^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$")
_CODE = re.compile(r"[(){}\[\]]|=>|==|\|\||&&|^\.|\.$|;$")
_PATHLIKE = re.compile(r"^(?:[.~]?/|[A-Za-z]:\\|\w+://[^:@]*$|\.\.?/)")


def entropy(value: str) -> float:
    """Shannon's entropy of the characters, in bits a character; 0.0 of nothing."""
    total = len(value)
    return -sum(n / total * math.log2(n / total) for n in Counter(value).values()) if total else 0.0


def is_placeholder(value: str) -> bool:
    """True when the value says itself that it is none: a filler, a reference, a template."""
    return bool(_PLACEHOLDER.search(value) or _REFERENCE.search(value)) or len(set(value)) < 3


def plausible_quoted(value: str, *, strong: bool) -> bool:
    """True when a string literal beside a key word can be a secret; ``strong`` is a password-like key."""
    if not 4 <= len(value) <= 500 or is_placeholder(value) or _PATHLIKE.search(value):
        return False
    if " " in value.strip():
        return False
    if strong:
        return not value.startswith(("http", "--"))
    return len(value) >= 8 and not _WORDY.match(value) and _mixed(value)


def plausible_bare(value: str, *, strong: bool) -> bool:
    """True when an unquoted value can be a secret: harsher, as in code it may be a name or a call."""
    if not 4 <= len(value) <= 500 or is_placeholder(value) or _PATHLIKE.search(value) or _CODE.search(value):
        return False
    if _WORDY.match(value):
        return False
    if _IDENTIFIER.match(value) and not (any(c.isdigit() for c in value) and "." not in value):
        return False
    return _mixed(value) or strong


def random_looking(value: str, *, least: int = 16) -> bool:
    """True for long mixed strings of high entropy that are no UUID and no words."""
    return len(value) >= least and entropy(value) >= 3.0 and _mixed(value) and not _UUID.match(value)


def _mixed(value: str) -> bool:
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
