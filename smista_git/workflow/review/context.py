"""Code beside a change that helps to judge it: the function around a hunk, and the test of a file; listed in the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from posixpath import basename

from smista_git.change.model import Change, FileChange, Hunk
from smista_git.change.paths import role_of
from smista_git.classify.secrets.secrets import scan, scan_own
from smista_git.git.objects import INDEX, read_texts
from smista_git.plan.plan import Included, Redaction
from smista_git.plan.redact import Placeholders, redact
from smista_git.plan.tokens import count_tokens
from smista_git.route.floors import sensitive_path
from smista_git.workflow.review.subject import Subject
from smista_git.workflow.session import Session

MOST_LINES_ABOVE = 40
MOST_TEST_LINES = 80
# Beside a change its surroundings are a help; more of them than of it would drown it.
SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a file that did not change, its name for the plan, and why it goes along."""

    name: str
    why: str
    text: str
    path: str


class Surroundings:
    """Finds what stands around a change in the tree after it. Files that the policy calls sensitive are never read."""

    def __init__(self, session: Session, subject: Subject, placeholders: Placeholders) -> None:
        self._session, self._subject, self._placeholders = session, subject, placeholders
        self._tests: dict[str, str] | None = None

    def of(
        self, change: Change, *, budget_tokens: int
    ) -> tuple[tuple[tuple[str, str], ...], tuple[Included, ...], tuple[Redaction, ...]]:
        """Name and text of each piece that fits, the same for the plan, and what was blotted out in them."""
        pieces: list[tuple[str, str]] = []
        listed: list[Included] = []
        redactions: list[Redaction] = []
        left = budget_tokens
        finder = scan if self._session.scanner_works() else scan_own
        for piece in self._pieces(change):
            text, found = redact(
                piece.text, finder(piece.text), path=piece.name, placeholders=self._placeholders
            )
            need = count_tokens(text)
            if need > left:
                continue
            left -= need
            pieces.append((piece.name, text))
            listed.append(Included(piece.name, piece.why, need))
            redactions += found
        return tuple(pieces), tuple(listed), tuple(redactions)

    def _pieces(self, change: Change) -> Iterator[Piece]:
        files = [file for file in change.files if self._worth_it(file)]
        tests = [test for file in files if (test := self._test_of(file.path))]
        wanted = [*dict.fromkeys(file.path for file in files), *dict.fromkeys(tests)]
        texts = read_texts(self._session.repo, [(self._subject.tip, path) for path in wanted])
        content = {
            path: data.decode("utf-8", "replace").split("\n")
            for path, data in zip(wanted, texts, strict=True)
            if data is not None and b"\0" not in data[:8000]
        }
        for file in files:
            for hunk in file.hunks if file.path in content else ():
                yield from _above(file, hunk, content[file.path])
        for path in tests:
            if path in content:
                shown = "\n".join(content[path][:MOST_TEST_LINES])
                yield Piece(path, "the test beside a changed file", shown, path)

    def _worth_it(self, file: FileChange) -> bool:
        plain = not (file.binary or file.mechanical or file.is_symlink or file.is_submodule)
        return plain and file.status != "deleted" and role_of(file.path) == "source" and self._open(file.path)

    def _open(self, path: str) -> bool:
        return sensitive_path(self._session.settings.policy, path) is None

    def _test_of(self, path: str) -> str | None:
        """The test named after a file, unless the change has it."""
        if self._tests is None:
            self._tests = {
                _stem(name): name for name in self._names() if role_of(name) == "test" and self._open(name)
            }
        return self._tests.get(_stem(path))

    def _names(self) -> Sequence[str]:
        tree = ("ls-tree", "-r", "-z", "--name-only", "--full-tree", self._subject.tip)
        words = ("ls-files", "-z") if self._subject.tip == INDEX else tree
        names = self._session.repo.run(*words).stdout.decode("utf-8", "surrogateescape").split("\0")
        changed = set(_changed(self._subject))
        return [name for name in names if name and name not in changed]


def _changed(subject: Subject) -> list[str]:
    return subject.diff.raw.decode("utf-8", "surrogateescape").split("\0")


def _stem(path: str) -> str:
    name = basename(path).partition(".")[0].lower()
    return name.removeprefix("test_").removesuffix("_test").removesuffix("_spec")


def _above(file: FileChange, hunk: Hunk, content: Sequence[str]) -> Iterator[Piece]:
    """The lines from the function's own first line, which git names after the ``@@``, down to the hunk."""
    head, end = hunk.section.strip(), hunk.new_start - 1
    if not head:
        return
    for at in range(min(end, len(content)) - 1, max(end - 400, -1), -1):
        if content[at].strip().startswith(head):
            first = max(at, end - MOST_LINES_ABOVE)
            if first < end:
                text = "\n".join(content[first:end])
                yield Piece(
                    f"{file.path}, lines {first + 1}-{end}", "the function around a change", text, file.path
                )
            return
