"""The added lines of a file as the rules read them, and the finding that a rule makes of one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from smista_git.change.model import FileChange, Line
from smista_git.change.paths import Role, role_of
from smista_git.phases.review.anchor import squeezed
from smista_git.phases.review.finding import Category, Finding, Severity

# A longer line is minified or data: no person wrote it, and none will read what we say of it.
LONGEST_LINE = 2000
_HASH = frozenset(
    [
        "python",
        "ruby",
        "shell",
        "yaml",
        "toml",
        "perl",
        "r",
        "makefile",
        "dockerfile",
        "elixir",
        "nix",
        "just",
        "julia",
        "fish",
        "hcl",
        "powershell",
        "crystal",
        "nim",
    ]
)
_COMMENT_HASH = re.compile(r"^\s*#")
_COMMENT_SLASH = re.compile(r"^\s*(?://|/\*|\*(?:\s|$|/)|<!--|--\s)")


@dataclass(frozen=True, slots=True)
class Added:
    """An added line with its file, and its number among the lines of the same text in the file's diff."""

    file: FileChange
    line: Line
    nth: int
    moved: bool

    @property
    def text(self) -> str:
        """The line, as the diff has it."""
        return self.line.text

    @property
    def comment(self) -> bool:
        """True where the whole line is a comment."""
        return is_comment(self.text, self.file.language)

    def finding(
        self,
        rule: str,
        severity: Severity,
        category: Category,
        title: str,
        why: str,
        suggestion: str | None = None,
    ) -> Finding:
        """A finding on this line."""
        return Finding(
            path=self.file.path,
            line=self.line.new_line or 0,
            side="new",
            severity=severity,
            category=category,
            title=title,
            why=why,
            quote=self.text,
            suggestion=suggestion,
            rule=rule,
            nth=self.nth,
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of the change on the reviewer's desk: its role, and the lines added to it."""

    file: FileChange
    role: Role
    added: tuple[Added, ...]

    @property
    def language(self) -> str:
        """The file's language, or an empty string."""
        return self.file.language or ""


def sheet_of(file: FileChange) -> Sheet:
    """The sheet of a file; a line that was only moved within the file says so."""
    return Sheet(file, role_of(file.path), tuple(_added(file)))


def on_file(
    file: FileChange, rule: str, severity: Severity, category: Category, title: str, why: str
) -> Finding:
    """A finding on a file as a whole."""
    return Finding(file.path, 0, "file", severity, category, title, why, rule=rule)


def is_comment(text: str, language: str | None) -> bool:
    """True for a line that is a comment in that language, and nothing else."""
    pattern = _COMMENT_HASH if language in _HASH else _COMMENT_SLASH
    return pattern.match(text) is not None


def in_string(text: str, at: int) -> bool:
    """True when the place lies between two quotes, as far as its line tells."""
    open_quote, escaped = "", False
    for sign in text[:at]:
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif open_quote:
            open_quote = "" if sign == open_quote else open_quote
        elif sign in "'\"`":
            open_quote = sign
    return bool(open_quote)


def _added(file: FileChange) -> Iterator[Added]:
    if not file.added:
        return
    lines = [line for hunk in file.hunks for line in hunk.lines]
    gone = Counter(squeezed(line.text) for line in lines if line.kind == "-")
    seen: dict[str, int] = defaultdict(int)
    for line in lines:
        if line.kind != "+" or len(line.text) > LONGEST_LINE:
            continue
        text = squeezed(line.text)
        moved = gone[text] > seen[text]
        yield Added(file, line, seen[text], moved)
        seen[text] += 1
