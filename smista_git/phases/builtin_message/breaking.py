"""What is certain to break its users: only what the change itself declares to be so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.reading import Reading
from smista_git.phases.builtin_message.told import told

_CHANGE_FILE = regex(r"(^|/)\.changeset/[^/]+\.md$")
_MAJOR = regex(r"""^["']?[@\w./-]+["']?:\s*major\s*$""")
_ENTRY = regex(
    r"^\s*[-*+]\s+(?:\*\*)?(?:\[?BREAKING(?: CHANGE)?\]?|Breaking(?: change)?)(?:\*\*)?\s*:(?:\*\*)?\s*(?P<text>\S.*)$"
)


def declared_break(readings: Sequence[Reading]) -> str:
    """The break that a change file or an unreleased changelog entry declares, in its words, or ""."""
    for reading in readings:
        if reading.role != "changelog":
            continue
        lines = list(reading.added)
        if any(re.match(r"^#{1,3}\s.*\d+\.\d+", line) for line in lines):
            continue  # the entries of a release speak of earlier commits
        for line in lines:
            if (found := _ENTRY.match(line)) and (said := _said(found["text"])):
                return said
        if _CHANGE_FILE.search(reading.path) and any(_MAJOR.match(line) for line in lines):
            return next((s for s in map(_said, lines) if s), "")
    return ""


def _said(text: str) -> str:
    """The sentence in the imperative, or ""."""
    fact = told(text, weight=0)
    return next(fact.phrases()) if fact is not None else ""
