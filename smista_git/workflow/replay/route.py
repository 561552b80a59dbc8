"""One commit of a replay: what it is, and where each policy sends it. Frozen and picklable, for worker processes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from smista_git.change.model import Change, FileChange
from smista_git.change.parse import parse_change
from smista_git.classify.classify import classify
from smista_git.classify.habits import Habits
from smista_git.classify.labels import Flag, Labels, Tier
from smista_git.classify.path_patterns import matches_any_case
from smista_git.classify.secrets.secrets import ChangeFinding, scan_change
from smista_git.errors import NothingAvailable, Refused
from smista_git.git.diffs import RawDiff
from smista_git.plan.estimate import SMALL_ANSWER_TOKENS
from smista_git.plan.tokens import count_pieces, tokens_of
from smista_git.route.decide import decide
from smista_git.route.decision import BUILTIN, Circumstances, Decision, Effort, Intent, Task
from smista_git.route.floors import excluded_paths, find_floors
from smista_git.route.policy import Policy
from smista_git.workflow.replay.models import ModelFacts

Where = Literal["builtin", "local", "remote", "refused"]
WHERES: tuple[Where, ...] = ("builtin", "local", "remote", "refused")
_FROM_FLOORS: frozenset[Flag] = frozenset({"sensitive", "secret"})
# The heading of a hunk or of a file that is only named.
_HEADING_PIECES = 20


@dataclass(frozen=True, slots=True)
class Side:
    """One policy of a replay: its name for people, and what is known of each model that it names."""

    name: str
    policy: Policy
    facts: Mapping[str, ModelFacts]


@dataclass(frozen=True, slots=True)
class Asking:
    """What a request holds beside the diff, how much of a diff goes into one, and whether more makes more of them."""

    tokens_in: int
    tokens_out_max: int
    diff_tokens: int
    split: bool


@dataclass(frozen=True, slots=True)
class Route:
    """Where one policy sends a commit; ``model`` is None where it refuses, and ``refused`` says why.

    ``hosts`` are all that bytes may reach, by fallback and escalation too. The bill is from the least to the most,
    None where a price is unknown. ``later`` are rules that held too, but came after ``rule``.
    """

    model: str | None
    where: Where
    effort: Effort | None
    rule: str | None
    tier: Tier
    fallbacks: tuple[str, ...] = ()
    escalation: str | None = None
    hosts: tuple[str, ...] = ()
    low_usd: Decimal | None = Decimal(0)
    high_usd: Decimal | None = Decimal(0)
    later: tuple[str, ...] = ()
    refused: str = ""

    @property
    def served_by(self) -> tuple[object, ...]:
        """What makes two routes the same: who is asked, in which order, and how hard."""
        return (self.model, self.effort, self.fallbacks, self.escalation)

    def to_json(self) -> dict[str, Any]:
        """The fixed JSON shape of a route."""
        return {
            "model": self.model,
            "where": self.where,
            "effort": self.effort,
            "rule": self.rule,
            "tier": self.tier,
            "fallbacks": list(self.fallbacks),
            "escalation": self.escalation,
            "hosts": list(self.hosts),
            "low_usd": None if self.low_usd is None else str(self.low_usd),
            "high_usd": None if self.high_usd is None else str(self.high_usd),
            "refused": self.refused,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One commit: its labels and routes, the one of the policy compared with first; ``leaks`` says what must not be."""

    commit: str
    labels: Labels
    tokens: int
    routes: tuple[Route, ...]
    leaks: tuple[str, ...] = ()

    @property
    def now(self) -> Route:
        """The route under the policy in question."""
        return self.routes[-1]

    @property
    def then(self) -> Route | None:
        """The route under the policy compared with, or None."""
        return self.routes[0] if len(self.routes) > 1 else None

    @property
    def changed(self) -> bool:
        """Whether the two policies ask somebody else."""
        return self.then is not None and self.then.served_by != self.now.served_by

    def to_json(self) -> dict[str, Any]:
        """The fixed JSON shape of a row; ``then`` is null where one policy is replayed by itself."""
        labels = self.labels.to_json()
        del labels["evidence"]
        return {
            "v": 1,
            "commit": self.commit,
            "labels": labels,
            "tokens": self.tokens,
            "then": self.then.to_json() if self.then else None,
            "now": self.now.to_json(),
            "changed": self.changed,
            "leaks": list(self.leaks),
        }


@dataclass(frozen=True, slots=True)
class Replayer:
    """Routes one diff after the other under each side; the same diff has the same row on any machine."""

    intent: Intent
    sides: tuple[Side, ...]
    habits: Habits
    asking: Asking
    branch: str | None = None
    circumstances: tuple[Circumstances, ...] = field(init=False)

    def __post_init__(self) -> None:
        known = ({model: f.status for model, f in side.facts.items()} for side in self.sides)
        object.__setattr__(self, "circumstances", tuple(Circumstances(models=models) for models in known))

    def row(self, commit: str, diff: RawDiff) -> Row:
        """What the commit is, and where it would go."""
        change = parse_change(diff.raw, diff.numstat, diff.patch)
        findings = scan_change(change)
        tasks = self._tasks(change, findings)
        tokens = {file.path: _tokens(file) for file in change.files}
        routes = tuple(self._route(number, task, tokens) for number, task in enumerate(tasks))
        leaks = tuple(dict.fromkeys(self._leaks(tasks, routes[-1], findings)))
        return Row(commit, tasks[-1].labels, sum(tokens.values()), routes, leaks)

    def _tasks(self, change: Change, findings: Sequence[ChangeFinding]) -> tuple[Task, ...]:
        labels: dict[tuple[str, ...], Labels] = {}
        patterns = [_speaking(side.policy.sensitive_paths, change) for side in self.sides]
        for of_side in patterns:
            if of_side not in labels:
                labels[of_side] = classify(
                    change, habits=self.habits, sensitive_paths=of_side, secrets=findings
                )
        secret_paths = tuple(sorted({finding.path for finding in findings}))
        return tuple(
            Task(
                intent=self.intent,
                labels=labels[of_side],
                change=change,
                branch=self.branch,
                secret_paths=secret_paths,
            )
            for of_side in patterns
        )

    def _decide(self, number: int, task: Task) -> Decision:
        return decide(task, self.sides[number].policy, self.circumstances[number])

    def _route(self, number: int, task: Task, tokens: Mapping[str, int]) -> Route:
        side = self.sides[number]
        try:
            decision = self._decide(number, task)
        except (Refused, NothingAvailable) as exc:
            return Route(None, "refused", None, None, task.labels.tier, refused=exc.message)
        low, high = self._bill(side, decision, task.change, tokens)
        return Route(
            model=decision.model,
            where=_where(side, decision.model),
            effort=decision.effort,
            rule=decision.rule,
            tier=decision.tier,
            fallbacks=decision.fallbacks,
            escalation=decision.escalation,
            hosts=_hosts(side, decision),
            low_usd=low,
            high_usd=high,
            later=tuple(step.name for step in decision.trace if step.outcome == "later"),
        )

    def _bill(
        self, side: Side, decision: Decision, change: Change, tokens: Mapping[str, int]
    ) -> tuple[Decimal | None, Decimal | None]:
        """What the first model asked would take, by the tokens of what may be sent to it."""
        facts = side.facts[decision.model]
        if facts.status.local:
            return Decimal(0), Decimal(0)
        if facts.price is None:
            return None, None
        stays = excluded_paths(side.policy, change)
        leaving = sum(tokens[file.path] for file in change.files if not stays.keys() & set(file.paths))
        asking = self.asking
        asked = max(math.ceil(leaving / asking.diff_tokens), 1) if asking.split else 1
        tokens_in = min(leaving, asked * asking.diff_tokens) + asked * asking.tokens_in
        most = asking.tokens_out_max + facts.thinking.get(decision.effort, 0)
        cost = facts.price.cost_usd
        return cost(tokens_in, asked * SMALL_ANSWER_TOKENS), cost(tokens_in, asked * most)

    def _leaks(self, tasks: Sequence[Task], now: Route, findings: Sequence[ChangeFinding]) -> Iterator[str]:
        """What would leave the machine now although one of the policies keeps it, each in a sentence."""
        task, policy = tasks[-1], self.sides[-1].policy
        if now.hosts:
            for side, its_task in zip(self.sides, tasks, strict=True):
                yield from _kept_by(side.policy, its_task, besides=excluded_paths(policy, task.change))
        elif self.intent == "review" and len(self.sides) > 1:
            yield from self._leaks_by_file(tasks, findings)

    def _leaks_by_file(self, tasks: Sequence[Task], findings: Sequence[ChangeFinding]) -> Iterator[str]:
        """A review routes file by file: a file that only the old policy keeps may go where the whole would stay."""
        for file in tasks[-1].change.files:
            old, new = (_task_of(file, task, findings) for task in (tasks[0], tasks[-1]))
            if not _guarded(self.sides[0].policy, old) or _guarded(self.sides[-1].policy, new):
                continue
            route = self._route(len(self.sides) - 1, new, {file.path: 0})
            if route.hosts:
                yield from _kept_by(self.sides[0].policy, old, besides={})


def _speaking(patterns: tuple[str, ...], change: Change) -> tuple[str, ...]:
    """The patterns, or none where they match nothing: then both policies see the same labels, found once."""
    return patterns if any(matches_any_case(patterns, path) for path in change.paths) else ()


def _tokens(file: FileChange) -> int:
    """The tokens of a file's diff; of one that only its name is told of, those of its name."""
    if file.binary or file.mechanical:
        return tokens_of(count_pieces(file.path) + _HEADING_PIECES)
    lines = "\n+".join(line.text for hunk in file.hunks for line in hunk.lines)
    return tokens_of(count_pieces(lines) + count_pieces(file.path) + _HEADING_PIECES * (len(file.hunks) + 1))


def _where(side: Side, model: str) -> Where:
    if model == BUILTIN:
        return "builtin"
    return "local" if side.facts[model].status.local else "remote"


def _hosts(side: Side, decision: Decision) -> tuple[str, ...]:
    asked = (decision.model, *decision.fallbacks, *((decision.escalation,) if decision.escalation else ()))
    statuses = [side.facts[model].status for model in asked]
    return tuple(dict.fromkeys(s.host or "an unknown host" for s in statuses if not s.local))


def _floors_of_content(policy: Policy, task: Task) -> tuple[str, ...] | None:
    """Why content keeps the whole job here, or None; what permissions say is no matter of content."""
    try:
        floors = find_floors(task, replace(policy, permissions=()))
    except Refused as exc:
        return (exc.message,)
    return tuple(str(r) for r in floors.reasons if r.then != "exclude") if floors.local else None


def _kept_by(policy: Policy, task: Task, *, besides: Mapping[str, str]) -> Iterator[str]:
    """What the policy keeps of the task, but for the paths ``besides``."""
    stays = excluded_paths(policy, task.change)
    yield from (f"{path} is {why}" for path, why in stays.items() if path not in besides)
    if not all(file.path in stays for file in task.change.files):
        yield from _floors_of_content(policy, task) or ()


def _guarded(policy: Policy, task: Task) -> bool:
    return bool(_floors_of_content(policy, task) or excluded_paths(policy, task.change))


def _task_of(file: FileChange, task: Task, findings: Sequence[ChangeFinding]) -> Task:
    """The task of one file alone, flagged by what is in that file."""
    secrets = tuple(sorted({f.path for f in findings if f.path in file.paths}))
    flags = {flag for flag in task.labels.flags if flag not in _FROM_FLOORS}
    if secrets:
        flags.add("secret")
    labels = replace(task.labels, flags=tuple(sorted(flags)))
    return replace(task, change=Change((file,)), labels=labels, secret_paths=secrets)
