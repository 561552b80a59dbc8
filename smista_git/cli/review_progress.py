"""What a person sees while a review runs: one line when a part is asked, one when it is done, and each failure."""

from __future__ import annotations

import threading
import time

from smista_git.cli.console import talk
from smista_git.dispatch.outcome import Observer
from smista_git.errors import SmistaError
from smista_git.phases.review.report import PartReport
from smista_git.plan.verdict import Verdict
from smista_git.wording import counted
from smista_git.workflow.review.asking import OUT_OF_TIME
from smista_git.workflow.review.review import Part

# A hook that is done within a second has nothing to say about itself.
SILENT_S = 1.0


class ReviewProgress:
    """Tells on stderr, one line at a time whatever thread it comes from; ``late`` keeps back the first second."""

    def __init__(self, *, late: bool = False) -> None:
        self._lock = threading.Lock()
        self._kept: list[str] | None = [] if late else None
        self._timer = threading.Timer(SILENT_S, self._release)
        self._timer.daemon = True
        self._out_of_time = False

    def __enter__(self) -> ReviewProgress:
        """Starts the first second."""
        if self._kept is not None:
            self._timer.start()
        return self

    def __exit__(self, *exc: object) -> None:
        """What was kept back by now is not worth saying any more."""
        self._timer.cancel()

    def began(self, part: Part, number: int, of: int) -> Observer:
        """Says what is asked of whom."""
        files = len(part.change.files)
        what = part.change.files[0].path if files == 1 else f"{files} files"
        self.say(
            f"[{number}/{of}] {part.plan.decision.model} reads {what} ({part.plan.estimate.tokens_in} tokens) ..."
        )
        return _PartObserver(self, f"[{number}/{of}]")

    def ended(self, part: Part, number: int, of: int, report: PartReport) -> None:
        """Says what came of it; that the time is over is said once, not of every part that is left."""
        if report.failure == OUT_OF_TIME:
            if self._out_of_time:
                return
            self._out_of_time = True
        kept = ", asked before" if report.cached else ""
        result = (
            f"could not review: {report.failure}"
            if report.failure
            else f"{counted(report.findings, 'finding')}{kept}"
        )
        self.say(f"[{number}/{of}] {report.model}: {result}")

    def say(self, line: str) -> None:
        """Say a line now, or once the first second is over."""
        line = " ".join(line.split())
        with self._lock:
            if self._kept is not None:
                self._kept.append(line)
            else:
                talk(line, dim=True)

    def _release(self) -> None:
        with self._lock:
            kept, self._kept = self._kept or [], None
            for line in kept:
                talk(line, dim=True)


class _PartObserver:
    """Tells the failures of one part; its text is JSON that nobody wants to watch."""

    def __init__(self, progress: ReviewProgress, prefix: str) -> None:
        self._progress, self._prefix = progress, prefix
        self._began_s = time.monotonic()

    def started(self, model: str, why: str) -> None:
        """Says when it is not the first choice any more."""
        if why not in ("chosen", "last resort"):
            self._progress.say(f"{self._prefix} asking {model} ({why}) ...")

    def text(self, chunk: str) -> None:
        """Shows nothing."""

    def failed(self, model: str, error: Exception, next_step: str) -> None:
        """Says what went wrong, and what comes next."""
        what = error.message if isinstance(error, SmistaError) else type(error).__name__
        step = "leaving it to the rules" if next_step == "writing it by rules" else next_step
        self._progress.say(f"{self._prefix} {model}: {what}; {step}")

    def waiting(self, seconds: float, why: str) -> None:
        """Says how long nothing happens."""
        self._progress.say(f"{self._prefix} waiting {seconds:.3g} s: {why}")

    def verified(self, model: str, verdict: Verdict) -> None:
        """Says which checks an answer failed."""
        if not verdict.ok:
            rules = ", ".join(sorted({problem.rule for problem in verdict.problems}))
            self._progress.say(f"{self._prefix} {model}: the answer is not used ({rules})")
