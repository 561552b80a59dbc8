"""The outline of a text: which of its lines are headings, and which stand in blocks and comments, where none is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# With equals signs it is AsciiDoc's; a row of them alone rules a table in reStructuredText.
ATX = re.compile(
    r" {0,3}(?P<marks>#{1,6}(?=[ \t])|={1,6}(?=[ \t]+[^=\s]))[ \t]+(?P<title>.*?)[ \t]*[#=]*[ \t]*"
)
_UNDERLINE = re.compile(r"(?P<mark>[=+^~\"*-])(?P=mark){2,}[ \t]*")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_BLOCK = re.compile(r"(-{4,}|\.{4,}|={4,}|/{4,}|\+{4,}|\|===+|```+)[ \t]*$")
_LABEL = re.compile(r"(?P<title>[^\W\d_][\w &/,()-]*)::[ \t]*")
_BOLD = re.compile(r"(?:\*\*|__)(?P<title>[^*_].*?)(?:\*\*|__)[ \t]*:?[ \t]*")
ITEM = re.compile(r"(?P<indent>[ \t]*)(?P<bullet>[-*+•]|\d+[.)])(?P<gap>[ \t]+)(?P<text>\S.*)")
DEFINITION = re.compile(r" {0,3}\[(?P<label>[^\]\n]+)\]:[ \t]*(?P<url>\S+).*")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the lines from ``start`` to ``body`` (excluded); ``level`` is 1 for the highest, 7 for bold text."""

    start: int
    body: int
    level: int
    title: str
    bold: bool = False


def is_bullet(line: str) -> bool:
    """Whether a line begins an entry of a list."""
    return ITEM.fullmatch(line) is not None


def headings_of(lines: Sequence[str], hidden: Sequence[bool]) -> Iterator[Heading]:
    """The headings in the order of the lines; none where a line is ``hidden``."""
    levels = _levels(lines, hidden)
    asciidoc = is_asciidoc(lines)
    for index, line in enumerate(lines):
        if hidden[index] or not line.strip():
            continue
        if match := ATX.fullmatch(line):
            yield Heading(index, index + 1, len(match["marks"]), match["title"])
        elif (match := _BOLD.fullmatch(line)) and "](" not in line and _alone(lines, index):
            yield Heading(index, index + 1, 7, match["title"].rstrip(": "), bold=True)
        elif asciidoc:
            if match := _LABEL.fullmatch(line):
                yield Heading(index, index + 1, 7, match["title"], bold=True)
        elif index + 1 < len(lines) and (mark := _underlined(lines, index)):
            yield Heading(index, index + 2, levels[mark], line.strip())


def is_asciidoc(lines: Sequence[str]) -> bool:
    """Whether a text is AsciiDoc: its first line that is no comment, attribute or anchor is a heading of equals signs."""
    first = next((line for line in lines if line.strip() and not line.startswith(("//", ":", "["))), "")
    return first.startswith("=") and ATX.fullmatch(first) is not None


def _levels(lines: Sequence[str], hidden: Sequence[bool]) -> dict[str, int]:
    """The level of each mark: two fixed ones in Markdown, by order of appearance where other marks are used too."""
    marks = (_underlined(lines, i) for i in range(len(lines) - 1) if lines[i].strip() and not hidden[i])
    order = list(dict.fromkeys(mark for mark in marks if mark))
    if set(order) <= {"=", "-"}:
        return {"=": 1, "-": 2}
    return {mark: level for level, mark in enumerate(order, 1)}


def _alone(lines: Sequence[str], index: int) -> bool:
    before = not index or not lines[index - 1].strip()
    after = index + 1 >= len(lines) or not lines[index + 1].strip() or ITEM.fullmatch(lines[index + 1])
    return before and bool(after)


def _underlined(lines: Sequence[str], index: int) -> str:
    """The mark that underlines this line, if it is a heading of one line."""
    line, match = lines[index], _UNDERLINE.fullmatch(lines[index + 1])
    if (
        match is None
        or not line.strip()
        or line[:1] in " \t>"
        or ITEM.fullmatch(line)
        or _UNDERLINE.fullmatch(line)
    ):
        return ""
    above = lines[index - 1].strip() if index else ""
    return match["mark"] if not above or _UNDERLINE.fullmatch(above) or DEFINITION.fullmatch(above) else ""


def hidden_in(lines: Sequence[str]) -> list[bool]:
    """Which lines stand in a fenced block or in a comment, where nothing is a heading.

    A fence or a comment that is never closed hides nothing: else all that follows would be lost to sight.
    """
    hidden = [False] * len(lines)
    start, close = _front_matter(lines), ""
    fence = _BLOCK if is_asciidoc(lines) else _FENCE
    hidden[:start] = [True] * start
    for index, line in enumerate(lines[start:], start):
        if not close:
            close = "" if line[:1] == "~" and index and _underlined(lines, index - 1) else _opens(line, fence)
            start = index
            if close == "-->" and "-->" in line[line.rfind("<!--") :]:
                close = ""
                hidden[index] = True
        elif (close == "-->" and close in line) or (close != "-->" and line.strip() == close.strip()):
            hidden[start : index + 1] = [True] * (index + 1 - start)
            close = ""
    return hidden


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines the settings of a site generator take at the top; 0 where there are none."""
    if not lines or lines[0].rstrip() not in ("---", "+++"):
        return 0
    ends = (i for i, line in enumerate(lines[1:100], 2) if line.rstrip() == lines[0].rstrip())
    return next(ends, 0)


def _opens(line: str, fence: re.Pattern[str]) -> str:
    """What closes the fence or the comment that this line opens, or an empty string."""
    if match := fence.match(line):
        return match[1]
    return "-->" if "<!--" in line else ""
