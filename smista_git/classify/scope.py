"""The scope of a change, as the repository's own history uses scopes."""

from __future__ import annotations

import math
from collections.abc import Mapping

from smista_git.change.model import Change
from smista_git.classify.habits import Habits, path_prefixes

MIN_SCOPE_SHARE = 0.15  # of the typed commits; below it scopes are an exception, not a habit
MIN_PROBABILITY = 0.35  # of the commits at these paths, those without a scope included
LEAD = 1.5  # times the votes of the next scope
MIN_SEEN = 2  # commits in which the prefix came with the scope


def scope_of(change: Change, habits: Habits) -> tuple[str | None, float]:
    """The scope that history gave to these paths, with its share of the evidence; None where that is weak."""
    if habits.scope_share < MIN_SCOPE_SHARE or not change.files:
        return None, 0.0
    votes: dict[str, float] = {}
    files = [f for f in change.files if not f.mechanical] or list(change.files)
    for file in files:
        for scope, share in _votes(file.path, habits).items():
            votes[scope] = votes.get(scope, 0.0) + share
    if not votes:
        return None, 0.0
    (scope, weight), *others = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
    share = weight / len(files)
    rival = max((votes for name, votes in others if name), default=0.0)
    strong = share >= MIN_PROBABILITY and weight >= LEAD * rival
    return (scope, share) if strong and scope else (None, share)


def _votes(path: str, habits: Habits) -> Mapping[str, float]:
    """Shares of the scopes at the deepest prefix that history knows well, at most 1 in all."""
    for prefix in reversed(path_prefixes(path)):
        counts = habits.scopes_at.get(prefix)
        if counts is None:
            continue
        total = sum(counts.values())  # the typed commits that touched the prefix, with a scope or without
        if total >= MIN_SEEN:
            # The share is damped where few commits speak: 2 of 2 is weaker evidence than 20 of 20.
            damp = math.sqrt(total / (total + 1))
            return {scope: damp * n / total for scope, n in counts.items()}
    return {}
