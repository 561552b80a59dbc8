"""A change read once, for everything that follows: what it is, what the repository's habits are, what is secret."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from smista_git.change.model import Change
from smista_git.change.parse import parse_change
from smista_git.classify.classify import classify
from smista_git.classify.habits import Habits, PastCommit, learn_habits
from smista_git.classify.labels import Labels
from smista_git.classify.secrets import ChangeFinding, scan, scan_change
from smista_git.git.diffs import RawDiff
from smista_git.plan.plan import Redaction
from smista_git.plan.redact import Placeholders, redact_change
from smista_git.route.policy import Policy

HISTORY = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """``change`` has every secret replaced by a placeholder: no later stage ever holds a value.

    ``sha256`` is the diff's fingerprint; ``notices`` are sentences for the person about what could not be read.
    """

    change: Change
    labels: Labels
    habits: Habits
    findings: tuple[ChangeFinding, ...]
    redactions: tuple[Redaction, ...]
    placeholders: Placeholders
    sha256: str
    notices: tuple[str, ...] = ()

    @property
    def secret_paths(self) -> tuple[str, ...]:
        """The files in which secrets were found, sorted."""
        return tuple(sorted({finding.path for finding in self.findings}))


def read_change(raw: RawDiff, *, policy: Policy, history: Sequence[PastCommit]) -> Reading:
    """What is in a diff: parsed, scanned, classified, redacted."""
    change = parse_change(raw.raw, raw.numstat, raw.patch)
    findings = scan_change(change)
    habits = learn_habits(history)
    labels = classify(change, habits=habits, sensitive_paths=policy.sensitive_paths, secrets=findings)
    placeholders = Placeholders()
    redacted, redactions = redact_change(change, findings, scan=scan, placeholders=placeholders)
    notices = raw.notices + _unread(change)
    return Reading(redacted, labels, habits, findings, redactions, placeholders, fingerprint(raw), notices)


def fingerprint(raw: RawDiff) -> str:
    """sha256 of the paths, modes and object names of a diff, in hex: two diffs with the same one are the same."""
    return hashlib.sha256(raw.raw).hexdigest()


def _unread(change: Change) -> tuple[str, ...]:
    cut = [file.path for file in change.files if file.truncated]
    if not cut:
        return ()
    more = f" and {len(cut) - 1} more" if len(cut) > 1 else ""
    return (f"{cut[0]}{more}: too large to read whole; counts are exact, contents are read in part",)
