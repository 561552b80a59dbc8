"""Which functions a change touches that others may call, and which lines of a search for their names are calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname

from smista_git.change.model import Change, FileChange, Hunk, Line
from smista_git.change.paths import role_of
from smista_git.phases.builtin_message.grammar import definition, grammar_for

# A function that is gone is looked for by a name that hardly anything else has.
LEAST_LETTERS_GONE = 8
# Of a shorter name, or one that every second class has, a search finds other things than the calls of this one.
LEAST_LETTERS = 4
_COMMON_WORDS = """
    main init setup test tests call close open read write load save next iter name names value values size length
    push pull send join split find from into clone copy default create update delete remove insert append start
    stop reset clear apply parse format print string equals hashcode tostring
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_FUNCTIONS = frozenset({"function", "method", "macro"})
_ITSELF = frozenset({"self", "this", "cls", "Self"})
_ASSIGNED = re.compile(r"\s*(?:\w+\s+)*(?P<name>\w+)\s*(?::[^=]*)?:?=(?!=)")
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_COMMENT = re.compile(r"^\s*(?:#|//|/?\*|--|<!--)")


def suffix_of(path: str) -> str:
    """The ending of a file's name, in lower case and without its dot; empty where there is none."""
    return basename(path).rpartition(".")[2].lower() if "." in basename(path) else ""


def subject_of_test(path: str) -> str:
    """What a file and its test have in common: the name without ending and without the marks of a test; empty for a
    name that every package has.
    """
    name = basename(path).partition(".")[0].lower()
    name = name.removeprefix("test_").removesuffix("_test").removesuffix("_spec")
    return "" if name in ("__init__", "index", "mod", "conftest") else name


def touched_functions(file: FileChange) -> tuple[str, ...]:
    """The functions that were there before and are touched: first those that went or have another head, then those
    whose body changed. One that is only new has no caller that the change does not show.
    """
    grammar = grammar_for(suffix_of(file.path))
    gone = [d.name for text in _texts(file, "-") if (d := definition(text, grammar)) and d.kind in _FUNCTIONS]
    new = {d.name for text in _texts(file, "+") if (d := definition(text, grammar))} - set(gone)
    inside = [name for hunk in file.hunks for name in _enclosing(hunk, file)]
    return tuple(name for name in dict.fromkeys([*gone, *inside]) if name not in new and _telling(name))


def vanished_functions(change: Change) -> tuple[tuple[FileChange, Line, str], ...]:
    """The functions of source files that the change takes away and defines nowhere anew: the file, the line that
    defined it, and its name.
    """
    found, new = [], set()
    for file in change.files:
        grammar = grammar_for(suffix_of(file.path))
        new |= {d.name for text in _texts(file, "+") if (d := definition(text, grammar))}
        new |= {m["name"] for text in _texts(file, "+") if (m := _ASSIGNED.match(text[:200]))}
        if grammar is None or file.mechanical or role_of(file.path) != "source":
            continue
        for line in (line for hunk in file.hunks for line in hunk.lines if line.kind == "-"):
            gone = definition(line.text, grammar)
            if gone is not None and gone.kind in _FUNCTIONS and _telling(gone.name):
                found.append((file, line, gone.name))
    return tuple(one for one in found if one[2] not in new and len(one[2]) >= LEAST_LETTERS_GONE)


def is_call(text: str, name: str, path: str) -> bool:
    """Whether a line uses the function as a value or calls it: no definition, no comment."""
    if _COMMENT.match(text) or defines(text, name, path):
        return False
    if grammar_for(suffix_of(path)) is grammar_for("c") and not text[:1].isspace():
        return False  # a declaration: no statement of C stands at the margin
    word, code = re.escape(name), _STRING.sub("''", text)
    return re.search(rf"(?<!\w){word}\s*(?:\(|<|!|::)|(?:\.|->|::|[(,=]\s*){word}(?!\w)", code) is not None


def may_mean(text: str, path: str, name: str, home: str) -> bool:
    """Whether a use can mean the function that stood in the file ``home``: bare, or called on the object itself there,
    or on what bears the name of that file or of a folder of it. On anything else, it is that one's own function.
    """
    whose = {part.partition(".")[0] for part in home.split("/")} | (_ITSELF if path == home else set())
    uses = re.finditer(rf"(?:(?P<whose>\w*)\s*(?P<dot>\.|->|::)\s*)?(?<!\w){re.escape(name)}(?!\w)", text)
    bare_is_ours = not home.endswith(".go") or dirname(path) == dirname(home)
    return any(use["whose"] in whose if use["dot"] else bare_is_ours for use in uses)


def defines(text: str, name: str, path: str) -> bool:
    """Whether a line defines something of that name."""
    found = definition(text, grammar_for(suffix_of(path)))
    return found is not None and found.name == name


def _enclosing(hunk: Hunk, file: FileChange) -> Iterator[str]:
    """The functions, by the nearest head above, in which the hunk changes a line."""
    grammar = grammar_for(suffix_of(file.path))
    inside = definition(hunk.section, grammar)
    for line in hunk.lines:
        found = definition(line.text, grammar)
        if found is not None and found.kind in _FUNCTIONS:
            inside = found
        elif line.kind != " " and line.text.strip() and inside is not None and inside.kind in _FUNCTIONS:
            yield inside.name


def _texts(file: FileChange, kind: str) -> Iterator[str]:
    return (line.text for hunk in file.hunks for line in hunk.lines if line.kind == kind)


def _telling(name: str) -> bool:
    return len(name) >= LEAST_LETTERS and name.lower() not in _COMMON and not name.startswith("__")
