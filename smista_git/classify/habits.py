"""How a repository writes its messages: learned from its last commits, passed to whoever needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Style = Literal["conventional", "plain", "gitmoji"]


@dataclass(frozen=True, slots=True)
class PastCommit:
    """One commit of the history: its subject line and the paths that it touched."""

    subject: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Habits:
    """What the last commits have in common; an empty history gives these defaults.

    ``scopes`` maps a scope to how often each path prefix came with it; ``examples`` are recent subjects,
    newest first.
    """

    style: Style = "conventional"
    commits: int = 0
    types: dict[str, int] = field(default_factory=dict)
    scopes: dict[str, dict[str, int]] = field(default_factory=dict)
    scope_share: float = 0.0
    capitalised: bool = False
    examples: tuple[str, ...] = ()
