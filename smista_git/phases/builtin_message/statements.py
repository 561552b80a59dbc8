"""What one line of code does, whatever its language: a guard, a raise, a call, a field, an entry of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from smista_git.change.pattern import regex

_PATTERNS = {
    "comment": r"""^\s*(?:\#(?![!\[]|include|define|if|el|endif|pragma|region)|//|/\*|\*(?:\s|/|$)|--\s|;;|<!--|\{/\*|["']{3})(?P<name>.*)""",
    "import": r"""^\s*(?:import\b|from\s+\S+\s+import\b|(?:pub\s+)?use\s+[\w:]+|\#\s*include|using\s+[\w.]+;|require(?:_once|_relative)?\b|(?:const|let|var)\s.*=\s*require\(|export\s.*\sfrom\s)(?P<name>.*)""",
    "raise": r"""(?:\braise\s+|\bthrow\s+(?:new\s+)?|\bErr\(|\bbail!\()(?P<name>[A-Z][\w.:]*)""",
    "catch": r"""^\s*\}?\s*(?:except|catch|rescue)\b[\s(]*(?P<name>[\w.]*)""",
    "if": r"""^\s*(?:\}?\s*else\s+|el)?(?:if|unless)\b\s*(?P<name>.*?)\s*[:{]?\s*$""",
    "case": r"""^\s*case\s+(?P<name>[\w.:"'-]+)|^\s*(?:\|\s*)?(?P<name2>[\w:]+(?:::|")[\w:]*)(?:\([^)]*\)|\s*\{[^}]*\})?\s*=>""",
    "return": r"""^\s*return\b\s*(?P<name>.*?);?\s*$""",
    "decorator": r"""^\s*(?P<name>@[\w.]+|\#\[[\w:]+)""",
    "log": r"""^\s*(?:\w+\.)*(?:log|logger|logging|console|tracing|slog|println!|eprintln!|debug!|info!|warn!|error!|trace!)\b[.!:(](?P<name>.*)""",
    "call": r"""^\s*(?:await\s+|defer\s+|go\s+|yield\s+|(?:let\s+)?_\s*=\s*|return\s+|\.)?(?P<name>(?:[\w$]+(?:\.|::|->|\?\.))*[\w$]+!?)\s*(?:<[\w, ]+>)?\((?!.*\)\s*(?::[^;,]*)?\{\s*$)""",
    "field": r"""^\s*(?:pub(?:\([^)]*\))?\s+|public\s+|private\s+|protected\s+|readonly\s+|static\s+|export\s+)*(?P<name>[A-Za-z_$][\w$]*)\??\s*:\s*[^=(:][^=]*?[,;]?$""",
    "assign": r"""^\s*(?:(?:const|let|mut|var|final|val|auto|static|public|private|readonly|export)\s+)*(?:self\.|this\.)?(?P<name>(?:[\w$]+\.)*[\w$]+)(?:\s*:\s*[^=]+?)?\s*(?::=|[+|&-]?=)(?!=|>)\s*(?P<value>.*?);?\s*$""",
    "entry": r"""^\s*['"]?(?P<name>[@\w][\w@./:-]*)['"]?\s*(?:,|=>.*,|:.*,)?\s*$""",
}  # fmt: skip
_GO_FIELD = r"^\t(?P<name>[A-Z_a-z]\w*)\s+[\w.*\[\]]+(?:\([^)]*\)\s*\w*)?(?:\s+`[^`]*`)?$"
# Words that stand where a name could, in one language or another.
_RESERVED_WORDS = """
    if for while switch return else match loop try finally do case default pass break continue end fi
    done then in of and or not None nil null true false True False self this super function func fn def
    class const let var mut async await public private static export import from type interface struct
    enum impl pub use crate mod where new Some Ok Err string number boolean bool int void undefined
    unknown any never typeof instanceof extends implements readonly elif except raise throw throws
    lambda with as is range map chan defer go package
"""
RESERVED = frozenset(_RESERVED_WORDS.split())


@dataclass(frozen=True, slots=True)
class Statement:
    """What a line does (``kind``), to what (``name``), and the value where it assigns one."""

    kind: str
    name: str
    value: str = ""


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, regex(source)) for kind, source in _PATTERNS.items())


@cache
def _go_field() -> re.Pattern[str]:
    return regex(_GO_FIELD)


def statement(line: str, *, inside: str = "") -> Statement | None:
    """What the line does, or None for a bracket, a blank or something unknown; ``inside`` is the kind around it."""
    if len(line) > 300 or not any(c.isalnum() for c in line):
        return None
    if inside in {"type", "struct", "interface"} and (found := _go_field().match(line)):
        return Statement("field", found["name"])
    for kind, pattern in _compiled():
        found = pattern.search(line)
        if found is None:
            continue
        groups = found.groupdict()
        name = (groups["name"] or groups.get("name2") or "").strip()
        if kind in {"call", "field", "assign", "entry"} and name.split(".")[-1].split(":")[-1] in RESERVED | {
            ""
        }:
            continue
        return Statement(kind, name, (groups.get("value") or "").strip())
    return None


def is_comment(line: str) -> bool:
    """True for a line that holds a comment only."""
    return _compiled()[0][1].search(line) is not None


_COMPARISON = regex(
    r"^\(?\s*(?P<name>[\w.$]+)\s*(?:is|===?)\s*(?P<what>None|null|nil|undefined)\s*\)?$"
    r"|^\(?\s*(?:not\s+|!)(?P<absent>[\w.$]+)\s*\)?$"
    r"|^\(?\s*(?P<empty>[\w.$]+)\.(?:is_empty|isEmpty|empty)\(\)\s*\)?$"
    r"|^\(?\s*(?:len\((?P<counted>[\w.]+)\)|(?P<sized>[\w.$]+)\.(?:length|size))\s*===?\s*0\s*\)?$"
)


def guard_phrase(condition: str) -> tuple[str, str] | None:
    """The verb and object that a condition stands for: ``handle``, ``None footer``; None where it is too involved."""
    found = _COMPARISON.match(condition.strip())
    if found is None:
        return None
    name = next(g for k, g in found.groupdict().items() if g and k != "what")
    name = name.removeprefix("self.").removeprefix("this.")
    if found["what"]:
        return "handle", f"{found['what']} {name}"
    # An absent flag is a switch, not a missing value: the condition is quoted in its own words.
    return (
        ("handle", f"empty {name}")
        if found["empty"] or found["counted"] or found["sized"]
        else ("handle", f"missing {name}")
    )
