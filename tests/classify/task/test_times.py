"""The table of times that judges and teaches the weights."""

from __future__ import annotations

from bench.task_texts import SIZES, held_out, read_times


def test_each_report_has_one_known_time() -> None:
    rows = read_times()
    assert len({(repository.lower(), number) for _, repository, number, _ in rows}) == len(rows)
    assert {time for *_, time in rows} == set(SIZES)


def test_no_repository_both_teaches_and_judges() -> None:
    taught = {repository.lower() for part, repository, *_ in read_times() if part == "learn"}
    assert taught
    assert not taught & held_out()
