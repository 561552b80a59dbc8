"""The floors: what holds whatever else is said. A floor can forbid a model, never choose one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from smista_git.change.model import Change, FileChange
from smista_git.classify.path_patterns import matches_any_case
from smista_git.errors import Refused
from smista_git.route.decision import ModelStatus, Task
from smista_git.route.policy import THENS, Origin, Policy, Then


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a floor is in force: what was found, and where the policy says so."""

    then: Then
    what: str
    origin: Origin | None = None

    def __str__(self) -> str:
        return f"{self.what} [{self.origin}]" if self.origin else self.what


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors of one task. ``hosts`` is None where a request may go to any host."""

    reasons: tuple[Reason, ...] = ()
    hosts: tuple[str, ...] | None = None

    @property
    def local(self) -> bool:
        """True when nothing of the job may leave the machine."""
        return any(reason.then != "exclude" for reason in self.reasons)

    @property
    def names(self) -> tuple[str, ...]:
        """The floors in force, by name: local, exclude, hosts."""
        excluding = any(reason.then == "exclude" for reason in self.reasons)
        found = (("local", self.local), ("exclude", excluding), ("hosts", self.hosts is not None))
        return tuple(name for name, holds in found if holds)

    def objection(self, status: ModelStatus) -> str | None:
        """Why the floors forbid this model, or None."""
        if status.local:
            return None
        if self.local:
            strictest = next(reason for reason in self.reasons if reason.then != "exclude")
            but = f"; {status.host}: {status.remote_why}" if status.remote_why else ""
            return f"the job stays on this machine: {strictest}{but}"
        if self.hosts is not None and status.host not in self.hosts:
            return f"{status.host or 'its host'} is not among permissions.hosts"
        return None


def sensitive_path(policy: Policy, path: str) -> Reason | None:
    """The strictest floor that speaks of this path, or None; each layer's patterns are matched by themselves."""
    found = None
    for floor in policy.sensitive:
        pattern = matches_any_case(floor.paths, path)
        if pattern and (found is None or THENS.index(floor.then) > THENS.index(found.then)):
            found = Reason(floor.then, f"{path} is sensitive: {pattern}", floor.origin)
    return found


def excluded_paths(policy: Policy, change: Change) -> dict[str, str]:
    """The paths that ``then = "exclude"`` leaves out of what is sent, each with why; both sides of a rename."""
    excluded: dict[str, str] = {}
    for file in change.files:
        reason = _strictest(policy, file)
        if reason is not None and reason.then == "exclude":
            excluded |= {
                path: reason.what.replace(f"{path} is sensitive", "sensitive") for path in file.paths
            }
    return excluded


def find_floors(task: Task, policy: Policy) -> Floors:
    """The floors in force for a task, the strictest reason first.

    Raises: Refused, where a floor says ``block``.
    """
    reasons = sorted(_reasons(task, policy), key=lambda reason: -THENS.index(reason.then))
    blocked = [str(reason) for reason in reasons if reason.then == "block"]
    if blocked:
        raise Refused(
            f"the policy blocks this {task.intent}: {'; '.join(blocked)}",
            hint="unstage what must not be here, or see: git smista policy explain",
        )
    allowed = [floor.hosts for floor in policy.permissions if floor.hosts is not None]
    hosts = tuple(h for h in allowed[0] if all(h in other for other in allowed)) if allowed else None
    return Floors(tuple(reasons), hosts)


def _reasons(task: Task, policy: Policy) -> Iterator[Reason]:
    by_file = [_strictest(policy, file) for file in task.change.files]
    yield from (reason for reason in by_file if reason is not None)
    if by_file and all(reason is not None and reason.then == "exclude" for reason in by_file):
        yield Reason("local", "every file of the change stays behind, so there is nothing to send")
    if "sensitive" in task.labels.flags and not any(by_file):
        yield Reason("local", "the change is flagged sensitive")
    yield from _secret_reasons(task, policy)
    for floor in policy.permissions:
        if not floor.remote:
            yield Reason("local", "permissions.remote is false", floor.origin)


def _secret_reasons(task: Task, policy: Policy) -> Iterator[Reason]:
    """What the flag ``secret`` calls for: local at the least, also where no layer says anything."""
    where = task.secret_paths
    if where is not None:
        behind = excluded_paths(policy, task.change)
        where = tuple(path for path in where if path not in behind)
    if "secret" not in task.labels.flags or where == ():
        return
    what = f"a secret was found in {', '.join(where)}" if where else "a secret was found"
    yield Reason("local", what)
    for floor in policy.sensitive:
        if floor.secrets == "block":
            yield Reason("block", what, floor.origin)


def _strictest(policy: Policy, file: FileChange) -> Reason | None:
    found = [reason for path in _all_names(file) if (reason := sensitive_path(policy, path))]
    return max(found, key=lambda reason: THENS.index(reason.then), default=None)


def _all_names(file: FileChange) -> Iterator[str]:
    """Every name that the file goes by: both sides, where a link leads to, and folders written as such."""
    yield from file.paths
    if file.is_submodule:
        yield from (f"{path}/" for path in file.paths)
    if file.is_symlink:
        for line in (line for hunk in file.hunks for line in hunk.lines):
            target = normpath(join(dirname(file.path), line.text))
            yield from (target, f"{target}/")
