"""What a message claims by name, and whether the change or the person said it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smista_git.change.model import Change
from smista_git.change.pattern import regex

# Names that look like code and are ordinary English in a commit message.
_HOUSEHOLD = frozenset(
    (
        "github", "gitlab", "javascript", "typescript", "macos", "ios", "devops", "node.js", "readme.md", "e.g", "i.e", "a.k.a",
        "utf-8", "utf-16", "utf-32", "sha-1", "sha-256", "sha-512", "iso-8601", "base-64", "x86_64", "and/or", "either/or",
        "i/o", "ci/cd", "client/server", "read/write", "input/output", "tcp/ip", "yes/no", "true/false", "on/off",
        "n/a", "w/o", "before/after", "start/stop", "pre/post",
    )
)  # fmt: skip

# Two plain words around a slash are "either, or", unless one of them is a folder: of the change, or of most projects.
_FOLDERS = frozenset(
    {
        "src",
        "lib",
        "app",
        "bin",
        "pkg",
        "cmd",
        "core",
        "internal",
        "test",
        "tests",
        "docs",
        "scripts",
        "tools",
        "utils",
        "packages",
        "config",
    }
)

_URL = regex(r"https?://[^\s<>()\"'`\]]+")
_QUOTED = regex(r"`([^`\n]{1,80})`|\"([^\"\n]{1,60})\"|(?<!\w)'([^'\n]{1,60})'(?!\w)|“([^”\n]{1,60})”")
_REFERENCE = regex(
    r"(?<![\w/])(?:[\w.-]+/[\w.-]+)?#\d+\b|\bGH-\d+\b|\b[A-Z][A-Z0-9]+(?:-\d+)+\b|(?<!\w)@[\w-]+"
)
_OPTION = regex(r"(?<![\w-])--[a-z][\w-]+")
_WORD = regex(r"[^\s,;:!?()\[\]{}<>\"'`“”=|*]+")
_VERSION = regex(r"v?\d+(?:\.(?:\d+|x))+(?:[-+][\w.+-]+)?", re.I)
_NUMBER = regex(r"(?<![\w.#-])\d[\d,]*\d(?![\w-]*[A-Za-z])")
_CAMEL = regex(r"[a-z][A-Z]")
_OBJECT_NAME = regex(r"(?=[a-f]*[0-9])[0-9a-f]{7,40}")
_DOTTED = regex(r"\w+(?:\.\w+)+", re.A)
_SLASHED = regex(r"[@\w.*-]*(?:/[@\w.*-]+)+/?", re.A)


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that a message names: what sort of thing, and the text as written."""

    sort: str
    text: str


def claims_of(text: str) -> tuple[Claim, ...]:
    """Everything in ``text`` that names something in particular, each once, in the order of the sorts."""
    return tuple(dict.fromkeys(_claims(text)))


def _claims(text: str) -> Iterator[Claim]:
    for match in _URL.finditer(text):
        yield Claim("url", match[0].rstrip(".,;:"))
    text = _URL.sub(" ", text)
    for match in _QUOTED.finditer(text):
        yield from _quoted(next(part for part in match.groups() if part).strip(), code=match[1] is not None)
    text = _QUOTED.sub(" ", text)
    for match in _REFERENCE.finditer(text):
        if match[0].lower() not in _HOUSEHOLD:
            yield Claim("reference", match[0])
    text = _REFERENCE.sub(" ", text)
    for match in _OPTION.finditer(text):
        yield Claim("option", match[0])
    for match in _WORD.finditer(_OPTION.sub(" ", text)):
        word = match[0].strip(".-_/…—–+~\\") if "_" not in match[0] else match[0].strip(".-/…")
        if sort := _sort_of(word):
            yield Claim(sort, word)


def _quoted(text: str, *, code: bool) -> Iterator[Claim]:
    """A quoted name is a claim as a whole, a quoted sentence only by the names in it."""
    if code or len(text.split()) <= 2:
        yield Claim("name", text)
    else:
        yield from _claims(text)


def _sort_of(word: str) -> str | None:
    """The sort of thing a bare word names, or None for ordinary English."""
    if not word or word.lower().removesuffix("s") in _HOUSEHOLD or word.lower() in _HOUSEHOLD:
        return None
    if _VERSION.fullmatch(word):
        return "version"
    if _NUMBER.fullmatch(word.rstrip("%")):
        return "number"
    if _SLASHED.fullmatch(word) and re.search(r"[A-Za-z]", word):
        return "path"
    if "_" in word.strip("_") or _CAMEL.search(word):
        return "identifier"
    if _DOTTED.fullmatch(word) and re.search(r"[A-Za-z]", word):
        return "dotted"
    return None


class Known:
    """Everything that may be named: the change, both sides of it, and what the person said."""

    def __init__(self, change: Change, said: Iterable[str]) -> None:
        self._text = "\n".join([*_words_of(change), *said]).lower()
        self._compact: str | None = None
        # Pictures, submodules and what was too large to read hold words that nobody here has seen.
        self.shows_text = not any(file.binary or file.truncated or file.is_submodule for file in change.files)
        self._counts = _counts(change)
        self._folders = {part.lower() for path in change.paths for part in path.split("/")[:-1]} | _FOLDERS

    def holds(self, claim: Claim) -> bool:
        """True when the claim is written there, or is put together from what is."""
        text = claim.text.lower()
        if claim.sort == "number":
            digits = text.replace(",", "").rstrip("%")
            return int(digits) in self._counts or self._has_number(digits) or self._has_number(text)
        if claim.sort == "version":
            return self._has_number(text.removeprefix("v").removesuffix(".x"))
        if claim.sort in ("url", "reference"):
            return self.has_word(text)
        return self.has_word(text) or self._has_parts(text, claim.sort)

    def has_word(self, word: str) -> bool:
        """True when the word is written there on its own, in any case; a plural also where the singular is."""
        word = word.lower()
        before = r"(?<![a-z0-9])" if word[:1].isalnum() else ""
        after = r"(?![a-z0-9])" if word[-1:].isalnum() and not _OBJECT_NAME.fullmatch(word) else ""
        found = word in self._text and re.search(before + re.escape(word) + after, self._text)
        return bool(found) or (len(word) > 3 and word.endswith("s") and self.has_word(word[:-1]))

    def has_stem(self, word: str) -> bool:
        """True when a word that begins like this one is written there: ``parsing`` where ``parser`` is."""
        return self.has_word(word) if len(word) < 4 else word.lower()[: max(4, len(word) - 4)] in self._text

    def _has_number(self, text: str) -> bool:
        """A number or version on its own, or after a ``v``; ``1.2`` also where ``1.2.3`` is."""
        return re.search(r"(?<![0-9.a-uw-z])" + re.escape(text) + r"(?![0-9])", self._text) is not None

    def _has_parts(self, text: str, sort: str) -> bool:
        squeezed = re.sub(r"[^a-z0-9]", "", text)
        if sort != "path" and len(squeezed) >= 5 and squeezed in self._squeezed():
            return True
        parts = [part for part in re.split(r"[.#:\s]+" if sort == "identifier" else r"\W+", text) if part]
        if sort == "path" and len(parts) == 2 and text.replace("/", "").isalpha():
            return not self._folders.intersection(parts) or all(map(self.has_word, parts))
        return len(parts) > 1 and all(map(self.has_word, parts))

    def _squeezed(self) -> str:
        if self._compact is None:
            self._compact = re.sub(r"[^a-z0-9\n]", "", self._text)
        return self._compact


def _words_of(change: Change) -> Iterator[str]:
    for file in change.files:
        yield from file.paths
        yield from (f"{file.old_mode} {file.new_mode}", file.language or "")
        for hunk in file.hunks:
            yield hunk.section
            yield from (line.text for line in hunk.lines)


def _counts(change: Change) -> frozenset[int]:
    """Counts that anyone can read off the change: files, hunks, lines."""
    hunks = sum(len(file.hunks) for file in change.files)
    return frozenset({len(change.files), hunks, change.added, change.deleted, change.added + change.deleted})
