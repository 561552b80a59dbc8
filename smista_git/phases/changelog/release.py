"""Entries put together as releases: which are listed, in which section, in which order; as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.links import Links
from smista_git.phases.changelog.render import group_lines, heading_lines
from smista_git.phases.changelog.sections import KEEP_A_CHANGELOG, LISTED_KINDS, section_of
from smista_git.phases.changelog.style import Style

Chooser = Callable[[Entry], bool]
UNRELEASED = "Unreleased"


@dataclass(frozen=True, slots=True)
class Wording:
    """How sections are named and ordered: ``names`` maps a kind to a section; ``left_out`` are kinds not listed."""

    names: Mapping[str, str]
    order: tuple[str, ...] = KEEP_A_CHANGELOG
    left_out: frozenset[str] = frozenset()

    def section_of(self, entry: Entry) -> str:
        """The section of an entry."""
        named = self.names.get(entry.kind)
        if entry.breaking and "breaking" in self.names:
            named = self.names["breaking"]
        return named if named and not entry.unsure else section_of(entry)

    def lists(self, entry: Entry) -> bool:
        """True for what users see: a kind that is listed, or a breaking change of any kind."""
        if entry.kind in self.left_out:
            return False
        return entry.breaking or entry.kind in LISTED_KINDS or entry.kind in self.names or entry.unsure


@dataclass(frozen=True, slots=True)
class Release:
    """The listed entries of one release by section, sections in order; ``version`` is None for what is to come."""

    version: str | None
    date: str | None
    groups: tuple[tuple[str, tuple[Entry, ...]], ...]
    previous: str | None = None
    tag: str | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, section after section."""
        return tuple(entry for _, entries in self.groups for entry in entries)


def grouped(entries: Iterable[Entry], wording: Wording) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """The entries by section, in the sections' order, breaking ones first in each, else as they came."""
    by_section: dict[str, list[Entry]] = {}
    for entry in entries:
        by_section.setdefault(wording.section_of(entry), []).append(entry)
    known = [name for name in wording.order if name in by_section]
    names = known + sorted(name for name in by_section if name not in known)
    return tuple((name, tuple(sorted(by_section[name], key=lambda e: not e.breaking))) for name in names)


def merged_duplicates(entries: Sequence[Entry]) -> list[Entry]:
    """The entries, those that say the same of the same pull request or in the same words being one."""
    kept: dict[tuple[str, str | None], Entry] = {}
    for entry in entries:
        key = (entry.text.casefold().rstrip("."), entry.scope)
        if old := kept.get(key):
            references = tuple(dict.fromkeys((*old.references, *entry.mentions)))
            kept[key] = replace(
                old,
                oids=tuple(dict.fromkeys(old.oids + entry.oids)),
                references=references,
                pull=old.pull or entry.pull,
                breaking=old.breaking or entry.breaking,
                notes=tuple(dict.fromkeys(old.notes + entry.notes)),
            )
        else:
            kept[key] = entry
    return list(kept.values())


def release_lines(release: Release, style: Style, links: Links | None) -> list[str]:
    """One release in Keep a Changelog's form."""
    title = release.version or UNRELEASED
    lines = [f"## [{title}]" if links else f"## {title}"]
    if release.date:
        lines[0] += f" - {release.date}"
    for name, entries in release.groups:
        lines += ["", *heading_lines(name, style), *group_lines(entries, style, links)]
    return lines


def definition_lines(releases: Sequence[Release], links: Links | None, *, head: str = "HEAD") -> list[str]:
    """The reference links at the end, newest first: what each release compares with."""
    if links is None:
        return []
    lines = []
    for release in releases:
        tag = release.tag or head
        url = links.to_compare(release.previous, tag) if release.previous else links.to_release(tag)
        if release.tag or release.previous:
            lines.append(f"[{release.version or UNRELEASED}]: {url}")
    return lines


def release_json(release: Release, links: Links | None) -> dict[str, Any]:
    """The full context of a release, for other tools."""
    return {
        "version": release.version,
        "tag": release.tag,
        "date": release.date,
        "previous": release.previous,
        "sections": [
            {"name": name, "entries": [entry_json(entry, links) for entry in entries]}
            for name, entries in release.groups
        ],
    }


def entry_json(entry: Entry, links: Links | None) -> dict[str, Any]:
    """Everything that is known of an entry."""
    return {
        "text": entry.text,
        "kind": entry.kind,
        "confidence": round(entry.confidence, 2),
        "conventional": entry.conventional,
        "scope": entry.scope,
        "breaking": entry.breaking,
        "notes": list(entry.notes),
        "commits": list(entry.oids),
        "pull": str(entry.pull) if entry.pull else None,
        "references": [str(reference) for reference in entry.references],
        "links": [links.to_reference(r, pull=r == entry.pull) for r in entry.mentions] if links else [],
        "author": entry.author,
        "co_authors": list(entry.co_authors),
        "time": entry.time_s,
    }
