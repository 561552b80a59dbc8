"""What a line defines, by language: one expression a family, compiled when first needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from smista_git.change.pattern import regex

_JS = r"""
^\s*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:async\s+)?function\s*\*?\s*(?P<function>[\w$]+)
|^\s*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?class\s+(?P<class>[\w$]+)
|^\s*(?:export\s+)?(?:declare\s+)?interface\s+(?P<interface>[\w$]+)
|^\s*(?:export\s+)?(?:declare\s+)?type\s+(?P<type>[\w$]+)[^=]*=
|^\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?enum\s+(?P<enum>[\w$]+)
|^(?:export\s+)?(?:const|let|var)\s+(?P<function_>[\w$]+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:function\b|\([^)]*$|\([^)]*\)\s*(?::[^=]+)?=>|[\w$]+\s*=>)
|^(?:export\s+)const\s+(?P<constant>[\w$]+)\s*[:=]
|^const\s+(?P<constant_>[A-Z][A-Z0-9_]{2,})\s*[:=]
|^\s+(?:(?:public|private|protected|static|async|override|readonly|get|set)\s+)*\*?(?!(?:if|for|while|switch|catch|return|function|await|super|constructor|it|test|describe|expect)\b)(?P<method>\#?[\w$]+)\s*(?:<[^>]*>)?\([^()]*\)\s*(?::\s*[^{]+)?\{\s*$
"""
_PYTHON = r"""
^\s+(?:async\s+)?def\s+(?P<method>\w+)
|^(?:async\s+)?def\s+(?P<function>\w+)
|^\s*class\s+(?P<class>\w+)
|^(?P<constant>_?[A-Z][A-Z0-9_]{2,})\s*(?::[^=]+)?=
|^type\s+(?P<type>\w+)
"""
_GO = r"""
^func\s+\([^)]*\)\s*(?P<method>\w+)
|^func\s+(?P<function>\w+)
|^type\s+(?P<interface>\w+)\s+interface\b
|^type\s+(?P<type>\w+)
|^\s*(?:const|var)\s+(?P<constant>[A-Z]\w+)
"""
_RUST = r"""
^\s+(?:pub(?:\([^)]*\))?\s+)?(?:async\s+|const\s+|unsafe\s+)*fn\s+(?P<method>\w+)
|^(?:pub(?:\([^)]*\))?\s+)?(?:async\s+|const\s+|unsafe\s+)*fn\s+(?P<function>\w+)
|^\s*(?:pub(?:\([^)]*\))?\s+)?struct\s+(?P<struct>\w+)
|^\s*(?:pub(?:\([^)]*\))?\s+)?enum\s+(?P<enum>\w+)
|^\s*(?:pub(?:\([^)]*\))?\s+)?trait\s+(?P<trait>\w+)
|^\s*(?:pub(?:\([^)]*\))?\s+)?type\s+(?P<type>\w+)
|^\s*macro_rules!\s+(?P<macro>\w+)
|^\s*(?:pub(?:\([^)]*\))?\s+)?(?:const|static)\s+(?P<constant>[A-Z]\w+)
|^\s*impl(?:<[^>]*>)?\s+(?:[\w:<>]+\s+for\s+)?(?P<impl>\w+)
"""
_JVM = r"""
^\s*(?:(?:public|private|protected|internal|abstract|final|static|sealed|data|open|case|partial|inner|implicit|readonly)\s+)*(?:class|object|record)\s+(?P<class>\w+)
|^\s*(?:(?:public|private|protected|internal|sealed|partial)\s+)*(?:interface|trait|protocol)\s+(?P<interface>\w+)
|^\s*(?:(?:public|private|protected|internal)\s+)*(?:enum(?:\s+class)?)\s+(?P<enum>\w+)
|^\s*(?:(?:public|private|protected|internal|indirect)\s+)*struct\s+(?P<struct>\w+)
|^\s*(?:(?:public|private|protected|internal|override|suspend|inline|open|static|mutating|final|abstract|operator|implicit)\s+)*(?:fun|func|def)\s+(?:<[^>]*>\s*)?(?:\w+\.)?(?P<function>\w+)
|^\s+(?:(?:public|private|protected|internal|static|final|abstract|async|override|virtual|synchronized)\s+)+[\w<>\[\],.?\s]+?\s(?P<method>\w+)\s*\([^;]*$
|^\s*(?:(?:public|private|protected|static|final|const)\s+){2,}[\w<>\[\]]+\s+(?P<constant>[A-Z][A-Z0-9_]+)\s*=
"""
_C = r"""
^\s*(?:class|struct|union)\s+(?:\w+\s+)?(?P<struct>\w+)\s*(?:[:{]|$)
|^\s*enum\s+(?:class\s+)?(?P<enum>\w+)
|^\#\s*define\s+(?P<macro>\w+)
|^(?!(?:if|for|while|switch|return|else|typedef|using|namespace)\b)[A-Za-z_][\w:<>,&*\s]*?[\s*&](?P<function>[\w:~]+)\s*\([^;]*$
"""
_RUBY = r"""
^\s*def\s+(?:self\.)?(?P<method>\w+[?!=]?)
|^\s*class\s+(?P<class>[\w:]+)
|^\s*module\s+(?P<module>[\w:]+)
|^\s*(?P<constant>[A-Z][A-Z0-9_]{2,})\s*=
"""
_PHP = r"""
^\s+(?:(?:public|private|protected|static|final|abstract)\s+)+function\s+&?(?P<method>\w+)
|^\s*function\s+&?(?P<function>\w+)
|^\s*(?:abstract\s+|final\s+)?class\s+(?P<class>\w+)
|^\s*interface\s+(?P<interface>\w+)
|^\s*trait\s+(?P<trait>\w+)
|^\s*(?:public\s+)?const\s+(?P<constant>\w+)
"""
_SHELL = r"""
^\s*(?:function\s+)?(?P<function>[\w-]+)\s*\(\)\s*\{?
|^\s*function\s+(?P<function_>[\w-]+)
|^(?:export\s+|readonly\s+)(?P<variable>[A-Z][A-Z0-9_]+)=
"""
_SQL = r"""
^\s*create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?table\s+(?:if\s+not\s+exists\s+)?["`\[]?(?P<table>[\w.]+)
|^\s*create\s+(?:or\s+replace\s+)?(?:materialized\s+)?view\s+(?:if\s+not\s+exists\s+)?["`\[]?(?P<view>[\w.]+)
|^\s*create\s+(?:unique\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?["`\[]?(?P<index>[\w.]+)
|^\s*create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+["`\[]?(?P<function>[\w.]+)
|add\s+column\s+(?:if\s+not\s+exists\s+)?["`\[]?(?P<column>\w+)
"""
_CSS = r"""
^\s*(?P<selector>[.\#][\w-]+)[^{};]*\{
|^\s*(?P<variable>--[\w-]+)\s*:
|^\s*@(?:mixin|function)\s+(?P<mixin>[\w-]+)
|^\s*@keyframes\s+(?P<animation>[\w-]+)
"""
_SCRIPT = r"""
^\s*defp?\s+(?P<function>\w+[?!]?)
|^\s*defmodule\s+(?P<module>[\w.]+)
|^\s*(?:local\s+)?function\s+(?P<function_>[\w.:]+)
|^(?P<function__>[a-z_]\w*)\s*::
"""
_SCHEMA = r"""
^\s*message\s+(?P<message>\w+)
|^\s*service\s+(?P<service>\w+)
|^\s*rpc\s+(?P<rpc>\w+)
|^\s*(?:type|input|scalar)\s+(?P<type>\w+)
|^\s*enum\s+(?P<enum>\w+)
|^\s*(?:resource|data)\s+"[\w-]+"\s+"(?P<resource>[\w-]+)"
|^\s*variable\s+"(?P<variable>[\w-]+)"
"""
_FAMILIES = {
    "js ts jsx tsx mjs cjs mts cts vue svelte astro": _JS,
    "py pyi": _PYTHON,
    "go": _GO,
    "rs": _RUST,
    "java kt kts scala cs swift groovy dart": _JVM,
    "c h cc cpp cxx hpp hh m mm": _C,
    "rb rake": _RUBY,
    "php": _PHP,
    "sh bash zsh fish": _SHELL,
    "sql": _SQL,
    "css scss sass less": _CSS,
    "ex exs lua hs": _SCRIPT,
    "proto graphql gql tf": _SCHEMA,
}
_NO_NAMES_WORDS = """
    if for while switch return new throw await else match main constructor
"""
_NO_NAMES = frozenset(_NO_NAMES_WORDS.split())


@dataclass(frozen=True, slots=True)
class Definition:
    """A thing that a line defines; ``text`` is the line."""

    kind: str
    name: str
    text: str

    @property
    def private(self) -> bool:
        """True for names that their language or custom keeps inside."""
        return self.name.startswith(("_", "#"))

    @property
    def indent(self) -> int:
        """How far the line is indented."""
        return len(self.text) - len(self.text.lstrip())


@cache
def _expressions() -> dict[str, str]:
    return {suffix: source for suffixes, source in _FAMILIES.items() for suffix in suffixes.split()}


@cache
def _compiled(source: str) -> re.Pattern[str]:
    flags = re.VERBOSE | (re.IGNORECASE if source is _SQL else 0)
    return regex(source, flags)


@cache
def grammar_for(suffix: str) -> re.Pattern[str] | None:
    """The expression for files of that ending (no dot), or None for a language unknown here."""
    source = _expressions().get(suffix.lower())
    return None if source is None else _compiled(source)


@cache
def suffixes_like(suffix: str) -> str:
    """The endings of the same language, separated by blanks; empty for a language unknown here."""
    return next((family for family in _FAMILIES if suffix.lower() in family.split()), "")


def definition(line: str, grammar: re.Pattern[str] | None) -> Definition | None:
    """What the line defines, or None."""
    found = None if grammar is None or len(line) > 400 else grammar.search(line)
    if found is None or found.lastgroup is None:
        return None
    name = found[found.lastgroup]
    return None if name in _NO_NAMES else Definition(found.lastgroup.rstrip("_"), name, line)
