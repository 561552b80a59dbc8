"""English for facts: lists, plurals, the imperative, and which names may be spoken at all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from smista_git.change.pattern import regex

_VERBS = """
abort accept access account add adjust align allow always annotate append apply ask assert assign attach avoid
backport bail block break bring build bump cache calculate call cancel catch change check choose clamp clarify
clean clear clone close collapse collect combine compare compile complete compute configure convert copy correct
count cover create cut deal declare decode decrease default define delay delete deprecate derive describe detect
determine disable discard dispatch display do document drop emit enable encode encourage enforce ensure escape
evaluate exclude execute exit expand expect explain expose export extend extract fail fall fetch fill filter find
fix flag flatten flush follow forbid force format forward generate get give go group guard handle hide highlight
honor honour ignore implement import improve include increase infer inherit init initialize inject inline insert
inspect install introduce invalidate invoke join keep label launch leave let limit link list load lock log look
make map mark match measure merge migrate minimize mock modify mount move name narrow normalize note notify omit
open optimize order output overload override parse pass patch perform pick pin point populate prefer prepare
preserve prevent print process prompt propagate protect provide publish pull push put quote raise read recognize
record recover redirect reduce refactor refer refresh register reject release reload remove rename render reorder
replace report request require reset resolve respect respond restore restrict return reuse revert rewrite round
route run sanitize save scan schedule search select send separate serialize serve set setup share show simplify
skip sort specify split start stop store strip submit suggest support suppress swap switch sync take tell test
throw tighten trace track transform translate treat trigger trim truncate try turn unify unset unwrap update
upgrade upload use validate verify wait warn watch widen work wrap write yield
"""
_DOUBLED = regex(r"([bdgmnprt])\1$")
_UNSPEAKABLE = regex(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffc-\uffff]|^\\W*$|^\\s|\\s$"
)
_ENDINGS = (
    ("ies", "y"),
    ("es", "e"),
    ("es", ""),
    ("s", ""),
    ("ied", "y"),
    ("ed", "e"),
    ("ed", ""),
    ("ing", "e"),
    ("ing", ""),
)


@cache
def verbs() -> frozenset[str]:
    """The verbs that a subject may begin with, in the imperative."""
    return frozenset(_VERBS.split())


def imperative(word: str) -> str | None:
    """The imperative of a verb in any of its regular forms, or None where it is no verb known here."""
    lower = word.lower()
    if lower in verbs():
        return lower
    for ending, base in _ENDINGS:
        if lower.endswith(ending):
            stem = lower[: -len(ending)] + base
            for candidate in (stem, _DOUBLED.sub(r"\1", stem)):
                if candidate in verbs():
                    return candidate
    return None


def join_names(names: Sequence[str], *, more: bool = False) -> str:
    """``a``, ``a and b``, ``a, b and c``; with ``more``: ``a, b and more``."""
    shown = [*names, "more"] if more else list(names)
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def plural(noun: str) -> str:
    """The plural of a noun by the regular rules."""
    if not noun:
        return noun
    if noun.endswith("s") and not noun.endswith("ss"):
        return noun
    if noun.endswith(("ss", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def speakable(name: str, *, limit: int = 60) -> bool:
    """True when a name can stand in a message whole: no control character, no broken byte, not endless or blank."""
    return 0 < len(name) <= limit and not _UNSPEAKABLE.search(name)


def capitalise(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]
