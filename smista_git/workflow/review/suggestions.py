"""Whether a suggestion applies: put in place of the lines it speaks of, as a patch, and asked of git itself."""

from __future__ import annotations

import os
import re
import tempfile
import threading
from pathlib import Path

from smista_git.change.model import Change, Hunk, Line
from smista_git.errors import GitFailed
from smista_git.git.objects import INDEX
from smista_git.git.process import encode
from smista_git.git.repository import Repository
from smista_git.phases.review.anchor import Anchor
from smista_git.workflow.review.subject import Subject

CONTEXT_LINES = 3
# git would quote such a name, and a model has no business in such a file.
_ODD_NAME = re.compile(r'[\x00-\x1f\x7f"\\]|[\ud800-\udfff]')
_LOOKS_LIKE_PATCH = re.compile(r"^(?:@@ |--- |\+\+\+ |diff --git )", re.MULTILINE)


class SuggestionCheck:
    """Tries patches against what is reviewed, in the index or in a temporary one; the work tree is never touched."""

    def __init__(self, repo: Repository, subject: Subject, change: Change) -> None:
        self._repo, self._subject = repo, subject
        self._files = {file.path: file for file in change.files}
        self._lock = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> SuggestionCheck:
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def applies(self, anchor: Anchor, suggestion: str) -> bool:
        """True when the patch that the suggestion makes applies and changes something."""
        patch = self._patch(anchor, suggestion)
        if patch is None:
            return False
        with self._lock:
            try:
                done = self._repo.run(
                    "apply", "--check", "--cached", "-", stdin=patch, ok=range(256), env=self._env()
                )
            except GitFailed:
                return False
        return done.returncode == 0

    def _patch(self, anchor: Anchor, suggestion: str) -> bytes | None:
        file = self._files.get(anchor.path)
        if file is None or _ODD_NAME.search(anchor.path) or _LOOKS_LIKE_PATCH.search(suggestion):
            return None
        hunk = file.hunks[anchor.hunk]
        new = [line for line in hunk.lines if line.kind != "-"]
        first = next(i for i, line in enumerate(new) if line.new_line == anchor.line)
        last = next(i for i, line in enumerate(new) if line.new_line == anchor.last_line)
        old_texts = [line.text for line in new[first : last + 1]]
        if "\r" in old_texts[0] or suggestion.split("\n") == old_texts:
            return None
        return _rendered(anchor.path, hunk, new, first, last, suggestion.split("\n"))

    def _env(self) -> dict[str, str]:
        """The index to check against: the real one for the index, else one that holds the tip's tree."""
        if self._subject.tip == INDEX:
            return {}
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="smista-review-")
            env = {"GIT_INDEX_FILE": os.fspath(Path(self._folder.name) / "index")}
            self._repo.run("read-tree", self._subject.tip, env=env)
        return {"GIT_INDEX_FILE": os.fspath(Path(self._folder.name) / "index")}


def _rendered(path: str, hunk: Hunk, new: list[Line], first: int, last: int, texts: list[str]) -> bytes:
    before, after = new[max(0, first - CONTEXT_LINES) : first], new[last + 1 : last + 1 + CONTEXT_LINES]
    start = (before or new[first : last + 1])[0].new_line or 1
    kept = len(before) + len(after)
    removed = last - first + 1
    lines = [
        f"--- a/{path}",
        f"+++ b/{path}",
        f"@@ -{start},{kept + removed} +{start},{kept + len(texts)} @@",
        *(f" {line.text}" for line in before),
        *(f"-{line.text}" for line in new[first : last + 1]),
        *(f"+{text}" for text in texts),
        *(f" {line.text}" for line in after),
    ]
    return encode("\n".join(lines) + "\n")
