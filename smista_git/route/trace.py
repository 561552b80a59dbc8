"""Writes down each thing that was considered on the way to a decision."""

from __future__ import annotations

from smista_git.route.decision import TraceStep


class Trace:
    """A growing list of steps, in the order in which things were considered."""

    def __init__(self) -> None:
        self._steps: list[TraceStep] = []

    def add(self, stage: str, name: str, outcome: str, why: str) -> None:
        """Write one step down."""
        self._steps.append(TraceStep(stage, name, outcome, why))

    def steps(self) -> tuple[TraceStep, ...]:
        """What was written so far."""
        return tuple(self._steps)
