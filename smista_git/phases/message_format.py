"""The form of a commit message: its parts, its wrapping, and the grammar of each style."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from smista_git.change.pattern import regex
from smista_git.classify.habits import Style
from smista_git.classify.labels import COMMIT_TYPES

BODY_WIDTH = 72
SUBJECT_WIDTH = 72

# Conventional Commits 1.0.0, rules 1 to 5 and 13: type, optional scope in parentheses, optional "!", colon, space, text.
_HEADER = regex(r"(?P<type>[A-Za-z][\w-]*)(?:\((?P<scope>[^()\r\n]+)\))?(?P<bang>!)?: (?P<text>\S.*)")
_GITMOJI = regex(r"(?::[a-z0-9_+-]+:|[\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?\u200d?\S?) *\S")
_ITEM = regex(r"(\s*(?:[-*+]|\d+[.)])\s+)(?=\S)")
# Rule 8: a footer is a token, then ": " or " #", then a value.
_TRAILER = regex(r"(?P<token>[A-Za-z][A-Za-z-]*|BREAKING[ -]CHANGE)(?:: | #)\S")


@dataclass(frozen=True, slots=True)
class Header:
    """The parts of a Conventional Commits header."""

    type: str
    scope: str | None
    breaking: bool
    text: str


def split_message(message: str) -> tuple[str, str]:
    """The subject line and the body, both stripped; the body is empty where there is none."""
    subject, _, body = message.strip().partition("\n")
    return subject.strip(), body.strip("\n")


def join_message(subject: str, body: str) -> str:
    """Subject, a blank line, body; the subject alone without one."""
    return f"{subject}\n\n{body}" if body.strip() else subject


def parse_header(subject: str) -> Header | None:
    """The parts of a conventional header, or None where the line is none."""
    match = _HEADER.fullmatch(subject)
    if match is None:
        return None
    return Header(match["type"], match["scope"], match["bang"] is not None, match["text"])


def is_commit_type(word: str) -> bool:
    """True for a type that this package writes, in any case."""
    return word.lower() in COMMIT_TYPES


def is_trailer(line: str) -> bool:
    """True for a line that git and Conventional Commits read as a footer."""
    return _TRAILER.match(line) is not None


def format_problem(subject: str, style: Style) -> str | None:
    """What keeps ``subject`` from being in ``style``, as a sentence to act on, or None."""
    if style == "conventional":
        header = parse_header(subject)
        if header is None or not is_commit_type(header.type):
            kinds = ", ".join(COMMIT_TYPES)
            return f'Start the first line with "type: " or "type(scope): ", type being one of {kinds}.'
    if style == "gitmoji" and _GITMOJI.match(subject) is None:
        return "Start the first line with one emoji or :code: of gitmoji, then a space."
    if style == "plain" and (header := parse_header(subject)) and is_commit_type(header.type):
        return f'Do not start the first line with "{subject[: -len(header.text)].strip()}": this project uses no prefixes.'
    return None


def wrap_body(body: str, *, width: int = BODY_WIDTH) -> str:
    """``body`` with its long lines broken at blanks; list items hang, trailers, code and long words stay whole."""
    wrapped: list[str] = []
    fenced = False
    for line in body.split("\n"):
        fenced ^= line.lstrip().startswith("```")
        wrapped += [line.rstrip()] if fenced or _stays_whole(line, width) else _wrapped(line, width)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(wrapped)).strip("\n")


def _stays_whole(line: str, width: int) -> bool:
    return len(line) <= width or line.startswith(("    ", "\t")) or is_trailer(line)


def _wrapped(line: str, width: int) -> list[str]:
    item = _ITEM.match(line)
    hang = " " * len(item[1]) if item else ""
    return textwrap.wrap(line, width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
