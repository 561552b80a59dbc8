"""What a review says of itself in a line."""

from __future__ import annotations

from dataclasses import fields, replace

from smista_git.phases.review.report import PartReport, Report


def test_parts_that_failed_for_one_reason_are_all_counted() -> None:
    blank = PartReport(**{field.name: None for field in fields(PartReport)})  # type: ignore[arg-type]
    late = replace(blank, failure="the time was used up")
    report = Report(
        "the index", 9, 9, 0, (), parts=(late, late, replace(blank, failure="")), failures=(late.failure,)
    )
    assert "partial: 2 parts could not be reviewed by a model" in report.asides()
