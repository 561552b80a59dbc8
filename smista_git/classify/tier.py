"""The tier a change asks for: how strong a model its work deserves, before any doubt is added."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from smista_git.change.model import Change
from smista_git.change.paths import role_of
from smista_git.change.pattern import regex
from smista_git.classify.indentation import moves_lines
from smista_git.classify.labels import TIERS, Evidence, Flag, Kind, Size, Tier
from smista_git.classify.size import is_structural

TIER_OF_KIND: dict[Kind, Tier] = {
    "docs": "light",
    "changelog": "light",
    "tests": "light",
    "dependencies": "light",
    "ci": "standard",
    "build": "standard",
    "format": "light",
    "rename": "light",
    "config": "light",
    "small-fix": "light",
    "fix": "standard",
    "feature": "standard",
    "refactor": "standard",
    "large-refactor": "heavy",
    "performance": "standard",
    "revert": "standard",
    "merge": "standard",
    "mixed": "standard",
}
LEAST_OF_SIZE: dict[Size, Tier] = {
    "trivial": "light",
    "small": "light",
    "medium": "standard",
    "large": "heavy",
}
HARMLESS_KINDS = frozenset({"docs", "changelog", "format", "rename", "dependencies", "tests"})
SPREAD_FOLDERS = 8
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".bmp")

# Words in a path or in a changed line of code that name a risk.
RISKY_PATHS: dict[str, re.Pattern[str]] = {
    "auth": regex(r"(?:^|[/_.-])(?:auth\w*|login|session|oauth\w*|sso|saml|permissions?|acl|rbac|passwords?|jwt)(?=[/_.-]|$)"),
    "crypto": regex(r"(?:^|[/_.-])(?:crypto\w*|cipher|encrypt\w*|tls|ssl|certs?|certificates?|signing|signature|keystore)(?=[/_.-]|$)"),
    "payment": regex(r"(?:^|[/_.-])(?:payments?|billing|invoices?|checkout|stripe|paypal|wallet|ledger)(?=[/_.-]|$)"),
    "security": regex(r"(?:^|[/_.-])(?:security|sandbox\w*|sanitiz\w*|csrf|cors|secrets?|vault)(?=[/_.-]|$)"),
}  # fmt: skip
CONCURRENCY = regex(
    r"\b(?:mutex|rwlock|semaphore|atomic\w*|synchronized|volatile|deadlock|race condition|"
    r"thread(?:s|ing|pool)?|sync\.(?:mutex|rwmutex|waitgroup|once)|lock\(\)|unlock\(\)|goroutine|compare_?and_?swap)\b",
    re.IGNORECASE,
)
# One of them is in all that CONCURRENCY finds.
CONCURRENCY_WORDS = (
    "mutex", "rwlock", "semaphore", "atomic", "synchronized", "volatile", "deadlock", "race condition", "thread",
    "sync.", "lock()", "goroutine", "swap",
)  # fmt: skip
CODE_ROLES = frozenset({"source", "migration", "build", "ci", "config", "manifest"})


def tier_of(
    change: Change, *, kind: Kind, size: Size, flags: tuple[Flag, ...], signals: Mapping[str, float]
) -> tuple[Tier, tuple[Evidence, ...]]:
    """The tier and what raised it; nothing at all to read is heavy."""
    if not change.files:
        return "heavy", (Evidence("files", 0, "heavy"),)
    reasons = [Evidence("kind", kind, _tier_of_kind(kind, signals)), *_size_reasons(kind, size, flags)]
    reasons += [
        Evidence("flag", flag, "heavy") for flag in flags if flag in {"breaking", "migration", "secret"}
    ]
    if any(file.truncated for file in change.files):
        reasons.append(Evidence("parts of the diff were not read", True, "heavy"))
    if all(reason.points_to != "heavy" for reason in reasons):  # else none of these would be told
        reasons += _lesser_reasons(change, flags, signals)
    tier = max((reason.points_to for reason in reasons), key=_rank)
    return TIERS[_rank(tier)], tuple(r for r in reasons if r.points_to == tier)


def _tier_of_kind(kind: Kind, signals: Mapping[str, float]) -> Tier:
    """What the kind asks for; a build or a workflow in which only versions or numbers changed is an update."""
    only_numbers = signals.get("versions only") or signals.get("numbers only")
    return "light" if kind in {"ci", "build"} and only_numbers else TIER_OF_KIND[kind]


def _rank(tier: str) -> int:
    return TIERS.index(tier)


def _size_reasons(kind: Kind, size: Size, flags: tuple[Flag, ...]) -> list[Evidence]:
    least = LEAST_OF_SIZE[size]
    if kind in HARMLESS_KINDS and least == "heavy":
        least = "standard"
    if kind in {"rename", "format", "dependencies", "changelog"} or "version-bump" in flags:
        least = "light"
    return [Evidence("size", size, least)]


def _lesser_reasons(change: Change, flags: tuple[Flag, ...], signals: Mapping[str, float]) -> list[Evidence]:
    reasons = [
        Evidence("flag", flag, "standard")
        for flag in flags
        if flag in {"sensitive", "public-api", "submodule", "mode-change"}
    ]
    if "whitespace-only" in flags:
        moved = [file.path for file in change.files if moves_lines(file)]
        reasons += [Evidence("indentation has meaning", path, "standard") for path in moved[:1]]
    reasons += [Evidence("binary file", path, "standard") for path in _opaque(change)[:1]]
    reasons += [Evidence(f"risky path ({risk})", path, "standard") for risk, path in risky_paths(change)]
    if any(is_structural(file) for file in change.files) and signals.get("pure renames") != 1:
        reasons.append(Evidence("structural change", _first_structural(change), "standard"))
    if _touches_concurrency(change):
        reasons.append(Evidence("concurrency in changed lines", True, "standard"))
    folders = {file.path.rpartition("/")[0] for file in change.files if not file.mechanical}
    if len(folders) >= SPREAD_FOLDERS and "version-bump" not in flags:
        reasons.append(Evidence("folders", len(folders), "standard"))
    return reasons


def _opaque(change: Change) -> list[str]:
    """Binary files that are no pictures: a new screenshot asks for no thought, a new library may."""
    return [f.path for f in change.files if f.binary and not f.path.lower().endswith(PICTURES)]


def _first_structural(change: Change) -> str:
    return next(file.path for file in change.files if is_structural(file))


def risky_paths(change: Change) -> list[tuple[str, str]]:
    """The first paths of each risk, tests and documents apart."""
    risks = [(risk, path) for path in change.paths for risk in risks_of(path)]
    order = list(RISKY_PATHS)
    return sorted(risks, key=lambda found: order.index(found[0]))[:4]


@lru_cache(maxsize=65536)
def risks_of(path: str) -> tuple[str, ...]:
    """The risks that a path names."""
    if role_of(path) not in CODE_ROLES | {"other"}:
        return ()
    return tuple(risk for risk, pattern in RISKY_PATHS.items() if pattern.search(path.lower()))


def _touches_concurrency(change: Change) -> bool:
    files = (file for file in change.files if role_of(file.path) == "source" and not file.mechanical)
    hunks = (hunk for file in files for hunk in file.hunks)
    text = "\n".join([text for hunk in hunks for side in (hunk.added, hunk.removed) for text in side])
    lower = text.lower()
    return any(word in lower for word in CONCURRENCY_WORDS) and CONCURRENCY.search(text) is not None
