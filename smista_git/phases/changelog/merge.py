"""Puts what is missing into a file that people keep. Lines are only ever put in: none is changed, moved or taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from smista_git.phases.changelog.category import category_of, most_in_use, names_in_use, section_of_kind
from smista_git.phases.changelog.definitions import with_reference_links
from smista_git.phases.changelog.document import (
    BOM,
    PLACEHOLDER,
    Document,
    Group,
    Item,
    Section,
    parse_document,
)
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.heading import Target, section_heading
from smista_git.phases.changelog.links import Links
from smista_git.phases.changelog.missing import Attribution, missing, section_for
from smista_git.phases.changelog.outline import is_bullet
from smista_git.phases.changelog.placing import learn_placing
from smista_git.phases.changelog.release import Wording
from smista_git.phases.changelog.render import (
    ADOC_PREAMBLE,
    PREAMBLE,
    RST_PREAMBLE,
    group_lines,
    shown_under,
    titled_lines,
    underlined,
)
from smista_git.phases.changelog.sections import KEEP_A_CHANGELOG, kinds_of_name
from smista_git.phases.changelog.style import Style, learn_style
from smista_git.phases.changelog.version import order_key

_BELOW = re.compile(r"<!--.*\b(?:below|here|after this)\b.*-->", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Merged:
    """The file after the merge, and the entries that were missing, each with the section that it went into."""

    text: str
    added: tuple[tuple[str, Entry], ...]


def merge(
    text: str,
    entries: Sequence[Entry],
    *,
    target: Target,
    wording: Wording,
    style: Style,
    links: Links | None,
    listed: Attribution = lambda entry: False,
) -> Merged:
    """``text`` with the entries that it lacks, in its own style; the order in which they are given does not matter.

    Likeness is weighed by how rare words are in the file, so an addition can tell apart what looked the same before:
    it is gone through until nothing is missing.
    """
    ordered = sorted(entries, key=lambda e: (e.rank, e.oids, e.text))
    added: list[tuple[str, Entry]] = []
    document = parse_document(text)
    while new := _new(missing(document, ordered, target, listed=listed), added):
        text, placed = _added(document, new, target, wording, style, links)
        document = parse_document(text)
        added += placed
    return Merged(text, tuple(added))


def _new(found: Sequence[Entry], added: Sequence[tuple[str, Entry]]) -> list[Entry]:
    done = {id(entry) for _, entry in added}
    return [entry for entry in found if id(entry) not in done]


def _added(
    document: Document,
    new: Sequence[Entry],
    target: Target,
    wording: Wording,
    style: Style,
    links: Links | None,
) -> tuple[str, list[tuple[str, Entry]]]:
    section = section_for(document, target)
    within = section or next(iter(document.sections), None)
    learned = learn_style(document, default=style, within=section)
    if within and learned.form.startswith(("#", "=")):
        # A heading as high as the release's own would end the release.
        level = min(max(learned.form.index(" "), within.level + 1), 6)
        learned = replace(learned, form=f"{learned.form[0] * level} {{}}")
    if within and document.lines[within.start].startswith(("#", "=")):
        # Under such a heading an underlined one would not be lower.
        learned = replace(learned, underline="")
    names = names_in_use(document)
    placing = learn_placing(document, within=section)
    placed = [(category_of(entry, section, names, wording, learned, placing), entry) for entry in new]
    if section is None:
        text = _with_new_section(document, placed, target, learned, links)
    else:
        text = document.inserted(_pieces(document, section, placed, learned, links))
    return with_reference_links(text, new, target, learned, links), placed


def _pieces(
    document: Document,
    section: Section,
    placed: Sequence[tuple[str, Entry]],
    style: Style,
    links: Links | None,
) -> list[tuple[int, list[str]]]:
    """What is put in where: into lists that are there, and as new sections between them."""
    by_name: dict[str, list[Entry]] = {}
    for name, entry in placed:
        by_name.setdefault(name, []).extend(shown_under(name, [entry]))
    pieces: list[tuple[int, list[str]]] = []
    for name, entries in by_name.items():
        group = next((g for g in section.groups if g.title == name), None)
        if style.newest_first:
            entries = entries[::-1]
        if group is not None and group.items:
            pieces.append(_into_list(document, group, entries, _like(document, group, style), links))
        elif group is not None and (group.title or not name):
            pieces.append(_into_empty(document, group, entries, style, links))
    fresh = {n: e for n, e in by_name.items() if not any(g.title == n for g in section.groups)}
    return pieces + _new_groups(document, section, fresh, style, links)


def _like(document: Document, group: Group, style: Style) -> Style:
    """The style with the marks of this very list, as deep as the entry that new ones stand beside."""
    first = group.items[0]
    last = group.items[-1].bullet
    bullet = f"{int(last[:-1]) + 1}{last[-1]}" if last[:-1].isdigit() else first.bullet
    gaps = [
        any(not line.strip() for line in document.lines[a.end : b.start]) for a, b in pairwise(group.items)
    ]
    loose = sum(gaps) * 2 > len(gaps) if gaps else style.loose
    style = replace(style, bullet=bullet, gap=first.gap, loose=loose)
    return replace(style, indent=_place(group, style)[0].indent)


def _into_list(
    document: Document, group: Group, entries: Sequence[Entry], style: Style, links: Links | None
) -> tuple[int, list[str]]:
    lines = group_lines(entries, style, links)
    beside, above = _place(group, style)
    if above:
        return beside.start, [*lines, ""] if style.loose else lines
    return beside.end, ["", *lines] if style.loose else lines


def _place(group: Group, style: Style) -> tuple[Item, bool]:
    """The entry of a list that new ones stand beside, and whether above it."""
    items = [item for item in group.items if not PLACEHOLDER.search(item.text)]
    if (style.newest_first and style.bullet in "-*+•") or not items:
        return group.items[0], True
    return items[-1], False


def _into_empty(
    document: Document, group: Group, entries: Sequence[Entry], style: Style, links: Links | None
) -> tuple[int, list[str]]:
    """Into a section that has a heading and no entry yet."""
    lines = group_lines(entries, style, links)
    body = document.lines[group.body : group.end]
    marked = next((i for i, line in enumerate(body) if _BELOW.search(line)), None)
    if marked is not None:
        return group.body + marked + 1, lines
    filled = [i for i, line in enumerate(body) if line.strip()]
    if filled:
        return group.body + filled[-1] + 1, ["", *lines]
    loose = style.blank_after_heading or not is_bullet(style.form)
    blank = bool(body) and not body[0].strip() and loose
    at = group.body + (1 if blank else 0)
    lead = [] if blank or not (style.blank_after_heading or not group.title) else [""]
    follows = at < len(document.lines) and document.lines[at].strip() != ""
    return at, [*lead, *lines, *([""] if follows else [])]


def _new_groups(
    document: Document,
    section: Section,
    fresh: dict[str, list[Entry]],
    style: Style,
    links: Links | None,
) -> list[tuple[int, list[str]]]:
    """New sections, each before the first one there that comes after it."""
    pieces: list[tuple[int, list[str]]] = []
    last, gap = document.last_line(section), [""] if style.apart else []
    titled = [group for group in section.groups if group.title]
    rank = _order(document, [*fresh, *(group.title for group in titled)])
    for name in sorted(fresh, key=lambda name: (rank(name), name)):
        after = next((group for group in titled if rank(group.title) > rank(name)), None)
        lines = titled_lines(name, fresh[name], style, links)
        if after is not None:
            pieces.append((after.start, [*lines, *gap]))
        else:
            pieces.append((last, [*(gap if titled or pieces else [""]), *lines]))
    return pieces


def _order(document: Document, names: Sequence[str]) -> Callable[[str], int]:
    """Where a section comes: as in the file where that has all of them, else as in Keep a Changelog, others last."""
    own = most_in_use(document)
    return own.index if set(names) <= set(own) else _rank


def _rank(name: str) -> int:
    kinds = kinds_of_name(name)
    section = section_of_kind(kinds[0]) if kinds and kinds[0] != "breaking" else name
    return KEEP_A_CHANGELOG.index(section) if section in KEEP_A_CHANGELOG else len(KEEP_A_CHANGELOG)


def _with_new_section(
    document: Document,
    placed: Sequence[tuple[str, Entry]],
    target: Target,
    style: Style,
    links: Links | None,
) -> str:
    """The file with a release of its own for the entries, above those that are there."""
    by_name: dict[str, list[Entry]] = {}
    for name, entry in placed:
        by_name.setdefault(name, []).extend(shown_under(name, [entry]))
    blank = not document.text.strip(f"{BOM} \t\r\n")
    lines = section_heading(document, target, default=style.form[0])
    if style.underline and not document.sections:
        lines = underlined(lines[0].lstrip("# "), "-")
    first = len(lines)
    rank = _order(document, [*by_name])
    for name in sorted(by_name, key=lambda name: (rank(name), name)):
        found = by_name[name][::-1] if style.newest_first else by_name[name]
        lines += [""] if style.apart or len(lines) == first else []
        lines += titled_lines(name, found, style, links)
    if blank:
        preamble = RST_PREAMBLE if style.underline else ADOC_PREAMBLE if style.form[0] == "=" else PREAMBLE
        return document.text + "".join(f"{line}{document.newline}" for line in (*preamble, *lines))
    at = _place_for(document, target)
    lead = [""] if at and document.lines[at - 1].strip() else []
    tail = [""] if at < len(document.lines) and document.lines[at].strip() else []
    return document.inserted([(at, [*lead, *lines, *tail])])


def _place_for(document: Document, target: Target) -> int:
    sections = document.sections
    if not sections:
        return len(document.lines)
    if target.version is None:
        return sections[0].start
    wanted = order_key(target.version)
    older = next(
        (s for s in sections if s.version and not s.unreleased and order_key(s.version) < wanted), None
    )
    return older.start if older else sections[-1].end
