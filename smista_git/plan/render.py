"""One file of a change as lines for a model: a heading, then hunks in unified form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from smista_git.change.model import FileChange, Hunk, Line
from smista_git.change.pattern import regex
from smista_git.plan.printable import printable, printable_line
from smista_git.plan.tokens import count_pieces

# A longer line is minified or data: it costs a budget and tells a reader nothing.
LONGEST_LINE = 1000
# A longer run of fence signs would make the fence around the text as long.
_LONG_RUN = regex("`{17,}|~{17,}")
_NOTICE_PIECES = count_pieces("[99999 more lines of this hunk not shown]\n")


@dataclass(frozen=True, slots=True)
class Rendered:
    """Lines of text, and how many of how many hunks and diff lines they show."""

    lines: tuple[str, ...]
    hunks: int
    hunks_of: int
    diff_lines: int
    diff_lines_of: int

    @property
    def whole(self) -> bool:
        """True when nothing was cut."""
        return self.diff_lines == self.diff_lines_of


def heading(file: FileChange) -> str:
    """``modified: src/x.py (+12 -3)``: what happened to which path, modes and counts."""
    return f"{happened(file)}: {names(file)} ({', '.join(_facts(file))})"


def happened(file: FileChange) -> str:
    """The status in one word; a submodule says so."""
    return f"{file.status} submodule" if file.is_submodule else file.status


def names(file: FileChange) -> str:
    """The path, or ``old -> new`` where both sides have one of their own; safe to print."""
    return " -> ".join(printable(path) for path in file.paths)


def counts(file: FileChange) -> str:
    """``+12 -3``, as ``--numstat`` counted."""
    return f"+{file.added} -{file.deleted}"


def cheap_size(hunk: Hunk) -> int:
    """The characters of a hunk: good enough to sort by, and fast."""
    return sum(min(len(line.text), LONGEST_LINE) + 2 for line in hunk.lines)


def whole_hunk(hunk: Hunk, *, strip_cr: bool) -> Iterator[str]:
    """The hunk's heading and all its lines."""
    section = f" {_LONG_RUN.sub(_run, printable_line(hunk.section))}" if hunk.section else ""
    yield f"@@ -{hunk.old_start},{hunk.old_lines} +{hunk.new_start},{hunk.new_lines} @@{section}"
    for line in hunk.lines:
        yield _shown(line, strip_cr=strip_cr)


def first_lines(hunk: Hunk, pieces: int, *, strip_cr: bool) -> Rendered:
    """The first changed lines that fit into ``pieces``, and a notice of what is left out, never half a line."""
    left = pieces - _NOTICE_PIECES
    lines: list[str] = []
    start = _without_lead(hunk)
    for text in whole_hunk(start, strip_cr=strip_cr):
        left -= count_pieces(text + "\n")
        if left < 0:
            break
        lines.append(text)
    shown = max(len(lines) - 1, 0)
    if shown:
        lines.append(f"[{len(start.lines) - shown} more lines of this hunk not shown]")
    return Rendered(tuple(lines) if shown else (), int(shown > 0), 1, shown, len(hunk.lines))


def has_plain_crlf(file: FileChange) -> bool:
    """True when every line of the diff ends in a carriage return, so that showing them tells nothing."""
    return all(line.text.endswith("\r") for hunk in file.hunks for line in hunk.lines)


def _facts(file: FileChange) -> Iterator[str]:
    yield "binary" if file.binary else counts(file)
    if file.mode_changed:
        yield f"mode {file.old_mode} -> {file.new_mode}"
    if file.is_symlink:
        yield "symbolic link"


def _shown(line: Line, *, strip_cr: bool) -> str:
    text = line.text.removesuffix("\r") if strip_cr else line.text
    if len(text) > LONGEST_LINE:
        return f"{line.kind}[a line of {len(text)} characters not shown]"
    return line.kind + _LONG_RUN.sub(_run, printable_line(text))


def _run(match: re.Match[str]) -> str:
    return f"[{len(match[0])} times {match[0][0]}]"


def _without_lead(hunk: Hunk) -> Hunk:
    """The hunk from its first changed line on, its line numbers moved along."""
    lead = next((i for i, line in enumerate(hunk.lines) if line.kind != " "), 0)
    return replace(
        hunk,
        old_start=hunk.old_start + lead,
        old_lines=hunk.old_lines - lead,
        new_start=hunk.new_start + lead,
        new_lines=hunk.new_lines - lead,
        lines=hunk.lines[lead:],
    )
