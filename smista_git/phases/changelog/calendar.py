"""Versions that count by the calendar: whether a project's do, in which form, and the next one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from smista_git.phases.changelog.version import VERSION, Bump, Suggestion, is_pre

SAMPLE = 5
_YEARS = range(1990, 2100)

Day = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Dated:
    """A version that is out, its numbers as they are written, and the day of its tag: year, month, day."""

    numbers: tuple[str, ...]
    day: Day

    def part(self, index: int) -> int:
        """One number, -1 where there is none."""
        return int(self.numbers[index]) if index < len(self.numbers) else -1


def dated(tags: Iterable[tuple[str, Day]]) -> list[Dated]:
    """Those of the tags that are versions of releases, in their order."""
    found = []
    for name, day in tags:
        match = VERSION.fullmatch(name)
        if match and not is_pre(match):
            found.append(Dated(tuple(re.findall(r"\d+", name[len(match["lead"]) :])), day))
    return found


def by_calendar(past: Sequence[Dated]) -> bool:
    """Whether the last versions begin with the year of their tag, two digits of it counting where there are two such."""
    recent = past[-SAMPLE:]
    whole = [one for one in recent if one.part(0) == one.day[0] and one.part(0) in _YEARS]
    short = [one for one in recent if one.part(0) == one.day[0] % 100 and one.part(0) > 9]
    return bool(recent) and (
        len(whole) * 2 > len(recent) or (len(short) >= 2 and len(short) * 2 > len(recent))
    )


def next_by_calendar(past: Sequence[Dated], *, lead: str, today: Day, bump: Bump) -> Suggestion:
    """The version of ``today`` in the form of those that are out; YEAR.MONTH.COUNT where there is none."""
    recent = past[-SAMPLE:]
    year, month, day = today
    first = year % 100 if recent and recent[-1].part(0) < 100 else year
    padded = any(number[0] == "0" and len(number) > 1 for one in recent for number in one.numbers[1:])
    # One tag made a little late is no sign; two are.
    if len(recent) > 1 and not _most(one.part(1) == one.day[1] for one in recent):
        numbers, why, dates = _counted(past, first, bump), "the year, and how many releases it has had", 1
    elif len(recent) > 1 and _most(one.part(2) == one.day[2] for one in recent):
        numbers, why, dates = [first, month, day], "the day of the release", 3
        numbers += _further(past, numbers)
    else:
        numbers, why, dates = [first, month], "the month of the release, and how many it has had", 2
        starts = min((one.part(2) for one in recent), default=0)
        numbers += _further(past, numbers) or ([starts] if starts >= 0 else [])
    shown = [f"{n:02}" if padded and 0 < at < dates else str(n) for at, n in enumerate(numbers)]
    version = ".".join(shown)
    return Suggestion(version, lead + version, why)


def _counted(past: Sequence[Dated], year: int, bump: Bump) -> list[int]:
    """The next one where the second number counts the releases of a year."""
    same = [(one.part(1), one.part(2)) for one in past if one.part(0) == year]
    always_three = all(len(one.numbers) > 2 for one in past[-SAMPLE:])
    if not same:
        return [year, min(one.part(1) for one in past), *([0] if always_three else [])]
    minor, patch = max(same)
    if bump == "patch":
        return [year, minor, max(patch, 0) + 1]
    return [year, minor + 1, *([0] if always_three else [])]


def _further(past: Sequence[Dated], numbers: Sequence[int]) -> list[int]:
    """What tells a release apart from those of the same date; nothing for the first."""
    size = len(numbers)
    same = [one.part(size) for one in past if [one.part(i) for i in range(size)] == list(numbers)]
    return [max(*same, 0) + 1] if same else []


def _most(marks: Iterable[bool]) -> bool:
    found = list(marks)
    return sum(found) * 2 > len(found)
