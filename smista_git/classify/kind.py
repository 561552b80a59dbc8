"""The kind of a change: what policy rules speak of, from its type, its files and its size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from smista_git.change.paths import Role
from smista_git.classify.labels import CommitType, Flag, Kind, Size

KIND_OF_ROLE: dict[str, Kind] = {
    "docs": "docs",
    "changelog": "changelog",
    "test": "tests",
    "ci": "ci",
    "build": "build",
    "config": "config",
    "lockfile": "dependencies",
    "vendored": "dependencies",
}
KIND_OF_TYPE: dict[CommitType, Kind] = {
    "feat": "feature",
    "fix": "fix",
    "docs": "docs",
    "style": "format",
    "refactor": "refactor",
    "perf": "performance",
    "test": "tests",
    "build": "build",
    "ci": "ci",
    "chore": "config",
    "revert": "revert",
}
# Roles that go along with a change of code without making it a change of two minds.
COMPANIONS = frozenset({"test", "docs", "changelog", "lockfile", "generated", "asset", "example"})
APART = frozenset(get_args(Role)) - COMPANIONS - {"config", "manifest"}


def kind_of(type_: CommitType, size: Size, flags: tuple[Flag, ...], signals: Mapping[str, float]) -> Kind:
    """The kind, by the first rule that holds: what every file is, then what the type says."""
    if signals.get("pure renames") == 1:
        return "rename"
    if "whitespace-only" in flags:
        return "format"
    if "version-bump" in flags:
        return KIND_OF_TYPE[
            "chore"
        ]  # a release is no update of dependencies, though it touches the same files
    for role, kind in KIND_OF_ROLE.items():
        if signals.get(f"only {role}"):
            return kind
    if _only_dependencies(signals):
        return "dependencies" if signals.get("versions only") or "has lockfile" in signals else "build"
    if _is_mixed(signals):
        return "mixed"
    if type_ == "refactor" and size == "large":
        return "large-refactor"
    if type_ == "fix" and size in {"trivial", "small"}:
        return "small-fix"
    return KIND_OF_TYPE[type_]


def _only_dependencies(signals: Mapping[str, float]) -> bool:
    share = sum(signals.get(f"share {role}", 0) for role in ("manifest", "lockfile", "vendored"))
    return share > 0.999


def _is_mixed(signals: Mapping[str, float]) -> bool:
    """True when no role but a companion holds half of the change, and three or more that matter share it."""
    apart = [role for role in APART if f"has {role}" in signals]
    return len(apart) >= 3 and max(signals.get(f"share {role}", 0) for role in apart) < 0.5
