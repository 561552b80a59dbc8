"""The values that routing takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from smista_git.change.model import Change
from smista_git.classify.labels import Labels, Tier

Effort = Literal["low", "medium", "high", "max"]
Intent = Literal["commit", "review", "changelog", "plan", "edit", "test", "document"]
EFFORTS: tuple[Effort, ...] = ("low", "medium", "high", "max")
INTENTS: tuple[Intent, ...] = ("commit", "review", "changelog", "plan", "edit", "test", "document")
BUILTIN = "builtin/rules"


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be routed: the phase asked for and the facts that rules may match.

    ``secret_paths`` are the files that secrets were found in, so that a secret in a file which stays behind
    anyway does not hold back the rest; None means that the places are not known.
    """

    intent: Intent
    labels: Labels
    change: Change
    skill: str | None = None
    branch: str | None = None
    hook: str | None = None
    cost_usd: Decimal | None = None
    secret_paths: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """What the command line says: ``--model``, ``--tier``, ``--effort``."""

    model: str | None = None
    tier: Tier | None = None
    effort: Effort | None = None


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What is known of one model before the decision; ``why`` explains both booleans in one phrase.

    ``host`` is where a request would go, for the permissions line; empty for the builtin writer. ``remote_why`` says
    why a model counts as remote, where that may surprise.
    """

    local: bool
    available: bool
    host: str = ""
    why: str = ""
    remote_why: str = ""


@dataclass(frozen=True, slots=True)
class Spend:
    """What was spent already, as the ledger says."""

    day_usd: Decimal = Decimal(0)
    project_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Learned:
    """What outcomes have taught about tasks like this one: a shift of the tier by one, and why."""

    shift: Literal[-1, 0, 1] = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything a decision needs that is neither the task nor the policy.

    ``models`` maps a model as the policy writes it (``provider/model``) to its status; a model that is missing
    there counts as remote and unavailable.
    """

    models: Mapping[str, ModelStatus] = field(default_factory=dict)
    override: Override = Override()
    spend: Spend = Spend()
    learned: Learned = Learned()


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One thing that was considered on the way, its outcome and why."""

    stage: str
    name: str
    outcome: str
    why: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Which model does the job, and how that came about.

    ``escalation`` is the model one tier up, already past the floors, or None. ``floors`` names those in force
    (``local``: nothing may leave the machine). Fallbacks and the escalation have passed the floors too.
    """

    model: str
    effort: Effort
    fallbacks: tuple[str, ...]
    rule: str | None
    tier: Tier
    original_tier: Tier
    permissions: tuple[str, ...]
    trace: tuple[TraceStep, ...]
    escalation: str | None = None
    floors: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The fixed JSON shape of a decision."""
        return {
            "model": self.model,
            "effort": self.effort,
            "rule": self.rule,
            "fallbacks": list(self.fallbacks),
            "escalation": self.escalation,
            "tier": self.tier,
            "original_tier": self.original_tier,
            "floors": list(self.floors),
            "trace": [
                {"stage": t.stage, "name": t.name, "outcome": t.outcome, "why": t.why} for t in self.trace
            ],
        }
