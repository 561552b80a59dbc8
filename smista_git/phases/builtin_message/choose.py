"""Which facts make the subject, which the body, and which are left unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from smista_git.change.model import Change
from smista_git.classify.habits import Habits
from smista_git.classify.labels import Labels
from smista_git.phases.builtin_message.breaking import declared_break
from smista_git.phases.builtin_message.bumps import dependency_facts
from smista_git.phases.builtin_message.custom import customary
from smista_git.phases.builtin_message.definitions import definition_facts
from smista_git.phases.builtin_message.documents import document_facts
from smista_git.phases.builtin_message.edits import edit_facts
from smista_git.phases.builtin_message.facts import Fact, Topic, merge
from smista_git.phases.builtin_message.files import file_facts
from smista_git.phases.builtin_message.paths import base_name, role, role_of_path, spoken, stem
from smista_git.phases.builtin_message.reading import Reading, read_change
from smista_git.phases.builtin_message.release import release_facts, versions_in
from smista_git.phases.builtin_message.rework import cosmetic_facts
from smista_git.phases.builtin_message.salience import prominence, salience
from smista_git.phases.builtin_message.settings import setting_facts
from smista_git.phases.builtin_message.testing import test_facts
from smista_git.phases.builtin_message.told import told_facts
from smista_git.phases.builtin_message.wording import speakable
from smista_git.phases.builtin_message.workflows import workflow_facts

# Facts of the topic that the type speaks of come first; the figures order topics, not facts.
_FAVOURED: dict[str, tuple[Topic, ...]] = {
    "docs": ("docs", "file"), "test": ("test",), "ci": ("ci", "bump"), "build": ("bump", "release", "config"),
    "chore": ("release", "bump", "config"), "feat": ("told", "code"), "fix": ("told", "code"),
    "refactor": ("code", "file"), "perf": ("told", "code"), "style": ("code",),
}  # fmt: skip
_BASE: dict[Topic, float] = {
    "release": 6, "told": 7, "code": 4, "bump": 2, "file": 3, "ci": 2, "config": 2, "docs": 1, "test": 0.5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """``main``: what the subject may say, best first; ``also``: a second thing for it; ``rest``: the body's
    lines, empty where the subject says enough; ``broken``: what is certain to break, or ""."""

    main: tuple[Fact, ...]
    also: Fact | None
    rest: tuple[Fact, ...]
    broken: str = ""


def story_of(change: Change, labels: Labels, habits: Habits) -> Story:
    """The facts of a change, chosen and ordered for a message of that type."""
    readings = read_change(change)
    versions = versions_in(readings)
    told = merge(_unscoped(f, labels.scope) for f in _facts(change, readings, labels))
    found = [customary(f, habits, versions) for f in told]
    counted = salience(readings)
    facts = sorted(found, key=lambda f: -_rank(f, labels) - prominence(f, counted))
    rest = _rest(facts, readings)
    return Story((*facts, _last_resort(change)), _second(facts), rest, declared_break(readings))


def _facts(change: Change, readings: Sequence[Reading], labels: Labels) -> Iterator[Fact]:
    values = not {"sensitive", "secret"} & set(labels.flags)
    yield from file_facts(change)
    yield from release_facts(readings)
    yield from dependency_facts(readings)
    yield from told_facts(readings)
    yield from definition_facts(readings)
    cosmetic = cosmetic_facts(readings)
    yield from cosmetic.values()
    yield from edit_facts([r for r in readings if r.path not in cosmetic])
    yield from workflow_facts(readings, values=values)
    yield from setting_facts(readings, values=values)
    yield from document_facts(readings)
    yield from test_facts(readings)


def _unscoped(fact: Fact, scope: str | None) -> Fact:
    """The fact without a tail that only repeats the scope before the colon."""
    words = fact.tail.split(" ")
    if fact.firm or scope is None or len(words) not in {2, 3} or words[0] not in {"in", "to", "from"}:
        return fact
    return replace(fact, tail="") if words[1] == scope and fact.objects else fact


def _rank(fact: Fact, labels: Labels) -> float:
    bonus = 6.0 if fact.topic in _FAVOURED.get(labels.type, ()) else 0.0
    return fact.weight + _BASE[fact.topic] + bonus


def _second(facts: Sequence[Fact]) -> Fact | None:
    """A second fact of the same kind and about the same weight, where there are just two things to say."""
    strong = [f for f in facts if f.weight >= 3 and f.topic != "told"]
    if len(strong) != 2 or strong[0] is not facts[0] or strong[0].topic != strong[1].topic:
        return None
    one, other = strong
    if len(other.objects) > 2:
        return None
    if other.path == one.path and other.weight < 4 and other.topic == "code":
        return None  # a detail of the first
    if (
        one.weight - other.weight > 1.5
        or set(one.objects) & set(other.objects)
        or (one.verb == other.verb and one.noun.rstrip("s") == other.noun.rstrip("s"))
    ):
        return None
    return replace(other, tail="") if not other.firm and other.objects else other


def _rest(facts: Sequence[Fact], readings: Sequence[Reading]) -> tuple[Fact, ...]:
    substantial = [r for r in readings if r.role not in {"lock", "generated", "fixture", "asset"}]
    worth = tuple(f for f in facts if f.weight >= 2.5)
    return worth if len(worth) > 2 and len(substantial) > 2 else ()


def _last_resort(change: Change) -> Fact:
    """An empty commit, or the names of the files that weigh most; a folder where a name cannot be spoken."""
    if not change.files:
        return Fact("file", "record", (), "an empty commit", weight=0)
    ranked = sorted(change.files, key=lambda f: (f.mechanical, role(f) == "fixture", -(f.added + f.deleted)))
    names = tuple(dict.fromkeys(n for f in ranked[:3] if speakable(n := _full(f.path))))
    return Fact("file", "update", names, "" if names else "files", weight=0)


def _full(path: str) -> str:
    """The name that people give a file, with its ending: alone, a stem such as ``version`` says nothing."""
    return base_name(path) if spoken(path) == stem(path) and role_of_path(path) == "source" else spoken(path)
