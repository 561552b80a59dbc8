"""What one commit says that it did: its entries, each with its kind and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from smista_git.phases.changelog.wording import SURE, kind_of_words, split_area, verb_kind
from smista_git.phases.conventional import Message, Reference, Said
from smista_git.phases.conventional_types import TYPES

# Below this, what the words or the classifier say is no more than a guess, and the entry counts as a change.
LEAST_CONFIDENCE = 0.5

_CLOSING = r"(?:close[sd]?|resolve[sd]?|fix(?:e[sd])?):?[ \t]+(?:issues?[ \t]+)?#\d+"
_CLOSES_FIRST = re.compile(
    rf"(?:\[{_CLOSING}\]|\({_CLOSING}\)|{_CLOSING}[:,.]|(?=(?:close|resolve)){_CLOSING}|(?P<bare>{_CLOSING}))[ \t]+(?=[\w`'\"])"
    r"(?!(?:and|by|in|when|where|with|for|on)\b)",
    re.IGNORECASE,
)
_CLOSES_LAST = re.compile(rf"(?:[ \t]*[,;.]|[ \t]+[-–—])?[ \t]+[\[(]?{_CLOSING}[\])]?\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit as history gives it; ``release`` is the tag that holds it, or None after the last one.

    ``merge`` is the full name of the merge that brought it into the main line, or None where it is on that line.
    """

    oid: str
    parents: tuple[str, ...]
    time_s: int
    author: str
    email: str
    subject: str
    body: str
    release: str | None = None
    merge: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that changed. ``kind`` is the Angular type, or change, deprecate, remove, security, deps, release.

    ``text`` is what the message says, without type, scope and the number of the pull request. ``confidence`` is that
    of ``kind``; ``oids`` are the commits that it stands for, oldest first; ``rank`` is its place in history; ``section``
    is the one of the file's own that its like stands under, where the file's past teaches that, and ``leans`` what the
    commits of older releases say for each, in log-odds; ``missing`` is whether the file lacks it, None where that was not
    looked up.
    """

    text: str
    kind: str
    oids: tuple[str, ...]
    scope: str | None = None
    breaking: bool = False
    notes: tuple[str, ...] = ()
    pull: Reference | None = None
    references: tuple[Reference, ...] = ()
    author: str = ""
    email: str = ""
    co_authors: tuple[str, ...] = ()
    time_s: int = 0
    rank: int = 0
    release: str | None = None
    conventional: bool = False
    confidence: float = 1.0
    section: str = ""
    leans: tuple[tuple[str, float], ...] = ()
    missing: bool | None = None

    @property
    def unsure(self) -> bool:
        """True when neither the message nor the change says well enough what it is."""
        return self.confidence < LEAST_CONFIDENCE

    @property
    def mentions(self) -> tuple[Reference, ...]:
        """The pull request, then what the message closes or names, each once."""
        both = ((self.pull,) if self.pull else ()) + self.references
        return tuple({str(reference): reference for reference in reversed(both)}.values())[::-1]


def with_own_references(entries: Iterable[Entry], place: str) -> list[Entry]:
    """The entries, references by their whole address to ``place`` being this repository's own."""
    return [
        replace(
            entry,
            references=tuple(
                replace(r, place="") if r.place.lower() == place.lower() else r for r in entry.references
            ),
        )
        if any(reference.place for reference in entry.references)
        else entry
        for entry in entries
    ]


def of_message(
    message: Message, commit: Commit, *, pull: Reference | None = None, rank: int = 0
) -> Iterator[Entry]:
    """The entries of one commit: its subject's, or those in its body where the subject is none; ranks from ``rank`` on."""
    saids = message.more if message.more and message.said.type is None else (message.said, *message.more)
    shared = pull or message.said.pull
    for number, said in enumerate(saids):
        kind, confidence, scope, text = kind_of(said)
        if text.strip():
            yield Entry(
                text=_without_closing(text),
                kind=kind,
                oids=(commit.oid,),
                scope=scope,
                breaking=said.breaking,
                notes=said.notes,
                pull=said.pull or shared,
                references=said.references,
                author=commit.author,
                email=commit.email,
                co_authors=message.co_authors,
                time_s=commit.time_s,
                rank=rank + number,
                release=commit.release,
                conventional=known(said),
                confidence=confidence,
            )


def _without_closing(text: str) -> str:
    """The text without what it closes at its start or its end, which the references have; a bare "Fix" stays."""
    text = _CLOSES_LAST.sub("", text) or text
    match = _CLOSES_FIRST.match(text)
    if match is None:
        return text
    return ("Fix " if match["bare"] else "") + text[match.end() :]


def kind_of(said: Said) -> tuple[str, float, str | None, str]:
    """Kind, confidence, scope and text of what was said; an unknown type is the area that it speaks of."""
    if said.type in TYPES and said.type is not None:
        kind = TYPES[said.type]
        if said.scope and said.scope.lower() in ("deps", "deps-dev", "dependencies", "dev-deps"):
            kind = "deps"
        if kind in ("chore", "build") and (found := kind_of_words(said.text))[0] in ("release", "deps"):
            kind = found[0]
        if kind in ("feat", "change") and verb_kind(said.text) in ("deprecate", "remove"):
            kind = verb_kind(said.text) or kind
        if kind in ("fix", "change") and "security" in (said.scope or "").lower().split(","):
            kind = "security"
        return kind, 1.0, said.scope, said.text
    area: str | None
    area, text = (said.lead, said.text) if said.type else split_area(said.text)
    kind, confidence = kind_of_words(text)
    of_area = kind_of_words(area) if area else ("", 0.0)
    if of_area[1] >= SURE:
        kind, confidence = of_area
    return kind, confidence, area, text


def known(said: Said) -> bool:
    """Whether what was said has a type that is one."""
    return said.type in TYPES
