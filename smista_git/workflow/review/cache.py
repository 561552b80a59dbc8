"""Answers kept, so that the same content is never asked twice: one small file each in the state directory."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from smista_git.plan.plan import Plan, payload_digest
from smista_git.whole_file import write_whole

FOLDER = "reviews"
MOST_KEPT = 400


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that passed its checks, and the model that gave it."""

    answer: str
    model: str


class ReviewCache:
    """Answers by what was asked of whom.

    The key is made of the request's bytes, model and effort. A plan's id would also change with the money spent in
    between, and the same content would be paid for again.
    """

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / FOLDER

    def get(self, plan: Plan) -> Kept | None:
        """The answer kept for a plan, or None; a file that is damaged counts as none."""
        try:
            data = json.loads(self._path(plan).read_text("utf-8"))
            return Kept(str(data["answer"]), str(data["model"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, plan: Plan, kept: Kept) -> None:
        """Keep an answer; where the folder cannot be written nothing is kept, and the next run asks again."""
        path = self._path(plan)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps({"answer": kept.answer, "model": kept.model}).encode())
            self._prune()
        except OSError:
            return

    def _path(self, plan: Plan) -> Path:
        decision = plan.decision
        key = "\0".join((payload_digest(plan.request), decision.model, decision.effort))
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"

    def _prune(self) -> None:
        files = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in files[:-MOST_KEPT]:
            path.unlink(missing_ok=True)
