"""Bends what the diff says towards how the repository names things."""

from __future__ import annotations

from collections.abc import Mapping

from smista_git.classify.habits import Habits
from smista_git.classify.labels import CommitType

LEAST_COMMITS = 30  # typed commits before a history counts as a habit
PULL = 0.5  # the exponent of the share of a type: 0 ignores habits, 1 trusts them as much as the diff
PRIOR_COMMITS = 5.0  # added to each count, so that no type is ever impossible

# What a repository that never writes the first calls it instead.
INSTEAD: dict[CommitType, CommitType] = {"build": "chore", "ci": "chore", "style": "chore"}


def weigh_by_habit(likely: Mapping[CommitType, float], habits: Habits) -> dict[CommitType, float]:
    """The probabilities, moved towards the types that the repository uses more; short histories move nothing."""
    if sum(habits.types.values()) < LEAST_COMMITS:
        return dict(likely)
    total = sum(habits.types.get(type_, 0) + PRIOR_COMMITS for type_ in likely)
    moved = {
        type_: p * ((habits.types.get(type_, 0) + PRIOR_COMMITS) * len(likely) / total) ** PULL
        for type_, p in likely.items()
    }
    whole = sum(moved.values())
    return {type_: p / whole for type_, p in moved.items()}


def in_words_of(type_: CommitType, habits: Habits) -> CommitType:
    """The type, or what a repository with a long history that never writes it uses instead."""
    other = INSTEAD.get(type_)
    if other is None or sum(habits.types.values()) < LEAST_COMMITS:
        return type_
    return other if type_ not in habits.types and other in habits.types else type_
