"""Budget, availability and floors have the last word: which of the candidates may serve, and why others may not."""

from __future__ import annotations

from smista_git.errors import BudgetPaused, NothingAvailable, Refused, SmistaError
from smista_git.route.budget import Pressure
from smista_git.route.decision import BUILTIN, Circumstances, ModelStatus, Task
from smista_git.route.floors import Floors
from smista_git.route.tiers import status_of
from smista_git.route.trace import Trace

# What the builtin writer can do without any model.
BUILTIN_INTENTS = ("commit", "review", "changelog")


class Gate:
    """Lets those candidates through that are there and that budget and floors allow; the trace says who was not."""

    def __init__(
        self, task: Task, floors: Floors, strain: Pressure, circumstances: Circumstances, trace: Trace
    ) -> None:
        self._task = task
        self._floors = floors
        self._strain = strain
        self._models = circumstances.models
        self._trace = trace

    def serving(self, candidates: tuple[str, ...]) -> tuple[str, ...]:
        """Those who pass, in order, at least one."""
        passed = tuple(model for model in candidates if self.passes(model))
        if not passed:
            raise self._nobody(candidates)
        self._trace.add(
            "decision", passed[0], "chosen", "the first that is there and that every floor allows"
        )
        return passed

    def passes(self, model: str) -> bool:
        """Whether budget, availability and floors let this model through."""
        objections = self._objections(model)
        for stage, objection in objections:
            self._trace.add(stage, model, "passed over", objection)
        if objections:
            return False
        self._trace.add("availability", model, "available", self._status(model).why or "it answers")
        return True

    def may_escalate(self, model: str) -> bool:
        """As ``passes``, told in one line of its own."""
        objections = self._objections(model)
        outcome = "passed over" if objections else "ready"
        why = (
            "; ".join(objection for _, objection in objections) or "takes over when the answer does not hold"
        )
        self._trace.add("escalation", model, outcome, why)
        return not objections

    def _objections(self, model: str) -> list[tuple[str, str]]:
        """Every stage that says no, with why."""
        said = (
            ("budget", self._paused(model)),
            ("availability", self._missing(model)),
            ("floors again", self._floors.objection(self._status(model))),
        )
        return [(stage, objection) for stage, objection in said if objection]

    def _status(self, model: str) -> ModelStatus:
        return status_of(model, self._models)

    def _paused(self, model: str) -> str | None:
        paused = self._strain.strain == "pause" and not self._status(model).local
        return self._strain.why if paused else None

    def _missing(self, model: str) -> str | None:
        if model == BUILTIN and self._task.intent not in BUILTIN_INTENTS:
            return f"the builtin writer does not {self._task.intent}"
        status = self._status(model)
        return None if status.available else status.why or "it does not answer"

    def _nobody(self, candidates: tuple[str, ...]) -> SmistaError:
        """The error that says why nobody can serve: a floor before the budget before plain absence."""
        statuses = [(model, self._status(model)) for model in candidates]
        there = [(model, status) for model, status in statuses if self._missing(model) is None]
        objections = [found for _, status in there if (found := self._floors.objection(status))]
        if objections:
            return Refused(
                f"no local model can {self._task.intent} this, and {objections[0]}",
                hint="start Ollama and pull a model, then see: git smista doctor",
            )
        if there:
            return BudgetPaused(
                f"the budget is used up: {self._strain.why}", hint="see what was spent: git smista cost"
            )
        absent = "; ".join(f"{model}: {self._missing(model)}" for model, _ in statuses)
        return NothingAvailable(
            f"no model can {self._task.intent} this: {absent}", hint="see what is missing: git smista doctor"
        )
