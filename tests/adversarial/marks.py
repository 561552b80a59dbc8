"""Marked values: new for every test, realistic in shape, and recognised in whatever form they might slip out."""

from __future__ import annotations

import base64
import random
import string
from dataclasses import dataclass, replace
from urllib.parse import quote

LEAST = 12
"""A stretch of a random value this long is no coincidence."""


@dataclass(frozen=True)
class Marks:
    """The values of one test. ``word`` is innocent by itself: only the place where it stands makes it private."""

    aws: str
    github: str
    password: str
    uri: str
    pem: str
    word: str

    @property
    def all(self) -> tuple[str, ...]:
        """What must not be seen; of the address, only its password is secret."""
        values = (self.aws, self.github, self.password, *self.pem.split("\n")[1:-1], self.word)
        return tuple(filter(None, values))

    def without_word(self) -> Marks:
        """The secrets alone."""
        return replace(self, word="")


def new_marks(name: str) -> Marks:
    """The marks of the test of that name; the same ones in every run, so that a failure comes again."""
    chance = random.Random(name)

    def drawn(alphabet: str, length: int) -> str:
        return "".join(chance.choices(alphabet, k=length))

    word = "zq" + drawn("bcdfghjkmnpqrstvwxz", 14)
    password = "Kr7" + drawn(string.ascii_letters + string.digits, 19)
    body = [drawn(string.ascii_letters + string.digits + "+/", 64) for _ in range(10)]
    return Marks(
        aws="AKIA" + drawn("ABCDEFGHJKLMNPQRSTUVWXYZ234567", 16),
        github="ghp_" + drawn(string.ascii_letters + string.digits, 36),
        password=password,
        uri=f"postgres://svc:{password}@db.internal.example:5432/app",
        pem="\n".join(["-----BEGIN RSA PRIVATE KEY-----", *body, "-----END RSA PRIVATE KEY-----"]),
        word=word,
    )


def needles_of(value: str) -> frozenset[bytes]:
    """Every stretch of the value, as it is, percent-encoded, or in base64 at each of the three offsets."""
    plain = value.encode()
    encoded = [base64.b64encode(b"." * pad + plain)[4:-4] for pad in range(3)]
    return frozenset(
        piece for form in (plain, quote(value, safe="").encode(), *encoded) for piece in _stretches(form)
    )


def _stretches(form: bytes) -> list[bytes]:
    size = min(LEAST, len(form))
    return [form[at : at + size] for at in range(len(form) - size + 1)]


def found_in(content: bytes, needles: frozenset[bytes]) -> bytes | None:
    """The first needle that stands in the content, or None."""
    return next((needle for needle in needles if needle in content), None)
