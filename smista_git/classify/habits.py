"""How a repository writes its messages: learned from its last commits, passed to whoever needs it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from smista_git.change.pattern import regex

Style = Literal["conventional", "plain", "gitmoji"]

HISTORY = 200  # commits that habits are learned from
EXAMPLES = 12
_CONVENTIONAL = regex(
    r"(?P<type>[A-Za-z]{2,12})(?:\((?P<scope>[^()\n]{1,60})\))?!?: +(?P<rest>\S.*)", re.DOTALL
)
_GITMOJI = regex(r"\s*(?::[a-z0-9_+-]+:|[\u2190-\u2bff\U0001f000-\U0001faff])")
_NO_EXAMPLE = regex(r"^(?:Merge |Revert \"|fixup! |squash! |amend! )|\[bot\]", re.IGNORECASE)
_NO_TYPE = frozenset({"http", "https", "wip", "todo", "note", "merge", "fixup", "squash"})


@dataclass(frozen=True, slots=True)
class PastCommit:
    """One commit of the history: its subject line and the paths that it touched."""

    subject: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Habits:
    """What the last commits have in common; an empty history gives these defaults.

    ``scopes`` maps a scope to how often each path prefix came with it, ``unscoped`` counts the prefixes of typed
    commits without one; ``examples`` are recent subjects, newest first.
    """

    style: Style = "conventional"
    commits: int = 0
    types: dict[str, int] = field(default_factory=dict)
    scopes: dict[str, dict[str, int]] = field(default_factory=dict)
    scope_share: float = 0.0
    capitalised: bool = False
    examples: tuple[str, ...] = ()
    unscoped: dict[str, int] = field(default_factory=dict)
    scopes_at: dict[str, dict[str, int]] = field(init=False, repr=False, compare=False)
    """``scopes`` the other way round: how often each scope came with a path prefix, "" for none."""

    def __post_init__(self) -> None:
        at: dict[str, dict[str, int]] = {}
        for scope, prefixes in *self.scopes.items(), ("", self.unscoped):
            for prefix, seen in prefixes.items():
                at.setdefault(prefix, {})[scope] = seen
        object.__setattr__(self, "scopes_at", at)


def learn_habits(commits: Iterable[PastCommit]) -> Habits:
    """The habits of a history given newest first; merges and machine-made subjects count for nothing."""
    own = [commit for commit in commits if commit.subject.strip() and not _NO_EXAMPLE.search(commit.subject)]
    if not own:
        return Habits()
    parsed = [(commit, _parse(commit.subject)) for commit in own]
    typed = [(commit, match) for commit, match in parsed if match is not None]
    style = _style(own, typed_count=len(typed))
    scoped = [(match["scope"].strip(), commit.paths) for commit, match in typed if match["scope"]]
    texts = [match["rest"] if match else commit.subject for commit, match in parsed]
    return Habits(
        style=style,
        commits=len(own),
        types=dict(Counter(match["type"].lower() for _, match in typed).most_common()),
        scopes=_learn_scopes(scoped),
        scope_share=len(scoped) / len(typed) if typed else 0.0,
        capitalised=_mostly_capitalised(texts),
        examples=tuple(commit.subject for commit in own[:EXAMPLES]),
        unscoped=_learn_scopes([("", commit.paths) for commit, match in typed if not match["scope"]]).get(
            "", {}
        ),
    )


@lru_cache(maxsize=4096)  # commits touch the same paths again and again
def path_prefixes(path: str) -> tuple[str, ...]:
    """The folders above a path, widest first, each with a slash at its end, and the path itself."""
    parts = path.split("/")
    return (*("/".join(parts[:depth]) + "/" for depth in range(1, len(parts))), path)


def _parse(subject: str) -> re.Match[str] | None:
    match = _CONVENTIONAL.match(subject)
    return match if match and match["type"].lower() not in _NO_TYPE else None


def _style(own: Sequence[PastCommit], *, typed_count: int) -> Style:
    gitmoji = sum(1 for commit in own if _GITMOJI.match(commit.subject))
    if gitmoji * 2 > len(own):
        return "gitmoji"
    # A history of one or two commits says nothing: the default stands unless none of it is conventional.
    if typed_count * 2 >= len(own) or len(own) < 3:
        return "conventional"
    return "plain"


def _learn_scopes(scoped: Sequence[tuple[str, tuple[str, ...]]]) -> dict[str, dict[str, int]]:
    """How many commits of each scope touched each path prefix."""
    counts: dict[str, Counter[str]] = {}
    for scope, paths in scoped:
        prefixes = {prefix for path in paths for prefix in path_prefixes(path)}
        counts.setdefault(scope, Counter()).update(prefixes)
    return {scope: dict(prefixes) for scope, prefixes in counts.items()}


def _mostly_capitalised(texts: Sequence[str]) -> bool:
    letters = [text[:1] for text in texts if text[:1].isalpha()]
    return sum(1 for letter in letters if letter.isupper()) * 2 > len(letters)
