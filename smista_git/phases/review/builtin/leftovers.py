"""What was left behind: conflict markers, breakpoints, prints made while searching, TODOs that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smista_git.phases.review.builtin.lines import Added, Sheet, in_string
from smista_git.phases.review.finding import Finding

_OPENING = re.compile(r"^<{7} \S")
_CLOSING = re.compile(r"^>{7} \S")
_SCRIPTED = "javascript typescript vue svelte astro"

# Language, what stops or tells too much, what it is called.
_BREAKPOINTS = {
    "python": re.compile(
        r"^\s*(?:breakpoint\(\)|(?:import )?i?pdb(?:\.set_trace\(\)|\s*;|$))|\b(?:pdb|ipdb|pudb)\.set_trace\("
    ),
    "ruby": re.compile(r"^\s*(?:binding\.(?:pry|irb|break)|byebug|debugger)\b"),
    "elixir": re.compile(r"\bIEx\.pry\b"),
    "php": re.compile(r"^\s*(?:var_dump|dd|dump)\("),
    "rust": re.compile(r"\bdbg!\("),
    "go": re.compile(r"\bspew\.Dump\(|\bruntime\.Breakpoint\(\)"),
    **dict.fromkeys(_SCRIPTED.split(), re.compile(r"^\s*debugger;?\s*$")),
}
_SEARCHING = r"""["'`](?:[^\w"'`]*)(?:here|got here|xxx+|asdf+|debug(?:ging)?|wtf|testing|>{2,}|={3,}|\*{3,}|-{3,})[^"'`\w]*[\d]*["'`]"""
_PRINTS = {
    "python": re.compile(rf"^\s*print\(\s*f?{_SEARCHING}", re.IGNORECASE),
    "go": re.compile(rf"^\s*fmt\.Print(?:ln|f)\(\s*{_SEARCHING}", re.IGNORECASE),
    "rust": re.compile(rf"^\s*e?println!\(\s*{_SEARCHING}", re.IGNORECASE),
    "ruby": re.compile(rf"^\s*(?:puts|p)\s+{_SEARCHING}", re.IGNORECASE),
    **dict.fromkeys(
        _SCRIPTED.split(), re.compile(rf"^\s*console\.(?:log|debug|warn)\(\s*{_SEARCHING}", re.IGNORECASE)
    ),
}
_TODO = re.compile(r"(?:^|[\s#/*(\[-])(?P<word>TODO|FIXME|XXX|HACK)\b(?P<rest>.*)")
_REFERENCE = re.compile(r"https?://|#\d+|\b[A-Z][A-Z0-9]+-\d+\b|^\s*\(|\bissue\b|\bv?\d+\.\d+", re.IGNORECASE)
_COMMENT_START = re.compile(r"//|#|/\*|\*|--|<!--|;")


def leftovers(sheet: Sheet) -> Iterator[Finding]:
    """Findings about what should not have been committed."""
    yield from _conflicts(sheet)
    if sheet.role in ("docs", "changelog"):
        return
    for added in sheet.added:
        if added.moved:
            continue
        yield from _debugging(sheet, added)
        yield from _todo(added)


def _conflicts(sheet: Sheet) -> Iterator[Finding]:
    marks = [a for a in sheet.added if _OPENING.match(a.text) or _CLOSING.match(a.text)]
    if not any(_OPENING.match(a.text) for a in marks) and not any(_CLOSING.match(a.text) for a in marks):
        return
    yield marks[0].finding(
        "conflict-marker", "error", "bug", "A merge conflict is committed unresolved",
        "Both sides stand in the file between the markers; it no longer means what either of them meant.",
    )  # fmt: skip


def _debugging(sheet: Sheet, added: Added) -> Iterator[Finding]:
    stop = _BREAKPOINTS.get(sheet.language)
    if (
        stop
        and not added.comment
        and (found := stop.search(added.text))
        and not in_string(added.text, found.start())
    ):
        yield added.finding(
            "breakpoint", "error", "debugging", "A debugger call is left in the code",
            "The program stops here and waits, or prints its insides, for everybody who runs it.",
        )  # fmt: skip
    tell = _PRINTS.get(sheet.language)
    if tell and tell.match(added.text):
        yield added.finding(
            "debug-print", "warning", "debugging", "A print made for debugging is left in the code",
            "It tells users nothing, and it may break what parses the output.",
        )  # fmt: skip


def _todo(added: Added) -> Iterator[Finding]:
    found = _TODO.search(added.text)
    if found is None or _REFERENCE.search(found["rest"]):
        return
    before = added.text[: found.start("word")]
    start = _COMMENT_START.search(before)
    if start is None or (in_string(added.text, found.start("word")) and not added.comment):
        return
    yield added.finding(
        "todo", "note", "maintainability", f"{found['word']} without a reference",
        "Nobody will find it again; name an issue, or do it now.",
    )  # fmt: skip
