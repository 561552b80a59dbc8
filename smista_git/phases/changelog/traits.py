"""What is known of an entry in any repository, as words: what it is, what it touched, and how it stands among the others."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

from smista_git.change.paths import is_changelog, role_of
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.wording import verb_kind

Paths = Mapping[str, Sequence[str]]

_BOT = re.compile(
    r"\[bot\]|dependabot|renovate|greenkeeper|pre-commit-ci|snyk-bot|github-actions|weblate|crowdin", re.I
)
_SOURCE = frozenset({"source", "migration", "style", "generated", "asset"})
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")
_CODE = re.compile(r"\w\.\w+\(|\w\(\)|--\w|::|[a-z][A-Z]|_")
_NUMBER = re.compile(r"\d+\.\d+")
_FEW = 5
# Up to which share, number of entries, of files and of words each step reaches.
_SHARES = (0.02, 0.2, 0.5, 0.8, 1.0)
_SHARE_NAMES = ("none", "few", "some", "many", "most", "more")
_SIZES = (5, 20, 60, 150)
_FILES = (1, 3, 9, 29)
_WORDS = (2, 4, 8, 14)


@dataclass(frozen=True, slots=True)
class Touched:
    """The files of an entry's commits, and their roles."""

    paths: frozenset[str]
    roles: frozenset[str]

    @property
    def main(self) -> str:
        """``source`` where there is any, else the one role of all files, ``meta`` for several, ``unknown`` without files."""
        if self.roles & _SOURCE:
            return "source"
        return next(iter(self.roles), "unknown") if len(self.roles) < 2 else "meta"

    @property
    def writes_changelog(self) -> bool:
        """Whether they write of changes, and do something else too."""
        written = [is_changelog(path) for path in self.paths]
        return any(written) and not all(written)


_NOTHING = Touched(frozenset(), frozenset())


def touched_by(entry: Entry, paths: Paths) -> Touched:
    """What an entry's commits touched; nothing where that is not known."""
    if not paths:
        return _NOTHING
    names = frozenset(path for oid in entry.oids for path in paths.get(oid, ()))
    return Touched(names, frozenset(map(role_of, names)))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the entries of one release have in common: shares of those that touch source, where there are any."""

    size: int = 0
    writes: float | None = None
    pulls: float = 0.0
    closes: float = 0.0
    conventional: float = 0.0
    authors: Counter[str] = field(default_factory=Counter)


def surroundings_of(entries: Sequence[tuple[Entry, Touched]]) -> Surroundings:
    """What the entries of a release have in common; those of robots count only where there are no others."""
    people = [(entry, touched) for entry, touched in entries if not is_bot(entry)] or list(entries)
    source = [(entry, touched) for entry, touched in people if touched.main == "source"] or people
    known = any(touched.paths for _, touched in source)
    return Surroundings(
        size=len(entries),
        writes=_share(touched.writes_changelog for _, touched in source) if known else None,
        pulls=_share(entry.pull is not None for entry, _ in source),
        closes=_share(_closes(entry) for entry, _ in source),
        conventional=_share(entry.conventional for entry, _ in people),
        authors=Counter(entry.email for entry, _ in people),
    )


def traits_of(entry: Entry, touched: Touched, amid: Surroundings) -> Iterator[str]:
    """What is known of an entry that means the same in every repository."""
    kind = "unsure" if entry.unsure else entry.kind
    return chain(_said(entry, kind), _files(kind, touched), _amid(entry, touched, amid))


def _said(entry: Entry, kind: str) -> Iterator[str]:
    yield f"kind {kind}"
    yield f"{'conventional' if entry.conventional else 'plain'} {kind}"
    if verb := verb_kind(entry.text):
        yield f"verb {verb}"
    if entry.references and not _closes(entry):
        yield "names"
    yield f"words {_step(len(_WORD.findall(entry.text)), _WORDS)}"
    if entry.breaking:
        yield "breaking"
    if is_bot(entry):
        yield "bot"
    if entry.scope is not None:
        yield "scoped"
    if entry.co_authors:
        yield "coauthors"
    if "`" in entry.text:
        yield "code"
    if _CODE.search(entry.text):
        yield "names code"
    if _NUMBER.search(entry.text):
        yield "number"
    if entry.text[:1].islower():
        yield "lower"


def _files(kind: str, touched: Touched) -> Iterator[str]:
    if not touched.paths:
        yield "no paths"
        return
    yield from (f"role {role}" for role in sorted(touched.roles))
    if len(touched.roles) == 1:
        yield f"only {next(iter(touched.roles))}"
    yield f"kind {kind} on {touched.main}"
    yield f"files {_step(len(touched.paths), _FILES)}"
    if touched.main != "source":
        yield "no source"
    elif touched.roles & {"test", "docs"}:
        yield from (f"source and {role}" for role in sorted(touched.roles & {"test", "docs"}))


def _amid(entry: Entry, touched: Touched, amid: Surroundings) -> Iterator[str]:
    if amid.writes is not None and touched.paths:
        does = "writes" if touched.writes_changelog else "leaves"
        yield f"{does} changelog amid {_share_name(amid.writes)}"
    yield f"{'pull' if entry.pull else 'no pull'} amid {_share_name(amid.pulls)}"
    yield f"{'closes' if _closes(entry) else 'closes not'} amid {_share_name(amid.closes)}"
    yield f"{'conventional' if entry.conventional else 'plain'} amid {_share_name(amid.conventional)}"
    yield f"size {_step(amid.size, _SIZES)}"
    # Who does most of the work pushes without a request where others make them; alone, that says nothing.
    if amid.size > _FEW and amid.pulls > _SHARES[0]:
        share = _share_name(amid.authors[entry.email] / amid.size)
        yield f"author {share}, {'pull' if entry.pull else 'no pull'}"


def is_bot(entry: Entry) -> bool:
    """True for an author that is a program."""
    return _is_bot(f"{entry.author} {entry.email}")


@lru_cache(maxsize=4096)
def _is_bot(author: str) -> bool:
    return _BOT.search(author) is not None


def says_something(entry: Entry) -> bool:
    """False for an entry that is no more than a number."""
    return any(map(str.isalpha, entry.text))


def _closes(entry: Entry) -> bool:
    return bool(entry.references) and any(reference.closes for reference in entry.references)


def _share(truths: Iterable[bool]) -> float:
    values = list(truths)
    return sum(values) / len(values) if values else 0.0


def _step(value: int, steps: Sequence[int]) -> str:
    at = bisect_left(steps, value)
    return str(steps[at]) if at < len(steps) else "more"


def _share_name(share: float) -> str:
    return _SHARE_NAMES[bisect_left(_SHARES, share)]


@cache
def shipped_weights() -> Mapping[str, float]:
    """What each trait adds to the log-odds that people list an entry; learned by ``bench/train_listing.py``."""
    text = Path(__file__).with_name("weights.json").read_text("utf-8")
    weights: dict[str, float] = json.loads(text)
    return weights
