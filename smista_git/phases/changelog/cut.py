"""Cuts a release: what was to come gets a version and a date, and room is made for what comes next."""

from __future__ import annotations

import re

from smista_git.phases.changelog.definitions import with_definitions
from smista_git.phases.changelog.document import Document, Section, parse_document, pending_line
from smista_git.phases.changelog.heading import Target, section_heading
from smista_git.phases.changelog.links import Links

_PENDING = re.compile(
    r"[ \t]*(?:[-–—/|][ \t]*)?[\[(]?(?:unreleased|not (?:yet )?released|tbd|tba|20[x\d]{2}-[x?]{2}-[x?]{2}|x{4}-x{2}-x{2})[\])]?",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\[(?P<name>[^\]]*)\]\((?P<site>[^\s)]*compare/)[^\s)]*?(?P<dots>\.{2,3})(?P<tip>[^\s).][^\s)]*)\)"
)


def cut(text: str, *, version: str, tag: str, previous: str | None, date: str, links: Links | None) -> str:
    """``text`` with the section to come released as ``version``; a file that has the version already is as it was.

    The heading of what is to come stays where it is, so the new heading is put in beneath it. Where that heading
    holds the version itself, only what says that it is not out gives way to the date.
    """
    document = parse_document(text)
    section = document.unreleased()
    own = document.release(version)
    if (own is not None and not own.unreleased) or section is None:
        return text
    target = Target(version, date)
    if section.version is not None:
        return _dated(document, section, date)
    heading = _linked(section_heading(document, target), document, version)
    body = document.lines[section.body] if section.body < len(document.lines) else ""
    after = [] if not body.strip() else [""]
    cut_text = document.inserted([(section.body, ["", *heading, *after])])
    return with_definitions(cut_text, version=version, tag=tag, previous=previous, links=links)


def _linked(heading: list[str], document: Document, version: str) -> list[str]:
    """The heading with a link in it that compares with the last release, where that one's heading has such a link."""
    like = next((s for s in document.sections if s.version and not s.unreleased), None)
    found = _COMPARES.search(like.title) if like else None
    if like is None or found is None or str(like.version) not in found["tip"]:
        return heading
    name, tip = (found[part].replace(str(like.version), version) for part in ("name", "tip"))
    linked = f"[{name}]({found['site']}{found['tip']}{found['dots']}{tip})"
    return [heading[0].replace(name, linked, 1), *heading[1:]]


def _dated(document: Document, section: Section, date: str) -> str:
    if (pending := pending_line(document.lines[: section.end], section.body)) is not None:
        lines = list(document.lines)
        lines[pending] = re.sub(r"\w[\w \t]*\w", f"Released {date}", lines[pending], count=1)
        return "".join(lines)
    line = document.lines[section.start]
    title = _PENDING.sub("", line.rstrip("\r\n"))
    dated = f"{title} ({date})" if "(" in line else f"{title} - {date}"
    lines = list(document.lines)
    lines[section.start] = dated + line[len(line.rstrip("\r\n")) :]
    return "".join(lines)
