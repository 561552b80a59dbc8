"""Signals read from the shape of added and removed lines."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from smista_git.change.model import Change, FileChange
from smista_git.change.paths import role_of

_COMMENT = re.compile(
    r"\s*(?://|#(?!\s*(?:include|define|if|el|end|pragma|import)\b)|/\*|\*(?:\s|/|$)|--\s|;;|<!--|%%|\"\"\")"
)
_IMPORT = re.compile(
    r"\s*(?:import\b|from\s+\S+\s+import\b|use\s+[\w:{]|#\s*include\b|using\s+[\w.]+;|require\b|export\s+.*\bfrom\b|.*=\s*require\()"
)
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
_VERSION = re.compile(r"\bv?\d+(?:\.\d+){1,3}(?:[-+.][\w.]+)?\b")
_NUMBER = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")
_WORDLESS = re.compile(r"^[\W_]*$")


@dataclass(slots=True)
class Lines:
    """The added and removed lines of the files that people wrote, gathered once for every signal."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    code_added: list[str] = field(default_factory=list)
    code_removed: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    hunks: int = 0


def gather(change: Change) -> Lines:
    """The lines of a change, files of machines left out; ``code_*`` hold those of source files only."""
    lines = Lines()
    for file in change.files:
        if not file.mechanical:
            _gather_file(file, lines)
    return lines


def _gather_file(file: FileChange, lines: Lines) -> None:
    is_code = role_of(file.path) in {"source", "style", "migration"}
    lines.hunks += len(file.hunks)
    for hunk in file.hunks:
        added = [line.text for line in hunk.lines if line.kind == "+"]
        removed = [line.text for line in hunk.lines if line.kind == "-"]
        lines.added += added
        lines.removed += removed
        if is_code:
            lines.code_added += added
            lines.code_removed += removed
            lines.sections.append(hunk.section)


def line_signals(lines: Lines) -> Mapping[str, float]:
    """Named numbers about what the lines look like; shares lie in [0, 1], counts are logarithms."""
    added, removed = lines.added, lines.removed
    signals = {
        "lines added": math.log1p(len(added)),
        "lines removed": math.log1p(len(removed)),
        "hunks": math.log1p(lines.hunks),
    }
    total = len(added) + len(removed)
    if not total:
        return signals
    signals["share added"] = len(added) / total
    signals["only added"] = float(not removed)
    signals["only removed"] = float(not added)
    _add_equalities(added, removed, signals)
    _add_code(lines.code_added, lines.code_removed, signals)
    return signals


def _add_equalities(added: Sequence[str], removed: Sequence[str], signals: dict[str, float]) -> None:
    """Says what is left of the difference once spaces, strings or numbers are taken out of both sides."""
    tight = [_tight(added), _tight(removed)]
    signals["whitespace only"] = float("".join(tight[0]) == "".join(tight[1]))
    signals["moved share"] = _common_share(*tight)
    if signals["whitespace only"]:
        return
    for name, pattern in (("versions only", _VERSION), ("numbers only", _NUMBER), ("strings only", _STRING)):
        bare = [[pattern.sub("", text) for text in side] for side in tight]
        if bare[0] and bare[0] == bare[1]:
            signals[name] = 1.0
            break


def _tight(texts: Iterable[str]) -> list[str]:
    return [tight for text in texts if (tight := _SPACE.sub("", text))]


def _common_share(added: Sequence[str], removed: Sequence[str]) -> float:
    if not added or not removed:
        return 0.0
    both = Counter(added) & Counter(removed)
    weight = sum(count for text, count in both.items() if not _WORDLESS.match(text))
    return 2 * weight / (len(added) + len(removed))


def _add_code(added: Sequence[str], removed: Sequence[str], signals: dict[str, float]) -> None:
    total = len(added) + len(removed)
    if not total:
        return
    full = [text for text in (*added, *removed) if text and not text.isspace()]
    comments = sum(1 for text in full if _COMMENT.match(text))
    imports = sum(1 for text in full if _IMPORT.match(text))
    signals["comment share"] = comments / max(len(full), 1)
    signals["comments only"] = float(comments == len(full))
    signals["import share"] = imports / max(len(full), 1)
    signals["code share added"] = len(added) / total
