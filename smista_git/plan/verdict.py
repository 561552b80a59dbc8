"""What verification found in an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an answer; ``detail`` is a sentence that a model can act on."""

    rule: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``answer`` is the cleaned answer; ``problems`` is empty when it may be used."""

    answer: str
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """True when nothing is wrong with the answer."""
        return not self.problems
