"""Entries as lines of Markdown, in the style that a file has or that Keep a Changelog asks for."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from dataclasses import replace

from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.links import Links
from smista_git.phases.changelog.outline import is_bullet
from smista_git.phases.changelog.sections import kinds_of_name
from smista_git.phases.changelog.style import Style, tense_of
from smista_git.phases.changelog.wording import VERBS, stems
from smista_git.phases.conventional import Reference

PREAMBLE = (
    "# Changelog",
    "",
    "All notable changes to this project will be documented in this file.",
    "",
    "The format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/),",
    "and this project adheres to [Semantic Versioning](https://semver.org/spec/v2.0.0.html).",
    "",
)
ADOC_PREAMBLE = (
    "= Changelog",
    *(re.sub(r"\[([^]]*)\]\(([^)]*)\)", r"\2[\1]", line) for line in PREAMBLE[1:]),
)
RST_PREAMBLE = (
    "Changelog",
    "=========",
    "",
    "All notable changes to this project will be documented in this file.",
    "",
    "The format is based on `Keep a Changelog <https://keepachangelog.com/en/1.1.0/>`_,",
    "and this project adheres to `Semantic Versioning <https://semver.org/spec/v2.0.0.html>`_.",
    "",
)
_IRREGULAR = {"set": "set", "make": "made", "show": "showed", "keep": "kept", "drop": "dropped", "ship": "shipped",
              "stop": "stopped", "speed": "sped", "bump": "bumped", "cut": "cut", "skip": "skipped", "tag": "tagged",
              "permit": "permitted", "submit": "submitted", "prefer": "preferred", "run": "ran", "let": "let"}  # fmt: skip


def entry_lines(entry: Entry, style: Style, links: Links | None) -> list[str]:
    """The lines of one entry: bullet, scope, text and references as the style has them."""
    text = entry_text(entry, style)
    lead, tail = _around(entry, style, links)
    mark = f"{style.indent}{style.bullet}{style.gap}"
    by = (
        f" by {_safe(', '.join((entry.author, *entry.co_authors)), style)}"
        if style.authors and entry.author
        else ""
    )
    breaking = style.breaking if entry.breaking else ""
    whole = f"{mark}{breaking}{lead}{text}{by}{tail}"
    if not style.width or len(whole) <= style.width:
        return [whole]
    hang = " " * len(mark.expandtabs(4))
    return textwrap.wrap(
        whole, style.width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
    )


def entry_text(entry: Entry, style: Style) -> str:
    """What an entry says, in the style's tense and case, safe to stand in its form."""
    text = _safe(entry.text.strip(), style)
    if style.period and not text.endswith((".", "!", "?")):
        text += "."
    elif not style.period and text.endswith(".") and not text.endswith("..."):
        text = text[:-1]
    text = _tensed(text, style.tense)
    scope = _safe(entry.scope or "", style) if entry.scope not in ("*", None) else ""
    if scope and not style.scope and not entry.conventional:
        # An area in plain words is part of what is said: it stays as it was written.
        return f"{scope}: {text}"
    if scope and style.scope:
        return style.scope.format(scope) + text
    return _cased(text, capital=style.capital)


def _safe(text: str, style: Style) -> str:
    if not text.isprintable():
        text = "".join(c if c >= " " and not 0x7F <= ord(c) < 0xA0 else " " for c in text)
    return (
        re.sub(r"<(?=!--|/?[A-Za-z])", r"\\<", text)
        if style.escapes and "<" in text and "`" not in text
        else text
    )


def _cased(text: str, *, capital: bool) -> str:
    first = text.split(" ", 1)[0].rstrip(".,:;!?")
    if not first.isalpha() or not first.isascii() or first[1:] != first[1:].lower():
        return text
    return text[:1].upper() + text[1:] if capital else text


def _tensed(text: str, tense: str) -> str:
    """The text with its first verb in another tense, where it is one that is known and it is not there yet."""
    first, space, rest = text.partition(" ")
    word = first.lower()
    if not tense_of(word) or tense_of(word) == tense or not first.isalpha():
        return text
    stem = next((s for s in sorted(stems(word), key=len, reverse=True) if s in VERBS), word)
    shaped = {"base": stem, "past": _past(stem), "third": _third(stem)}[tense]
    return (shaped.capitalize() if first[:1].isupper() else shaped) + space + rest


def _past(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if verb.endswith("y") and verb[-2] not in "aeiou" else f"{verb}ed"


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2] not in "aeiou" else f"{verb}s"


def _around(entry: Entry, style: Style, links: Links | None) -> tuple[str, str]:
    """What stands before and after the text: the references in the style's form."""
    shown = shown_references(entry)
    if "{oid}" in style.lead + style.tail:
        return _of_commit(entry, style, links)
    if not shown:
        return "", ""
    lead = _filled(style.lead, shown[0], entry, links) if style.lead else ""
    tail = _filled(style.tail, shown[0], entry, links) if style.tail and "{" in style.tail else ""
    return lead, tail


def shown_references(entry: Entry) -> tuple[Reference, ...]:
    """The pull request, or where there is none the issues that the message closes, or names beside no other."""
    if entry.pull:
        return (entry.pull,)
    closing = tuple(r for r in entry.references if r.closes)
    return closing or entry.references[:1]


def _filled(template: str, reference: Reference, entry: Entry, links: Links | None) -> str:
    url = links.to_reference(reference, pull=reference == entry.pull) if links else ""
    if "{url}" in template and not url:
        template = re.sub(r"\[([^\]]*)\]\(\{url\}\)", r"\1", template).replace("{url}", "{ref}")
    filled = template.replace("{url}", url).replace("{ref}", str(reference))
    return filled.replace("{n}", str(reference.number))


def _of_commit(entry: Entry, style: Style, links: Links | None) -> tuple[str, str]:
    oid = entry.oids[0]
    url = links.to_commit(oid) if links else ""

    def fill(template: str) -> str:
        if "{url}" in template and not url:
            template = re.sub(r"\[([^\]]*)\]\(\{url\}\)", r"\1", template)
        return template.replace("{url}", url).replace("{oid}", oid[:7]).replace("{ref}", "")

    return fill(style.lead), fill(style.tail)


def heading_lines(title: str, style: Style) -> list[str]:
    """A heading for a group of entries, and the blank line after it where the style has one."""
    line = style.form.replace("{}", title)
    if style.underline:
        return [*underlined(title, style.underline), *([""] if style.blank_after_heading else [])]
    return [line, ""] if style.blank_after_heading else [line]


def underlined(title: str, mark: str) -> list[str]:
    """A heading of two lines."""
    return [title, mark * len(title)]


def group_lines(entries: Iterable[Entry], style: Style, links: Links | None) -> list[str]:
    """The lines of several entries, one after the other."""
    lines: list[str] = []
    for entry in entries:
        if style.loose and lines:
            lines.append("")
        lines += entry_lines(entry, style, links)
        style = replace(style, bullet=_numbered(style.bullet)) if style.bullet[:-1] else style
    return lines


def titled_lines(title: str, entries: Iterable[Entry], style: Style, links: Links | None) -> list[str]:
    """The lines of a section: its heading and its entries; those that have none stand as deep as a heading would."""
    if title:
        return [*heading_lines(title, style), *group_lines(entries, style, links)]
    if is_bullet(style.form):
        style = replace(style, indent=style.form[: style.form.index(style.form.strip())])
    return group_lines(entries, style, links)


def shown_under(title: str, entries: Iterable[Entry]) -> list[Entry]:
    """The entries as they stand under a heading: where that says that they break, they need not."""
    says = "breaking" in kinds_of_name(title)
    return [replace(entry, breaking=False) if says and entry.breaking else entry for entry in entries]


def _numbered(bullet: str) -> str:
    """The bullet of the next entry: the same, but for a list that is numbered."""
    number = bullet[:-1]
    return f"{int(number) + 1}{bullet[-1]}" if number.isdigit() else bullet
