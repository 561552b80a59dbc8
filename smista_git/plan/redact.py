"""Secrets replaced by placeholders, the same one for the same value all over a plan; no value is ever kept."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice
from typing import Literal, Protocol

from smista_git.change.model import Change, FileChange, Hunk, Line
from smista_git.plan.plan import Redaction


class Span(Protocol):
    """A secret in a text: its rule, and where its value starts (inclusive) and ends (exclusive)."""

    @property
    def rule(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Place(Protocol):
    """A secret in a change: its rule, the file, the line, and the side (new, old or name) that the line counts on."""

    @property
    def rule(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def side(self) -> str: ...


Scan = Callable[[str], Sequence[Span]]

LEAST_BARE = 8
"""A shorter value is not looked for elsewhere: it would be found within ordinary words."""
HEADINGS = "hunk headings"
"""What the preview calls the texts that git writes behind an ``@@``."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    rule: str
    start: int
    end: int


@dataclass(slots=True)
class Placeholders:
    """Gives each value its placeholder; share one over all pieces of a plan.

    The values themselves are held in memory alone, and never shown: what one place tells to be a secret may stand bare
    in another, where no rule would know it.
    """

    _given: dict[tuple[str, bytes], str] = field(default_factory=dict)
    _values: dict[str, str] = field(default_factory=dict, repr=False)

    def of(self, rule: str, value: str) -> str:
        """``[redacted:RULE:N]``, N counted from 1 in the order in which the values of that rule came."""
        key = (rule, hashlib.sha256(value.encode("utf-8", "surrogateescape")).digest())
        number = 1 + sum(1 for known, _ in self._given if known == rule)
        if len(value) >= LEAST_BARE and not value.isalpha() and not re.search(r"\s", value):
            self._values.setdefault(value, rule)
        return self._given.setdefault(key, f"[redacted:{rule}:{number}]")

    @property
    def any_bare(self) -> bool:
        """Whether there is a value to look for elsewhere."""
        return bool(self._values)

    def again(self, text: str) -> list[_Stretch]:
        """Where values that have a placeholder stand in the text; a plain word is none that could be told apart."""
        return [
            _Stretch(rule, found.start(), found.end())
            for value, rule in self._values.items()
            for found in re.finditer(re.escape(value), text)
        ]


@dataclass(frozen=True, slots=True)
class _Blot:
    """A stretch of one line of a hunk that gives way to a placeholder."""

    line: int
    start: int
    end: int
    placeholder: str
    rule: str
    first: bool


def redact(
    text: str, findings: Sequence[Span], *, path: str = "", placeholders: Placeholders | None = None
) -> tuple[str, tuple[Redaction, ...]]:
    """``text`` without the values of ``findings`` and those that have a placeholder already, and what was blotted out where, in the order of the text."""
    placeholders = Placeholders() if placeholders is None else placeholders
    parts, redactions, done = [], [], 0
    for span in _apart([*findings, *placeholders.again(text)]):
        parts += [text[done : span.start], placeholders.of(span.rule, text[span.start : span.end])]
        redactions.append(Redaction(path, text.count("\n", 0, span.start) + 1, span.rule))
        done = span.end
    return "".join([*parts, text[done:]]), tuple(redactions)


def redact_change(
    change: Change,
    findings: Sequence[Place],
    *,
    scan: Scan | None = None,
    placeholders: Placeholders | None = None,
) -> tuple[Change, tuple[Redaction, ...]]:
    """``change`` without the values of ``findings``, and what was blotted out where, in the change's order.

    ``scan`` finds the values again within a hunk. A line where it finds nothing, though ``findings`` name it, is
    blotted out whole, and a file where no line can be found loses its hunks: rather too much than too little.
    """
    placeholders = Placeholders() if placeholders is None else placeholders
    files: list[FileChange] = []
    kept, redactions = _without_secret_sections(change, scan)
    for file in kept:
        named = [finding for finding in findings if finding.path in file.paths and finding.side != "name"]
        clean, found = _redact_file(file, named, scan, placeholders) if named and file.hunks else (file, [])
        files.append(clean)
        redactions += found
    again = [_without_known(file, placeholders) if placeholders.any_bare else (file, []) for file in files]
    return Change(tuple(file for file, _ in again)), (*redactions, *(r for _, found in again for r in found))


def _without_known(file: FileChange, placeholders: Placeholders) -> tuple[FileChange, list[Redaction]]:
    """The file without the values that another line or file has told to be secrets."""
    redactions: list[Redaction] = []

    def clean(text: str, line: int) -> str:
        shown, found = redact(text, (), path=file.path, placeholders=placeholders)
        redactions.extend(replace(one, line=line) for one in found)
        return shown

    hunks = tuple(
        replace(
            hunk,
            section=clean(hunk.section, hunk.new_start),
            lines=tuple(replace(line, text=clean(line.text, line.new_line or 0)) for line in hunk.lines),
        )
        for hunk in file.hunks
    )
    return (replace(file, hunks=hunks), redactions) if redactions else (file, [])


def redact_names(
    change: Change, findings: Sequence[Place], *, scan: Scan, placeholders: Placeholders
) -> tuple[Change, dict[str, str]]:
    """``change`` with the secrets in its file names blotted out, and the new name of each such path."""
    rules = {finding.path: finding.rule for finding in findings if finding.side == "name"}
    names = {path: _blotted_name(path, rule, scan, placeholders) for path, rule in rules.items()}
    if not names:
        return change, names
    files = (
        replace(
            file,
            old_path=file.old_path and names.get(file.old_path, file.old_path),
            new_path=file.new_path and names.get(file.new_path, file.new_path),
        )
        for file in change.files
    )
    return Change(tuple(files)), names


def _blotted_name(path: str, rule: str, scan: Scan, placeholders: Placeholders) -> str:
    """The path without what ``scan`` finds in it; without its last part where only all names together told."""
    shown, found = redact(path, scan(path), placeholders=placeholders)
    if found:
        return shown
    folder, slash, _ = path.rpartition("/")
    return folder + slash + placeholders.of(rule, path)


def _without_secret_sections(
    change: Change, scan: Scan | None
) -> tuple[tuple[FileChange, ...], list[Redaction]]:
    """The files; if there is a secret in any text that git found after an ``@@``, all these texts go."""
    sections = "\n".join(hunk.section for file in change.files for hunk in file.hunks)
    found = scan(sections) if scan is not None and sections.strip() else ()
    if not found:
        return change.files, []
    files = tuple(
        replace(file, hunks=tuple(replace(hunk, section="") for hunk in file.hunks)) for file in change.files
    )
    return files, [Redaction(HEADINGS, 0, found[0].rule)]


def _redact_file(
    file: FileChange, named: Sequence[Place], scan: Scan | None, placeholders: Placeholders
) -> tuple[FileChange, list[Redaction]]:
    lines = [line for hunk in file.hunks for line in hunk.lines]
    blots = _found_again(lines, scan, placeholders)
    blots += _named_lines(lines, named, {blot.line for blot in blots}, placeholders)
    if not blots:
        return replace(file, hunks=(), truncated=True), [Redaction(file.path, 0, named[0].rule)]
    redactions = [
        Redaction(file.path, lines[blot.line].new_line or 0, blot.rule)
        for blot in sorted(blots, key=lambda blot: (blot.line, blot.start))
        if blot.first
    ]
    return replace(file, hunks=_rebuilt(file.hunks, _blotted(lines, blots))), redactions


def _rebuilt(hunks: Sequence[Hunk], lines: Sequence[Line]) -> tuple[Hunk, ...]:
    rest = iter(lines)
    return tuple(replace(hunk, lines=tuple(islice(rest, len(hunk.lines)))) for hunk in hunks)


def _found_again(lines: Sequence[Line], scan: Scan | None, placeholders: Placeholders) -> list[_Blot]:
    """The blots of what ``scan`` finds on the new side, then on the old one, each line blotted by one side only."""
    if scan is None:
        return []
    new = _blots_of_side(lines, "+", scan, placeholders)
    seen = {blot.line for blot in new}
    return new + [blot for blot in _blots_of_side(lines, "-", scan, placeholders) if blot.line not in seen]


def _blots_of_side(
    lines: Sequence[Line], side: Literal["+", "-"], scan: Scan, placeholders: Placeholders
) -> list[_Blot]:
    places = [i for i, line in enumerate(lines) if line.kind in (side, " ")]
    text = "\n".join(lines[i].text for i in places)
    starts = list(accumulate((len(lines[i].text) + 1 for i in places), initial=0))
    blots: list[_Blot] = []
    for span in _apart(scan(text)):
        placeholder = placeholders.of(span.rule, text[span.start : span.end])
        first = bisect_right(starts, span.start) - 1
        for at in range(first, bisect_right(starts, span.end - 1)):
            i, offset = places[at], starts[at]
            start, end = max(span.start - offset, 0), min(span.end - offset, len(lines[i].text))
            blots.append(_Blot(i, start, end, placeholder, span.rule, at == first))
    return blots


def _named_lines(
    lines: Sequence[Line], named: Sequence[Place], seen: set[int], placeholders: Placeholders
) -> list[_Blot]:
    """A blot over each whole line that a finding names and ``scan`` did not find again."""
    rules = {(finding.side, finding.line): finding.rule for finding in named}
    return [
        _Blot(i, 0, len(line.text), placeholders.of(rule, line.text), rule, first=True)
        for i, line in enumerate(lines)
        if i not in seen
        and (rule := rules.get(("new", line.new_line or 0)) or rules.get(("old", line.old_line or 0)))
    ]


def _blotted(lines: Sequence[Line], blots: Sequence[_Blot]) -> tuple[Line, ...]:
    texts = {blot.line: lines[blot.line].text for blot in blots}
    for blot in sorted(blots, key=lambda blot: (blot.line, -blot.start)):
        text = texts[blot.line]
        texts[blot.line] = text[: blot.start] + blot.placeholder + text[blot.end :]
    return tuple(replace(line, text=texts[i]) if i in texts else line for i, line in enumerate(lines))


def _apart(findings: Sequence[Span]) -> list[_Stretch]:
    """The findings in the order of the text; those that overlap are one, under the rule of the first."""
    apart: list[_Stretch] = []
    for span in sorted(findings, key=lambda span: (span.start, -span.end)):
        if apart and span.start < apart[-1].end:
            apart[-1] = replace(apart[-1], end=max(apart[-1].end, span.end))
        elif span.end > span.start:
            apart.append(_Stretch(span.rule, span.start, span.end))
    return apart
