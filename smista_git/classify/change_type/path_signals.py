"""Signals read from the paths, statuses and modes of a change."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from smista_git.change.model import Change, FileChange
from smista_git.change.paths import Role, role_of


def path_signals(change: Change) -> Mapping[str, float]:
    """Named numbers about which files changed and how; shares lie in [0, 1], counts are logarithms."""
    files = change.files
    signals: dict[str, float] = {}
    if not files:
        return signals
    weights: dict[str, float] = {}
    roles = [role_of(file.path) for file in files]
    for role, file in zip(roles, files, strict=True):
        weights[role] = weights.get(role, 0.0) + _weight(file)
    total = sum(weights.values())
    for name, weight in weights.items():
        signals[f"has {name}"] = 1.0
        signals[f"share {name}"] = weight / total
    if len(weights) == 1:
        signals[f"only {next(iter(weights))}"] = 1.0
    _add_statuses(files, roles, signals)
    _add_lines(files, signals)
    for role in ("source", "test", "ci", "build"):
        if role in weights:
            signals[f"{role} files"] = math.log1p(roles.count(role))
    signals["files"] = math.log1p(len(files))
    signals["folders"] = math.log1p(len({file.path.rpartition("/")[0] for file in files}))
    return signals


def _weight(file: FileChange) -> float:
    """How much a file counts for in shares: by the logarithm of its lines, so one big file does not drown all."""
    return 1.0 + math.log1p(file.added + file.deleted)


def _add_statuses(files: tuple[FileChange, ...], roles: list[Role], signals: dict[str, float]) -> None:
    for status, count in Counter(file.status for file in files).items():
        signals[f"{status} files"] = count / len(files)
    new = [role for role, file in zip(roles, files, strict=True) if file.status == "added"]
    signals["new source files"] = math.log1p(new.count("source"))
    signals["new test files"] = math.log1p(new.count("test"))
    signals["pure renames"] = sum(1 for f in files if f.status == "renamed" and f.similarity == 100) / len(
        files
    )
    if all(f.old_oid == f.new_oid and f.mode_changed for f in files):
        signals["only modes"] = 1.0


def _add_lines(files: tuple[FileChange, ...], signals: dict[str, float]) -> None:
    """How many lines by git's count, and which share of them came or went with a whole file."""
    own = [file for file in files if not file.mechanical]
    total = sum(file.added + file.deleted for file in own)
    signals["lines"] = math.log1p(total)
    for status in ("added", "deleted"):
        whole = sum(file.added + file.deleted for file in own if file.status == status)
        signals[f"lines of {status} files"] = whole / total if total else 0.0
