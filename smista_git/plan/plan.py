"""The Plan: what will be done, by whom, with what, at what price. A dry run prints it, a real run consumes it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from smista_git.classify.labels import Labels
from smista_git.plan.request import Request
from smista_git.route.decision import Decision


@dataclass(frozen=True, slots=True)
class Included:
    """A piece of context that goes along: its path (or a name such as ``branch name``), why, and its tokens."""

    path: str
    why: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Excluded:
    """A piece of context that stays behind, and why."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """A value replaced by a placeholder; ``line`` is 1-based on the new side, 0 where there is none."""

    path: str
    line: int
    rule: str


@dataclass(frozen=True, slots=True)
class Context:
    """What goes, what stays, and what was blotted out."""

    included: tuple[Included, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    redactions: tuple[Redaction, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """The bill in US dollars, from the least to the most; None where a price is unknown, never zero for that."""

    low_usd: Decimal | None
    high_usd: Decimal | None
    tokens_in: int
    tokens_out_max: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The decision with everything it will use.

    ``request`` is the very value that is sent. ``change_sha256`` names the change by its paths, modes and object
    names, also where no request holds it.
    """

    phase: str
    labels: Labels
    decision: Decision
    context: Context
    estimate: Estimate
    request: Request
    change_sha256: str = ""

    @property
    def id(self) -> str:
        """sha256 of the canonical JSON of the plan, in hex: the same state, policy and spend give the same id."""
        canonical = json.dumps(
            self._body(), sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """The fixed JSON shape of a plan, as ``--dry-run --json`` prints it."""
        return {"v": 1, "id": self.id, **self._body()}

    def _body(self) -> dict[str, Any]:
        context = self.context
        return {
            "phase": self.phase,
            "labels": self.labels.to_json(),
            "decision": self.decision.to_json(),
            "context": {
                "included": [{"path": i.path, "why": i.why, "tokens": i.tokens} for i in context.included],
                "excluded": [{"path": e.path, "why": e.why} for e in context.excluded],
                "redactions": [{"path": r.path, "line": r.line, "rule": r.rule} for r in context.redactions],
            },
            "estimate": {
                "low_usd": _decimal(self.estimate.low_usd),
                "high_usd": _decimal(self.estimate.high_usd),
                "tokens_in": self.estimate.tokens_in,
                "tokens_out_max": self.estimate.tokens_out_max,
            },
            "permissions": list(self.decision.permissions),
            "change_sha256": self.change_sha256,
            "payload_sha256": payload_digest(self.request),
        }


def payload_digest(request: Request) -> str:
    """sha256, in hex, over the roles and texts of a request and its schema."""
    parts: list[Any] = [[m.role, m.text] for m in request.messages]
    text = json.dumps([parts, request.schema], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _decimal(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")
