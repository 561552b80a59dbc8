"""Which version comes next: by semver, by what a project did before 1.0, by the calendar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smista_git.phases.changelog.calendar import Day, by_calendar, dated, next_by_calendar
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.version import Past, order_key, suggest, zero_habits

FEAT, FIX = Entry("new", "feat", ()), Entry("mend", "fix", ())
BREAK = Entry("gone", "fix", (), breaking=True)
VERSIONS = [
    ([], [FEAT], "v0.1.0"),
    (["v1.2.3"], [FIX], "v1.2.4"),
    (["v1.2.3"], [FIX, FEAT], "v1.3.0"),
    (["1.2.3"], [BREAK], "2.0.0"),
    (["v0.3.1"], [BREAK], "v0.4.0"),
    (["v0.3.1"], [FEAT], "v0.4.0"),
    (["v0.3.1"], [FIX], "v0.3.2"),
    (["v1.4"], [FEAT], "v1.5"),
    (["v1.4"], [FIX], "v1.5"),
    (["ui-v1.0.0"], [FEAT], "ui-v1.1.0"),
    (["ui@1.0.0"], [FEAT], "ui@1.1.0"),
    (["@o/ui@1.0.0"], [FIX], "@o/ui@1.0.1"),
    (["ui/v1.0.0"], [BREAK], "ui/v2.0.0"),
    (["release-1.0.0"], [FIX], "release-1.0.1"),
    (["core-v9.0.0", "ui-v1.0.0"], [FIX], "ui-v1.0.1"),
    (["v2.0.0-rc.1"], [FIX], "v2.0.0"),
    (["2.0.0rc1"], [FIX], "2.0.0"),
    (["v1.0.0", "v1.0.1-rc.1"], [FIX], "v1.0.1"),
    (["v1.0.0", "v1.0.1-rc.1"], [FIX, FEAT], "v1.1.0"),
    (["v1.0.0", "v2.0.0-beta.1", "v2.0.0-rc.1"], [FIX], "v2.0.0"),
    (["v2.0.0", "v1.9.1"], [FIX], "v2.0.1"),
    (["1.0.0.post1"], [FIX], "1.0.1"),
]
PRE = [
    (["v1.2.3"], "rc", "v1.2.4-rc.1"),
    (["v1.0.0-rc.1"], "rc", "v1.0.0-rc.2"),
    (["v0.9.0", "v1.0.0-rc.9", "v1.0.0-rc.10"], "rc", "v1.0.0-rc.11"),
    (["v1.0.0-alpha.3"], "beta", "v1.0.0-beta.1"),
    (["1.0.0rc1"], "rc", "1.0.0rc2"),
    (["1.0.0-beta1"], "beta", "1.0.0-beta2"),
    (["ui@1.0.0-rc.1"], "rc", "ui@1.0.0-rc.2"),
    ([], "alpha", "v0.1.0-alpha.1"),
]


@pytest.mark.parametrize(("tags", "entries", "expected"), VERSIONS)
def test_the_version_that_fits(tags: list[str], entries: list[Entry], expected: str) -> None:
    assert suggest(entries, Past(tags)).tag == expected


@pytest.mark.parametrize(("tags", "label", "expected"), PRE)
def test_the_next_pre_release(tags: list[str], label: str, expected: str) -> None:
    assert suggest([FIX], Past(tags), label=label).tag == expected


def test_a_first_release_is_named_as_its_tags_will_be() -> None:
    assert suggest([FEAT], Past(lead="ui-v")).tag == "ui-v0.1.0"


def test_what_was_done_before_one_is_done_again() -> None:
    cargo = [("v0.1.0", "v0.1.1", [FEAT]), ("v0.1.1", "v0.1.2", [FEAT]), ("v0.1.2", "v0.2.0", [BREAK])]
    habits = zero_habits(cargo)
    assert habits == {"minor": "patch"}
    assert suggest([FEAT], Past(["v0.2.0"], zero=habits)).tag == "v0.2.1"
    assert suggest([BREAK], Past(["v0.2.0"], zero=habits)).tag == "v0.3.0"
    assert suggest([FEAT], Past(["v1.2.0"], zero=habits)).tag == "v1.3.0"
    bold = zero_habits([("v0.1.0", "v0.1.1", [BREAK]), ("v0.1.1", "v0.1.2", [BREAK])])
    assert suggest([BREAK], Past(["v0.1.2"], zero=bold)).tag == "v0.1.3"


def test_one_release_is_no_habit_and_a_tie_neither() -> None:
    assert zero_habits([("v0.1.0", "v0.1.1", [FEAT])]) == {}
    one, other = ("v0.1.0", "v0.1.1", [FEAT]), ("v0.1.1", "v0.2.0", [FEAT])
    assert zero_habits([one, one, other, other]) == {}


TODAY: Day = (2024, 5, 6)
MONTHS = [(2024, 2, 3), (2024, 3, 1), (2024, 4, 9)]
CALENDARS = [
    (["2024.5.0"], [(2024, 5, 1)], FIX, "2024.5.1"),
    (["2024.2.0", "2024.3.0", "2024.4.0"], MONTHS, FIX, "2024.5.0"),
    (["v2024.02.1", "v2024.03.1", "v2024.04.1"], MONTHS, FIX, "v2024.05.1"),
    (["24.2.0", "24.3.0", "24.4.0"], MONTHS, FIX, "24.5.0"),
    (["24.02", "24.03", "24.04"], MONTHS, FIX, "24.05"),
    (["2024.5"], [(2024, 5, 1)], FIX, "2024.5.1"),
    (["2024.2.3", "2024.3.1", "2024.4.9"], MONTHS, FIX, "2024.5.6"),
    (["2024.02.03", "2024.03.01", "2024.05.06"], [*MONTHS[:2], TODAY], FIX, "2024.05.06.1"),
    (["24.0", "24.1", "24.2"], [(2024, 1, 30), (2024, 4, 3), (2024, 5, 1)], FEAT, "24.3"),
    (["24.0", "24.1", "24.2"], [(2024, 1, 30), (2024, 4, 3), (2024, 5, 1)], FIX, "24.2.1"),
    (["23.1", "23.2", "23.3"], [(2023, 3, 1), (2023, 6, 1), (2023, 9, 1)], FEAT, "24.1"),
]


@pytest.mark.parametrize(("tags", "days", "entry", "expected"), CALENDARS)
def test_the_version_by_the_calendar(tags: list[str], days: list[Day], entry: Entry, expected: str) -> None:
    past = dated(zip(tags, days, strict=True))
    assert by_calendar(past)
    lead = "v" if tags[0].startswith("v") else ""
    bump = "minor" if entry is FEAT else "patch"
    assert next_by_calendar(past, lead=lead, today=TODAY, bump=bump).tag == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("tags", [[], ["1.2.3"], ["v24.1.0"], ["v5.0.0", "v6.0.0", "v7.0.0"], ["2030.1.0"]])
def test_what_is_no_calendar(tags: list[str]) -> None:
    assert not by_calendar(dated((tag, TODAY) for tag in tags))


def test_without_any_version_the_month_begins() -> None:
    assert next_by_calendar([], lead="v", today=TODAY, bump="patch").tag == "v2024.5.0"


def test_versions_sort_by_their_numbers() -> None:
    ordered = [
        "0.9",
        "1.0.0-alpha.9",
        "1.0.0-beta.1",
        "1.0.0-rc.2",
        "1.0.0-rc.10",
        "1.0.0",
        "1.2",
        "1.10.0",
        "2",
    ]
    shuffled = [ordered[i] for i in (3, 0, 5, 8, 1, 6, 4, 7, 2)]
    assert sorted(shuffled, key=order_key) == ordered


NUMBERS = st.tuples(*[st.integers(0, 30)] * 3)
SUFFIX = st.sampled_from(["", "", "", "-rc.1", "-alpha.2", "-beta.11", "rc3"])
LEADS = st.sampled_from(["", "v", "ui-v", "ui@", "@o/ui@", "ui/v", "release-"])
KINDS = st.lists(st.sampled_from([FEAT, FIX, BREAK]), max_size=4)


@given(
    LEADS,
    st.lists(st.tuples(NUMBERS, SUFFIX), min_size=1, max_size=6),
    KINDS,
    st.sampled_from(["", "alpha", "beta", "rc"]),
)
def test_the_next_one_is_newer_than_each_final_and_named_alike(
    lead: str, past: list[tuple[tuple[int, int, int], str]], entries: list[Entry], label: str
) -> None:
    versions = [".".join(map(str, numbers)) + rest for numbers, rest in past]
    found = suggest(entries, Past([lead + version for version in versions]), label=label)
    finals = [version for version in versions if order_key(version)[1]]
    assert found.tag == lead + found.version
    assert all(order_key(found.version) > order_key(version) for version in finals)
    if not label:
        assert all(order_key(found.version) > order_key(version) for version in versions)


@given(KINDS, st.integers(1, 12))
def test_release_after_release_rises(entries: list[Entry], count: int) -> None:
    tags: list[str] = []
    for turn in range(count):
        tags.append(suggest(entries, Past(tags), label="rc" if turn % 3 else "").tag)
    keys = [order_key(tag[1:]) for tag in tags]
    assert keys == sorted(set(keys))


@given(
    st.dates(),
    st.lists(st.sampled_from(["major", "minor", "patch"]), min_size=1, max_size=8),
    st.integers(0, 40),
)
def test_the_calendar_never_gives_the_same_twice(start: object, bumps: list[str], step: int) -> None:
    import datetime

    assert isinstance(start, datetime.date)
    day = start.replace(year=2000 + start.year % 60)
    past: list[tuple[str, Day]] = []
    for bump in bumps:
        today = (day.year, day.month, day.day)
        found = next_by_calendar(dated(past), lead="v", today=today, bump=bump)  # type: ignore[arg-type]
        assert all(order_key(found.version) > order_key(tag[1:]) for tag, _ in past)
        past.append((found.tag, today))
        day += datetime.timedelta(days=step)
