"""Asks the parts of a review, a few at a time, and never the same content twice."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from smista_git.dispatch.dispatch import dispatch
from smista_git.dispatch.outcome import Attempt, Observer, Outcome
from smista_git.phases.review.anchor import Anchors
from smista_git.phases.review.judge import Judged, judge, verify_reply
from smista_git.phases.review.report import PartReport
from smista_git.plan.verdict import Verdict
from smista_git.route.decision import BUILTIN
from smista_git.workflow.accounting import Accounts
from smista_git.workflow.review.cache import Kept, ReviewCache
from smista_git.workflow.review.review import Part, ReviewJob
from smista_git.workflow.review.suggestions import SuggestionCheck

# A laptop's model answers one question at a time; servers take a few.
REMOTE_WORKERS = 3
NOTHING = '{"findings": []}'
OUT_OF_TIME = "the time was used up before it was asked"


class Watcher(Protocol):
    """Told of each part as it begins and ends; gives the observer of its dispatch. Called from several threads."""

    def began(self, part: Part, number: int, of: int) -> Observer:
        """A part is being asked."""

    def ended(self, part: Part, number: int, of: int, report: PartReport) -> None:
        """A part is done."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one part."""

    part: Part
    report: PartReport
    judged: Judged


class Asking:
    """The parts of one review on their way to models and back.

    ``interrupted`` is True once the person has stopped it: parts that were not answered by then are missing.
    """

    def __init__(
        self, job: ReviewJob, parts: Sequence[Part], check: SuggestionCheck, watcher: Watcher
    ) -> None:
        self._job, self._parts, self._watcher, self._check = job, parts, watcher, check
        self._ends_s = time.monotonic() + job.deadline_s
        self._cache = ReviewCache(job.session.settings.state_dir)
        self._results: queue.Queue[Asked | BaseException] = queue.Queue()
        self._stopping = threading.Event()
        self.interrupted = False

    def results(self) -> Iterator[Asked]:
        """Each part's result, as it comes; ends early, and says so, on Ctrl-C."""
        waiting = self._started()
        try:
            for _ in range(waiting):
                result = self._results.get()
                if isinstance(result, BaseException):
                    raise result
                yield result
        except KeyboardInterrupt:
            self.interrupted = True
        finally:
            self._stopping.set()

    def _started(self) -> int:
        """Start the workers on two queues: one for the local models, one for the others."""
        statuses = self._job.session.providers.statuses(part.plan.decision.model for part in self._parts)
        local: queue.SimpleQueue[tuple[int, Part]] = queue.SimpleQueue()
        remote: queue.SimpleQueue[tuple[int, Part]] = queue.SimpleQueue()
        for number, part in enumerate(self._parts, 1):
            (local if statuses[part.plan.decision.model].local else remote).put((number, part))
        workers = [local] * min(1, local.qsize()) + [remote] * min(REMOTE_WORKERS, remote.qsize())
        for line in workers:
            threading.Thread(target=self._work, args=(line,), daemon=True).start()
        return len(self._parts)

    def _work(self, line: queue.SimpleQueue[tuple[int, Part]]) -> None:
        # SQLite's connections stay in their thread.
        accounts = Accounts(self._job.session, today=date.today())
        try:
            while not self._stopping.is_set():
                number, part = line.get_nowait()
                self._results.put(self._ask(number, part, accounts))
        except queue.Empty:
            return
        except BaseException as exc:  # noqa: BLE001 - carried to the thread that waits
            self._results.put(exc)
        finally:
            accounts.close()

    def _ask(self, number: int, part: Part, accounts: Accounts) -> Asked:
        anchors = Anchors(part.change)
        kept = self._cache.get(part.plan)
        left_s = self._ends_s - time.monotonic()
        if kept is not None and verify_reply(kept.answer, anchors).ok:
            report, answer = _report(part, kept.model, cached=True), kept.answer
        elif left_s <= 0:
            report, answer = replace(_report(part, BUILTIN), failure=OUT_OF_TIME), NOTHING
        else:
            observer = self._watcher.began(part, number, len(self._parts))
            report, answer = self._sent(part, anchors, accounts, observer, left_s=left_s)
        source = report.model
        judged = judge(answer, part.change, anchors, source=source, applies=self._check.applies)
        report = replace(report, findings=len(judged.findings))
        self._watcher.ended(part, number, len(self._parts), report)
        return Asked(part, report, judged)

    def _sent(
        self, part: Part, anchors: Anchors, accounts: Accounts, observer: Observer, *, left_s: float
    ) -> tuple[PartReport, str]:
        session = self._job.session
        outcome = dispatch(
            part.plan,
            providers=session.providers,
            by_rules=lambda: NOTHING,
            verify=_verifier(anchors),
            deadline_s=left_s,
            observer=observer,
            price_of=session.price_of,
            ledger=accounts.account,
        )
        accounts.keep(part.plan, outcome, person=None, message="")
        if outcome.by_rules:
            return _outcome_report(part, outcome, failure=_failure(outcome)), NOTHING
        self._cache.put(part.plan, Kept(outcome.answer, outcome.model))
        return _outcome_report(part, outcome), outcome.answer


def _verifier(anchors: Anchors) -> Callable[[str], Verdict]:
    return lambda text: verify_reply(text, anchors)


def _report(part: Part, model: str, *, cached: bool = False) -> PartReport:
    paths = tuple(file.path for file in part.change.files)
    return PartReport(part.plan.id, part.group, paths, part.plan.decision.model, model, cached=cached)


def _outcome_report(part: Part, outcome: Outcome, *, failure: str = "") -> PartReport:
    return replace(
        _report(part, outcome.model),
        failure=failure,
        tokens_in=outcome.usage.tokens_in,
        tokens_out=outcome.usage.tokens_out,
        cost_usd=outcome.cost_usd,
        attempts=tuple(f"{a.model}: {a.outcome}" for a in outcome.attempts if a.model != BUILTIN),
    )


def _failure(outcome: Outcome) -> str:
    """Why no model's answer could be used: the last one's reason."""
    tried: list[Attempt] = [attempt for attempt in outcome.attempts if attempt.model != BUILTIN]
    if not tried:
        return OUT_OF_TIME
    last = tried[-1]
    why = last.reason or last.error or last.outcome
    return f"{last.model}: {'its answer could not be used: ' if last.outcome == 'rejected' else ''}{why}"


def report_by_rules(part: Part) -> PartReport:
    """The report of a part that no model is asked about."""
    return replace(_report(part, BUILTIN), failure=part.unserved)
