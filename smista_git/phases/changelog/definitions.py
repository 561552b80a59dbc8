"""The reference links at the end of a file: those of releases, brought forward, and those that new entries need."""

from __future__ import annotations

import re
from collections.abc import Iterable

from smista_git.phases.changelog.document import parse_document
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.heading import Target
from smista_git.phases.changelog.links import Links
from smista_git.phases.changelog.missing import section_for
from smista_git.phases.changelog.render import shown_references
from smista_git.phases.changelog.style import Style

_GAP = re.compile(r"[ \t]*\[[^\]]*\]:([ \t]*)")


def with_reference_links(
    text: str, entries: Iterable[Entry], target: Target, style: Style, links: Links | None
) -> str:
    """``text`` with the links that the references of the entries need, in the order of those that the file has.

    Where each release has its own, they go to the end of the one that is written.
    """
    written = style.lead + style.tail
    if links is None or "[{ref}]" not in written or "[{ref}](" in written:
        return text
    document = parse_document(text)
    there = [(int(name[1:]), at) for name, at in document.definitions.items() if re.fullmatch(r"#\d+", name)]
    shown = {r: r == entry.pull for entry in entries for r in shown_references(entry)[:1] if not r.place}
    new = [reference for reference in shown if str(reference) not in document.definitions]
    if not there or not new:
        return text
    falling, gap = there[0] > there[min(1, len(there) - 1)], _GAP.match(document.lines[there[0][1]])
    lines = {
        r: f"[{r}]:{gap[1] if gap else ' '}{links.to_reference(r, pull=shown[r])}"
        for r in sorted(new, key=lambda one: one.number, reverse=falling)
    }
    if (section := section_for(document, target)) and there[0][1] < document.sections[-1].start:
        there = [(number, at) for number, at in there if section.start <= at < section.end]
        if not there:
            return document.inserted([(document.last_line(section), ["", *lines.values()])])
    pieces = []
    for reference, line in lines.items():
        older = [at for number, at in there if number < reference.number]
        if falling:
            before = older[0] if older else there[-1][1] + 1
        else:
            before = older[-1] + 1 if older else there[0][1]
        pieces.append((before, [line]))
    return document.inserted(pieces)


def with_definitions(text: str, *, version: str, tag: str, previous: str | None, links: Links | None) -> str:
    """The file with its reference links brought forward: what is to come compares with the new tag.

    Only where the file has such links, and in the form that they have.
    """
    document = parse_document(text)
    at = next(
        (document.definitions[n] for n in ("unreleased", "main", "master") if n in document.definitions), None
    )
    if at is None:
        return text
    lines = list(document.lines)
    line = lines[at]
    moved = _moved(line, tag)
    label = re.sub(r"\[[^\]]*\]", f"[{version}]", line.split(":", 1)[0], count=1)
    url = _compared(line, previous, tag, links)
    lines[at] = moved
    if url and version.casefold() not in document.definitions:
        lines.insert(at + 1, f"{label}: {url}{document.newline}")
    if not line.endswith("\n") and lines[at] == moved:
        lines[at] = moved + document.newline
    return "".join(lines)


def _moved(line: str, tag: str) -> str:
    """The link of what is to come, comparing with the new tag; Bitbucket names the newer end first."""
    if "%0D" in line:
        return re.sub(r"(compare/\S*?%0D)[^\s#]+", lambda m: m[1] + tag, line, count=1)
    return re.sub(r"(compare/)\S*?(\.{2,3})", lambda m: m[1] + tag + m[2], line, count=1)


def _compared(line: str, previous: str | None, tag: str, links: Links | None) -> str | None:
    url = line.split(":", 1)[1]
    if match := re.search(r"(\S+compare/)\S*?(%0D)([^\s#]+)(\S*)", url):
        return f"{match[1]}{tag}{match[2]}{previous or match[3]}{match[4]}"
    if match := re.search(r"(\S+compare/)(\S*?)(\.{2,3})\S+", url):
        return f"{match[1]}{previous or match[2]}{match[3]}{tag}"
    if links is None:
        return None
    return links.to_compare(previous, tag) if previous else links.to_release(tag)
