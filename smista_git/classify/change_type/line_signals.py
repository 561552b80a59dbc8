"""Signals read from the shape of added and removed lines."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from smista_git.change.model import Change, FileChange
from smista_git.change.paths import role_of
from smista_git.change.pattern import regex

CODE_ROLES = frozenset({"source", "style", "migration"})
# Beyond so many lines a side the shape of a part is known; reading on only costs time.
MOST_LINES = 400
MOST_LINES_IN_ALL = 20_000

_COMMENT = regex(
    r"\s*(?://|#(?!\s*(?:include|define|if|el|end|pragma|import)\b|\[)|/\*|\*(?:\s|/|$)|--\s|;;|<!--|%%|\"\"\")"
)
_IMPORT = regex(
    r"\s*(?:import\b|from\s+\S+\s+import\b|use\s+[\w:{]|#\s*include\b|using\s+[\w.]+;|require\b"
    r"|export\s+.*\bfrom\b|.*=\s*require\()"
)
_STRING = regex(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
_VERSION = regex(r"\bv?\d+(?:\.\d+){1,3}(?:[-+.][\w.]+)?\b")
_NUMBER = regex(r"\d+")
_WORDLESS = regex(r"^[\W_]*$")


@dataclass(slots=True)
class Side:
    """Added and removed lines of one part of a change."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)


@dataclass(slots=True)
class Lines:
    """The changed lines of the files that people wrote, gathered once for every signal, apart by role."""

    all: Side = field(default_factory=Side)
    code: Side = field(default_factory=Side)
    test: Side = field(default_factory=Side)
    docs: Side = field(default_factory=Side)
    rest: Side = field(default_factory=Side)
    hunk_shapes: list[tuple[int, int]] = field(default_factory=list)
    spaces_only: bool = True

    def part(self, role: str) -> Side:
        """The part that files of the role belong to."""
        if role in CODE_ROLES:
            return self.code
        return {"test": self.test, "docs": self.docs, "changelog": self.docs}.get(role, self.rest)


def gather(change: Change) -> Lines:
    """The lines of a change, files of machines left out, so many of each part and side as the bounds allow."""
    lines = Lines()
    for file in change.files:
        if not file.mechanical:
            _gather_file(file, lines)
            lines.spaces_only = lines.spaces_only and _differs_in_spaces(file)
    return lines


def _differs_in_spaces(file: FileChange) -> bool:
    """True when both sides of the one file are equal without spaces; lines moved between files are no such thing."""
    sides: dict[str, list[str]] = {"+": [], "-": [], " ": []}
    for hunk in file.hunks:
        for line in hunk.lines:
            sides[line.kind] += line.text.split()
    return not file.truncated and "".join(sides["+"]) == "".join(sides["-"])


def _gather_file(file: FileChange, lines: Lines) -> None:
    role = role_of(file.path)
    part = lines.part(role)
    for hunk in file.hunks:
        added = [line.text for line in hunk.lines if line.kind == "+"]
        removed = [line.text for line in hunk.lines if line.kind == "-"]
        if role in CODE_ROLES and len(lines.hunk_shapes) < MOST_LINES:
            lines.hunk_shapes.append((len(added), len(removed)))
        for side, most in ((lines.all, MOST_LINES_IN_ALL), (part, MOST_LINES)):
            side.added += added[: most - len(side.added)]
            side.removed += removed[: most - len(side.removed)]


def line_signals(lines: Lines) -> Mapping[str, float]:
    """Named numbers about what the lines look like; shares lie in [0, 1], counts are logarithms."""
    signals: dict[str, float] = {}
    for name, part in (
        ("code", lines.code),
        ("test", lines.test),
        ("docs", lines.docs),
        ("other", lines.rest),
    ):
        if part:
            signals[f"{name} lines added"] = math.log1p(len(part.added))
            signals[f"{name} lines removed"] = math.log1p(len(part.removed))
    if not lines.all:
        return signals
    signals["share added"] = len(lines.all.added) / len(lines.all)
    signals["only added"] = float(not lines.all.removed)
    signals["only removed"] = float(not lines.all.added)
    signals["whitespace only"] = float(lines.spaces_only)
    _add_equalities(lines.all, signals)
    _add_code(lines.code, signals)
    _add_hunks(lines.hunk_shapes, signals)
    return signals


def _add_equalities(side: Side, signals: dict[str, float]) -> None:
    """Says what is left of the difference once strings or numbers are taken out of both sides."""
    added, removed = _tight(side.added[: 2 * MOST_LINES]), _tight(side.removed[: 2 * MOST_LINES])
    signals["moved share"] = _common_share(added, removed)
    signals["moved only"] = float(bool(added) and sorted(added) == sorted(removed))
    if signals["whitespace only"] or len(added) != len(removed) or len(added) > MOST_LINES:
        return
    for name, pattern in (("versions only", _VERSION), ("numbers only", _NUMBER), ("strings only", _STRING)):
        if all(
            pattern.sub("", one) == pattern.sub("", other) for one, other in zip(added, removed, strict=True)
        ):
            signals[name] = 1.0
            break


def _tight(texts: Iterable[str]) -> list[str]:
    return [tight for text in texts if (tight := "".join(text.split()))]


def _common_share(added: Sequence[str], removed: Sequence[str]) -> float:
    if not added or not removed:
        return 0.0
    both = Counter(added) & Counter(removed)
    weight = sum(count for text, count in both.items() if len(text) > 3 and not _WORDLESS.match(text))
    return 2 * weight / (len(added) + len(removed))


def _add_code(code: Side, signals: dict[str, float]) -> None:
    if not code:
        return
    full = [text for text in (*code.added, *code.removed) if text and not text.isspace()]
    comments = sum(1 for text in full if _COMMENT.match(text))
    imports = sum(1 for text in full if _IMPORT.match(text))
    signals["comment share"] = comments / max(len(full), 1)
    signals["comments only"] = float(0 < comments == len(full))
    signals["import share"] = imports / max(len(full), 1)
    signals["code share added"] = len(code.added) / len(code)
    signals["code moved share"] = _common_share(_tight(code.added), _tight(code.removed))


def _add_hunks(shapes: Sequence[tuple[int, int]], signals: dict[str, float]) -> None:
    if not shapes:
        return
    signals["hunks"] = math.log1p(len(shapes))
    signals["hunks only adding"] = sum(1 for added, removed in shapes if not removed) / len(shapes)
    signals["hunks only removing"] = sum(1 for added, removed in shapes if not added) / len(shapes)
    signals["one-line edits"] = sum(1 for shape in shapes if shape == (1, 1)) / len(shapes)
    signals["largest hunk added"] = math.log1p(max(added for added, _ in shapes))
