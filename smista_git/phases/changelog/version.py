"""The next version, from the last ones and from what has changed since."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from smista_git.phases.changelog.entries import Entry

Scheme = Literal["semver", "calver"]
Bump = Literal["major", "minor", "patch"]
PRE_LABELS = ("alpha", "beta", "rc")
VERSION = re.compile(
    r"(?P<lead>.*?[vV]?)(?P<major>\d+)\.(?P<minor>\d+)(?:\.(?P<patch>\d+))?(?P<rest>[-.+_].*|[a-z]+\d*)?"
)
_PRE = re.compile(r"(?P<before>[-._]?)(?P<label>[a-z]+)(?P<between>[-.]?)(?P<number>\d*)", re.IGNORECASE)
_MINOR_KINDS = frozenset({"feat", "deprecate"})
# So many releases of one kind show a habit, where most of them agree.
_LEAST_VOTES = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The version to release, the tag for it, and why it is that one."""

    version: str
    tag: str
    why: str


@dataclass(frozen=True, slots=True)
class Past:
    """The tags of the releases that are out, oldest first; ``lead`` is what stands before a first version.

    ``zero`` is what the project did before 1.0: which number rose for what needs which.
    """

    tags: Sequence[str] = ()
    lead: str = "v"
    zero: Mapping[Bump, Bump] = field(default_factory=dict)

    def versions(self) -> list[re.Match[str]]:
        """Those that are versions, of the package that was released last, oldest first."""
        found = [match for tag in self.tags if (match := VERSION.fullmatch(tag))]
        return [match for match in found if match["lead"] == found[-1]["lead"]]


def suggest(entries: Sequence[Entry], past: Past, *, label: str = "") -> Suggestion:
    """The next version by semver; with a ``label``, such as rc, the next pre-release of it."""
    versions = past.versions()
    if not versions:
        return _suggestion("0.1.0", past.lead, "the first release", label, None)
    newest = max(versions, key=lambda match: order_key(_version(match)))
    final = max(
        (match for match in versions if not is_pre(match)),
        key=lambda m: order_key(_version(m)),
        default=None,
    )
    before = newest if is_pre(newest) else None
    if final is None:
        wanted, why = _numbers(newest), f"{newest[0]} was its pre-release"
    else:
        wanted, why = _next(final, entries, past.zero)
        if before is not None and _numbers(before) >= wanted:
            wanted, why = _numbers(before), f"{before[0]} was its pre-release"
    parts = 3 if (final or newest)["patch"] is not None or wanted[2] else 2
    version = ".".join(map(str, wanted[:parts]))
    return _suggestion(version, newest["lead"], why, label, before)


def _suggestion(version: str, lead: str, why: str, label: str, before: re.Match[str] | None) -> Suggestion:
    if label:
        form = _PRE.match(before["rest"] or "") if before is not None else None
        same = before is not None and _version(before).startswith(version) and form is not None
        number = int(form["number"] or 0) + 1 if same and form and form["label"].lower() == label else 1
        version += f"{form['before']}{label}{form['between']}{number}" if form else f"-{label}.{number}"
        why = f"the next pre-release; {why}" if not same else "the next pre-release"
    return Suggestion(version, lead + version, why)


def _next(
    final: re.Match[str], entries: Sequence[Entry], zero: Mapping[Bump, Bump]
) -> tuple[tuple[int, int, int], str]:
    numbers = _numbers(final)
    bump, why = needed(entries)
    if numbers[0] == 0 and (bump in zero or bump == "major"):
        # Before 1.0 the second number is the one that tells of a break: semver's item 4, and the habit of most.
        learned = bump in zero
        bump = zero.get(bump, "minor")
        why = f"{why}, before 1.0" + (", as past releases did" if learned else "")
    if bump == "patch" and final["patch"] is None:
        bump = "minor"
    return _bumped(numbers, bump), why


def zero_habits(steps: Iterable[tuple[str, str, Sequence[Entry]]]) -> dict[Bump, Bump]:
    """What releases before 1.0 did: for each need which number rose. ``steps`` are the tags before and after, and what changed."""
    votes: Counter[tuple[Bump, Bump]] = Counter()
    for before, after, entries in steps:
        old, new = VERSION.fullmatch(before), VERSION.fullmatch(after)
        if old and new and old["major"] == new["major"] == "0" and new["patch"] and not is_pre(new):
            votes[needed(entries)[0], "minor" if old["minor"] != new["minor"] else "patch"] += 1
    found: dict[Bump, Bump] = {}
    for need in ("major", "minor"):
        rose: tuple[Bump, Bump] = ("minor", "patch")
        counts = {bump: votes[need, bump] for bump in rose}
        bump = max(rose, key=counts.__getitem__)
        if counts[bump] >= _LEAST_VOTES and counts[bump] * 2 > sum(counts.values()):
            found[need] = bump
    return found


def needed(entries: Sequence[Entry]) -> tuple[Bump, str]:
    """Which number must rise, and for what."""
    breaking = [entry for entry in entries if entry.breaking]
    if breaking:
        return "major", f"breaking: {breaking[0].text}"
    new = [entry for entry in entries if entry.kind in _MINOR_KINDS and not entry.unsure]
    if new:
        return "minor", f"new: {new[0].text}"
    return "patch", "nothing new and nothing breaking"


def is_pre(match: re.Match[str]) -> bool:
    """Whether a version is one before its release."""
    return not order_key(_version(match))[1]


def order_key(version: str) -> tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]:
    """What versions sort by: their numbers, then a pre-release before its release, then the pre-release's parts."""
    match = re.search(r"\d+(?:\.\d+)*", version)
    if match is None:
        return (), False, ()
    numbers = tuple(int(part) for part in match[0].split("."))
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    rest = version[match.end() :].partition("+")[0].lower()
    if not re.match(r"[-._]?(?!post)[a-z]", rest):
        return numbers, True, ()
    parts = re.findall(r"\d+|[a-z]+", rest)
    return (
        numbers,
        False,
        tuple((p.isalpha(), 0 if p.isalpha() else int(p), p if p.isalpha() else "") for p in parts),
    )


def _version(match: re.Match[str]) -> str:
    return match[0][len(match["lead"]) :]


def _numbers(match: re.Match[str]) -> tuple[int, int, int]:
    return int(match["major"]), int(match["minor"]), int(match["patch"] or 0)


def _bumped(numbers: tuple[int, int, int], bump: Bump) -> tuple[int, int, int]:
    major, minor, patch = numbers
    return {
        "major": (major + 1, 0, 0),
        "minor": (major, minor + 1, 0),
        "patch": (major, minor, patch + 1),
    }[bump]
