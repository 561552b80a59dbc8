"""What a review came to: the findings, who looked at what, and what nobody could look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from smista_git.phases.review.finding import SEVERITIES, Finding, at_or_above
from smista_git.wording import counted


@dataclass(frozen=True, slots=True)
class PartReport:
    """One question to one model: who was to answer, who did, and why nobody did (``failure``, empty when fine)."""

    plan: str
    group: int
    paths: tuple[str, ...]
    planned: str
    model: str
    failure: str = ""
    cached: bool = False
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: Decimal | None = Decimal(0)
    findings: int = 0
    attempts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON shape of a part."""
        return {
            "plan": self.plan,
            "group": self.group,
            "paths": list(self.paths),
            "planned": self.planned,
            "model": self.model,
            "failure": self.failure or None,
            "cached": self.cached,
            "tokens": {"in": self.tokens_in, "out": self.tokens_out},
            "cost_usd": None if self.cost_usd is None else format(self.cost_usd, "f"),
            "findings": self.findings,
            "attempts": list(self.attempts),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """A whole review. ``unanchored`` claims had no line in the diff; ``dropped`` counts those that did not hold.

    ``known`` are findings that an earlier review has reported. ``interrupted`` says that the person stopped it.
    """

    subject: str
    files: int
    added: int
    deleted: int
    findings: tuple[Finding, ...]
    parts: tuple[PartReport, ...] = ()
    unanchored: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    known: int = 0
    failures: tuple[str, ...] = ()
    interrupted: bool = False
    notices: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """True when every part was looked at by whom the policy wanted."""
        return not self.failures and not self.interrupted

    def trips(self, level: str) -> bool:
        """Whether a gate set to ``level`` says no."""
        return any(at_or_above(finding.severity, level) for finding in self.findings)

    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity, worst first."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity: counted[severity] for severity in SEVERITIES}

    def summary(self) -> str:
        """One line: ``2 errors, 1 warning in 14 files (+310 -42)``."""
        said = [counted(n, level) for level, n in self.counts().items() if n]
        files = f"{counted(self.files, 'file')} (+{self.added} -{self.deleted})"
        return f"{', '.join(said) or 'no findings'} in {files}"

    def asides(self) -> tuple[str, ...]:
        """Sentences about what was left out, and why."""
        said = []
        if self.interrupted:
            said.append("partial: the review was interrupted, and what was not asked yet is not in it")
        if self.failures:
            said.append(
                f"partial: {counted(sum(bool(part.failure) for part in self.parts), 'part')} could not be reviewed by a model"
            )
        if self.unanchored:
            said.append(f"left out: {counted(self.unanchored, 'claim')} of models without a line in the diff")
        if self.dropped:
            told = ", ".join(f"{n} {reason}" for reason, n in sorted(self.dropped.items()))
            said.append(f"claims of models that did not hold were left out: {told}")
        if self.known:
            said.append(f"not repeated: {counted(self.known, 'finding')} that an earlier review has reported")
        return tuple(said)

    def to_json(self) -> dict[str, Any]:
        """The JSON shape of a review, version 1."""
        return {
            "v": 1,
            "subject": self.subject,
            "complete": self.complete,
            "interrupted": self.interrupted,
            "files": self.files,
            "added": self.added,
            "deleted": self.deleted,
            "counts": self.counts(),
            "findings": [finding.to_json() for finding in self.findings],
            "parts": [part.to_json() for part in self.parts],
            "unanchored": self.unanchored,
            "dropped": dict(self.dropped),
            "known": self.known,
            "failures": list(self.failures),
            "notices": list(self.notices),
        }
