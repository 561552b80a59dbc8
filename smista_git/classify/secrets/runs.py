"""Whether a text holds a long run of certain letters: asked before a pattern that cannot match without one.

A search by a pattern takes some twenty times as long.
"""

from __future__ import annotations

import string
from functools import lru_cache

ALNUM = string.ascii_letters + string.digits
BASE64 = ALNUM + "+/"
ANY_BASE64 = BASE64 + "_-"
HEX = string.digits + "abcdef"


def has_run(text: str, letters: str, length: int) -> bool:
    """True where ``length`` of these ASCII letters stand side by side."""
    return b"x" * length in text.encode("ascii", "replace").translate(_marks(letters))


@lru_cache(maxsize=8)
def _marks(letters: str) -> bytes:
    """For each byte an x where it is one of the letters, else a space."""
    return bytes(ord("x") if chr(byte) in letters else ord(" ") for byte in range(256))
