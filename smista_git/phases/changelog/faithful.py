"""Whether a rewording says what its entry says: it may say it better, and nothing else."""

from __future__ import annotations

import re
from collections import Counter

from smista_git.phases.changelog.match import numbers_in, words_of
from smista_git.phases.changelog.wording import verb_kind

# Of the words that carry meaning one in so many may be put otherwise, and one always may: grammar needs no more.
ONE_IN = 5
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_CODE = re.compile(r"`[^`]+`")
_NAME = re.compile(
    rf"{_CODE.pattern}|--?[A-Za-z][\w-]+|(?:(?<![\w.])[.~/@$]+)?\b[\w$@]*(?:[a-z][A-Z]|[_/.:@$-](?=\w))[\w$@/.:-]*|\b[A-Z]{{2,}}\w*"
)
_MID_CAPITAL = re.compile(r"(?<=[\w,;] )[A-Z][a-z]\w+")
_NEGATION = re.compile(
    r"\b(?:not|no|never|without|cannot|can't|don't|doesn't|won't|isn't|instead|unless|only)\b", re.I
)
_CLAIM = re.compile(
    r"\b(?:fast(?:er)?|slow(?:er)?|better|best|eas(?:y|ier|ily)|simpl[ey]r?|improv\w*|enhanc\w*|significant\w*|secur\w*|safe\w*|"
    r"robust\w*|reliab\w*|seamless\w*|smooth\w*|efficien\w*|performan\w*|optimi\w*|always|never|all|every\w*|fully|"
    r"complete\w*|new|now|breaking|deprecat\w*|remov\w*|vulnerab\w*|critical\w*|major|stable|stability|compatib\w*|"
    r"users?|because|so that|which allows|allowing|ensur\w*|prevent\w*)\b",
    re.I,
)
_MARKUP = re.compile(r"[<>\[\]|]|\*\*|https?:|[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def objection_to(before: str, after: str) -> str:
    """Why ``after`` may not stand for ``before``; empty where it may."""
    if not after or "\n" in after:
        return "an entry is one line"
    if after.endswith((":", ",", ";")) and after[-1] != before.rstrip()[-1:]:
        return "it breaks off"
    if len(after) > 2 * len(before) + 30:
        return "it is much longer than the entry"
    if numbers_in(before) != numbers_in(after) or sorted(_NUMBER.findall(before)) != sorted(
        _NUMBER.findall(after)
    ):
        return "its numbers are not those of the entry"
    if _lowered(_NEGATION, before) != _lowered(_NEGATION, after):
        return "it says no where the entry does not, or the other way round"
    if claims := _lowered(_CLAIM, after) - _lowered(_CLAIM, before):
        return f"it claims {sorted(claims)[0]!r}, which the entry does not say"
    if set(_MARKUP.findall(after)) - set(_MARKUP.findall(before)):
        return "it has markup that the entry does not have"
    return _of_names(before, after) or _of_meaning(before, after)


def _of_names(before: str, after: str) -> str:
    if lost := _names(before) - _names(after, also=before):
        return f"it loses {sorted(lost)[0]}"
    if lost_code := set(_CODE.findall(before)) - set(_CODE.findall(after)):
        return f"it loses the marks of {sorted(lost_code)[0]}"
    if made_up := {name for name in _names(after) if name.casefold() not in before.casefold()}:
        return f"{sorted(made_up)[0]} is not in the entry"
    more = Counter(name.strip("`") for name in _NAME.findall(after))
    twice = [name for name, count in more.items() if count > max(1, before.casefold().count(name.casefold()))]
    return f"it says {twice[0]} twice" if twice else ""


def _of_meaning(before: str, after: str) -> str:
    said = verb_kind(before)
    if said is not None and verb_kind(after) != said:
        return "its verb says another kind of change"
    old, new = words_of(before), words_of(after)
    if len(new - old) > len(old - new):
        return "it says more than the entry"
    too_many = len(old - new) > max(1, len(old) // ONE_IN)
    return "it leaves out too much of the entry" if too_many else ""


def _names(text: str, *, also: str = "") -> set[str]:
    """The words of a text that are names: code, options, identifiers, abbreviations, proper names."""
    found = {match.strip("`").rstrip(".:") for match in _NAME.findall(text)} | set(_MID_CAPITAL.findall(text))
    if also:
        found |= {name for name in _names(also) if name.casefold() in text.casefold()}
    return {name for name in found if name}


def _lowered(pattern: re.Pattern[str], text: str) -> set[str]:
    return {found.lower() for found in pattern.findall(text)}
