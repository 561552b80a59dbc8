"""``git smista changelog --polish``: entries reworded by the model that the policy gives for changelogs."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from smista_git.change.model import Change, FileChange
from smista_git.change.parse import parse_change
from smista_git.classify.labels import Labels
from smista_git.classify.secrets.secrets import scan, scan_own
from smista_git.dispatch.dispatch import dispatch
from smista_git.dispatch.outcome import Observer
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.polish import BATCH, Rewording, as_answer, ask, judge, read_answer
from smista_git.plan.estimate import cost_range, estimate, total
from smista_git.plan.plan import Context, Excluded, Included, Plan
from smista_git.plan.request import Request
from smista_git.plan.tokens import count_tokens
from smista_git.route.decision import BUILTIN, Override, Task
from smista_git.route.floors import excluded_paths
from smista_git.workflow.accounting import Accounts
from smista_git.workflow.changelog.changelog import ChangelogJob
from smista_git.workflow.planning import decide_task
from smista_git.workflow.session import Session, open_session

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
    """A polish before anything is asked: the batches, and the entries that stay as they are, each with why."""

    session: Session
    accounts: Accounts
    batches: tuple[Batch, ...]
    kept: tuple[tuple[Entry, str], ...] = ()

    def bill(self) -> Iterator[str]:
        """What is about to be asked, of whom, and at what price, a line a model; nothing for answers that are there."""
        models: dict[str, list[Batch]] = {}
        for batch in self.batches:
            if batch.plan.decision.model != BUILTIN and _known(self, batch) is None:
                models.setdefault(batch.plan.decision.model, []).append(batch)
        for model, batches in models.items():
            hosts = dict.fromkeys(
                p for batch in batches for p in batch.plan.decision.permissions if p.startswith("send to ")
            )
            where = "; ".join(hosts) or "nothing leaves this machine"
            questions = f"{len(batches)} {'question' if len(batches) == 1 else 'questions'}"
            entries = sum(len(batch.entries) for batch in batches)
            yield f"{model}: {entries} entries in {questions}, {cost_range(total(b.plan.estimate for b in batches))}; {where}"


def plan_polish(job: ChangelogJob, entries: Sequence[Entry], *, override: Override) -> Polish:
    """The plans for rewording these entries. An entry with a secret in it is never shown to a model.

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
    groups = [tuple(shown[at : at + BATCH]) for at in range(0, len(shown), BATCH)]
    plans = (_plan(session, accounts, group, paths, kept, override) for group in groups)
    batches = tuple(Batch(plan, group) for plan, group in zip(plans, groups, strict=True))
    return Polish(session, accounts, batches, kept)


def reworded(polish: Polish, *, deadline_s: float, observer: Observer) -> Iterator[tuple[Entry, Rewording]]:
    """Each entry with its rewording, batch after batch; answers that were given before are not asked for again."""
    ends_s = time.monotonic() + deadline_s
    for batch in polish.batches:
        left_s = max(ends_s - time.monotonic(), 0.0)
        found = read_answer(_answer(polish, batch, left_s, observer), batch.texts)
        assert found is not None, "what is no answer is not kept, and the rules' own always is one"
        yield from zip(batch.entries, found, strict=True)


def with_texts(job: ChangelogJob, texts: Mapping[Entry, str]) -> ChangelogJob:
    """The job with some entries reworded."""
    found = (
        replace(one, entries=tuple(replace(e, text=texts.get(e, e.text)) for e in one.entries))
        for one in job.found
    )
    return replace(job, found=tuple(found))


def _answer(polish: Polish, batch: Batch, deadline_s: float, observer: Observer) -> str:
    session, plan = polish.session, batch.plan
    known = _known(polish, batch)
    if known is not None:
        return known
    outcome = dispatch(
        plan,
        providers=session.providers,
        by_rules=lambda: as_answer(batch.texts),
        verify=lambda text: judge(text, batch.texts),
        deadline_s=deadline_s,
        observer=observer,
        price_of=session.price_of,
        ledger=polish.accounts.account,
    )
    polish.accounts.keep(plan, outcome, person=None, message="")
    if not outcome.by_rules:
        _keep(_cache(polish, batch), outcome.answer)
    return outcome.answer


def _known(polish: Polish, batch: Batch) -> str | None:
    """The answer that was given to this very question before, where it still passes."""
    known = _read(_cache(polish, batch))
    return known if known is not None and judge(known, batch.texts).ok else None


def _cache(polish: Polish, batch: Batch) -> Path:
    return polish.session.settings.state_dir / "changelog" / f"{batch.plan.id}.json"


def _plan(
    session: Session,
    accounts: Accounts,
    entries: tuple[Entry, ...],
    paths: Mapping[tuple[str, ...], Sequence[str]],
    kept: Sequence[tuple[Entry, str]],
    override: Override,
) -> Plan:
    change = _change([paths[entry.oids] for entry in entries])
    task = Task(
        intent="changelog", labels=LABELS, change=change, branch=session.repo.branch(), secret_paths=()
    )
    decision = decide_task(session, accounts, task, override)
    texts = [entry.text for entry in entries]
    local = decision.model == BUILTIN or session.providers.statuses([decision.model])[decision.model].local
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


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _keep(path: Path, answer: str) -> None:
    """Keep an answer for the next time; where that cannot be, it is asked for again."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.new")
        temporary.write_text(answer, "utf-8")
        temporary.replace(path)
