"""A message that a hook wrote, kept until the commit is made, and for the next try at the same commit."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smista_git.plan.plan import Plan

# hooks/post-commit.sh looks for this name.
PENDING_FILE = "smista-pending.json"
CACHE_FOLDER = "hook-messages"
MOST_CACHED = 100
# What the record says of a message that was committed unseen; it teaches nothing.
UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Pending:
    """A message, the record of how it came about, and its number in the ledger.

    ``change_sha256`` names the change that the answer is about; ``seen`` says that an editor would show it.
    """

    answer: str
    record: dict[str, Any]
    number: int | None
    change_sha256: str
    seen: bool


def keep_pending(git_dir: Path, pending: Pending) -> None:
    """Leave it for the post-commit hook of this work tree."""
    _write(git_dir / PENDING_FILE, pending)


def take_pending(git_dir: Path) -> Pending | None:
    """What was left, which is then gone; None where there is nothing that can be read."""
    path = git_dir / PENDING_FILE
    pending = _read(path)
    path.unlink(missing_ok=True)
    return pending


def peek_pending(git_dir: Path) -> Pending | None:
    """What was left, which stays."""
    return _read(git_dir / PENDING_FILE)


def key_of(plan: Plan) -> str:
    """A name for what is asked of whom, in hex.

    A plan's id would not do: it changes with the money spent and the outcomes learned in between.
    """
    from smista_git.plan.plan import payload_digest

    decision = plan.decision
    parts = (plan.change_sha256, payload_digest(plan.request), decision.model, decision.effort)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def remember(state_dir: Path, key: str, pending: Pending) -> None:
    """Keep a model's answer, so that the same thing is not asked twice; the oldest of many go."""
    folder = state_dir / CACHE_FOLDER
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(folder / f"{key}.json", pending)
        for path in _oldest(folder):
            path.unlink(missing_ok=True)


def recall(state_dir: Path, key: str) -> Pending | None:
    """The answer that was given before, or None."""
    return _read(state_dir / CACHE_FOLDER / f"{key}.json")


def _oldest(folder: Path) -> Iterator[Path]:
    paths = list(folder.glob("*.json"))
    if len(paths) > MOST_CACHED:
        yield from sorted(paths, key=lambda path: path.stat().st_mtime)[: len(paths) - MOST_CACHED]


def _write(path: Path, pending: Pending) -> None:
    """The whole file or none of it, for its owner's eyes."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(asdict(pending), file)
    draft.replace(path)


def _read(path: Path) -> Pending | None:
    try:
        return Pending(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
