"""A changelog file as people keep it: read without loss, so that its very bytes come back, and changed by insertion."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from smista_git.phases.changelog.outline import ATX, DEFINITION, ITEM, Heading, headings_of, hidden_in
from smista_git.phases.changelog.release_names import release_named
from smista_git.phases.changelog.section_bullets import named_bullet, section_bullets

_DATE = re.compile(r"\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}")
_CONFLICT = re.compile(r"^<{7}(?:[ \t].*)?\r?$(?=(?s:.*?)^>{7}(?:[ \t].*)?\r?$)", re.MULTILINE)
_THANKS = re.compile(r"made (?:their|his|her) first contribution", re.IGNORECASE)
PLACEHOLDER = re.compile(r"#PR\b|\bPR ID\b|your (?:change|entry|contribution|bugfix|feature)", re.IGNORECASE)
_PENDING_LINE = re.compile(r"[ \t]*[*_(]*(?:unreleased|not (?:yet )?released)[*_)]*\.?\s*", re.IGNORECASE)
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: its lines from ``start`` to ``end`` (excluded), and its text on one line without the bullet."""

    start: int
    end: int
    text: str
    bullet: str
    indent: str
    gap: str


@dataclass(frozen=True, slots=True)
class Group:
    """The entries beneath one heading inside a release, or, with an empty ``title``, those beneath none.

    ``start`` is the heading's first line (or the first line of the body), ``body`` the line after the heading; a bullet
    that names a section is one too.
    """

    title: str
    start: int
    body: int
    end: int
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One release: ``version`` is None for the one to come where it has no number yet."""

    title: str
    version: str | None
    unreleased: bool
    start: int
    body: int
    end: int
    level: int
    groups: tuple[Group, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """Every entry of the release, in order; thanks to contributors are none."""
        return tuple(item for group in self.groups for item in group.items if not _THANKS.search(item.text))

    @property
    def dated(self) -> bool:
        """True when the heading tells a date."""
        return _DATE.search(self.title) is not None


@dataclass(frozen=True, slots=True)
class Document:
    """The lines with their ends, exactly as they were, and what they mean. Line numbers count from 0."""

    lines: tuple[str, ...]
    newline: str
    sections: tuple[Section, ...] = ()
    definitions: dict[str, int] = field(default_factory=dict)
    underlined: bool = False

    @property
    def text(self) -> str:
        """The whole file, exactly as it was."""
        return "".join(self.lines)

    def unreleased(self) -> Section | None:
        """The section of the release to come, or None."""
        return next((s for s in self.sections[:2] if s.unreleased), None)

    def release(self, version: str) -> Section | None:
        """The section of a version, said with or without the ``v`` or a package's name before it."""
        wanted = bare_version(version)
        return next((s for s in self.sections if s.version and bare_version(s.version) == wanted), None)

    def items_of(self, section: Section) -> list[Item]:
        """The entries of a release, those under the headings of its pre-releases, which follow it, included."""
        items = list(section.items)
        for other in self.sections[self.sections.index(section) + 1 :]:
            if not section.version or not is_pre_release_of(other.version, section.version):
                break
            items += other.items
        return items

    def last_line(self, section: Section) -> int:
        """The line after the last one of a release that is neither blank nor a reference link."""
        end, links = section.end, set(self.definitions.values())
        while end > section.body and (not self.lines[end - 1].strip() or end - 1 in links):
            end -= 1
        return end

    def inserted(self, pieces: Sequence[tuple[int, Sequence[str]]]) -> str:
        """The file with lines put in, each piece before the line of its number, in the order given."""
        lines = list(self.lines)
        for _, (before, added) in sorted(
            enumerate(pieces), key=lambda pair: (pair[1][0], pair[0]), reverse=True
        ):
            if before >= len(lines) and lines and not lines[-1].endswith("\n"):
                lines[-1] += self.newline
                before = len(lines)
            lines[before:before] = [f"{line}{self.newline}" for line in added]
        return "".join(lines)


def bare_version(version: str) -> str:
    """The number of a version alone: without a package's name, without ``v``."""
    match = re.search(r"\d+(?:\.\d+)*.*", version)
    return match[0].rstrip("])>").casefold() if match else version.casefold()


def is_pre_release_of(version: str | None, final: str) -> bool:
    """Whether a version is an alpha, beta, release candidate or the like of the ``final`` one."""
    if version is None:
        return False
    return (
        re.fullmatch(re.escape(bare_version(final)) + r"[-._]?[a-z]+[-._]?\d*.*", bare_version(version))
        is not None
    )


def parse_document(text: str) -> Document:
    """What a changelog says; a text in no known form has no sections."""
    lines = tuple(_split(text))
    newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    plain = [line.rstrip("\r\n").removeprefix(BOM) for line in lines]
    hidden = hidden_in(plain)
    headings = list(headings_of(plain, hidden))
    releases = _releases(headings)
    definitions = {
        m["label"].casefold(): i for i, line in enumerate(plain) if (m := DEFINITION.fullmatch(line))
    }
    bottom, bullets = _bottom(plain, definitions), section_bullets(plain, hidden)
    sections = []
    for index, heading in enumerate(releases):
        end = releases[index + 1].start if index + 1 < len(releases) else max(bottom, heading.body)
        sections.append(_section(heading, end, plain, hidden, headings, bullets))
    underlined = bool(headings) and all(h.body - h.start == 2 or h.bold for h in headings)
    return Document(lines, newline, tuple(sections), definitions, underlined)


def _split(text: str) -> list[str]:
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def is_list(text: str) -> bool:
    """Whether a text holds a list or a table: something that a changelog without headings would say its changes in."""
    return any(ITEM.fullmatch(line) or line.lstrip().startswith("|") for line in text.splitlines())


def conflict_line(text: str) -> int:
    """The line, counted from 1, where the marks of a merge conflict begin; 0 where there is none."""
    found = _CONFLICT.search(text) if "<<<<<<<" in text else None
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _releases(headings: Sequence[Heading]) -> list[Heading]:
    found = [h for h in headings if not h.bold and release_named(h.title) is not None]
    if not found:
        found = [h for h in headings if h.bold and release_named(h.title) is not None]
    numbered = [h.level for h in found if (named := release_named(h.title)) and named[0]]
    deepest = min(numbered, default=6) + 1
    return [h for h in found if h.level <= deepest or h.bold]


def _bottom(lines: Sequence[str], definitions: dict[str, int]) -> int:
    """The line where the reference links at the end begin, or the number of lines."""
    last = len(lines)
    at = set(definitions.values())
    while last and (not lines[last - 1].strip() or last - 1 in at):
        last -= 1
    first = next((i for i in range(last, len(lines)) if i in at), len(lines))
    return first


def _section(
    heading: Heading,
    end: int,
    lines: Sequence[str],
    hidden: Sequence[bool],
    headings: Sequence[Heading],
    bullets: frozenset[str],
) -> Section:
    version, unreleased = release_named(heading.title) or (None, True)
    unreleased = unreleased or pending_line(lines[:end], heading.body) is not None
    first, last = (bisect_left(headings, line, key=attrgetter("start")) for line in (heading.body, end))
    inner = headings[first:last]
    outer = next((h for h in inner if h.level < heading.level and not h.bold), None)
    if outer is not None:
        end = outer.start
    inner = [h for h in inner if h.start < end]
    starts = [h.start for h in inner] + [end]
    groups = []
    if starts[0] > heading.body:
        groups.append(Group("", heading.body, heading.body, starts[0]))
    groups += [Group(h.title, h.start, h.body, starts[i + 1]) for i, h in enumerate(inner)]
    read = tuple(part for group in groups for part in _parts(group, lines, hidden, bullets))
    return Section(heading.title, version, unreleased, heading.start, heading.body, end, heading.level, read)


def _parts(
    group: Group, lines: Sequence[str], hidden: Sequence[bool], bullets: frozenset[str]
) -> Iterator[Group]:
    """The group with its entries; where at least half of those beneath no heading name sections, each of these."""
    items = tuple(_items(lines, hidden, group.body, group.end))
    titles = {
        i.start: name for i in items if not group.title and (name := named_bullet(lines, i.start, bullets))
    }
    if not titles or len(titles) * 2 < len(items):
        yield replace(group, items=items)
        return
    parts = [group]
    for item in items:
        title = titles.get(item.start, "")
        if title or parts[-1].title:
            parts[-1] = replace(parts[-1], end=item.start)
            parts.append(Group(title, item.start, item.start + bool(title), group.end))
    yield from (replace(g, items=tuple(_items(lines, hidden, g.body, g.end))) for g in parts)


def pending_line(lines: Sequence[str], body: int) -> int | None:
    """The first line of a release, where it says no more than that this one is not out yet."""
    first = next((i for i in range(body, len(lines)) if lines[i].strip()), None)
    return first if first is not None and _PENDING_LINE.fullmatch(lines[first]) else None


def _items(lines: Sequence[str], hidden: Sequence[bool], start: int, end: int) -> Iterator[Item]:
    """The entries of the outermost list; what is indented beneath one belongs to it."""
    index = start
    base: int | None = None
    while index < end:
        match = ITEM.fullmatch(lines[index]) if not hidden[index] else None
        if match is None or (base is not None and len(match["indent"].expandtabs(4)) > base + 1):
            index += 1
            continue
        base = len(match["indent"].expandtabs(4))
        last = _item_end(lines, hidden, index, end, base)
        texts = [match["text"].strip(), *(line.strip() for line in lines[index + 1 : last])]
        yield Item(index, last, " ".join(filter(None, texts)), match["bullet"], match["indent"], match["gap"])
        index = last


def _item_end(lines: Sequence[str], hidden: Sequence[bool], start: int, end: int, base: int) -> int:
    """The line after the entry: it goes on with indented lines, also after a blank one, and with lazy ones."""
    last = index = start + 1
    blank = fenced = False
    while index < end:
        line = lines[index]
        indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        # A fence that is indented ends with its entry at the latest, also where somebody forgot to close it.
        fenced = indent > base if hidden[index] and not hidden[index - 1] else fenced
        in_block = hidden[index] and not (
            blank or line.startswith("<!--") or (fenced and ITEM.fullmatch(line))
        )
        if not line.strip() and not in_block:
            blank = True
        elif in_block or (indent > base and not (ITEM.fullmatch(line) and indent <= base + 1)):
            last = index + 1
        elif blank or ITEM.fullmatch(line) or ATX.fullmatch(line) or line.startswith("<!--"):
            break
        else:
            last = index + 1
        index += 1
    return last
