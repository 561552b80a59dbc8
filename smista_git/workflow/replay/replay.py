"""``git smista policy replay``: every commit of a range routed as if it were made now, under one policy or two."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from smista_git.change.model import Change
from smista_git.classify.classify import classify
from smista_git.classify.habits import HISTORY, Habits, learn_habits
from smista_git.errors import NothingToDo, UsageError
from smista_git.git.diffs import RawDiff
from smista_git.git.repository import RANGE_HINT, Repository
from smista_git.git.revisions import no_commit
from smista_git.plan.estimate import tokens_in_request
from smista_git.plan.pack import pack_change
from smista_git.plan.request import Request
from smista_git.route.decision import Intent
from smista_git.workflow.places import POLICY_FILE
from smista_git.workflow.replay.models import facts_of_models
from smista_git.workflow.replay.route import Asking, Replayer, Row, Side
from smista_git.workflow.settings import MAX_POLICY_BYTES, PolicyText, Settings, load_settings
from smista_git.workflow.workers import in_order

# Looking for secrets takes most of a replay, some milliseconds a commit: from so many on other processes pay.
WORTH_WORKERS = 150


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asked for. ``policy`` and ``against`` name a file, or ``REV:PATH``; None: in force."""

    revisions: str = "HEAD"
    policy: str | None = None
    against: str | None = None
    intent: Intent = "commit"
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    """A replay that is ready to run: how many commits there are, and the policies, the one compared with first."""

    repo: Repository
    revisions: str
    total: int
    replayer: Replayer
    notices: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[Side, ...]:
        """One policy, or the one compared with and the one in question."""
        return self.replayer.sides

    def rows(self) -> Generator[Row, None, None]:
        """One row a commit, newest first, as they come; merges are left out."""
        diffs: Iterable[tuple[str, RawDiff]] = self.repo.history_diffs(self.revisions)
        yield from in_order(self.replayer.row, diffs, worth=WORTH_WORKERS)


def open_replay(
    wanted: Wanted, *, cwd: Path | None = None, environ: Mapping[str, str] | None = None
) -> Replay:
    """The replay of a range. No server is asked and nothing is written.

    Raises: UsageError, PolicyError, NothingToDo for a range without commits.
    """
    environment = os.environ if environ is None else environ
    repo = Repository.discover(cwd, environment=environment)
    total = _count(repo, wanted.revisions)
    settings = [
        _settings(repo, name, environment, cwd=cwd or Path.cwd()) for name in _policies_of(repo, wanted)
    ]
    sides = tuple(_side(name, found, wanted.intent, environment) for name, found in settings)
    habits = learn_habits(repo.recent_commits(HISTORY, rev=_tip(wanted.revisions)))
    replayer = Replayer(wanted.intent, sides, habits, _asking(wanted.intent, habits), wanted.branch)
    return Replay(repo, wanted.revisions, total, replayer, tuple(_notices(repo, sides)))


def _count(repo: Repository, revisions: str) -> int:
    if revisions.startswith("-"):
        raise UsageError(f"{revisions!r} is no range", hint="write A..B, or a name: " + RANGE_HINT)
    for end in filter(None, revisions.replace("...", "..").split("..")):
        if repo.resolve(end) is None:
            raise no_commit(repo, end)
    total = int(repo.run("rev-list", "--count", "--no-merges", revisions, "--", hint=RANGE_HINT).stdout)
    if not total:
        raise NothingToDo(f"{revisions} holds no commit but merges", hint="see git log " + revisions)
    return total


def _tip(revisions: str) -> str:
    return revisions.replace("...", "..").rpartition("..")[2] or "HEAD"


def _policies_of(repo: Repository, wanted: Wanted) -> tuple[str | None, ...]:
    """The policy compared with, where there are two, then the one in question."""
    if wanted.policy is None and wanted.against is None:
        return (None,)
    return (wanted.against, wanted.policy)


def _settings(
    repo: Repository, name: str | None, environ: Mapping[str, str], *, cwd: Path
) -> tuple[str, Settings]:
    """The settings with the named policy as the repository's, taken as trusted: a replay asks what it would do."""
    text = _in_force(repo) if name is None else _text(repo, name, cwd)
    found = load_settings(None, environ, repository=text)
    return text.name if text else "no .smista.toml", found


def _in_force(repo: Repository) -> PolicyText | None:
    """The file in the worktree; of a bare repository, that of HEAD."""
    if repo.place.bare:
        return _blob(repo, f"HEAD:{POLICY_FILE}")
    path = repo.root / POLICY_FILE
    return PolicyText(POLICY_FILE, _bounded(path), trusted=True) if path.is_file() else None


def _text(repo: Repository, name: str, cwd: Path) -> PolicyText:
    if (path := cwd / name).is_file():
        return PolicyText(name, _bounded(path), trusted=True)
    found = _blob(repo, name) if ":" in name and not name.startswith("-") else None
    if found is None:
        raise UsageError(
            f"there is no policy {name!r}", hint="name a file, or REV:PATH such as main:.smista.toml"
        )
    return found


def _blob(repo: Repository, name: str) -> PolicyText | None:
    size = repo.ask("cat-file", "-s", name)
    if size is None:
        return None
    if int(size) > MAX_POLICY_BYTES:
        raise _too_large(name)
    return PolicyText(name, repo.run("cat-file", "blob", name).stdout, trusted=True)


def _bounded(path: Path) -> bytes:
    if path.stat().st_size > MAX_POLICY_BYTES:
        raise _too_large(str(path))
    return path.read_bytes()


def _too_large(name: str) -> UsageError:
    return UsageError(f"{name} is larger than 1 MiB", hint="a policy has a page, not a book")


def _side(name: str, settings: Settings, intent: Intent, environ: Mapping[str, str]) -> Side:
    facts = facts_of_models(
        settings.policy.models(intent), settings.providers_config, environ, cache_dir=settings.state_dir
    )
    # What stands in for the values of the policy's lines is for people, and need not travel to each worker.
    return Side(name, replace(settings.policy, values=()), facts)


def _asking(intent: Intent, habits: Habits) -> Asking:
    """What goes along with every diff: instructions and examples, from a request for an empty change."""
    nothing = Change(())
    packed = pack_change(nothing, budget_tokens=0, stays={})
    if intent == "review":
        from smista_git.phases.review.ask import ask as ask_review
        from smista_git.workflow.review.review import REMOTE_PART_TOKENS

        return _asked(ask_review(packed), REMOTE_PART_TOKENS, split=True)
    from smista_git.phases.commit_message import Said, ask
    from smista_git.workflow.planning import REMOTE_DIFF_TOKENS

    labels = classify(nothing, habits=habits)
    said = Said(hint="", branch=None, guidance=())
    return _asked(ask(packed, labels=labels, habits=habits, said=said), REMOTE_DIFF_TOKENS, split=False)


def _asked(request: Request, diff_tokens: int, *, split: bool) -> Asking:
    return Asking(tokens_in_request(request), request.max_output_tokens, diff_tokens, split)


def _notices(repo: Repository, sides: Iterable[Side]) -> Iterator[str]:
    if repo.place.shallow:
        yield "this clone is shallow: commits before its start are not replayed"
    unknown = {
        model for side in sides for model, f in side.facts.items() if not f.status.host and not f.status.local
    }
    for model in sorted(unknown):
        yield f"{model}: its provider is not set up here, so it is taken for remote at an unknown price"
