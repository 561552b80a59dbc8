"""``git smista review``, step by step: read, review by rules, route and plan, ask, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from smista_git.change.model import Change
from smista_git.change.paths import is_lockfile, role_of
from smista_git.classify.habits import HISTORY, PastCommit
from smista_git.classify.secrets.secrets import scan, scan_own
from smista_git.errors import UsageError
from smista_git.git.repository import Repository
from smista_git.phases.review.ask import MAX_OUTPUT_TOKENS, ask
from smista_git.phases.review.builtin import review_by_rules
from smista_git.phases.review.finding import Finding
from smista_git.plan.estimate import estimate
from smista_git.plan.pack import WHOLE, pack_change
from smista_git.plan.plan import Context, Included, Plan, Redaction
from smista_git.plan.redact import redact
from smista_git.plan.request import Request
from smista_git.plan.tokens import count_tokens
from smista_git.route.decision import Override
from smista_git.route.floors import sensitive_path
from smista_git.workflow.accounting import Accounts
from smista_git.workflow.guidance import GUIDANCE_FILES, LIMIT_BYTES, read_guidance
from smista_git.workflow.places import POLICY_FILE
from smista_git.workflow.reading import Reading, read_change
from smista_git.workflow.review.callers import Callers, tree_names
from smista_git.workflow.review.context import SHARE, Surroundings
from smista_git.workflow.review.groups import Group, groups_of, parts_of
from smista_git.workflow.review.notes import narrowed
from smista_git.workflow.review.subject import Subject, only_own, subject_of
from smista_git.workflow.session import Session
from smista_git.workflow.settings import PolicyText, load_settings

# A review reads every line, so it gets more of a window than a message does; what is more becomes another question.
LOCAL_PART_TOKENS = 5_000
# A small model that has lost its thread fills whatever it is given; eight findings fit into this.
LOCAL_ANSWER_TOKENS = 800
REMOTE_PART_TOKENS = 20_000
# Instructions, schema, guidance and the answer.
OVERHEAD_TOKENS = 5_500
LEAST_PART_TOKENS = 700


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """What the command line asked for; ``rev`` is None for the index, ``hook`` the git hook that asks."""

    rev: str | None = None
    since_last: bool = False
    hook: str | None = None
    override: Override = field(default_factory=Override)


@dataclass(frozen=True, slots=True)
class Part:
    """One question: its plan, and the piece of the change that it speaks of. ``unserved`` as in ``Group``."""

    plan: Plan
    change: Change
    group: int
    unserved: str = ""


@dataclass(frozen=True, slots=True)
class ReviewJob:
    """A review before anything is asked: the subject, what the rules found, what earlier reviews have said."""

    session: Session
    accounts: Accounts
    options: ReviewOptions
    subject: Subject
    reading: Reading
    by_rules: tuple[Finding, ...]
    guidance: tuple[tuple[str, str], ...]
    known: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()

    @property
    def deadline_s(self) -> float:
        """Seconds for the whole review."""
        return self.session.settings.policy.review.deadline_of(self.options.hook)


def read_review(session: Session, options: ReviewOptions) -> ReviewJob:
    """The job for what is to be reviewed, the builtin reviewer's findings included.

    A policy or guidance that the change itself touches is taken from before the change.

    Raises: NothingToDo, UsageError, PolicyError.
    """
    repo = session.repo
    if options.since_last and options.rev is None:
        hint = "name the branch: `git smista review main..HEAD --since-last`"
        raise UsageError("--since-last needs a range: the index has no past reviews", hint=hint)
    subject, known = subject_of(repo, options.rev), frozenset[str]()
    notices: tuple[str, ...] = ()
    if options.since_last:
        subject, known, notices = narrowed(repo, subject)
    session = _governed(session, subject)
    reading = read_change(subject.diff, policy=session.settings.policy, history=_history(repo, subject))
    if subject.branch is not None:
        reading = replace(reading, change=only_own(reading.change, subject.branch))
    found = review_by_rules(
        reading.change,
        secrets=reading.findings,
        sizes=_sizes(repo, reading.change),
        lockfiles=_lockfiles(repo, subject, reading.change),
        uses=_uses(session, subject, reading.change),
    )
    return ReviewJob(
        session,
        Accounts(session, today=date.today()),
        options,
        subject,
        reading,
        found,
        _guidance(session, subject),
        known,
        (*session.settings.policy.notices, *notices, *reading.notices),
    )


def plan_review(job: ReviewJob) -> tuple[Part, ...]:
    """One plan for each question, group by group, the builtin reviewer's last.

    Raises: Refused, BudgetPaused, NothingAvailable.
    """
    groups = groups_of(
        job.session, job.accounts, job.reading, override=job.options.override, hook=job.options.hook
    )
    beside = Surroundings(job.session, job.subject, job.reading.change, job.reading.placeholders)
    return tuple(
        part for number, group in enumerate(groups, 1) for part in _planned(job, group, number, beside)
    )


def _planned(job: ReviewJob, group: Group, number: int, beside: Surroundings) -> Sequence[Part]:
    worth_asking = any(not (file.binary or file.mechanical) for file in group.change.files)
    if group.by_rules or not worth_asking:
        return [Part(_plan_by_rules(job, group), group.change, number, group.unserved)]
    budget = _part_tokens(job.session, group.decision.model)
    guidance, redactions = _clean(job)
    return [
        Part(_plan(job, group, piece, budget, guidance, redactions, beside), piece, number)
        for piece in parts_of(group, budget_tokens=budget)
    ]


def _plan_by_rules(job: ReviewJob, group: Group) -> Plan:
    """The plan of a group that no model is asked about; its request is empty."""
    context = Context(
        tuple(Included(file.path, WHOLE, 0) for file in group.change.files),
        redactions=_redactions(job, group.change),
    )
    bill = estimate(Request(()), None, local=True)
    return Plan("review", group.labels, group.decision, context, bill, Request(()), job.reading.sha256)


def _plan(
    job: ReviewJob,
    group: Group,
    piece: Change,
    budget_tokens: int,
    guidance: tuple[tuple[str, str], ...],
    redactions: tuple[Redaction, ...],
    beside: Surroundings,
) -> Plan:
    decision, session = group.decision, job.session
    packed = pack_change(piece, budget_tokens=budget_tokens, stays=group.stays)
    related, listed, blotted = beside.of(piece, budget_tokens=int(budget_tokens * SHARE))
    paths = set(piece.paths) - set(group.stays)
    local = session.providers.statuses([decision.model])[decision.model].local
    request = ask(
        packed,
        known=[finding for finding in job.by_rules if finding.path in paths],
        guidance=guidance,
        related=related,
        effort=decision.effort,
        max_output_tokens=LOCAL_ANSWER_TOKENS if local else MAX_OUTPUT_TOKENS,
        timeout_s=job.deadline_s,
    )
    pieces = tuple(Included(name, "guidance", count_tokens(text)) for name, text in guidance)
    context = replace(
        packed.context,
        included=packed.context.included + pieces + listed,
        redactions=_redactions(job, piece) + redactions + blotted,
    )
    price = None if local else session.price_of(decision.model)
    thinking = 0 if local else session.providers.thinking_tokens(decision.model, decision.effort)
    bill = estimate(request, price, local=local, thinking_tokens=thinking)
    return Plan("review", group.labels, decision, context, bill, request, job.reading.sha256)


def _part_tokens(session: Session, model: str) -> int:
    local = session.providers.statuses([model])[model].local
    most = LOCAL_PART_TOKENS if local else REMOTE_PART_TOKENS
    return max(min(most, session.window_of(model) - OVERHEAD_TOKENS), LEAST_PART_TOKENS)


def _redactions(job: ReviewJob, change: Change) -> tuple[Redaction, ...]:
    paths = set(change.paths)
    return tuple(redaction for redaction in job.reading.redactions if redaction.path in paths)


def _clean(job: ReviewJob) -> tuple[tuple[tuple[str, str], ...], tuple[Redaction, ...]]:
    """The guidance without the secrets in it."""
    finder = scan if job.session.scanner_works() else scan_own
    clean: list[tuple[str, str]] = []
    redactions: list[Redaction] = []
    for name, text in job.guidance:
        shown, found = redact(text, finder(text), path=name, placeholders=job.reading.placeholders)
        clean.append((name, shown))
        redactions += found
    return tuple(clean), tuple(redactions)


def _governed(session: Session, subject: Subject) -> Session:
    """The session under the policy from before the change, where the change touches the policy."""
    if POLICY_FILE not in _touched(subject):
        return session
    before = subject.before(session.repo, POLICY_FILE)
    text = PolicyText(POLICY_FILE, before) if before is not None else None
    root = session.repo.root if before is not None else None
    return replace(session, settings=load_settings(root, session.repo.environment, repository=text))


def _touched(subject: Subject) -> frozenset[str]:
    """Every path of the change in lower case, since some file systems take another case for the same file."""
    return frozenset(subject.diff.raw.decode("utf-8", "surrogateescape").lower().split("\0"))


def _guidance(session: Session, subject: Subject) -> tuple[tuple[str, str], ...]:
    """SMISTA.md and its like; one that the change touches, as it was before; none that the policy guards."""
    policy = session.settings.policy
    guarded = {name for name in GUIDANCE_FILES if sensitive_path(policy, name)}
    touched = {name for name in GUIDANCE_FILES if name.lower() in _touched(subject)} - guarded
    own = read_guidance(session.repo.root)
    kept = [(name, text) for name, text in own if name not in touched | guarded]
    for name in sorted(touched):
        before = subject.before(session.repo, name)
        if before is not None:
            kept.append((name, before[:LIMIT_BYTES].decode("utf-8", "replace")))
    return tuple(kept)


def _history(repo: Repository, subject: Subject) -> tuple[PastCommit, ...]:
    return repo.recent_commits(HISTORY, rev=subject.base) if subject.base else ()


def _uses(session: Session, subject: Subject, change: Change) -> dict[str, tuple[str, ...]]:
    """Where functions that the change took away are still used, ``path:line``; no file that the policy guards."""
    repo, policy = session.repo, session.settings.policy
    callers = Callers(
        repo,
        subject.tip,
        change,
        lambda: tree_names(repo, subject.tip),
        lambda path: sensitive_path(policy, path) is None,
    )
    return {
        name: tuple(f"{call.path}:{call.line}" for call in calls)
        for name, calls in callers.of_vanished().items()
    }


def _sizes(repo: Repository, change: Change) -> dict[str, int]:
    """The bytes of the new blobs, by object name, from one process; a missing one is left out."""
    oids = [file.new_oid for file in change.files if file.new_oid.strip("0") and not file.is_submodule]
    if not oids:
        return {}
    stdin = "".join(f"{oid}\n" for oid in oids).encode("ascii")
    lines = repo.run("cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=stdin).stdout.split(b"\n")
    pairs = (line.split() for line in lines)
    return {pair[0].decode(): int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


def _lockfiles(repo: Repository, subject: Subject, change: Change) -> frozenset[str]:
    """The lockfiles after the change; looked for only where a manifest changed."""
    if not any(role_of(path) == "manifest" for path in change.paths):
        return frozenset()
    words = (
        ("ls-files", "-z") if subject.kind == "index" else ("ls-tree", "-r", "-z", "--name-only", subject.tip)
    )
    names = repo.run(*words).stdout.decode("utf-8", "surrogateescape").split("\0")
    return frozenset(name for name in names if is_lockfile(name))
