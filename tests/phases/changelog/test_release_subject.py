"""What the commit of a release is called."""

from __future__ import annotations

import pytest

from smista_git.phases.changelog.release_subject import release_subject


@pytest.mark.parametrize(
    ("subjects", "expected"),
    [
        (("Release v1.0.0 (#1)", "Release v1.1.0 (#2)", "Release v1.1.1"), "Release v1.2.0"),
        (("1.0.0", "1.1.0", "1.1.1"), "1.2.0"),
        (("bump: version 0.9.0 → 1.0.0", "bump: version 1.0.0 → 1.1.0", "bump: version 1.1.0 → 1.1.1"), "bump: version 1.1.1 → 1.2.0"),
        (("Cut 1.0.0", "Cut 1.1", "Cut 1.1.1."), "Release 1.2.0"),
        (("Cut 1.0", "Cut 1.1.0", "Cut 1.1.1"), "Cut 1.2.0"),
        (("Bump for release",) * 3, "Bump for release"),
        (("Fix a typo", "Prepare for release 1.1.0.", "Prepare for release 1.1.1."), "Prepare for release 1.2.0."),
        (("Merge pull request #1 from a/b", "Fix a typo", "Release 1.1.1"), "Release 1.2.0"),
        (("v1.0.0", "v1.1.0", "v1.1.1", "Release v1.1.2", "Release v1.1.3"), "Release v1.2.0"),
        ((), "Release 1.2.0"),
    ],
)  # fmt: skip
def test_it_is_worded_as_most_past_ones_are(subjects: tuple[str, ...], expected: str) -> None:
    past = list(zip(("v1.0.0", "v1.1.0", "v1.1.1", "v1.1.2", "v1.1.3"), subjects, strict=False))
    assert release_subject(past, "v1.2.0", conventional=False) == expected


def test_without_a_past_it_follows_the_form_of_history() -> None:
    assert release_subject([], "v1.2.0", conventional=True) == "chore: release 1.2.0"
