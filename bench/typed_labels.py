"""Which of the authors' labels the diff contradicts: such are reported apart, and teach nothing."""

from __future__ import annotations

from collections.abc import Mapping


def is_doubtful(type_: str, signals: Mapping[str, float]) -> bool:
    """True when the paths contradict the author's label."""

    def touches(*roles: str) -> bool:
        return any(f"has {role}" in signals for role in roles)

    if type_ == "docs":
        return not touches("docs", "changelog") and signals.get("comment share", 0) < 0.5
    if type_ == "build":
        return not touches("build", "manifest", "lockfile", "ci", "config")
    if type_ in {"test", "ci"}:
        return not touches(type_)
    return any(signals.get(f"only {role}") for role in ("docs", "changelog", "test", "ci", "lockfile"))


# What people write that is no code of the product.
BESIDE_CODE = ("manifest", "lockfile", "build", "ci", "docs", "changelog", "test", "vendored")


def teaches_nothing(type_: str, signals: Mapping[str, float]) -> bool:
    """True when most of the change is something else than the label says; stricter than ``is_doubtful``."""

    def share(*roles: str) -> float:
        return sum(signals.get(f"share {role}", 0.0) for role in roles)

    words = signals.get("comment share", 0.0) + signals.get("prose share", 0.0)
    if type_ == "docs":
        return share("docs", "changelog", "example") < 0.5 and words < 0.5
    if type_ == "build":
        roles = ("build", "manifest", "lockfile", "config", "vendored", "ci", "other")
        return "only ci" in signals or share(*roles) < 0.4
    if type_ == "ci":
        return share("ci") < 0.3
    if type_ == "test":
        inline = signals.get("hunks inside tests", 0.0) > 0.4 or signals.get("test cases in source", 0.0) > 0
        return share("test") < 0.5 and not inline
    return bool(signals.get("comments only")) or share(*BESIDE_CODE) > 0.99
