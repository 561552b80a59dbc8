"""What ``git smista policy`` does: draft, check, explain, trust."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from smista_git.classify.habits import HISTORY
from smista_git.classify.labels import Labels
from smista_git.errors import NothingToDo, UsageError
from smista_git.git.repository import Repository
from smista_git.git.revisions import no_commit
from smista_git.plan.plan import Redaction
from smista_git.route.decision import Decision, Intent, Override, Task
from smista_git.route.floors import excluded_paths
from smista_git.route.waiting import what_waits
from smista_git.whole_file import write_whole
from smista_git.workflow.accounting import Accounts
from smista_git.workflow.places import PACK_FOLDERS, POLICY_FILE, read_pack
from smista_git.workflow.planning import decide_task
from smista_git.workflow.policy_init import draft_policy, look_around
from smista_git.workflow.reading import read_change
from smista_git.workflow.session import Session, open_session
from smista_git.workflow.settings import PolicyText, Settings, Source, load_settings
from smista_git.workflow.trust import TrustStore


def draft_for(session: Session, *, remote: bool) -> str:
    """The text of a first policy for this repository."""
    paths = session.repo.run("ls-files", "-z").stdout.decode("utf-8", "surrogateescape").split("\0")
    found = look_around(paths[:-1], models=session.providers.pulled(), environ=os.environ)
    return draft_policy(found, remote=remote)


def write_policy(session: Session, text: str) -> Path | None:
    """The policy file, written and trusted; None where there is one already."""
    path = session.repo.root / POLICY_FILE
    if path.exists():
        return None
    data = text.encode()
    write_whole(path, data)
    _record(session.settings, data)
    return path


def check_policy(file: Path | None) -> Iterator[Source]:
    """The layers that were read and found right.

    Raises: InvalidPolicy, with every problem of every file.
    """
    if file is not None:
        text = PolicyText(str(file), file.read_bytes(), trusted=False)
        yield from load_settings(None, os.environ, repository=text, strict=True).sources
        return
    yield from load_settings(Repository.discover().root, os.environ, strict=True).sources


@dataclass(frozen=True, slots=True)
class Told:
    """How a change would be routed."""

    labels: Labels
    decision: Decision
    stays: tuple[tuple[str, str], ...]
    redactions: tuple[Redaction, ...]

    def to_json(self) -> dict[str, Any]:
        """The labels and the decision in their fixed shapes, and what stays or is blotted out."""
        return {
            "v": 1,
            "labels": self.labels.to_json(),
            "decision": self.decision.to_json(),
            "permissions": list(self.decision.permissions),
            "excluded": [{"path": path, "why": why} for path, why in self.stays],
            "redactions": [{"path": r.path, "line": r.line, "rule": r.rule} for r in self.redactions],
        }


def explain_change(rev: str | None, *, intent: Intent, override: Override) -> Told:
    """How the index (None), a commit or a range would be routed now.

    Raises: NothingToDo, UsageError, and what a decision raises.
    """
    session = open_session()
    policy = session.settings.policy
    diff = _diff_of(session.repo, rev)
    reading = read_change(diff, policy=policy, history=session.repo.recent_commits(HISTORY))
    task = Task(
        intent=intent,
        labels=reading.labels,
        change=reading.change,
        branch=session.repo.branch(),
        secret_paths=reading.secret_paths,
    )
    decision = decide_task(session, Accounts(session, today=date.today()), task, override)
    stays = tuple(excluded_paths(policy, reading.change).items())
    return Told(reading.labels, decision, stays, reading.redactions)


def _diff_of(repo: Repository, rev: str | None) -> Any:
    if rev is None:
        diff = repo.staged_diff()
        if not diff.raw:
            raise NothingToDo("nothing is staged", hint="name a commit: `git smista policy explain HEAD`")
        return diff
    if ".." in rev:
        base, _, tip = rev.replace("...", "..").partition("..")
        return repo.range_diff(repo.merge_base(base or "HEAD", tip or "HEAD") or base, tip or "HEAD")
    if repo.resolve(rev) is None:
        raise no_commit(repo, rev)
    return repo.commit_diff(rev)


@dataclass(frozen=True, slots=True)
class PendingTrust:
    """A repository policy before the person has said yes; ``allows`` is what it may do only afterwards."""

    name: str
    sha256: str
    trusted: bool
    allows: tuple[str, ...]
    settings: Settings

    def record(self) -> None:
        """Trust this very text from now on."""
        TrustStore(self.settings.state_dir).record(self.sha256, self.name)


def pending_trust() -> PendingTrust:
    """The policy of this repository. Raises: NothingToDo where there is none."""
    session = open_session()
    source = next((s for s in session.settings.sources if s.name == POLICY_FILE), None)
    if source is None:
        raise NothingToDo("this repository has no .smista.toml", hint="make one: `git smista policy init`")
    layers = [layer for layer in session.settings.layers if layer.origin.layer == "repository"]
    statuses = session.providers.statuses(session.settings.policy.models())
    return PendingTrust(
        source.name, source.sha256, source.trusted, what_waits(layers, statuses), session.settings
    )


def packs() -> Iterator[tuple[str, str]]:
    """The shipped policies by name, each with the first line of its own comment."""
    folder = next(folder for folder in PACK_FOLDERS if folder.is_dir())
    for path in sorted(folder.glob("*.toml")):
        first = path.read_text("utf-8").partition("\n")[0]
        yield path.stem, first.removeprefix("#").partition(":")[2].strip()


def pack_text(name: str) -> str:
    """The text of a shipped policy. Raises: UsageError for a name that is none."""
    known = [pack for pack, _ in packs()]
    if name not in known:
        raise UsageError(f"there is no pack {name!r}", hint=f"there are {', '.join(known)}")
    return read_pack(name).decode("utf-8")


def _record(settings: Settings, content: bytes) -> None:
    import hashlib

    TrustStore(settings.state_dir).record(hashlib.sha256(content).hexdigest(), POLICY_FILE)
