"""Flags: single facts about a change that rules and floors may speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from smista_git.change.model import Change
from smista_git.change.paths import is_migration, role_of
from smista_git.change.pattern import regex
from smista_git.classify.labels import Evidence, Flag
from smista_git.classify.path_patterns import matches_any_case
from smista_git.classify.version_bump import is_release

_BREAKING = regex(r"\bBREAKING[ -]CHANGE\b")
_BREAKING_WORDS = (b"BREAKING",)


def find_flags(
    change: Change,
    signals: Mapping[str, float],
    *,
    sensitive_paths: Sequence[str],
    secret_rules: Sequence[str],
) -> tuple[tuple[Flag, ...], tuple[Evidence, ...]]:
    """The flags that hold, sorted, and for each the fact it stands on."""
    found = [
        *_path_flags(change, sensitive_paths),
        *(("secret", f"secret: {rule}") for rule in secret_rules[:1]),
        *_line_flags(change, signals),
    ]
    facts: dict[Flag, str] = {}
    for flag, fact in found:
        facts.setdefault(flag, fact)
    flags = tuple(sorted(facts))
    return flags, tuple(Evidence("flag", facts[flag], flag) for flag in flags)


def _path_flags(change: Change, sensitive_paths: Sequence[str]) -> Iterator[tuple[Flag, str]]:
    for path in change.paths:
        pattern = matches_any_case(sensitive_paths, path)
        if pattern is not None:
            yield "sensitive", f"{path} ({pattern})"
        if is_migration(path):
            yield "migration", path
    for file in change.files:
        if file.binary:
            yield "binary", file.path
        if file.is_submodule:
            yield "submodule", file.path
        if file.mode_changed and file.status != "type-changed":
            yield "mode-change", f"{file.path} {file.old_mode} to {file.new_mode}"
    if change.files and all(file.mechanical for file in change.files):
        yield "generated-only", f"{len(change.files)} files written by machines"


def _line_flags(change: Change, signals: Mapping[str, float]) -> Iterator[tuple[Flag, str]]:
    if signals.get("whitespace only"):
        yield "whitespace-only", "both sides are equal without spaces"
    if signals.get("comments only") and signals.get("only source"):
        yield "comment-only", "every changed line is a comment"
    if is_release(change):
        yield "version-bump", "only the project's version changed"
    public = signals.get("removed public definitions", 0) + signals.get("changed public signatures", 0)
    if public:
        yield "public-api", "public definitions removed or their signatures changed"
    for file in change.files:
        if role_of(file.path) in {"changelog", "docs"}:
            continue
        told = (hunk for hunk in file.hunks if hunk.may_mention(_BREAKING_WORDS))
        if any(_BREAKING.search(text) for hunk in told for text in hunk.added if "BREAKING" in text):
            yield "breaking", file.path
