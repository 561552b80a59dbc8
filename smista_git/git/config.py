"""Git's configuration, read once."""

from __future__ import annotations

from smista_git.git.process import decode

TRUE = frozenset({"true", "yes", "on"})
FALSE = frozenset({"false", "no", "off", ""})


def parse_config(listing: bytes) -> dict[str, tuple[str, ...]]:
    """``git config --null --list`` as key to values, weakest layer first.

    A key without ``=`` (``[commit] gpgSign``) means true, and its value reads ``true``.
    """
    values: dict[str, list[str]] = {}
    for entry in listing.split(b"\0")[:-1]:
        key, newline, value = entry.partition(b"\n")
        values.setdefault(canonical(decode(key)), []).append(decode(value) if newline else "true")
    return {key: tuple(found) for key, found in values.items()}


def canonical(key: str) -> str:
    """The key as git compares it: section and variable without case, a subsection with its own.

    The subsection is all that lies between the first and the last dot.
    """
    section, dot, rest = key.partition(".")
    subsection, dot_too, variable = rest.rpartition(".")
    return f"{section.lower()}{dot}{subsection}{dot_too}{variable.lower()}"


def as_bool(value: str | None, *, default: bool) -> bool:
    """Git's reading of a boolean: words in any case, or a number; anything else is ``default``."""
    word = "" if value is None else value.strip().lower()
    if value is None:
        return default
    if word in TRUE or word in FALSE:
        return word in TRUE
    return int(word) != 0 if word.lstrip("+-").isdecimal() else default
