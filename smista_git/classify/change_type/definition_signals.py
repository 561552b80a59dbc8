"""Signals read from code: definitions that appear, go or change, names, guards, fields and tests."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from smista_git.change.pattern import regex
from smista_git.classify.change_type.line_signals import Lines, Side

# One pattern for the languages of the table in change/languages.py that define things with a keyword.
_DEFINITION = regex(
    r"^[ \t]*(?P<public>export[ \t]+(?:default[ \t]+)?|pub(?:\([\w ]+\))?[ \t]+|public[ \t]+|open[ \t]+)?"
    r"(?:(?:static|async|abstract|final|sealed|override|virtual|unsafe|const|inline|private|protected|internal|"
    r"partial|data|declare|extern|suspend|fileprivate|readonly|default)[ \t]+)*"
    r"(?:def|fn|func|fun|function\*?|class|interface|struct|enum|trait|impl|module|namespace|protocol|"
    r"macro_rules!|object|record|type|defp?|defmodule|sub|mixin|extension|union|typedef)[ \t]+"
    r"(?:\([^)\n]*\)[ \t]*)?(?P<name>[A-Za-z_$][\w$]*)",
    re.MULTILINE,
)
_METHOD = regex(
    r"^[ \t]+(?P<public>public[ \t]+)?(?:(?:static|async|final|override|virtual|private|protected|internal|const|"
    r"synchronized|get|set|abstract)[ \t]+)*(?:[\w<>\[\],.?&*:]+[ \t]+)?(?P<name>[A-Za-z_$][\w$]*)"
    r"\([^;{}()\n]*\)[^;{}()=\n]*\{[ \t]*$",
    re.MULTILINE,
)
_ARROW = regex(
    r"^[ \t]*(?P<public>export[ \t]+)?(?:const|let|var)[ \t]+(?P<name>[A-Za-z_$][\w$]*)[^=\n]*=[ \t]*"
    r"(?:async[ \t]*)?(?:\([^\n]*\)|[\w$]+)[ \t]*(?::[^=\n]+)?=>",
    re.MULTILINE,
)
_NO_NAMES = frozenset(
    {"if", "for", "while", "switch", "catch", "return", "else", "match", "function", "with"}
)
# Everything the shapes below are counted from is cut out in one pass: names and the operators that matter.
_TOKEN = regex(r"[A-Za-z_]\w*|&&|\|\||\?\?|\?\.|!=|=>|--(?=[a-z])|#(?=\d{2})|@(?=\w)")
_CASE_MARKS = regex(
    r"\bit\(|\btest(?:\.\w+)?\(|\bdef test_|#\[(?:\w+::)?test\b|\bfunc Test|@Test\b"
    r"|\[(?:Fact|Theory|Test)\b|\bTEST(?:_F|_P)?\(|\bit \"|\btestWidgets\("
)
_FIELD = regex(r"^\s*(?:pub |public |private |readonly )?\w+\??:\s+\S", re.MULTILINE)
_SHAPES: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "guards": "if unless guard elif elsif",
        "empty checks": "null nil None undefined nullptr NULL is_none is_some isEmpty is_empty hasattr typeof ?. ??",
        "error handling": "try catch except rescue throw raise panic recover finally error errors Exception Err unwrap expect Error err",
        "cases": "case default => match switch when",
        "returns": "return yield",
        "flags of commands": "--",
        "annotations": "@",
        "boolean operators": "&& || and or not !=",
        "todo marks": "TODO FIXME HACK XXX workaround Workaround",
        "issue references": "# issues pull",
        "types": "str int bool string number Optional Vec List Option Result any unknown void String Box dict list",
        "asynchrony": "async await Promise Future goroutine go chan spawn thread Mutex lock tokio",
    }.items()
}


def definition_signals(lines: Lines) -> Mapping[str, float]:
    """Named numbers about definitions and code shapes in source files; counts are logarithms."""
    signals: dict[str, float] = {}
    if lines.code:
        _add_definitions(lines.code, signals)
        _add_shapes(lines.code, signals)
    if lines.test:
        added, removed = (
            len(_CASE_MARKS.findall("\n".join(texts))) for texts in (lines.test.added, lines.test.removed)
        )
        signals["new test cases"] = math.log1p(max(added - removed, 0))
        signals["removed test cases"] = math.log1p(max(removed - added, 0))
    return signals


def _add_definitions(code: Side, signals: dict[str, float]) -> None:
    added, removed = _names(code.added), _names(code.removed)
    new, gone, changed = set(added) - set(removed), set(removed) - set(added), set(added) & set(removed)
    counts = {
        "new definitions": len(new),
        "removed definitions": len(gone),
        "changed signatures": len(changed),
        "new public definitions": sum(added[name] for name in new),
        "removed public definitions": sum(removed[name] for name in gone),
        "changed public signatures": sum(added[name] for name in changed),
    }
    signals.update({name: math.log1p(count) for name, count in counts.items()})


def _names(texts: Sequence[str]) -> dict[str, bool]:
    """Each name that the lines define, and whether it is marked public."""
    joined = "\n".join(texts)
    names: dict[str, bool] = {}
    for pattern in (_DEFINITION, _METHOD, _ARROW):
        for match in pattern.finditer(joined):
            name = match["name"]
            if name not in _NO_NAMES:
                names[name] = names.get(name, False) or match["public"] is not None
    return names


def _add_shapes(code: Side, signals: dict[str, float]) -> None:
    added, removed = "\n".join(code.added), "\n".join(code.removed)
    here, there = Counter(_TOKEN.findall(added)), Counter(_TOKEN.findall(removed))
    for name, words in _SHAPES.items():
        _add_balance(name, _count(words, here), _count(words, there), signals)
    _add_balance("fields", len(_FIELD.findall(added)), len(_FIELD.findall(removed)), signals)
    either = len(here.keys() | there.keys())
    if either:
        signals["new names"] = math.log1p(len(here.keys() - there.keys()))
        signals["gone names"] = math.log1p(len(there.keys() - here.keys()))
        signals["shared names"] = len(here.keys() & there.keys()) / either


def _count(words: frozenset[str], tokens: Counter[str]) -> int:
    return sum(tokens[word] for word in words if word in tokens)


def _add_balance(name: str, more: int, fewer: int, signals: dict[str, float]) -> None:
    signals[f"{name} added"] = math.log1p(max(more - fewer, 0))
    signals[f"{name} removed"] = math.log1p(max(fewer - more, 0))
    signals[f"{name} touched"] = math.log1p(min(more, fewer))
