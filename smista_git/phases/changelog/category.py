"""Under which section of a file an entry goes, in the file's own words."""

from __future__ import annotations

from collections.abc import Sequence

from smista_git.phases.changelog.document import Document, Section
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.outline import is_bullet
from smista_git.phases.changelog.placing import Placing
from smista_git.phases.changelog.release import Wording
from smista_git.phases.changelog.sections import (
    KEEP_A_CHANGELOG,
    best_name,
    kinds_of_name,
    plain_name,
    section_of,
)
from smista_git.phases.changelog.style import Style

SAMPLE = 10
# Kinds that Keep a Changelog has a section of their own for, seldom as it is used.
_OWN = ("deprecate", "remove", "security")


def names_in_use(document: Document) -> list[str]:
    """The names of sections that recent releases have entries under, the most used first."""
    seen: dict[str, int] = {}
    for section in document.sections[:SAMPLE]:
        for group in section.groups:
            if group.title and (group.items or section.unreleased) and kinds_of_name(group.title):
                seen[group.title] = seen.get(group.title, 0) + 1
    return sorted(seen, key=lambda name: -seen[name])


def most_in_use(document: Document) -> tuple[str, ...]:
    """The names of sections in the order of the recent release with the most of them."""
    titles = [[g.title for g in s.groups if g.title and g.items] for s in document.sections[:SAMPLE]]
    most = max(titles, key=lambda names: len(names), default=[])
    return tuple(dict.fromkeys(most))


def order_in_use(document: Document) -> tuple[str, ...]:
    """The names of sections in the order of the recent release with the most of them, then Keep a Changelog's."""
    return tuple(dict.fromkeys((*most_in_use(document), *KEEP_A_CHANGELOG)))


def category_of(
    entry: Entry,
    section: Section | None,
    names: Sequence[str],
    wording: Wording,
    style: Style,
    placing: Placing,
) -> str:
    """The section an entry goes under, in the file's own words; empty where the file has none."""
    here = [g.title for g in section.groups if g.title] if section else []
    if section and not here:
        flat = not names or is_bullet(style.form)
        if not style.grouped or (section.items and flat):
            return ""
    if not names and not here and not placing.knows:
        return wording.section_of(entry) if style.grouped else ""
    if entry.kind in wording.names or (entry.breaking and "breaking" in wording.names):
        return wording.section_of(entry)
    if entry.section and not (here and placing.knows):
        known = {plain_name(name): name for name in here or placing.titles.values()}
        return known.get(plain_name(entry.section), entry.section)
    if placing.knows:
        return placing.best(entry, here)
    if entry.breaking:
        found = best_name("breaking", here) or best_name("breaking", list(names))
        if found:
            return found
    kind = "change" if entry.unsure else entry.kind
    return best_name_of(kind, here, names) or wording.section_of(entry)


def best_name_of(kind: str, here: Sequence[str], names: Sequence[str]) -> str | None:
    """The name for a kind: one that the release has already if it fits as well as any in use elsewhere."""
    candidates = list(dict.fromkeys([*here, *names]))
    best = best_name(kind, candidates)
    if best is None and kind in _OWN:
        return (
            section_of_kind(kind) if set(KEEP_A_CHANGELOG) & set(names) else best_name("change", candidates)
        )
    if kind in _OWN and set(KEEP_A_CHANGELOG) & set(names):
        return section_of_kind(kind)
    return best


def section_of_kind(kind: str) -> str:
    """Keep a Changelog's name for a kind."""
    return section_of(Entry("", kind, ()))
