"""What is wrong with a policy file: each problem by file and line, with the fix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smista_git.errors import PolicyError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: where (``line`` is 1-based), what, and how to put it right."""

    source: str
    line: int
    what: str
    fix: str

    def __str__(self) -> str:
        return printable(f"{self.source}:{self.line}: {self.what}") + f"\n    {printable(self.fix)}"


class InvalidPolicy(PolicyError):
    """A policy file is wrong; ``problems`` lists everything that is, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(
            "\n".join(str(problem) for problem in self.problems),
            hint="mend the file and run: git smista policy check",
        )


def printable(text: str) -> str:
    """The text with whatever could move a terminal's cursor, or hide from the eye, written as an escape."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text
    )


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word of ``words`` that was probably meant, or None."""
    from difflib import get_close_matches

    close = get_close_matches(word.lower(), list(words), n=1, cutoff=0.6)
    return close[0] if close else None


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """``did you mean "paths"?`` for a near miss, else the list of what is valid."""
    known = sorted(words)
    close = nearest(word, known)
    return f'did you mean "{close}"?' if close else f"one of: {', '.join(known)}"
