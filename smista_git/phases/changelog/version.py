"""The next version, from the last ones and from what has changed since."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from smista_git.phases.changelog.entries import Entry

Scheme = Literal["semver", "calver"]
Bump = Literal["major", "minor", "patch"]
_SEMVER = re.compile(
    r"(?P<lead>.*?[vV]?)(?P<major>\d+)\.(?P<minor>\d+)(?:\.(?P<patch>\d+))?(?P<rest>[-.+].*|[a-z]+\d*)?"
)
_MINOR_KINDS = frozenset({"feat", "deprecate"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The version to release, the tag for it, and why it is that one."""

    version: str
    tag: str
    why: str


def suggest(
    entries: Sequence[Entry], tags: Sequence[str], *, scheme: Scheme, today: tuple[int, int, int]
) -> Suggestion:
    """The next version after ``tags``, given oldest first; ``today`` is year, month and day."""
    last = next((tag for tag in reversed(tags) if _SEMVER.fullmatch(tag)), None)
    lead = _SEMVER.fullmatch(last)["lead"] if last else "v"  # type: ignore[index]
    if scheme == "calver":
        return _calendar(last, lead, today)
    if last is None:
        return Suggestion("0.1.0", f"{lead}0.1.0", "the first release")
    match = _SEMVER.fullmatch(last)
    assert match is not None, "found by the same pattern"
    numbers = (int(match["major"]), int(match["minor"]), int(match["patch"] or 0))
    bump, why = needed(entries)
    if match["rest"] and match["rest"].startswith("-"):
        version = ".".join(map(str, numbers))
        return Suggestion(version, lead + version, f"{last} was its pre-release")
    if numbers[0] == 0 and bump == "major":
        # Before 1.0 the second number is the one that tells of a break: semver's item 4, and the habit of most.
        bump, why = "minor", f"{why}, before 1.0"
    version = _bumped(numbers, bump, parts=3 if match["patch"] is not None else 2)
    return Suggestion(version, lead + version, why)


def needed(entries: Sequence[Entry]) -> tuple[Bump, str]:
    """Which number must rise, and for what."""
    breaking = [entry for entry in entries if entry.breaking]
    if breaking:
        return "major", f"breaking: {breaking[0].text}"
    new = [entry for entry in entries if entry.kind in _MINOR_KINDS and not entry.unsure]
    if new:
        return "minor", f"new: {new[0].text}"
    return "patch", "nothing new and nothing breaking"


def order_key(version: str) -> tuple[tuple[int, ...], bool]:
    """What versions sort by: their numbers, and a pre-release before its release."""
    match = re.search(r"\d+(?:\.\d+)*", version)
    if match is None:
        return (), False
    numbers = tuple(int(part) for part in match[0].split("."))
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers, not re.match(r"[-.]?[a-z]", version[match.end() :], re.IGNORECASE)


def _bumped(numbers: tuple[int, int, int], bump: Bump, *, parts: int) -> str:
    major, minor, patch = numbers
    raised = {
        "major": (major + 1, 0, 0),
        "minor": (major, minor + 1, 0),
        "patch": (major, minor, patch + 1) if parts == 3 else (major, minor + 1, 0),
    }[bump]
    return ".".join(str(number) for number in raised[:parts])


def _calendar(last: str | None, lead: str, today: tuple[int, int, int]) -> Suggestion:
    year, month, _ = today
    micro, padded = 0, False
    if last and (match := _SEMVER.fullmatch(last)):
        padded = match["minor"].startswith("0")
        if (int(match["major"]), int(match["minor"])) == (year, month):
            micro = int(match["patch"] or 0) + 1
    version = f"{year}.{month:02}.{micro}" if padded else f"{year}.{month}.{micro}"
    return Suggestion(version, lead + version, "the month of the release, and how many it has had")
