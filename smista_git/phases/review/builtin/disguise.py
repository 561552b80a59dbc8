"""The ways in which a text can be read once its disguise is off: invisible signs, look-alike letters, base64."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from unicodedata import normalize

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff]")
_TAG_LETTERS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}
# Letters of other scripts that look like Latin ones: those of Unicode's confusables that make English words.
_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u0261\u03bf\u03b1\u03b9\u03bd\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406",
    "aeopcyxijshdqgoaivABEHIKMNOPTYXABEKMHOPCTXI",
)
_BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{24,2000}={0,2}(?![\w+/=])")


def readings(text: str) -> Iterator[str]:
    """The text as it stands, with names taken apart into words, and without its disguise; the lines stay the same."""
    yield text
    if "_" in text or "-" in text:
        yield text.replace("_", " ").replace("-", " ")
    if not text.isascii():
        bare = normalize("NFKC", _INVISIBLE.sub("", text.translate(_TAG_LETTERS)))
        yield bare
        yield bare.translate(_ALIKE)


def decoded(text: str) -> Iterator[tuple[int, str]]:
    """What the words of base64 in the text say, each with its line, counted from 0."""
    for number, line in enumerate(text.split("\n")):
        for found in _BASE64.findall(line) if len(line) > 24 else ():
            if plain := _decoded(found):
                yield number, plain


def _decoded(word: str) -> str | None:
    """The text that a word of base64 stands for, or None where it stands for none."""
    try:
        data = b64decode(word + "=" * (-len(word) % 4), validate=True)
        text = data.decode("utf-8")
    except (Error, ValueError):
        return None
    return text if text.isprintable() or "\n" in text else None
