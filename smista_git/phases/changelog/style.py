"""How a file writes its entries: learned from those that people wrote, so that new ones look like theirs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from smista_git.phases.changelog.document import Document, Group, Item, Section
from smista_git.phases.changelog.outline import is_asciidoc, is_bullet
from smista_git.phases.changelog.wording import VERBS, stems

SAMPLE_SECTIONS = 12
_URL = r"https?://[^\s)>\[\]]+"
_NUMBER = r"(?:[#!]|GH-)\d+"
# One reference as written: bare, in brackets, linked, or an address alone; {n} is put for its number.
_ROLE = r"(?::[a-z-]+:|\{[a-z-]+\})`#?\d+`"
_ADOC = rf"(?:\{{[a-z-]+\}}\d+|{_URL})\[{_NUMBER}\]"
_ONE = rf"(?:{_ROLE}|{_ADOC}|\[\\?(?:{_NUMBER}|`?[0-9a-f]{{7,40}}`?)\]\({_URL}\)|\[{_NUMBER}\]_?|\(?{_URL}\)?|{_NUMBER}|`?\b[0-9a-f]{{7,40}}\b`?)"
_LEAD = re.compile(rf"[\[(*]*{_ONE}[\])*]*[ \t]*[:–—-]?[ \t]+")
_TAIL = re.compile(rf"(?:[ \t]*[-–—,]|[ \t]+(?:in|via|see|PR|by @\S+ in))?[ \t]*[\[(]*{_ONE}[\])]*\.?$")
_HANDLE = re.compile(
    r"[ \t]*[-–—,]?[ \t]*\(?(?:by[ \t]+|thanks?(?: to)?[ \t]+)?\[?@[\w-]+\]?(?:\([^)\s]*\))?\)?,?\.?$"
)
_BREAKING = re.compile(
    r"(?:[\[(*]*breaking(?: changes?)?(?:[\])*]+:?|:[\])*]*)|[⚠💥]\ufe0f?)[ \t]+", re.IGNORECASE
)
# Who made it, said beside a reference in the same brackets.
_CREDIT = re.compile(r",[ \t]*\[?@[\w-]+\]?(?:\([^)\s]*\))?(?=[,)])")
_SCOPE = re.compile(
    r"(?P<form>\*\*[^*\n]{1,40}:\*\*|\*\*[^*\n]{1,40}\*\*:|\*\([^()\n]{1,40}\)\*|`[^`\n]{1,40}`:|[A-Za-z@][\w/.-]{0,30}:)[ \t]+"
)


@dataclass(frozen=True, slots=True)
class Style:
    """How entries are written. ``lead`` and ``tail`` hold ``{ref}``, ``{n}`` for its number alone, ``{url}``, ``{oid}``.

    ``form`` is a section's heading, with ``{}`` for its name; ``underline`` is the mark that it is underlined with instead,
    or empty; ``apart`` says whether a blank line stands between sections. ``scope`` is how a scope is put before the text, with ``{}`` for it, or empty. ``tense`` is that of the verb.
    ``breaking`` stands before what breaks, where the section's name does not say so. ``escapes`` is whether a backslash
    keeps what looks like a tag from being one, as in Markdown.
    """

    bullet: str = "-"
    indent: str = ""
    gap: str = " "
    lead: str = ""
    tail: str = " ({ref})"
    scope: str = ""
    capital: bool = True
    period: bool = False
    tense: str = "base"
    loose: bool = False
    newest_first: bool = False
    width: int = 0
    form: str = "### {}"
    underline: str = ""
    apart: bool = True
    blank_after_heading: bool = True
    authors: bool = False
    grouped: bool = True
    breaking: str = "**Breaking:** "
    escapes: bool = True


def learn_style(document: Document, *, default: Style, within: Section | None = None) -> Style:
    """The style of the newest releases of a file; ``default`` where there is too little to learn from.

    The headings of sections look like those of the release that is written, ``within``, where that has any.
    """
    sections = [s for s in document.sections if s.items][:SAMPLE_SECTIONS]
    items = [item for section in sections for item in section.items]
    if not items:
        return _headings(document, document.sections, default, default, within)
    texts = [_bare(item.text) for item in items]
    lead, tail = _references(items)
    breaking = Counter(m[0] for text in texts if (m := _BREAKING.match(text)))
    texts = [_BREAKING.sub("", text, count=1) for text in texts]
    titled = [item for s in sections for g in s.groups if g.title for item in g.items]
    marks = Counter((i.bullet if i.bullet in "-*+•" else "-", i.indent, i.gap) for i in titled or items)
    bullet, indent, gap = marks.most_common(1)[0][0]
    style = Style(
        authors=default.authors,
        escapes=default.escapes,
        bullet=bullet,
        indent=indent,
        gap=gap,
        lead=lead,
        tail=tail,
        scope=_scope(texts),
        capital=_most(text[:1].isupper() for text in texts if text[:1].isalpha()),
        period=_most(_without_tail(item.text).rstrip().endswith(".") for item in items),
        tense=_tense(texts),
        loose=_loose(document, sections),
        newest_first=_newest_first(sections),
        width=_width(document, items),
        breaking=breaking.most_common(1)[0][0] if breaking else default.breaking,
    )
    return _headings(document, sections, style, default, within)


def _headings(
    document: Document, sections: Sequence[Section], style: Style, default: Style, within: Section | None
) -> Style:
    groups = [group for section in sections for group in section.groups if group.title and group.items]
    direct = sum(1 for s in sections if any(not g.title and g.items for g in s.groups))
    if not groups:
        form = default.form
        if document.sections:
            mark = "=" if is_asciidoc(document.lines) else "#"
            form = f"{mark * (document.sections[0].level + 1)} {{}}"
        return replace(style, form=form, grouped=not sections or not direct, underline=default.underline)
    like = [group for group in within.groups if group.title] if within else []
    underline, form = Counter(_form(document, group) for group in like or groups).most_common(1)[0][0]
    blank = _most(not document.lines[g.body].strip() for g in groups if g.body < len(document.lines))
    return replace(
        style,
        form=form,
        underline=underline,
        apart=not is_bullet(form) or _apart(document, sections),
        blank_after_heading=blank,
        grouped=sum(1 for s in sections if any(g.title and g.items for g in s.groups)) * 2 > len(sections),
    )


def _form(document: Document, group: Group) -> tuple[str, str]:
    """The mark that the heading of a section is underlined with, or an empty string, and its line without the name."""
    if group.body - group.start == 2:
        return document.lines[group.start + 1].strip()[:1], Style().form
    return "", document.lines[group.start].rstrip().replace(group.title, "{}", 1)


def _apart(document: Document, sections: Sequence[Section]) -> bool:
    """Whether a blank line stands before most sections that follow another."""
    pairs = [pair for s in sections for pair in pairwise(g for g in s.groups if g.title)]
    return not pairs or _most(not document.lines[below.start - 1].strip() for _, below in pairs)


def _most(truths: Iterable[bool]) -> bool:
    values = list(truths)
    return sum(values) * 2 > len(values)


def _bare(text: str) -> str:
    """An entry without the references around it."""
    return _without_tail(_LEAD.sub("", text, count=1))


def _without_tail(text: str) -> str:
    text = _CREDIT.sub("", text)
    while True:
        shorter = _TAIL.sub("", _HANDLE.sub("", text))
        if shorter == text or not shorter.strip():
            return text
        text = shorter


def _references(items: Sequence[Item]) -> tuple[str, str]:
    """What stands before and after the text of most entries that name a reference."""
    leads, tails, bare = Counter[str](), Counter[str](), 0
    for item in items:
        text = _CREDIT.sub("", item.text)
        text = text if _TAIL.search(text) else _HANDLE.sub("", text)
        if match := _LEAD.match(text):
            leads[_template(match[0])] += 1
        elif match := _TAIL.search(text):
            tails[_template(match[0])] += 1
        else:
            bare += 1
    lead = leads.most_common(1)[0] if leads else ("", 0)
    tail = tails.most_common(1)[0] if tails else ("", 0)
    if leads.total() + tails.total() < bare / 2:
        return "", ""
    return (lead[0], "") if leads.total() > tails.total() else ("", tail[0])


def _template(written: str) -> str:
    """A reference as written, with its parts replaced by what they stand for."""
    text = re.sub(r"by @\S+ in", "in", written)
    text = re.sub(r"\.$", "", text)
    text = re.sub(rf"(\{{[a-z-]+\}})\d+(?=\[{_NUMBER}\])", r"\1{n}", text)
    text = re.sub(_URL, "{url}", text)
    text = re.sub(r"((?::[a-z-]+:|\{[a-z-]+\})`)#?\d+`", r"\1{n}`", text)
    text = re.sub(_NUMBER, "{ref}", text)
    text = re.sub(r"(?<![\w{])[0-9a-f]{7,40}(?!\w)", "{oid}", text)
    return text.replace("\\", "")


def _scope(texts: Sequence[str]) -> str:
    forms = Counter(re.sub(r"[^*`():]+", "{}", m["form"], count=1) for t in texts if (m := _SCOPE.match(t)))
    form, count = forms.most_common(1)[0] if forms else ("", 0)
    return f"{form} " if count * 5 > len(texts) else ""


def _tense(texts: Sequence[str]) -> str:
    """``base``, ``past`` or ``third``: that of most first words that are verbs."""
    found = Counter(tense for text in texts if (tense := tense_of(text.split(" ", 1)[0].lower())))
    return found.most_common(1)[0][0] if found else "base"


def tense_of(word: str) -> str:
    """The tense of a verb that is known, or an empty string."""
    if word in VERBS:
        return "base"
    if not any(stem in VERBS for stem in stems(word)):
        return ""
    return "past" if word.endswith("ed") else "third" if word.endswith("s") else ""


def _loose(document: Document, sections: Sequence[Section]) -> bool:
    gaps = []
    for section in sections:
        for group in section.groups:
            pairs = pairwise(group.items)
            gaps += [any(not line.strip() for line in document.lines[a.end : b.start]) for a, b in pairs]
    return _most(gaps)


def _newest_first(sections: Sequence[Section]) -> bool:
    """True where the numbers of references mostly fall from one entry to the next."""
    falls = []
    for section in sections:
        for group in section.groups:
            numbers = [int(m[1]) for item in group.items if (m := re.search(r"[#!](\d+)", item.text))]
            falls += [a > b for a, b in pairwise(numbers) if a != b]
    return len(falls) >= 3 and sum(falls) > 0.65 * len(falls)


def _width(document: Document, items: Sequence[Item]) -> int:
    """The column at which entries are wrapped, or 0 where they are not."""
    long = [item for item in items if len(item.text) > 70]
    wrapped = [i for i in long if i.end - i.start > 1 and document.lines[i.start + 1][:1] in " \t"]
    if not long or len(wrapped) * 2 < len(long):
        return 0
    widest = max(len(line.rstrip()) for i in wrapped for line in document.lines[i.start : i.end])
    return widest if 60 <= widest <= 120 else 0
