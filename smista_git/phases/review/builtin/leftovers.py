"""What was left behind: conflict markers, breakpoints, prints made while searching, TODOs that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from smista_git.phases.review.builtin.lines import Added, Sheet, in_string
from smista_git.phases.review.finding import Finding

_OPENING = re.compile(r"^<{7} \S")
_CLOSING = re.compile(r"^>{7} \S")
_SCRIPTED = "javascript typescript vue svelte astro"

# Language, what stops or tells too much, what it is called.
_BREAKPOINTS = {
    "python": re.compile(
        r"(?:^\s*|[:;]\s*)breakpoint\(\)|^\s*(?:import i?pdb|from (?:i?pdb|pudb) import set_trace)\s*(?:;|$|#)"
        r"|\b(?:pdb|ipdb|pudb|web_pdb|rpdb|remote_pdb)\.set_trace\(|^\s*(?:i?pdb\.)?set_trace\(\)\s*$|\bcode\.interact\(local="
    ),
    "ruby": re.compile(r"(?:^\s*|;\s*)(?:binding\.(?:pry|irb|break|b)\b|byebug\b|debugger\b)(?!\s*=)"),
    "elixir": re.compile(r"\bIEx\.pry\b"),
    "go": re.compile(r"\bruntime\.Breakpoint\(\)"),
    "c#": re.compile(r"\bDebugger\.(?:Break|Launch)\(\)"),
    **dict.fromkeys(
        ("c", "c++"), re.compile(r"^\s*(?:__debugbreak\(\)|__builtin_trap\(\)|raise\(SIGTRAP\))\s*;")
    ),
    **dict.fromkeys(_SCRIPTED.split(), re.compile(r"(?:^|[;{})])\s*debugger\s*(?:;|$|//)")),
}
# What prints a value for whoever is searching, and has no other use.
_DUMPS = {
    "rust": re.compile(r"\bdbg!\("),
    "go": re.compile(r"\bspew\.Dump\("),
    "php": re.compile(r"(?:^\s*|;\s*|\bdie\()(?:var_dump|dd|dump|print_r)\((?!.*,\s*true\s*\))"),
    "elixir": re.compile(r"\|>\s*dbg\(|^\s*dbg\("),
    **dict.fromkeys(_SCRIPTED.split(), re.compile(r"^\s*console\.(?:trace|table)\(")),
}
_UNFINISHED = {
    "rust": re.compile(r"(?<![\w!])(?:todo|unimplemented)!\("),
    "kotlin": re.compile(r"(?<![\w.])TODO\("),
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
    if added.comment:
        return
    if _holds(_BREAKPOINTS, sheet, added):
        yield added.finding(
            "breakpoint", "error", "debugging", "A debugger call is left in the code",
            "The program stops here and waits for everybody who runs it.",
        )  # fmt: skip
    elif _holds(_DUMPS, sheet, added) or _holds(_PRINTS, sheet, added):
        yield added.finding(
            "debug-print", "note" if sheet.role in ("test", "example") else "warning", "debugging",
            "A print made for debugging is left in the code",
            "It tells users nothing, and it may break what parses the output.",
        )  # fmt: skip
    elif sheet.role == "source" and _holds(_UNFINISHED, sheet, added):
        yield added.finding(
            "unfinished", "warning", "bug", "Code that is not written yet panics",
            "Whoever gets here sees a crash; write it, or return an error that says so.",
        )  # fmt: skip


def _holds(patterns: Mapping[str, re.Pattern[str]], sheet: Sheet, added: Added) -> bool:
    pattern = patterns.get(sheet.language)
    found = pattern.search(added.text) if pattern else None
    return found is not None and not in_string(added.text, found.start())


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
