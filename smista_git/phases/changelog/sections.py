"""Which section an entry belongs in, and what sections are called: in Keep a Changelog, and in files in the wild."""

from __future__ import annotations

import re

from smista_git.phases.changelog.entries import Entry

# The section of each kind, in Keep a Changelog's words. A kind that is missing here is not for users.
SECTION_OF = {
    "feat": "Added",
    "change": "Changed",
    "perf": "Changed",
    "revert": "Changed",
    "deprecate": "Deprecated",
    "remove": "Removed",
    "fix": "Fixed",
    "security": "Security",
}
KEEP_A_CHANGELOG = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
LISTED_KINDS = frozenset(SECTION_OF)

# What the section for a kind may be called in a file, best first; without emoji and case.
NAMES = {
    "breaking": ("breaking changes", "breaking", "breaking change", "backwards incompatible changes", "incompatible changes"),
    "feat": ("added", "features", "new features", "feature", "feat", "new", "enhancements", "additions", "minor enhancements", "major enhancements", "new features and improvements"),
    "fix": ("fixed", "bug fixes", "fixes", "bugfixes", "bugs fixed", "bug fix", "fix", "bugs", "bugfix"),
    "perf": ("performance", "performance improvements", "perf", "improvements", "changed", "changes", "enhancements"),
    "change": ("changed", "changes", "improvements", "improved", "enhancements", "other changes", "updated", "misc"),
    "revert": ("reverted", "reverts", "revert", "changed", "changes"),
    "deprecate": ("deprecated", "deprecations", "deprecation"),
    "remove": ("removed", "removals", "removal", "removed features"),
    "security": ("security", "security fixes", "fixed", "bug fixes", "fixes"),
    "docs": ("documentation", "docs", "doc", "docs changes"),
    "deps": ("dependencies", "dependency updates", "deps", "dependency changes", "dependency upgrades", "build", "internal"),
    "refactor": ("refactor", "refactoring", "code refactoring", "refactors", "internal changes", "internal"),
    "test": ("testing", "tests", "test", "internal"),
    "build": ("build", "build system", "internal", "misc"),
    "ci": ("ci", "continuous integration", "internal", "misc"),
    "chore": ("chores", "chore", "miscellaneous tasks", "miscellaneous chores", "miscellaneous", "housekeeping", "internal", "misc"),
    "style": ("style", "styling", "styles", "internal", "misc"),
    "release": ("release",),
}  # fmt: skip
_NOT_LETTERS = re.compile(r"^[^\w]+|[^\w)]+$")
_SHORTCODE = re.compile(r":[a-z0-9_+-]+:")


def section_of(entry: Entry) -> str:
    """The Keep a Changelog section of an entry; what nobody is sure of is a change."""
    if entry.unsure:
        return "Changed"
    return SECTION_OF.get(entry.kind, "Changed")


def plain_name(heading: str) -> str:
    """A section's name without emoji, marks and case, to compare with others."""
    return _NOT_LETTERS.sub("", _SHORTCODE.sub("", heading)).strip().casefold()


def kinds_of_name(name: str) -> tuple[str, ...]:
    """The kinds that a section of this name takes, the best one first; none for a name that is not known."""
    plain = plain_name(name)
    ranked = sorted((names.index(plain), kind) for kind, names in NAMES.items() if plain in names)
    return tuple(kind for _, kind in ranked)


def best_name(kind: str, names: list[str]) -> str | None:
    """Which of a file's section names takes a kind best, or None."""
    plain = {plain_name(name): name for name in reversed(names)}
    found = next((plain[known] for known in NAMES.get(kind, ()) if known in plain), None)
    if found or kind == "breaking":
        return found
    return next((plain[known] for known in NAMES["change"] if known in plain), None)
