"""Signals read from the shape of added and removed lines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import islice

from smista_git.change.pattern import regex
from smista_git.classify.change_type.lines import MOST_LINES, Lines, Side, Tight, common_share

_COMMENT = regex(
    r"(?://|#(?!\s*(?:include|define|if|el|end|pragma|import)\b|\[)|/\*|\*(?:\s|/|$)|--\s|;;|<!--|%%|\"\"\"|''')"
)
_IMPORT = regex(
    r"(?:import\b|from\s+\S+\s+import\b|use\s+[\w:{]|#\s*include\b|using\s+[\w.]+;|require\b"
    r"|export\s+.*\bfrom\b|.*=\s*require\()"
)
_IMPORT_STARTS = ("import", "from", "use ", "#", "using ", "require", "export ")
_COMMENT_STARTS = frozenset("/#*-;<%\"'")
_STRING = regex(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
# A version, or the digest that pins one, as a workflow writes it: "@<40 digits> # v4".
_VERSION = regex(
    r"\bv?\d+(?:\.\d+){1,3}(?:[-+.][\w.]+)?\b|\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b(?:\s*#\s*v?\d[\w.]*)?"
)
_NUMBER = regex(r"\d+")
_CODE_MARKS = frozenset("=;{}<>[]()")


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
    _add_equalities(lines.all, lines.tight, signals)
    _add_code(lines, signals)
    _add_rest(lines.rest, signals)
    _add_hunks(lines.hunk_shapes, signals)
    return signals


def _add_equalities(all_lines: Side, tight: Tight, signals: dict[str, float]) -> None:
    """Says what is left of the difference once strings or numbers are taken out of both sides."""
    sides = [texts[: 2 * MOST_LINES] for texts in (all_lines.added, all_lines.removed)]
    if not all(sides) and any(text.strip() for texts in sides for text in texts):
        signals["moved share"] = 0.0
        return
    for side in sides:
        tight.learn(side)
    added, removed = map(tight.of, sides)
    signals["moved share"] = common_share(added, removed)
    if signals["whitespace only"] or len(added) != len(removed):
        return
    signals["moved only"] = float(bool(added) and sorted(added) == sorted(removed))
    if len(added) > MOST_LINES:
        return
    for name, cut in (
        ("versions only", without_versions),
        ("numbers only", partial(_NUMBER.sub, "")),
        ("strings only", partial(_STRING.sub, "")),
    ):
        if all(cut(one) == cut(other) for one, other in zip(added, removed, strict=True)):
            signals[name] = 1.0
            break


def without_versions(text: str) -> str:
    """The line, version numbers and digests left out."""
    return _VERSION.sub("", text) if _may_have_version(text) else text


def _may_have_version(text: str) -> bool:
    """False where there is no dot, nor room for a digest; it is asked since the pattern is slow."""
    return "." in text or len(text) >= 40


def _add_code(lines: Lines, signals: dict[str, float]) -> None:
    code = lines.code
    if not code:
        return
    comments = imports = prose = 0
    full = [stripped for text in (*code.added, *code.removed) if (stripped := text.strip())]
    for text in full:
        if text[0] in _COMMENT_STARTS and _COMMENT.match(text):
            comments += 1
        elif text.startswith(_IMPORT_STARTS) or "require(" in text:
            imports += _IMPORT.match(text) is not None
        prose += text.count(" ") > 3 and _CODE_MARKS.isdisjoint(text)
    total = max(len(full), 1)
    signals["comment share"] = comments / total
    signals["comments only"] = float(0 < comments == len(full))
    signals["import share"] = imports / total
    # Lines of words alone, as in a comment or a docstring.
    signals["prose share"] = prose / total
    signals["code share added"] = len(code.added) / len(code)
    net = len(code.added) - len(code.removed)
    signals["net code lines"] = math.copysign(math.log1p(abs(net)), net)
    signals["code moved share"] = (
        signals["moved share"]
        if len(code) == len(lines.all)
        else common_share(lines.tight.of(code.added), lines.tight.of(code.removed))
    )


def _add_rest(rest: Side, signals: dict[str, float]) -> None:
    if rest:
        texts = list(islice(_both(rest), 2 * MOST_LINES))
        versions = [text for text in texts if _may_have_version(text) and _VERSION.search(text)]
        signals["other version share"] = len(versions) / len(texts)


def _both(side: Side) -> Iterable[str]:
    yield from side.added
    yield from side.removed


def _add_hunks(shapes: Sequence[tuple[int, int]], signals: dict[str, float]) -> None:
    if not shapes:
        return
    signals["hunks"] = math.log1p(len(shapes))
    signals["hunks only adding"] = sum(1 for added, removed in shapes if not removed) / len(shapes)
    signals["hunks only removing"] = sum(1 for added, removed in shapes if not added) / len(shapes)
    signals["one-line edits"] = sum(1 for shape in shapes if shape == (1, 1)) / len(shapes)
    signals["largest hunk added"] = math.log1p(max(added for added, _ in shapes))
