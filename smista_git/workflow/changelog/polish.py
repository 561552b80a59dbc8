"""``git smista changelog --polish``: entries reworded by the model that the policy gives for changelogs."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from smista_git.change.model import Change, FileChange
from smista_git.change.parse import parse_change
from smista_git.classify.labels import Labels
from smista_git.classify.secrets.secrets import scan, scan_own
from smista_git.dispatch.dispatch import dispatch
from smista_git.dispatch.outcome import Observer
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.polish import (
    BATCH,
    EXAMPLES,
    INSTRUCTIONS,
    Rewording,
    as_answer,
    ask,
    judge,
    read_answer,
    rewording,
)
from smista_git.plan.estimate import cost_range, estimate, total
from smista_git.plan.plan import Context, Excluded, Included, Plan
from smista_git.plan.request import Request
from smista_git.plan.tokens import count_tokens
from smista_git.plan.verdict import Verdict
from smista_git.route.decision import BUILTIN, Decision, Override, Task
from smista_git.route.floors import excluded_paths
from smista_git.workflow.accounting import Accounts
from smista_git.workflow.changelog.changelog import ChangelogJob
from smista_git.workflow.planning import decide_task
from smista_git.workflow.session import Session, open_session

NO_ANSWER = "the answer is not in the form that was asked for"
LABELS = Labels("docs", "changelog", None, "small", (), "light", 1.0, ())


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries that are reworded by one question, and the plan for it."""

    plan: Plan
    entries: tuple[Entry, ...]

    @property
    def texts(self) -> list[str]:
        """What the model is shown of each."""
        return [entry.text for entry in self.entries]


@dataclass(frozen=True, slots=True)
class Polish:
    """A polish before anything is asked: the batches, the entries whose answer is there, and those never shown."""

    session: Session
    accounts: Accounts
    batches: tuple[Batch, ...] = ()
    known: tuple[tuple[Entry, Rewording], ...] = ()
    kept: tuple[tuple[Entry, str], ...] = ()

    @property
    def by_rules(self) -> bool:
        """True where there is no model to ask."""
        return any(batch.plan.decision.model == BUILTIN for batch in self.batches)

    def plan(self) -> Plan | None:
        """All questions as one plan, for people; None where nothing is to be asked."""
        if not self.batches:
            return None
        plans = [batch.plan for batch in self.batches]
        shown = tuple(piece for plan in plans for piece in plan.context.included)
        context = replace(plans[0].context, included=shown)
        return replace(plans[0], context=context, estimate=total(plan.estimate for plan in plans))

    def bill(self) -> Iterator[str]:
        """What is about to be asked, of whom, and at what price; nothing for answers that are there."""
        plan = self.plan()
        if plan is None or self.by_rules:
            return
        hosts = (p for p in plan.decision.permissions if p.startswith("send to "))
        where = "; ".join(hosts) or "nothing leaves this machine"
        asked, count = sum(len(batch.entries) for batch in self.batches), len(self.batches)
        entries = "1 entry" if asked == 1 else f"{asked} entries"
        questions = "1 question" if count == 1 else f"{count} questions"
        yield f"{plan.decision.model}: {entries} in {questions}, {cost_range(plan.estimate)}; {where}"


def plan_polish(job: ChangelogJob, entries: Sequence[Entry], *, override: Override) -> Polish:
    """The plans for rewording these entries. An entry with a secret in it is never shown to a model.

    One decision holds for all of them, so that what must stay here keeps the whole job here.

    Raises: Refused, BudgetPaused, NothingAvailable.
    """
    session = open_session(job.repo.root)
    accounts = Accounts(session, today=date.today())
    paths = _paths_of(job, entries)
    excluded = excluded_paths(session.settings.policy, _change(paths.values()))
    kept = tuple(
        (entry, why) for entry in entries if (why := _stays(session, entry, paths[entry.oids], excluded))
    )
    staying = {id(entry) for entry, _ in kept}
    shown = [entry for entry in entries if id(entry) not in staying]
    if not shown:
        return Polish(session, accounts, kept=kept)
    change = _change([paths[entry.oids] for entry in shown])
    task = Task(
        intent="changelog", labels=LABELS, change=change, branch=session.repo.branch(), secret_paths=()
    )
    decision = decide_task(session, accounts, task, override)
    answers = Answers(session.settings.state_dir, decision)
    there = {entry: answers.known(entry.text) for entry in shown}
    known = tuple((entry, found) for entry, found in there.items() if found)
    asked = [entry for entry, found in there.items() if found is None]
    local = decision.model == BUILTIN or session.providers.statuses([decision.model])[decision.model].local
    size = len(asked) if decision.model == BUILTIN else 1 if local else BATCH
    groups = [tuple(asked[at : at + size]) for at in range(0, len(asked), size or 1)]
    batches = tuple(Batch(_plan(session, decision, group, kept, local=local), group) for group in groups)
    return Polish(session, accounts, batches, known, kept)


def reworded(polish: Polish, *, deadline_s: float, observer: Observer) -> Iterator[tuple[Entry, Rewording]]:
    """Each entry with its rewording, batch after batch; answers that were given before are not asked for again.

    It ends early where the time is up, and where no model answers any more.
    """
    yield from polish.known
    ends_s = time.monotonic() + deadline_s
    for batch in polish.batches:
        left_s = ends_s - time.monotonic()
        found = _asked(polish, batch, left_s, observer) if left_s > 0 else None
        if found is None:
            return
        yield from zip(batch.entries, found, strict=True)


def with_texts(job: ChangelogJob, texts: Mapping[Entry, str]) -> ChangelogJob:
    """The job with some entries reworded."""
    found = (
        replace(one, entries=tuple(replace(e, text=texts.get(e, e.text)) for e in one.entries))
        for one in job.found
    )
    return replace(job, found=tuple(found))


def _asked(polish: Polish, batch: Batch, deadline_s: float, observer: Observer) -> list[Rewording] | None:
    """What came of a batch; None where no model answered at all. Where its answer was refused, the originals stay."""
    session, plan = polish.session, batch.plan
    stays, last = as_answer(batch.texts), list[Rewording]()

    def verify(text: str) -> Verdict:
        last[:] = (read_answer(text, batch.texts) if text != stays else None) or last
        return judge(text, batch.texts)

    outcome = dispatch(
        plan,
        providers=session.providers,
        by_rules=lambda: stays,
        verify=verify,
        deadline_s=deadline_s,
        observer=observer,
        price_of=session.price_of,
        ledger=polish.accounts.account,
    )
    polish.accounts.keep(plan, outcome, person=None, message="")
    if outcome.by_rules and not polish.by_rules:
        if all(attempt.outcome == "error" for attempt in outcome.attempts[:-1]):
            return None
        last = [replace(one, objection=one.objection or "most of that answer was refused") for one in last]
    if last and (len(last) == 1 or not outcome.by_rules):
        Answers(session.settings.state_dir, plan.decision).keep(last)
    return last or [Rewording(text, text, "" if polish.by_rules else NO_ANSWER) for text in batch.texts]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model said of each entry, kept from run to run; it is judged anew whenever it is read."""

    state_dir: Path
    decision: Decision

    def known(self, text: str) -> Rewording | None:
        """What was said of an entry, if it was asked for before in the same words."""
        try:
            return rewording(text, self._path(text).read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            return None

    def keep(self, found: Sequence[Rewording]) -> None:
        """Keep what was said; where that cannot be, it is asked for again."""
        with suppress(OSError):
            for one in found:
                path = self._path(one.before)
                path.parent.mkdir(parents=True, exist_ok=True)
                temporary = path.with_suffix(f".{os.getpid()}.new")
                temporary.write_text(one.after, "utf-8")
                temporary.replace(path)

    def _path(self, text: str) -> Path:
        question = [self.decision.model, self.decision.effort, *INSTRUCTIONS, *EXAMPLES, text]
        name = sha256(json.dumps(question).encode()).hexdigest()
        return self.state_dir / "changelog" / f"{name}.txt"


def _plan(
    session: Session,
    decision: Decision,
    entries: tuple[Entry, ...],
    kept: Sequence[tuple[Entry, str]],
    *,
    local: bool,
) -> Plan:
    texts = [entry.text for entry in entries]
    settings = session.settings.policy.changelog
    request = (
        Request(())
        if decision.model == BUILTIN
        else ask(texts, effort=decision.effort, timeout_s=settings.deadline_s)
    )
    price = None if local else session.price_of(decision.model)
    thinking = 0 if local else session.providers.thinking_tokens(decision.model, decision.effort)
    context = Context(
        tuple(
            Included(f"commit {entry.oids[0][:12]}", "changelog entry", count_tokens(entry.text))
            for entry in entries
        ),
        tuple(Excluded(f"commit {entry.oids[0][:12]}", why) for entry, why in kept),
    )
    bill = estimate(request, price, local=local, thinking_tokens=thinking)
    return Plan("changelog", LABELS, decision, context, bill, request)


def _stays(session: Session, entry: Entry, paths: Sequence[str], excluded: Mapping[str, str]) -> str:
    """Why an entry is not shown to a model, or an empty string."""
    finder = scan if session.scanner_works() else scan_own
    if finder(entry.text):
        return "it looks as if there is a secret in it"
    return next((f"{path}: {excluded[path]}" for path in paths if path in excluded), "")


def _paths_of(job: ChangelogJob, entries: Sequence[Entry]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The files that the commits of each entry touched, for the policy's floors."""
    oids = list(dict.fromkeys(oid for entry in entries for oid in entry.oids))
    touched: dict[str, list[str]] = {}
    if oids:
        for oid, diff in job.repo.history_diffs("--no-walk=unsorted", *oids, limit_bytes=0):
            change = parse_change(diff.raw, diff.numstat, diff.patch)
            touched[oid] = [path for file in change.files for path in file.paths]
    return {e.oids: tuple(path for oid in e.oids for path in touched.get(oid, ())) for e in entries}


def _change(listed: Iterable[Sequence[str]]) -> Change:
    """A change of these files, with nothing in it but their names: what the floors look at."""
    names = sorted({path for paths in listed for path in paths})
    zeros = "0" * 40
    return Change(
        tuple(FileChange(name, name, "modified", "100644", "100644", zeros, zeros) for name in names)
    )
