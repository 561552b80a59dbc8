"""A change read once, for everything that follows: what it is, what the repository's habits are, what is secret."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from smista_git.change.model import Change
from smista_git.change.parse import parse_change
from smista_git.classify.classify import classify
from smista_git.classify.habits import Habits, PastCommit, learn_habits
from smista_git.classify.labels import Labels
from smista_git.classify.secrets.secrets import ChangeFinding, engine_available, scan, scan_change, scan_own
from smista_git.git.diffs import RawDiff
from smista_git.plan.plan import Redaction
from smista_git.plan.redact import Placeholders, Scan, redact_change, redact_names
from smista_git.route.floors import excluded_paths, sensitive_path
from smista_git.route.policy import Policy


@dataclass(frozen=True, slots=True)
class Reading:
    """``change`` has every secret replaced by a placeholder: no later stage ever holds a value.

    ``quotable`` is the same without a line of the files that the policy leaves out: what a message may speak of.
    ``sha256`` is the diff's fingerprint; ``notices`` are sentences for the person about what could not be read.
    """

    change: Change
    labels: Labels
    habits: Habits
    findings: tuple[ChangeFinding, ...]
    redactions: tuple[Redaction, ...]
    placeholders: Placeholders
    sha256: str
    quotable: Change
    notices: tuple[str, ...] = ()

    @property
    def secret_paths(self) -> tuple[str, ...]:
        """The files in which secrets were found, sorted."""
        return tuple(sorted({finding.path for finding in self.findings}))


def read_change(raw: RawDiff, *, policy: Policy, history: Sequence[PastCommit]) -> Reading:
    """What is in a diff: parsed, scanned, classified, redacted."""
    return read_with_habits(raw, policy=policy, habits=_habits(history, policy))


def read_with_habits(raw: RawDiff, *, policy: Policy, habits: Habits) -> Reading:
    """The same, where the repository's habits are known already."""
    parsed = parse_change(raw.raw, raw.numstat, raw.patch)
    placeholders = Placeholders()
    change, findings = _without_secret_names(parsed, scan_change(parsed), placeholders)
    labels = classify(change, habits=habits, sensitive_paths=policy.sensitive_paths, secrets=findings)
    redacted, redactions = redact_change(change, findings, scan=_finder(), placeholders=placeholders)
    notices = raw.notices + _unread(change)
    quotable = _without_excluded(redacted, policy)
    return Reading(
        redacted, labels, habits, findings, redactions, placeholders, fingerprint(raw), quotable, notices
    )


def _habits(history: Sequence[PastCommit], policy: Policy) -> Habits:
    """The habits of the whole history; no subject about a sensitive file is an example, for it may quote the file."""
    habits = learn_habits(history)
    open_history = [c for c in history if not any(sensitive_path(policy, path) for path in c.paths)]
    if len(open_history) == len(history):
        return habits
    return replace(habits, examples=learn_habits(open_history).examples)


def _without_excluded(change: Change, policy: Policy) -> Change:
    stays = excluded_paths(policy, change)
    if not stays:
        return change
    files = (replace(f, hunks=()) if any(path in stays for path in f.paths) else f for f in change.files)
    return Change(tuple(files))


def _without_secret_names(
    change: Change, findings: tuple[ChangeFinding, ...], placeholders: Placeholders
) -> tuple[Change, tuple[ChangeFinding, ...]]:
    """The change and its findings under names that may be shown."""
    change, names = redact_names(change, findings, scan=_finder(), placeholders=placeholders)
    return change, tuple(replace(finding, path=names.get(finding.path, finding.path)) for finding in findings)


def _finder() -> Scan:
    """The scanner; the own rules alone where the engine does not load: egress then lets nothing out."""
    return scan if engine_available() else scan_own


def fingerprint(raw: RawDiff) -> str:
    """sha256 of the paths, modes and object names of a diff, in hex: two diffs with the same one are the same."""
    return hashlib.sha256(raw.raw).hexdigest()


def _unread(change: Change) -> tuple[str, ...]:
    cut = [file.path for file in change.files if file.truncated]
    if not cut:
        return ()
    more = f" and {len(cut) - 1} more" if len(cut) > 1 else ""
    return (f"{cut[0]}{more}: too large to read whole; counts are exact, contents are read in part",)
