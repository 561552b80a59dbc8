"""Who reviews what: each file is routed by itself, files with one route form a group, a group is cut into parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from posixpath import dirname

from smista_git.change.model import Change, FileChange
from smista_git.change.paths import role_of
from smista_git.classify.classify import classify
from smista_git.classify.labels import TIERS, Labels
from smista_git.classify.path_patterns import matches
from smista_git.classify.secrets.secrets import ChangeFinding
from smista_git.phases.review.called import subject_of_test
from smista_git.plan.tokens import count_tokens
from smista_git.route.decision import BUILTIN, Decision, Override, Task
from smista_git.route.floors import excluded_paths, sensitive_path
from smista_git.route.tiers import models_of_tier
from smista_git.workflow.accounting import Accounts
from smista_git.workflow.planning import decide_task
from smista_git.workflow.reading import Reading
from smista_git.workflow.session import Session

# The context and the heading of a hunk, beside its lines.
_HEADING_TOKENS = 40
_CODE = frozenset({"source", "migration", "build", "other"})
# Judging a file takes a millisecond: with more of them, those alike in one folder go where the largest of them goes.
MOST_ALONE = 1_000


@dataclass(frozen=True, slots=True)
class Group:
    """Files with one route. ``unserved`` says why the builtin reviewer stands in for a model, or is empty.

    ``stays`` maps the paths that are left out of what is sent to why.
    """

    decision: Decision
    labels: Labels
    change: Change
    stays: Mapping[str, str]
    unserved: str = ""

    @property
    def by_rules(self) -> bool:
        """True where no model is asked."""
        return self.decision.model == BUILTIN


def groups_of(
    session: Session, accounts: Accounts, reading: Reading, *, override: Override, hook: str | None
) -> tuple[Group, ...]:
    """The groups, the dearest tier first, files in git's order.

    Raises: Refused where a floor blocks the review.
    """
    router = _Router(session, accounts, reading, override, hook)
    by_route: dict[object, list[tuple[FileChange, Decision]]] = {}
    for file, decision in router.routes():
        by_route.setdefault(_route(decision), []).append((file, decision))
    found = [router.group(members) for members in by_route.values()]
    return tuple(sorted(found, key=lambda g: (g.by_rules, -TIERS.index(g.decision.tier))))


def parts_of(group: Group, *, budget_tokens: int) -> tuple[Change, ...]:
    """The group's change in pieces that each fit into the budget, related files together where they can be."""
    parts: list[list[FileChange]] = []
    left = 0
    for unit in _related(group.change.files):
        pieces = [piece for file in unit for piece in _split(file, budget_tokens)]
        need = sum(map(tokens_of, pieces))
        if need <= left and parts:
            parts[-1] += pieces
            left -= need
            continue
        for piece in pieces:
            need = tokens_of(piece)
            if not parts or need > left:
                parts.append([])
                left = budget_tokens
            parts[-1].append(piece)
            left -= need
    return tuple(Change(tuple(files)) for files in parts)


def tokens_of(file: FileChange) -> int:
    """What a file's diff takes of a budget; what is only named takes its name."""
    if file.binary or file.mechanical:
        return _HEADING_TOKENS
    return _HEADING_TOKENS + sum(_hunk_tokens(file, i) for i in range(len(file.hunks)))


def _hunk_tokens(file: FileChange, index: int) -> int:
    return _HEADING_TOKENS + count_tokens("\n".join(f"+{line.text}" for line in file.hunks[index].lines))


def _split(file: FileChange, budget_tokens: int) -> Iterator[FileChange]:
    """The file, or runs of its hunks where it is too large for one question."""
    if tokens_of(file) <= budget_tokens or len(file.hunks) < 2 or file.mechanical:
        yield file
        return
    start, used = 0, _HEADING_TOKENS
    for index in range(len(file.hunks)):
        need = _hunk_tokens(file, index)
        if index > start and used + need > budget_tokens:
            yield replace(file, hunks=file.hunks[start:index])
            start, used = index, _HEADING_TOKENS
        used += need
    yield replace(file, hunks=file.hunks[start:])


def _related(files: Sequence[FileChange]) -> list[list[FileChange]]:
    """Files that belong together, a test with what it tests, in the order of each unit's first file."""
    units: dict[str, list[FileChange]] = {}
    stems = {subject_of_test(file.path): file.path for file in files if role_of(file.path) != "test"}
    for file in files:
        stem = subject_of_test(file.path)
        is_test = role_of(file.path) == "test"
        units.setdefault(stems[stem] if is_test and stem in stems and stem else file.path, []).append(file)
    return sorted(units.values(), key=lambda unit: dirname(unit[0].path))


def _route(decision: Decision) -> object:
    return (
        decision.model,
        decision.effort,
        decision.fallbacks,
        decision.escalation,
        decision.floors,
        decision.rule,
    )


class _Router:
    """Decides file by file, with what is known of the whole change."""

    def __init__(
        self, session: Session, accounts: Accounts, reading: Reading, override: Override, hook: str | None
    ) -> None:
        self._session, self._accounts, self._reading = session, accounts, reading
        self._override, self._hook = override, hook
        self._branch = session.repo.branch()
        self._secret_paths = frozenset(reading.secret_paths)
        self._patterns = [
            p for rule in session.settings.policy.rules for p in (rule.paths, rule.paths_all) if p
        ]
        self._findings: dict[str, list[ChangeFinding]] = defaultdict(list)
        for finding in reading.findings:
            self._findings[finding.path].append(finding)

    def routes(self) -> Iterator[tuple[FileChange, Decision]]:
        """Every file with its route, in git's order."""
        files = self._reading.change.files
        likenesses = (
            [self._likeness(file) for file in files] if len(files) > MOST_ALONE else range(len(files))
        )
        alike: dict[object, list[FileChange]] = defaultdict(list)
        for likeness, file in zip(likenesses, files, strict=True):
            alike[likeness].append(file)
        largest = (
            (likeness, max(some, key=lambda f: f.added + f.deleted)) for likeness, some in alike.items()
        )
        decided = {likeness: self.decision(file) for likeness, file in largest}
        return ((file, decided[likeness]) for likeness, file in zip(likenesses, files, strict=True))

    def _likeness(self, file: FileChange) -> object:
        """Equal for the files of one folder that neither the policy nor their kind of change tells apart."""
        if file.is_symlink or file.is_submodule or not self._secret_paths.isdisjoint(file.paths):
            return file.paths
        policy = self._session.settings.policy
        said = [matches(patterns, path) for patterns in self._patterns for path in file.paths]
        guarded = [sensitive_path(policy, path) and path for path in file.paths]
        return (dirname(file.path), file.status, role_of(file.path), file.mechanical, *said, *guarded)

    def decision(self, file: FileChange) -> Decision:
        """The route of one file."""
        task = Task(
            intent="review",
            labels=self._labels(file),
            change=Change((file,)),
            branch=self._branch,
            hook=self._hook,
            secret_paths=tuple(path for path in file.paths if path in self._secret_paths),
        )
        return decide_task(self._session, self._accounts, task, self._override)

    def group(self, members: Sequence[tuple[FileChange, Decision]]) -> Group:
        """The group of these files, by the decision of the heaviest of them."""
        change = Change(tuple(file for file, _ in members))
        decision = max((d for _, d in members), key=lambda d: TIERS.index(d.tier))
        policy = self._session.settings.policy
        local = "local" in decision.floors
        labels = (
            self._reading.labels
            if len(members) == len(self._reading.change.files)
            else self._classified(change)
        )
        return Group(
            decision,
            labels,
            change,
            {} if local else excluded_paths(policy, change),
            _unserved(decision, self._wanted(decision)),
        )

    def _wanted(self, decision: Decision) -> tuple[str, ...]:
        """The models that command line or policy named for this route."""
        policy = self._session.settings.policy
        if self._override.model:
            return (self._override.model,)
        rule = next((rule for rule in policy.rules if rule.name == decision.rule), None)
        if rule and rule.model:
            return rule.models
        return models_of_tier(
            decision.tier, policy, self._session.providers.statuses(policy.models("review"))
        )

    def _labels(self, file: FileChange) -> Labels:
        """A file is judged by itself; what code is part of (the type, kind and size of the whole) holds for code."""
        own, whole = self._classified(Change((file,))), self._reading.labels
        if role_of(file.path) not in _CODE or len(self._reading.change.files) == 1:
            return own
        tier = whole.tier if whole.kind == "large-refactor" else own.tier
        shared = {"type": whole.type, "kind": whole.kind, "size": whole.size, "scope": whole.scope}
        return replace(own, **shared, tier=tier, confidence=max(own.confidence, whole.confidence))  # type: ignore[arg-type]

    def _classified(self, change: Change) -> Labels:
        return classify(
            change,
            habits=self._reading.habits,
            sensitive_paths=self._session.settings.policy.sensitive_paths,
            secrets=[found for path in change.paths for found in self._findings.get(path, ())],
        )


def _unserved(decision: Decision, wanted: Sequence[str]) -> str:
    """Why no model serves where one is wanted: it does not answer, or its money is spent; a floor is no failure."""
    if decision.model != BUILTIN or BUILTIN in wanted:
        return ""
    passed = [step for step in decision.trace if step.outcome == "passed over" and step.name in wanted]
    if any(step.stage == "floors again" for step in passed):
        return ""
    missing = [step for step in passed if step.stage in ("availability", "budget")]
    return f"{missing[0].name}: {missing[0].why}" if missing else ""
