"""A classified change as it is printed: one line for people, one JSON object for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from smista_git.classify.labels import Labels, Tier
from smista_git.cli.console import json_line, printable, styled
from smista_git.workflow.classifying.classified import Classified

TIER_STYLES: dict[Tier, dict[str, Any]] = {
    "light": {"fg": "green"},
    "standard": {},
    "heavy": {"fg": "red", "bold": True},
}


class Row(NamedTuple):
    """What is left of a commit of a range once it is to be printed; small, for it may come from another process."""

    type: str
    kind: str
    tier: str
    confidence: float
    text: str
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes the row of a commit; without a text where only the table is asked for."""

    as_json: bool
    summary_only: bool
    colour: bool = False

    def __call__(self, found: Classified) -> Row:
        labels = found.labels
        text = (
            ""
            if self.summary_only
            else as_json(found)
            if self.as_json
            else _in_columns(found, colour=self.colour)
        )
        notices = () if self.summary_only or self.as_json else notices_of(found)
        return Row(labels.type, labels.kind, labels.tier, labels.confidence, text, notices)


def line_of(found: Classified) -> str:
    """Its labels on one line, the commit's short name first."""
    labels = found.labels
    head = f"{found.commit[:12]}  " if found.commit else ""
    said = (
        f"{_typed(labels)}, {labels.kind}, {labels.size}, {labels.tier}, confidence {labels.confidence:.2f}"
    )
    other = f", runner-up {labels.runner_up}" if labels.runner_up else ""
    return printable(f"{head}{said}{other}{_flagged(labels)}")


def _in_columns(found: Classified, *, colour: bool) -> str:
    """The same with each label in its column, for many lines are read down."""
    labels, commit, tier = found.labels, (found.commit or "")[:12], f"{found.labels.tier:8}"
    if colour:
        commit, tier = styled(commit, fg="yellow"), styled(tier, **TIER_STYLES[labels.tier])
    start = printable(f"{_typed(labels):<16} {labels.kind:<14} {labels.size:<7}")
    return f"{commit}  {start} {tier} {labels.confidence:.2f}{printable(_flagged(labels))}"


def _typed(labels: Labels) -> str:
    return f"{labels.type}({labels.scope})" if labels.scope else labels.type


def _flagged(labels: Labels) -> str:
    return f" [{', '.join(labels.flags)}]" if labels.flags else ""


def notices_of(found: Classified) -> tuple[str, ...]:
    """What could not be read, with the commit's short name."""
    return tuple(f"{found.commit[:12]}: {said}" if found.commit else said for said in found.notices)


def as_json(found: Classified) -> str:
    """All of it as one JSON object on one line; its shape is fixed."""
    body: dict[str, object] = {"v": 1, "commit": found.commit, "labels": found.labels.to_json()}
    if found.concerns:
        body["concerns"] = [concern.to_json() for concern in found.concerns]
    body["files"] = [file.to_json() for file in found.change.files]
    if found.notices:
        body["notices"] = list(found.notices)
    return json_line(body)
