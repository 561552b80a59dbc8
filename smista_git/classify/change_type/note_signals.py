"""Signals read from what changelogs and their fragments say of a change: its heading, its fragment, its first word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from smista_git.change.model import Change, FileChange, Hunk
from smista_git.change.paths import role_of
from smista_git.change.pattern import regex

MOST_LETTERS_IN_LINE = 300
LONGEST_HEADING = 60
# What one change adds to a changelog is short; what is longer is a release.
MOST_HUNKS, MOST_LINES = 4, 40
# What a heading, a fragment or an entry is about, by how its word begins; the first that fits.
_SUBJECTS = {
    "fix": "fix bug security resolve correct",
    "feature": "feat add enhance new improve minor support allow introduce",
    "patch": "patch",
    "break": "break remov deprec major drop",
    "change": "change updat",
    "inside": "refactor internal chore maint other build depend misc renam mov replac",
    "words": "doc test perf",
}
_STARTS = [(start, subject) for subject, starts in _SUBJECTS.items() for start in starts.split()]
_WORD = rf"(?P<word>(?:{'|'.join(start for start, _ in _STARTS)})\w*)"
_HEADING = regex(rf"(?:#+|\*\*|=+|)\W{{0,6}}{_WORD}[\w &/]{{0,24}}\W{{0,4}}$", re.IGNORECASE)
_ENTRY = regex(rf"\s*(?:[-*+]|\d+\.)?\s*(?:[\[(`*][^\])`*]+[\])`*]+:?\s*)*{_WORD}\b", re.IGNORECASE)
_FIELD = regex(rf"\s*[\"']?[@\w./-]+[\"']?\s*:\s*[\"']?{_WORD}[\"']?\s*$", re.IGNORECASE)
_FRAGMENT = regex(rf"[/._-]{_WORD}(?:\.\w+)*$", re.IGNORECASE)
_BULLETS = ("-", "* ", "+")


def note_signals(change: Change) -> Mapping[str, float]:
    """1.0 for each thing that is said: ``noted under``, ``fragment of`` and ``noted as``, each with a subject."""
    notes = [file for file in change.files if role_of(file.path) == "changelog" and file.hunks]
    return dict.fromkeys((said for file in notes for said in _said(file)), 1.0)


def _said(file: FileChange) -> Iterator[str]:
    if file.status == "added":
        if match := _FRAGMENT.search(file.path):
            yield f"fragment of {_subject(match)}"
        fields = (_FIELD.match(text[:MOST_LETTERS_IN_LINE]) for text in file.hunks[0].added[:MOST_LINES])
        yield from (f"fragment of {_subject(match)}" for match in fields if match)
    for hunk in file.hunks[:MOST_HUNKS]:
        yield from _said_in(hunk)


def _said_in(hunk: Hunk) -> Iterator[str]:
    heading = _HEADING.match(hunk.section[:LONGEST_HEADING])
    for sign, text in islice(hunk.signed(), MOST_LINES):
        if sign == "-" or not text or text.isspace():
            continue
        if len(text) <= LONGEST_HEADING and not text.startswith(_BULLETS) and (match := _HEADING.match(text)):
            heading = match
        elif sign == "+":
            if heading:
                yield f"noted under {_subject(heading)}"
            if match := _ENTRY.match(text[:MOST_LETTERS_IN_LINE]):
                yield f"noted as {_subject(match)}"


def _subject(match: re.Match[str]) -> str:
    word = match["word"].lower()
    return next(subject for start, subject in _STARTS if word.startswith(start))
