"""Entries put together as releases: which are listed, in which section, in which order; as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.links import Links
from smista_git.phases.changelog.render import group_lines, heading_lines, shown_under
from smista_git.phases.changelog.sections import KEEP_A_CHANGELOG, section_of
from smista_git.phases.changelog.style import Style

UNRELEASED = "Unreleased"


@dataclass(frozen=True, slots=True)
class Wording:
    """How sections are named and ordered, and what is always or never listed; all by kind.

    ``names`` may have ``breaking`` for all that breaks. An empty ``order`` is Keep a Changelog's.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    always: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()

    def section_of(self, entry: Entry) -> str:
        """The section of an entry."""
        if entry.breaking and "breaking" in self.names:
            return self.names["breaking"]
        named = self.names.get(entry.kind)
        return named if named and not entry.unsure else entry.section or section_of(entry)

    def says(self, entry: Entry) -> bool | None:
        """Whether the entry is always (True) or never (False) listed; None where nothing is said."""
        if entry.kind in self.never and not entry.breaking:
            return False
        return True if entry.kind in self.always or entry.kind in self.names else None


@dataclass(frozen=True, slots=True)
class Release:
    """The listed entries of one release by section, sections in order; ``version`` is None for what is to come."""

    version: str | None
    date: str | None
    groups: tuple[tuple[str, tuple[Entry, ...]], ...]
    previous: str | None = None
    tag: str | None = None
    newcomers: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, section after section."""
        return tuple(entry for _, entries in self.groups for entry in entries)


def grouped(entries: Iterable[Entry], wording: Wording) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """The entries by section, in the sections' order, breaking ones first in each, else as they came."""
    by_section: dict[str, list[Entry]] = {}
    for entry in entries:
        by_section.setdefault(wording.section_of(entry), []).append(entry)
    known = [name for name in wording.order or KEEP_A_CHANGELOG if name in by_section]
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
        lines += ["", *heading_lines(name, style), *group_lines(shown_under(name, entries), style, links)]
    if release.newcomers:
        lines += ["", *heading_lines("New contributors", style)]
        lines += [f"{style.bullet}{style.gap}{name}" for name in release.newcomers]
    return lines


def definition_line(release: Release, links: Links | None, *, head: str = "HEAD") -> list[str]:
    """The reference link of a release, for the end of the page: what it compares with; none where that is not known."""
    tag = release.tag or head
    if links is None or not (release.tag or release.previous):
        return []
    url = links.to_compare(release.previous, tag) if release.previous else links.to_release(tag)
    return [f"[{release.version or UNRELEASED}]: {url}"]


def release_json(release: Release, links: Links | None) -> dict[str, Any]:
    """The full context of a release, for other tools."""
    return {
        "version": release.version,
        "tag": release.tag,
        "date": release.date,
        "previous": release.previous,
        "new_contributors": list(release.newcomers),
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
        "missing": entry.missing,
    }
