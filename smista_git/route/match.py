"""Whether a rule holds for a task, and why or why not, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from smista_git.classify.labels import Tier
from smista_git.classify.path_patterns import matches
from smista_git.route.decision import Task
from smista_git.route.policy import Rule

# Skills that go by the name of the command they belong to.
OWN_SKILLS = ("commit", "review", "changelog")


@dataclass(frozen=True, slots=True)
class Match:
    """Whether the rule holds; ``why`` is what it matched on, or the first thing that did not hold."""

    holds: bool
    why: str


def match_rule(rule: Rule, task: Task, tier: Tier) -> Match:
    """Whether every key of the rule holds for the task; ``tier`` is the task's, after confidence has spoken."""
    reasons = []
    for result in _checks(rule, task, tier):
        if not result.holds:
            return result
        reasons.append(result.why)
    return Match(True, "; ".join(reasons) or "it has no conditions")


def skill_of(task: Task) -> str | None:
    """The skill in use: the one named, else the command's own."""
    if task.skill is not None:
        return task.skill
    return task.intent if task.intent in OWN_SKILLS else None


def _checks(rule: Rule, task: Task, tier: Tier) -> Iterator[Match]:
    """One result for each key that the rule has; cheap ones first, paths last."""
    labels = task.labels
    facts: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
        ("intent", rule.intent, task.intent),
        ("skill", rule.skill, skill_of(task)),
        ("kind", rule.kind, labels.kind),
        ("type", rule.type, labels.type),
        ("tier", rule.tier, tier),
        ("size", rule.size, labels.size),
        ("hook", rule.hook, task.hook),
    )
    for key, wanted, fact in facts:
        if wanted:
            yield _one_of(key, wanted, fact)
    if rule.flags:
        yield _flags(rule.flags, labels.flags)
    if rule.branch:
        yield _branch(rule.branch, task.branch)
    yield from _limits(rule, task)
    if rule.paths:
        yield _any_path(rule.paths, task.change.paths)
    if rule.paths_all:
        yield _all_paths(rule.paths_all, task.change.paths)


def _one_of(key: str, wanted: tuple[str, ...], fact: str | None) -> Match:
    if fact in wanted:
        return Match(True, f"{key} is {fact}")
    return Match(False, f"{key} is {fact or 'not known'}, not {' or '.join(wanted)}")


def _flags(wanted: tuple[str, ...], flags: tuple[str, ...]) -> Match:
    found = [flag for flag in wanted if flag in flags]
    if found:
        return Match(True, f"flagged {', '.join(found)}")
    return Match(False, f"not flagged {' or '.join(wanted)}")


def _branch(wanted: tuple[str, ...], branch: str | None) -> Match:
    if branch is None:
        return Match(False, f"no branch is checked out, so none is {' or '.join(wanted)}")
    for pattern in wanted:
        if fnmatchcase(branch, pattern):
            return Match(True, f"branch {branch} matches {pattern}")
    return Match(False, f"branch {branch} does not match {' or '.join(wanted)}")


def _limits(rule: Rule, task: Task) -> Iterator[Match]:
    files, lines = len(task.change.files), _lines(task)
    if rule.max_files is not None:
        yield _at_most("files", files, rule.max_files)
    if rule.max_lines is not None:
        yield _at_most("lines", lines, rule.max_lines)
    if (limit := rule.cost_limit_usd) is not None:
        if task.cost_usd is None:
            yield Match(False, f"the cost is not known, so it may exceed ${limit}")
        else:
            holds = task.cost_usd <= limit
            yield Match(holds, f"${task.cost_usd} {'is within' if holds else 'exceeds'} ${limit}")


def _lines(task: Task) -> int:
    """Lines added and deleted by hand: lockfiles, generated and vendored files do not count."""
    return sum(file.added + file.deleted for file in task.change.files if not file.mechanical)


def _at_most(unit: str, count: int, limit: int) -> Match:
    return Match(count <= limit, f"{count} {unit}, {'within' if count <= limit else 'more than'} {limit}")


def _any_path(patterns: tuple[str, ...], paths: tuple[str, ...]) -> Match:
    for path in paths:
        if pattern := matches(patterns, path):
            return Match(True, f"{path} matches {pattern}")
    return Match(False, f"no file matches {' or '.join(patterns)}")


def _all_paths(patterns: tuple[str, ...], paths: tuple[str, ...]) -> Match:
    for path in paths:
        if matches(patterns, path) is None:
            return Match(False, f"{path} does not match {' or '.join(patterns)}")
    if not paths:
        return Match(False, "there is no file that could match paths_all")
    return Match(True, f"every file matches {' or '.join(patterns)}")
