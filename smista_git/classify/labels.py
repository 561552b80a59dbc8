"""What a change is, in the words that rules and people use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

CommitType = Literal[
    "feat", "fix", "docs", "style", "refactor", "perf", "test", "build", "ci", "chore", "revert"
]
Kind = Literal[
    "docs", "changelog", "tests", "dependencies", "ci", "build", "format", "rename", "config",
    "small-fix", "fix", "feature", "refactor", "large-refactor", "performance", "revert", "merge", "mixed",
]  # fmt: skip
Size = Literal["trivial", "small", "medium", "large"]
Tier = Literal["light", "standard", "heavy"]
Flag = Literal[
    "sensitive", "secret", "generated-only", "whitespace-only", "comment-only", "version-bump", "binary",
    "submodule", "mode-change", "migration", "public-api", "breaking",
]  # fmt: skip

COMMIT_TYPES: tuple[str, ...] = get_args(CommitType)
KINDS: tuple[str, ...] = get_args(Kind)
SIZES: tuple[str, ...] = get_args(Size)
TIERS: tuple[Tier, ...] = ("light", "standard", "heavy")
FLAGS: tuple[str, ...] = get_args(Flag)

# Neither learning nor a tight budget may move work that carries one of these.
PROTECTED_FLAGS = frozenset({"sensitive", "secret", "migration", "public-api", "breaking"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """One signal read from the change, its value, and the label that it speaks for."""

    signal: str
    value: str | int | float | bool
    points_to: str


@dataclass(frozen=True, slots=True)
class Labels:
    """What classification found; ``flags`` are sorted, ``confidence`` lies in [0, 1]."""

    type: CommitType
    kind: Kind
    scope: str | None
    size: Size
    flags: tuple[Flag, ...]
    tier: Tier
    confidence: float
    evidence: tuple[Evidence, ...]
    runner_up: CommitType | None = None

    def to_json(self) -> dict[str, Any]:
        """The fixed JSON shape of labels; confidence is rounded to two digits."""
        return {
            "type": self.type,
            "kind": self.kind,
            "scope": self.scope,
            "size": self.size,
            "flags": list(self.flags),
            "tier": self.tier,
            "confidence": round(self.confidence, 2),
            "runner_up": self.runner_up,
            "evidence": [
                {"signal": e.signal, "value": e.value, "points_to": e.points_to} for e in self.evidence
            ],
        }
