"""The heading of a release, in the form that a file's own headings have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from smista_git.phases.changelog.document import BOM, Document, Section, bare_version

SAMPLE = 5
_DATE = re.compile(
    r"\b\d{4}[-/.]\d\d?[-/.]\d\d?\b|\b\d{1,2}(?:st|nd|rd|th)?[ ,]+(?:of )?[A-Z][a-z]+,? \d{4}|[A-Z][a-z]+\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
)


@dataclass(frozen=True, slots=True)
class Target:
    """Which release of a file is written: a version, or what is to come where ``version`` is None."""

    version: str | None = None
    heading_date: str | None = None


def section_heading(document: Document, target: Target, *, default: str = "#") -> list[str]:
    """The heading for a release in the form that the file's own have."""
    released = [s for s in document.sections if not s.unreleased]
    like = released[0] if released else (document.sections[0] if document.sections else None)
    if released and not _dated(released):
        target = Target(target.version)
    title = _title(like, document, target)
    if like.body - like.start == 2 if like else document.underlined:
        mark = document.lines[like.start + 1].strip()[:1] if like else "-"
        return [title, mark * len(title)]
    mark = document.lines[like.start].lstrip(f"{BOM} ")[:1] if like else default
    return [f"{mark * (like.level if like else 2)} {title}"]


def _dated(released: Sequence[Section]) -> bool:
    """Whether most of the newest releases say when they came out."""
    newest = released[:SAMPLE]
    return sum(1 for section in newest if _DATE.search(section.title)) * 2 >= len(newest)


def _title(like: Section | None, document: Document, target: Target) -> str:
    if like is None or like.version is None:
        name = target.version or "Unreleased"
        return f"{name} - {target.heading_date}" if target.heading_date else name
    bracketed = like.title.startswith("[") and not re.match(r"\[[^\]]*\]\(", like.title)
    if target.version is None:
        return "[Unreleased]" if bracketed else "Unreleased"
    at = like.title.index(like.version)
    lead = re.sub(r"\[?\d{4}-\d\d-\d\d\]?\s+", "", like.title[:at]).replace("<", "").rstrip("(")
    lead = lead if bracketed else lead.replace("[", "")
    shown = lead + bare_version(target.version) + ("]" if bracketed else "")
    return shown + _date_like(like.title[at + len(like.version) :], target.heading_date)


def _date_like(rest: str, date: str | None) -> str:
    """The date in the form of another heading: after a dash, in brackets, after a slash."""
    if date is None:
        return ""
    if match := re.search(
        r"(?P<lead>[ \t]+(?:[-–—/|][ \t]+)?\(?)\d{4}(?P<sep>[-/.])\d\d[-/.]\d\d(?P<tail>\)?)", rest
    ):
        return f"{match['lead']}{date.replace('-', match['sep'])}{match['tail']}"
    return f" - {date}" if not rest.strip(" ])") else f" ({date})"
