"""Which of the authors' labels the paths contradict: they teach nothing, and are reported apart."""

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
