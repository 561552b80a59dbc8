"""What a subject in plain words says that it is: by its verb, and by what it speaks of."""

from __future__ import annotations

import re
from functools import lru_cache

# Verb stems by what they announce. The stem is looked up without the endings of tense and person.
_VERBS = {
    "feat": "add introduce implement support allow enable provide expose create accept offer",
    "fix": "fix correct resolve prevent avoid repair handle ensure restore stop solve patch workaround guard respect",
    "remove": "remove drop delete",
    "deprecate": "deprecate",
    "perf": "optimize optimise speed accelerate",
    "change": "change update improve make use switch rename replace move require enhance extend increase reduce "
    "relax raise convert migrate return set show print report warn validate keep simplify pass include exclude",
    "refactor": "refactor cleanup clean extract inline tidy reorganize reorganise restructure",
    "docs": "document clarify reword",
    "deps": "bump upgrade pin",
    "test": "test",
    "style": "format lint reformat",
    "release": "release prepare",
    "chore": "merge ignore wip sync",
    "revert": "revert",
}
VERBS = {verb: kind for kind, verbs in _VERBS.items() for verb in verbs.split()}

# What a subject speaks of weighs more than its verb: "Fix typo in README" is no fix of the program.
_TOPICS = (
    ("security", re.compile(r"\b(?:CVE-\d{4}-\d+|GHSA-[\w-]+|vulnerabilit(?:y|ies)|security (?:fix|issue|hole))\b", re.I)),
    ("release", re.compile(
        r"^(?:\[?v?\d+(?:\.\d+)+[\w.+-]*\]?$|(?:bump|set|prepare|update|increase|tag|cut)\b.{0,24}\bversion\b|version bump\b"
        r"|(?:release|version|prepare|bump to|releasing)[ :]+(?:for )?(?:release )?\W?v?\d+\.\d"
        r"|(?:prepare|post|pre)[- ]release\b|back to (?:dev|development)\b|(?:post-release|start(?:ing)?) )", re.I)),
    ("docs", re.compile(
        r"\b(?:read-?me|typos?|change-?log|docs?|documentation|doc-?strings?|comments?|spelling|grammar|contribut(?:ing|ors?)|"
        r"licen[cs]e|copyright|broken links?|news|history\.(?:md|rst)|wiki|badges?|code of conduct|authors)\b", re.I)),
    ("ci", re.compile(
        r"\b(?:ci|travis|circle-?ci|app-?veyor|github actions?|workflows?|code-?cov|coveralls|dependabot|renovate|"
        r"pre-commit|gitlab-ci|azure pipelines?|codeql|build matrix)\b", re.I)),
    ("test", re.compile(r"\b(?:unit ?tests?|tests?|specs?|test suite|fixtures?|flak(?:y|e)|coverage|benchmarks?|e2e)\b", re.I)),
    ("style", re.compile(
        r"\b(?:lint(?:er|ing)?|whitespaces?|code ?style|prettier|eslint|rubocop|ruff|flake8|black|clippy|hlint|gofmt|"
        r"indent(?:ation)?|isort|formatting)\b", re.I)),
)  # fmt: skip
# "Update the page to say so" is none: what it goes from or to is a version.
_BUMP = re.compile(
    r"^(?:(?:build|chore|deps?)\W*)?(?:bump|upgrade|update|pin|lock file|move to|⬆️?)\b"
    r"(?:.*\b(?:(?:from|to)(?= v?\d| latest| `[0-9a-f]{7})|deps?|dependenc(?:y|ies)|lock ?file|pre-commit|requirements?|packages?|digest|submodules?|v?\d+(?:\.\d+)+)\b)",
    re.I,
)
# What goes wrong in a program, never in its documents, tests or formatting.
_FAILURE = re.compile(
    r"\b(?:crash(?:es|ed|ing)?|panics?|segfaults?|deadlocks?|hangs?|(?:memory )?leaks?|exceptions?|infinite loop|overflows?|race)\b",
    re.I,
)
_WORD = re.compile(r"[A-Za-z']+")
_ENDINGS = ("ing", "ed", "es", "s", "d")
_AREA = re.compile(r"(?P<area>\*|[A-Za-z@][\w.*/,@+-]*(?: [\w-]+)?): +(?P<rest>\S.*)")

SURE, LIKELY, GUESS = 0.9, 0.75, 0.3


def kind_of_words(text: str) -> tuple[str, float]:
    """What a plain subject announces, and how sure that is; ``change`` at a guess where it says nothing known."""
    for kind, pattern in _TOPICS[:2]:
        if pattern.search(text):
            return kind, SURE
    if _BUMP.match(text):
        return "deps", SURE
    verb = verb_kind(text)
    if verb == "fix" and _FAILURE.search(text):
        return "fix", LIKELY
    if topic := next((kind for kind, pattern in _TOPICS[2:] if pattern.search(text)), None):
        return topic, SURE if verb in (None, topic, "change", "docs", "chore") else LIKELY
    if verb:
        return verb, LIKELY
    if text.lower().startswith(("no longer ", "do not ", "don't ", "never ")):
        return "fix", LIKELY
    return "change", GUESS


def verb_kind(text: str) -> str | None:
    """What the first word announces, where it is a verb that is known."""
    first = _WORD.search(text)
    if first is None or first.start() > 3:
        return None
    return next((VERBS[stem] for stem in stems(first[0].lower()) if stem in VERBS), None)


@lru_cache(maxsize=16384)
def stems(word: str) -> tuple[str, ...]:
    """The word, and what it may be an inflection of."""
    found = [word]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            found += [stem, stem + "e"]
            if stem[-1] == stem[-2]:
                found.append(stem[:-1])
            if stem[-1] == "i":
                found.append(stem[:-1] + "y")
    return tuple(dict.fromkeys(found))


def split_area(text: str) -> tuple[str | None, str]:
    """``store: fix the cache`` in its area and the rest; no area where there is none."""
    match = _AREA.match(text)
    return (match["area"], match["rest"]) if match else (None, text)
