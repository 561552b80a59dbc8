"""Signals read from code: definitions that appear, go or change, names, guards, fields and tests."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from smista_git.change.pattern import regex
from smista_git.classify.change_type.lines import MOST_LETTERS_IN_LINE, Lines, Side
from smista_git.classify.change_type.words import Tokens

_KEYWORDS = [
    "def",
    "fn",
    "func",
    "fun",
    "function",
    "function*",
    "class",
    "interface",
    "struct",
    "enum",
    "trait",
    "impl",
    "module",
    "namespace",
    "protocol",
    "macro_rules!",
    "object",
    "record",
    "type",
    "defp",
    "defmodule",
    "sub",
    "mixin",
    "extension",
    "union",
    "typedef",
]
# Patterns begin with the newline before a line, which is found many times as fast as the start of one.
# One pattern for the languages of the table in change/languages.py that define things with a keyword.
_DEFINITION = regex(
    r"\n[ \t]*+(?P<public>export[ \t]+(?:default[ \t]+)?|pub(?:\([\w ]+\))?[ \t]+|public[ \t]+|open[ \t]+)?"
    r"(?:(?:static|async|abstract|final|sealed|override|virtual|unsafe|const|inline|private|protected|internal|"
    r"partial|data|declare|extern|suspend|fileprivate|readonly|default)[ \t]+)*"
    rf"(?:{'|'.join(map(re.escape, _KEYWORDS))})[ \t]+(?:\([^)\n]*\)[ \t]*)?(?P<name>[A-Za-z_$][\w$]*)"
)
_METHOD = regex(
    r"\n(?=[ \t][^\n]*\{[ \t]*$)[ \t]+(?P<public>public[ \t]+)?(?:(?:static|async|final|override|virtual|private|protected|internal|const|"
    r"synchronized|get|set|abstract)[ \t]+)*(?:[\w<>\[\],.?&*:]+[ \t]+)?(?P<name>[A-Za-z_$][\w$]*)"
    r"\([^;{}()\n]*\)[^;{}()=\n]*\{[ \t]*$",
    re.MULTILINE,
)
_ARROW = regex(
    r"\n[ \t]*+(?P<public>export[ \t]+)?(?:const|let|var)[ \t]+(?P<name>[A-Za-z_$][\w$]*)[^=\n]*=[ \t]*"
    r"(?:async[ \t]*)?(?:\([^\n]*\)|[\w$]+)[ \t]*(?::[^=\n]+)?=>"
)
_NO_NAMES = frozenset(
    {"if", "for", "while", "switch", "catch", "return", "else", "match", "function", "with"}
)
_CASE = regex(
    r"\n[ \t]*+(?:it\(|it \"|test(?:\.\w+)?\(|(?:async )?def test_|#\[(?:\w+::)?test\b|func Test|@Test\b"
    r"|\[(?:Fact|Theory|Test)\b|TEST(?:_F|_P)?\(|testWidgets\()"
)
_TEST_SECTION = regex(
    r"\bmod tests?\b|\bfn test_|\bdef test_|\bfunc Test|\b[Tt]ests?\b.*\{|\bunittest\b|\b(?:describe|it|test)\("
)
_FIELD = regex(r"\n\s*(?:pub |public |private |readonly )?\w+\??:\s+\S")
_SHAPES = {
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
    "logging": "log logger logging console print println printf eprintln debug warn warning info trace",
    "visibility": "public private protected export pub internal static final const readonly",
    "options": "option options flag arg args argument param params parameter config setting settings default",
    "asynchrony": "async await Promise Future goroutine go chan spawn thread Mutex lock tokio",
}
_SHAPE_OF: dict[str, list[str]] = {}
for _shape, _words in _SHAPES.items():
    for _word in set(_words.split()):
        _SHAPE_OF.setdefault(_word, []).append(_shape)


def definition_signals(lines: Lines, tokens: Tokens) -> Mapping[str, float]:
    """Named numbers about definitions and code shapes in source files; counts are logarithms."""
    signals: dict[str, float] = {}
    if lines.code:
        _add_definitions(lines.code, tokens, signals)
        _add_shapes(lines.code, tokens, signals)
        signals.update(_inline_tests(lines))
    if lines.test:
        added, removed = (_cases(texts) for texts in (lines.test.added, lines.test.removed))
        signals["new test cases"] = math.log1p(max(added - removed, 0))
        signals["removed test cases"] = math.log1p(max(removed - added, 0))
    return signals


def _cases(texts: Sequence[str]) -> int:
    return len(_CASE.findall(_joined(texts)))


def _joined(texts: Sequence[str]) -> str:
    """The lines as one text, with a newline before each."""
    return "\n" + "\n".join(texts)


def _inline_tests(lines: Lines) -> Mapping[str, float]:
    """Tests that stand in source files, as is the custom in Rust, D or Zig."""
    sections = lines.sections
    inside = sum(1 for s in sections if ("est" in s or "it(" in s or "desc" in s) and _TEST_SECTION.search(s))
    cases = _cases(lines.code.added)
    return {
        "hunks inside tests": inside / max(len(sections), 1),
        "test cases in source": math.log1p(cases),
        "test cases a hunk": min(cases / max(len(sections), 1), 1.0),
    }


def _add_definitions(code: Side, tokens: Tokens, signals: dict[str, float]) -> None:
    added, removed = _names(code.added), _names(code.removed)
    new, gone, changed = set(added) - set(removed), set(removed) - set(added), set(added) & set(removed)
    counts = {
        "new definitions": len(new),
        "removed definitions": len(gone),
        "changed signatures": len(changed),
        "new public definitions": sum(added[name].public for name in new),
        "removed public definitions": sum(removed[name].public for name in gone),
        "changed public signatures": sum(added[name].public for name in changed),
        # A name that is not only defined but used shows a part taken out of what was there.
        "new definitions in use": sum(tokens.added[name] > 1 for name in new),
        "renamed definitions": (
            Counter(added[name].rest for name in new) & Counter(removed[name].rest for name in gone)
        ).total(),
    }
    signals.update({name: math.log1p(count) for name, count in counts.items()})


class _Definition(NamedTuple):
    """Whether a definition is marked public, and its line without the name."""

    public: bool
    rest: str


def _names(texts: Sequence[str]) -> dict[str, _Definition]:
    """The definition of each name that the lines define."""
    names: dict[str, _Definition] = {}
    text = _joined([line[:MOST_LETTERS_IN_LINE] for line in texts]) + "\n"
    for match in _definitions(text):
        name, public = match["name"], match["public"] is not None
        if name not in _NO_NAMES:
            known = names.get(name)
            end = text.find("\n", match.end())
            rest = (
                text[match.start() : match.start("name")].strip()
                + " "
                + text[match.end("name") : end].strip()
            )
            names[name] = _Definition(public or (known is not None and known.public), rest)
    return names


def _definitions(text: str) -> list[re.Match[str]]:
    """What may be a definition, line by line."""
    found = [*_DEFINITION.finditer(text)]
    if "{" in text:
        found += _METHOD.finditer(text)
    if "=>" in text:
        found += _ARROW.finditer(text)
    return sorted(found, key=re.Match.start)


def _add_shapes(code: Side, tokens: Tokens, signals: dict[str, float]) -> None:
    here, there = tokens.added, tokens.removed
    more, fewer = _shape_counts(here), _shape_counts(there)
    for name in more.keys() | fewer.keys():
        _add_balance(name, more.get(name, 0), fewer.get(name, 0), signals)
    fields = [len(_FIELD.findall(_joined(texts))) for texts in (code.added, code.removed)]
    _add_balance("fields", fields[0], fields[1], signals)
    either = len(here.keys() | there.keys())
    if either:
        signals["new names"] = math.log1p(len(here.keys() - there.keys()))
        signals["gone names"] = math.log1p(len(there.keys() - here.keys()))
        signals["shared names"] = len(here.keys() & there.keys()) / either
    if here and there:
        kept = sum(min(count, here[token]) for token, count in there.items() if token in here)
        signals["removed tokens kept"] = kept / there.total()
        signals["added tokens kept"] = kept / here.total()


def _shape_counts(tokens: Counter[str]) -> dict[str, int]:
    """How often the words of each shape occur, for the shapes that do."""
    counts: dict[str, int] = {}
    for word in _SHAPE_OF.keys() & tokens.keys():
        for shape in _SHAPE_OF[word]:
            counts[shape] = counts.get(shape, 0) + tokens[word]
    return counts


def _add_balance(name: str, more: int, fewer: int, signals: dict[str, float]) -> None:
    if more > fewer:
        signals[f"{name} added"] = math.log1p(more - fewer)
    elif fewer > more:
        signals[f"{name} removed"] = math.log1p(fewer - more)
    if more and fewer:
        signals[f"{name} touched"] = math.log1p(min(more, fewer))
