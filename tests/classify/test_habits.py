"""What a history teaches."""

from __future__ import annotations

import pytest

from smista_git.classify.habits import Habits, PastCommit, learn_habits


def habits_of(*subjects: str) -> Habits:
    return learn_habits([PastCommit(subject) for subject in subjects])


def test_an_empty_history_gives_the_defaults() -> None:
    assert learn_habits([]) == Habits()


@pytest.mark.parametrize(
    ("subjects", "style"),
    [
        (["feat: a", "fix(x)!: b", "Something else"], "conventional"),
        (["Add a", "Fix b", "feat: c", "Drop d"], "plain"),
        ([":sparkles: add", "🐛 fix", "✨ more"], "gitmoji"),
        (["Initial commit"], "conventional"),
        (["http: say why", "Add a", "Fix b"], "plain"),
    ],
)
def test_style(subjects: list[str], style: str) -> None:
    assert habits_of(*subjects).style == style


def test_types_scopes_and_their_paths_are_counted() -> None:
    habits = learn_habits(
        [
            PastCommit("feat(api): a", ("src/api/a.py", "src/api/b.py")),
            PastCommit("fix(api): b", ("src/api/a.py",)),
            PastCommit("docs: c", ("README.md",)),
        ]
    )
    assert habits.types == {"feat": 1, "fix": 1, "docs": 1}
    assert habits.scopes["api"]["src/api/"] == 2 and habits.scopes["api"]["src/api/b.py"] == 1
    assert habits.scope_share == pytest.approx(2 / 3)


def test_capitals_are_read_behind_the_type() -> None:
    assert habits_of("feat: Add a", "fix: Mend b", "docs: say c").capitalised
    assert not habits_of("feat: add a", "Fix: mend b").capitalised


def test_merges_and_fixups_teach_nothing() -> None:
    habits = habits_of("Merge branch 'x'", "fixup! feat: a", "feat: a", 'Revert "feat: b"')
    assert (habits.commits, habits.examples) == (1, ("feat: a",))
