"""How much a value beside a key word looks like a secret, by its form alone."""

from __future__ import annotations

import math
from collections import Counter
from enum import IntEnum

from smista_git.change.pattern import regex


class Grade(IntEnum):
    """From "cannot be one" to "looks drawn at random"; a rule says the least grade that it takes."""

    NOTHING = 0
    NAME = 1
    WORD = 2
    MIXED = 3
    RANDOM = 4


KEYWORDS = frozenset({
    "password", "passwd", "passphrase", "passcode", "pass", "pwd", "pw", "secret", "secrets", "credential",
    "credentials", "token", "tokens", "apikey", "key", "keys", "auth", "salt", "nonce", "passwords",
})  # fmt: skip

_FILLER = regex(
    r"""(?ix)^(?: (.)\1* | n/?a | none | null | nil | true | false | yes | no | on | off | undefined | empty | todo | tbd
      | fixme | required | optional | default | unset | redacted | masked | hidden | removed | encrypted | enabled | disabled
      | string | str | text | bytes? | int | integer | number | bool(?:ean)? | object | char | varchar | any | void | array
      | user(?:name)? | name | email | login | private | public | placeholder | foo | bar | baz | foobar | abc | auto
      | basic | bearer | plain | hash | md5 | sha-?\d* | bcrypt | argon2\w* | value | json | file | env | self | this
      | inherit | always | never | read | write | function | invalid | wrong | utf-?8 | base64 | hmac[-\w]* | prompt | ask
      | digest | oauth\d? | jwt | saml | ldap | ssh | ssl | tls | http | https | input | output | show | hide | query | post
      | get | put | delete | header | headers | body | change | reset | missing | blank | unknown | omit | include | same-origin | cors
      | 123(?:4(?:5(?:6(?:7(?:8(?:90?)?)?)?)?)?)? | qwerty
    )$"""
)
_PLACEHOLDER = regex(
    r"""(?ix) place-?holder | change[-_ ]?(?:me|this|in)\b | changeme | replace[-_ ]?(?:me|this|with)
    | redacted | \byour[-_ ] | your[-_]?\w*(?:pass|key|token|secret|pwd|cred) | <[a-z][\w -]*>$
    | (?:insert|enter|paste|fill|set)[-_ ]?(?:your|the|here|a\b|in\b) | [-_ ]here\b | x{5,} | \*{3,} | \.{3} | …
    | abcdefghij | \bnot[-_ ]?(?:a[-_ ])?(?:real|secret|valid) | to[-_]be[-_] | do[-_]not[-_]"""
)
_SAMPLE = regex(r"(?i)example|sample|dummy|\bfake|lorem|\bfoo\b|\bbar\b")
_REFERENCE = regex(
    r"""(?x) \$\{ | \$\( | ^\$[A-Za-z_]\w*$ | ^\$\w+(?:->|\.|\[) | \{\{ | \}\} | <% | %> | ^<[^<>]*>$ | ^\[.*\]$ | ^%\w+%$ | ^\{[^{}]*\}$
    | ^:\w+$ | ^@[\w.]+@?$ | ^&\w+;?$ | \#\{ | %\(\w+\)s | ^%[-\d.]*[sdvqxX@]$ | ^![A-Za-z] | ^__\w+__$ | ^[.\#][a-z][a-z_-]*$ | ^--?[a-z]
    | ^(?:process\.env|os\.environ|env[.:(]|config\.|self\.|this\.|vault:|secret:|arn:|file:|ref\+|op://|ssm:|projects/|data\.|var\.|local\.)
    | ^\w+:" | ^(?:application|text|image|multipart)/ | ^(?:ENC|enc|cipher)[(\[{] | ^\{cipher\}"""
)
_NUMERIC = regex(r"(?ix)^(?: [-+]?0x[0-9a-f_]{1,16}[ul]* | [-+~^v<>=]{0,2}\d+(?:[._:/,-]\d+)*[a-z%]{0,3} )$")
_ADDRESS = regex(
    r"(?ix)^(?: [\w.+-]+@[\w-]+\.[\w.-]+ | [\w.-]+\.(?:com|org|net|io|dev|local|internal)(?:[:/].*)? | [a-z]+://.* )$"
)
_PATHLIKE = regex(
    r"(?x)^(?: [.~]{0,2}/[\w.@-]*(?:/[\w.@-]*)*$ | [A-Za-z]:\\ | [A-Za-z_]+(?:\.[A-Za-z_]+)+:[A-Za-z_]+$ | [\w.-]+(?:/[\w.-]+)*\.(?:[jt]sx?|py|rb|go|java|json|ya?ml|toml|pem|key|crt|txt|md|html?|css|php|cs|sh|xml|vue|lock|rs|sql)$ )"
)
_SUBWORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_WORDY = regex(r"^[A-Za-z]+(?:[-_.:/ ][A-Za-z]+)*$")
_CONSONANTS = regex(r"(?i)[bcdfghjklmnpqrstvwxz]{5,}")


def entropy(value: str) -> float:
    """Shannon's entropy of the characters, in bits a character; 0.0 of nothing."""
    total = len(value)
    return -sum(n / total * math.log2(n / total) for n in Counter(value).values()) if total else 0.0


def subwords(name: str) -> list[str]:
    """The lower-case words of an identifier in any case convention, digits apart."""
    return [word.lower() for word in _SUBWORD.findall(name)]


def is_placeholder(value: str) -> bool:
    """True when the value says itself that it is none: a filler, a reference, a template."""
    if _SAMPLE.search(value) and not (
        len(value) < 40 and any(c.isdigit() for c in value) and "EXAMPLE" not in value
    ):
        return True
    return bool(_FILLER.match(value) or _PLACEHOLDER.search(value) or _REFERENCE.search(value))


def grade(value: str) -> Grade:
    """How much the value looks like a secret: a name of such things least, then a word, a mixture, a random string."""
    if len(value) < 3 or not value.isascii() or is_placeholder(value) or _names_something(value):
        return Grade.NOTHING
    if " " in value or "\t" in value:
        return Grade.MIXED if _salt(value) else Grade.NOTHING
    if value.isdigit():
        return (
            Grade.NOTHING
            if len(value) < 5 or len(set(value)) < 2
            else Grade.MIXED
            if len(value) >= 14
            else Grade.WORD
        )
    words = subwords(value)
    named = any(word in KEYWORDS for word in words)
    if value.isalpha() or _WORDY.match(value):
        if _gibberish(value):
            return Grade.RANDOM if len(value) >= 16 else Grade.MIXED
        return Grade.NAME if named else Grade.WORD
    if named and len(value) < 40 and all(c.isalnum() or c in "_-." for c in value):
        return Grade.WORD if any(w.isdigit() for w in words) and len(words) < 5 else Grade.NAME
    return Grade.RANDOM if len(value) >= 16 and entropy(value) >= 3.0 else Grade.MIXED


def _salt(value: str) -> bool:
    """True for a drawn string of printable characters, the space among them, as WordPress makes its salts."""
    marks = sum(not c.isalnum() for c in value)
    return (
        len(value) >= 32
        and entropy(value) >= 4.5
        and marks * 5 >= len(value)
        and value.count(" ") * 8 < len(value)
    )


def _names_something(value: str) -> bool:
    """True for what is a number, an address or a file rather than a secret."""
    if _NUMERIC.match(value):
        return not value.isdigit()
    return bool(_ADDRESS.match(value) or _PATHLIKE.match(value))


def _gibberish(value: str) -> bool:
    """True for letters that are no words: many changes of case, or five consonants in a row."""
    words = _SUBWORD.findall(value)
    if len(value) >= 12 and len(words) >= 4 and len(value) / len(words) < 3.4:
        return True
    return len(value) >= 10 and "-" not in value and bool(_CONSONANTS.search(value))
