"""One attempt: what is laid out, what is typed, who may answer, and what the person must be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.adversarial.place import Place

# git itself prints names of files and branches; with this, what is seen is what smista says.
QUIET = ("-y", "--", "-q")
Answers = Literal["remote", "local", "rules", "nobody"]


@dataclass(frozen=True)
class Attempt:
    """A row. ``told`` are regular expressions, each of which must be found in what the person sees.

    ``words`` may name marks in braces; ``check`` looks at what is special to a row.
    ``answers`` says who writes: with ``remote`` the rest of the change does go out, without the mark.
    """

    name: str
    prepare: Callable[[Place], object]
    answers: Answers
    told: tuple[str, ...] = ()
    words: tuple[str, ...] = ("-y",)
    code: int = 0
    check: Callable[[Place], object] = lambda place: None
