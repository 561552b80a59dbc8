"""One commit of a range: its labels, and what is to be shown of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from smista_git.change.parse import parse_change
from smista_git.classify.classify import classify
from smista_git.classify.habits import Habits
from smista_git.git.diffs import RawDiff
from smista_git.workflow.classifying.classified import Classified

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class InRange(Generic[R]):
    """Classifies one commit of a range and makes of it what is to be shown, so that little travels."""

    habits: Habits
    sensitive: tuple[str, ...]
    secrets: bool
    shown: Callable[[Classified], R]

    def __call__(self, commit: str, diff: RawDiff) -> R:
        change = parse_change(diff.raw, diff.numstat, diff.patch)
        if self.secrets:
            from smista_git.classify.secrets.secrets import scan_change

            secrets = scan_change(change)
        else:
            secrets = ()
        labels = classify(change, habits=self.habits, sensitive_paths=self.sensitive, secrets=secrets)
        return self.shown(Classified(commit, labels, change, notices=diff.notices))
