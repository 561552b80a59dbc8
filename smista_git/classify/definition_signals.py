"""Signals read from definitions: what appears, what goes, and whose signature changed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from smista_git.classify.line_signals import Lines

# One pattern for the languages of the table in change/languages.py that define things with a keyword.
_DEFINITION = re.compile(
    r"^[ \t]*(?P<public>export[ \t]+(?:default[ \t]+)?|pub(?:\([\w ]+\))?[ \t]+|public[ \t]+|open[ \t]+)?"
    r"(?:(?:static|async|abstract|final|sealed|override|virtual|unsafe|const|inline|private|protected|internal|"
    r"partial|data|declare|extern|suspend|fileprivate|readonly|default)[ \t]+)*"
    r"(?:def|fn|func|fun|function\*?|class|interface|struct|enum|trait|impl|module|namespace|protocol|"
    r"macro_rules!|object|record|type|defp?|defmodule|sub|mixin|extension|union|typedef)[ \t]+"
    r"(?:\([^)]*\)[ \t]*)?(?P<name>[A-Za-z_$][\w$]*)",
    re.MULTILINE,
)
_METHOD = re.compile(
    r"^[ \t]+(?P<public>public[ \t]+)?(?:(?:static|async|final|override|virtual|private|protected|internal|const|"
    r"synchronized|get|set|abstract)[ \t]+)*(?:[\w<>\[\],.?&*:]+[ \t]+)?(?P<name>[A-Za-z_$][\w$]*)"
    r"\([^;{}()]*\)[^;{}()=]*\{[ \t]*$",
    re.MULTILINE,
)
_ARROW = re.compile(
    r"^[ \t]*(?P<public>export[ \t]+)?(?:const|let|var)[ \t]+(?P<name>[A-Za-z_$][\w$]*)[^=\n]*=[ \t]*"
    r"(?:async[ \t]*)?(?:\([^\n]*\)|[\w$]+)[ \t]*(?::[^=\n]+)?=>",
    re.MULTILINE,
)
_NO_NAMES = frozenset(
    {"if", "for", "while", "switch", "catch", "return", "else", "match", "function", "with"}
)


def definition_signals(lines: Lines) -> Mapping[str, float]:
    """Named numbers about definitions in source files; counts are logarithms."""
    added, removed = _names(lines.code_added), _names(lines.code_removed)
    new, gone, changed = set(added) - set(removed), set(removed) - set(added), set(added) & set(removed)
    return {
        "new definitions": math.log1p(len(new)),
        "removed definitions": math.log1p(len(gone)),
        "changed signatures": math.log1p(len(changed)),
        "new public definitions": math.log1p(sum(added[name] for name in new)),
        "removed public definitions": math.log1p(sum(removed[name] for name in gone)),
        "changed public signatures": math.log1p(sum(added[name] for name in changed)),
    }


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
