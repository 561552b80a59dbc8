"""The commits that teach the type model: drawn from public histories, their labels held to what the diff shows."""

from __future__ import annotations

import pickle
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bench.typed_history import Subject, changes, name_of, subjects
from bench.typed_labels import is_doubtful, teaches_nothing
from smista_git.classify.change_type.signals import in_order, read_signals

TYPES = ("feat", "fix", "refactor", "docs", "test", "build", "ci")
# A change of one concern is small; what is larger than this holds several, whatever its author called it.
MOST_LINES, MOST_FILES = 300, 8
MACHINES = re.compile(
    r"\[bot\]|renovate|dependabot|greenkeeper|semantic-release|bot$|-bot\b|github-actions|snyk", re.IGNORECASE
)
DEPENDENCIES = re.compile(r"\bdeps?\b|\bdependenc")


@dataclass(frozen=True, slots=True)
class Example:
    """One commit: where it is from, what its author called it, and its signals.

    ``doubtful`` labels are contradicted by the paths; ``silent`` ones teach nothing, for the diff is no such thing.
    """

    repository: str
    type: str
    signals: Mapping[str, float]
    doubtful: bool
    silent: bool


def examples_of(repository: Path, most: int, cache: Path | None) -> list[Example]:
    """At most ``most`` commits of each type of one repository, drawn evenly over its history; kept in ``cache``."""
    kept = cache / f"{name_of(repository).replace('/', '+')}.pickle" if cache else None
    if kept and kept.exists():
        return [
            replace(e, silent=teaches_nothing(e.type, e.signals)) for e in pickle.loads(kept.read_bytes())
        ]
    chosen = {subject.commit: subject for subject in choose(subjects(repository), most)}
    found = []
    for commit, change in changes(repository, list(chosen)):
        if change.files and len(change.files) <= MOST_FILES and change.added + change.deleted <= MOST_LINES:
            signals = read_signals(in_order(change))
            type_ = str(chosen[commit].type)
            doubtful = is_doubtful(type_, signals)
            found.append(
                Example(name_of(repository), type_, signals, doubtful, teaches_nothing(type_, signals))
            )
    if kept:
        kept.write_bytes(pickle.dumps(found))
    return found


def choose(all_subjects: Iterable[Subject], most: int) -> list[Subject]:
    """The commits to learn from: typed, none by machines, at most ``most`` a type."""
    draw = random.Random(7)
    by_type: dict[str, list[Subject]] = defaultdict(list)
    for subject in all_subjects:
        type_ = _type_of(subject)
        if type_ in TYPES and not MACHINES.search(subject.author):
            by_type[type_].append(replace(subject, type=type_))
    return [s for group in by_type.values() for s in draw.sample(group, min(most, len(group)))]


def _type_of(subject: Subject) -> str | None:
    """The author's type; ``chore(deps)`` and the like are builds, as the convention has it."""
    if subject.type in {"chore", "fix"} and subject.scope and DEPENDENCIES.search(subject.scope.lower()):
        return "build"
    return subject.type
