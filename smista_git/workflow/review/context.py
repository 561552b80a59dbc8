"""Code beside a change that helps to judge it: the function around a hunk, who calls what is touched, and the test of
a file. All of it is read from the tree under review and listed in the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smista_git.change.model import Change, FileChange
from smista_git.change.paths import role_of
from smista_git.classify.secrets.secrets import SecretFinding, scan, scan_own
from smista_git.git.objects import read_texts
from smista_git.phases.review.called import subject_of_test
from smista_git.plan.plan import Included, Redaction
from smista_git.plan.redact import Placeholders, redact
from smista_git.plan.tokens import count_tokens
from smista_git.route.floors import sensitive_path
from smista_git.workflow.review.callers import Call, Callers, tree_names
from smista_git.workflow.review.subject import Subject
from smista_git.workflow.session import Session

MOST_LINES_ABOVE = 40
MOST_TEST_LINES = 80
LINES_ABOVE_CALL, LINES_BELOW_CALL = 4, 3
# Beside a change its surroundings are a help; more of them than of it would drown it.
SHARE = 0.25
# A larger file is data, and looking for secrets in all of it would take longer than the review of the change.
LARGEST_FILE_BYTES = 512 << 10


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines ``first`` to ``last`` of a file, counted from 1, that did not change, and why they go along."""

    path: str
    first: int
    last: int
    why: str
    named: bool = True

    @property
    def name(self) -> str:
        """What the plan and the model call it."""
        return f"{self.path}, lines {self.first}-{self.last}" if self.named else self.path


class Surroundings:
    """Finds what stands around a change in the tree after it. Files that the policy calls sensitive are never read."""

    def __init__(
        self, session: Session, subject: Subject, change: Change, placeholders: Placeholders
    ) -> None:
        self._session, self._subject, self._placeholders = session, subject, placeholders
        self._listed: tuple[str, ...] | None = None
        self._tests: dict[str, str] | None = None
        self._subjects = {subject_of_test(path) for path in change.paths} - {""}
        self._contents: dict[str, _Content | None] = {}
        self._callers = Callers(session.repo, subject.tip, change, self._names, self._open)

    def of(
        self, change: Change, *, budget_tokens: int
    ) -> tuple[tuple[tuple[str, str], ...], tuple[Included, ...], tuple[Redaction, ...]]:
        """Name and text of each piece that fits, the same for the plan, and what was blotted out in them."""
        pieces: list[tuple[str, str]] = []
        listed: list[Included] = []
        redactions: list[Redaction] = []
        left = budget_tokens
        for piece in dict.fromkeys(self._pieces(change)):
            clean = self._clean(piece)
            if clean is None:
                continue
            text, found = clean
            need = count_tokens(text)
            if need > left:
                continue
            left -= need
            pieces.append((piece.name, text))
            listed.append(Included(piece.name, piece.why, need))
            redactions += found
        return tuple(pieces), tuple(listed), tuple(redactions)

    def _clean(self, piece: Piece) -> tuple[str, tuple[Redaction, ...]] | None:
        """The text without its secrets, which are looked for in the whole file: a piece shows only a part of them."""
        content = self._contents.get(piece.path)
        if content is None:
            return None
        start, end = content.span(piece)
        inside = [span for span in content.secrets if span.start < end and start < span.end]
        if any(span.start < start or span.end > end for span in inside):
            return None
        spans = [_moved(span, -start) for span in inside]
        return redact(content.text[start:end], spans, path=piece.name, placeholders=self._placeholders)

    def _pieces(self, change: Change) -> Iterator[Piece]:
        """The pieces worth including, the most telling first; their files have been read."""
        files = [file for file in change.files if self._worth_it(file)]
        tests = [test for file in files if (test := self._test_of(file.path))]
        calls = [call for file in files for call in self._callers.of(file) if call.path not in tests]
        self._read([*(file.path for file in files), *(call.path for call in calls), *tests])
        for file in files:
            if (content := self._contents[file.path]) is not None:
                yield from _above(file, content.lines)
        for call in calls:
            if (content := self._contents[call.path]) is not None:
                yield _around(call, content)
        for path in tests:
            if (content := self._contents[path]) is not None:
                shown = min(len(content.lines), MOST_TEST_LINES)
                yield Piece(path, 1, shown, "the test beside a changed file", named=False)

    def _read(self, paths: Sequence[str]) -> None:
        wanted = [path for path in dict.fromkeys(paths) if path not in self._contents]
        texts = read_texts(self._session.repo, [(self._subject.tip, path) for path in wanted])
        finder = scan if self._session.scanner_works() else scan_own
        for path, data in zip(wanted, texts, strict=True):
            plain = data is not None and len(data) <= LARGEST_FILE_BYTES and b"\0" not in data[:8000]
            text = data.decode("utf-8", "replace") if plain and data is not None else None
            self._contents[path] = None if text is None else _Content(text, tuple(finder(text)))

    def _worth_it(self, file: FileChange) -> bool:
        plain = not (file.binary or file.mechanical or file.is_symlink or file.is_submodule)
        return plain and role_of(file.path) == "source" and self._open(file.path)

    def _open(self, path: str) -> bool:
        return sensitive_path(self._session.settings.policy, path) is None

    def _test_of(self, path: str) -> str | None:
        """The test named after a file, unless the change has it."""
        if self._tests is None:
            named = (
                pair for name in self._names() if (pair := (subject_of_test(name), name))[0] in self._subjects
            )
            self._tests = {
                subject: name for subject, name in named if role_of(name) == "test" and self._open(name)
            }
        return self._tests.get(subject_of_test(path))

    def _names(self) -> Sequence[str]:
        """Every file of the tree that the change leaves as it is."""
        if self._listed is None:
            changed = set(_changed(self._subject))
            names = tree_names(self._session.repo, self._subject.tip)
            self._listed = tuple(name for name in names if name not in changed)
        return self._listed


class _Content:
    """A file's text, its lines, and where secrets stand in it."""

    def __init__(self, text: str, secrets: tuple[SecretFinding, ...]) -> None:
        self.text, self.secrets = text, secrets
        self.lines = text.split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def span(self, piece: Piece) -> tuple[int, int]:
        """Where the piece's text starts, inclusive, and ends, exclusive."""
        return self._starts[piece.first - 1], self._starts[piece.last] - 1


def _changed(subject: Subject) -> list[str]:
    return subject.diff.raw.decode("utf-8", "surrogateescape").split("\0")


def _above(file: FileChange, content: Sequence[str]) -> Iterator[Piece]:
    """The lines from each function's own first line, which git names after the ``@@``, down to the hunk; what an
    earlier hunk or piece shows is not shown again.
    """
    shown = 0
    for hunk in file.hunks:
        head, end = hunk.section.strip(), hunk.new_start - 1
        at = _line_of(head, content, end) if head else None
        first = max(at, end - MOST_LINES_ABOVE, shown) if at is not None else end
        if first < end:
            yield Piece(file.path, first + 1, end, "the function around a change")
        shown = hunk.new_start + hunk.new_lines - 1


def _line_of(head: str, content: Sequence[str], end: int) -> int | None:
    """Where the nearest line above ``end`` stands that begins so, counted from 0."""
    lines = range(min(end, len(content)) - 1, max(end - 400, -1), -1)
    return next((at for at in lines if content[at].strip().startswith(head)), None)


def _around(call: Call, content: _Content) -> Piece:
    first = max(1, call.line - LINES_ABOVE_CALL)
    last = min(len(content.lines), call.line + LINES_BELOW_CALL)
    return Piece(call.path, first, last, f"uses {call.name}")


def _moved(span: SecretFinding, by: int) -> SecretFinding:
    return SecretFinding(span.start + by, span.end + by, span.line, span.rule)
