"""Whether a section is kept by hand, in its author's own words, and since when: the last edit speaks for what is older."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from smista_git.phases.changelog.document import Document, Section
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.match import Matcher, known_of, words_of

# Fewer entries of one's own words may be no more than the few that one commit forgot to name.
LEAST_ITEMS = 3
# A commit that adds so many entries writes of itself; one that adds more sums up what others did.
OF_ITSELF = 2
_LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Edit:
    """What one commit did to the entries of a file: the lines that it put in and took out, stripped.

    ``oid`` is None for what is in no commit yet. ``replaced`` pairs lines of one place, as many out as in.
    """

    oid: str | None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()

    @property
    def grows(self) -> bool:
        """True when the file had more entries after it than before."""
        return len(self.added) > len(self.removed)


def is_entry(line: str) -> bool:
    """Whether a line begins an entry that says something."""
    return line.lstrip()[:2] in ("- ", "* ", "+ ") and len(words_of(line)) >= _LEAST_WORDS


def last_summary(
    document: Document, section: Section, entries: Sequence[Entry], edits: Sequence[Edit]
) -> Edit | None:
    """The newest edit that speaks for all that is older than it, or None; ``edits`` are given newest first.

    One that adds entries to a section of which at least half, and at least three, answer to no single commit. What
    newer edits put in does not count: a tool that adds entries later makes a summary no less of one.
    """
    origins = _origins(document, section, edits)
    traced = set(_traced(section, entries, edits, origins))
    for at, edit in enumerate(edits):
        there = [start for start, origin in origins.items() if origin >= at]
        own = [start for start in there if start not in traced]
        if edit.grows and at in origins.values() and len(own) >= max(LEAST_ITEMS, len(there) / 2):
            return edit
    return None


def _origins(document: Document, section: Section, edits: Sequence[Edit]) -> dict[int, int]:
    """Which edit put in each entry of the section, by its first line; those that none did come last.

    A line that took the place of another is as old as that one.
    """
    starts = {document.lines[item.start].strip(): item.start for item in section.items}
    origins = dict.fromkeys(starts.values(), len(edits))
    for at, edit in enumerate(edits):
        before = {new: old for old, new in edit.replaced}
        for line in edit.added:
            if (start := starts.pop(line, None)) is not None:
                origins[start] = at
                if line in before:
                    starts[before[line]] = start
    return origins


def _traced(
    section: Section, entries: Sequence[Entry], edits: Sequence[Edit], origins: Mapping[int, int]
) -> Iterator[int]:
    """The entries of the section that answer to one commit: by what they say, or since it wrote them of itself."""
    matcher = Matcher([known_of(item) for item in section.items], entries)
    yield from (hit.item.start for entry in entries if (hit := matcher.find(entry)))
    oids = {oid for entry in entries for oid in entry.oids}
    for start, at in origins.items():
        if at < len(edits) and edits[at].oid in oids and len(edits[at].added) <= OF_ITSELF:
            yield start


def reworded(edits: Iterable[Edit], kept: Iterable[str]) -> tuple[str, ...]:
    """The lines that stood where the file has others now, put in their place: the same entries in other words."""
    known = set(kept)
    old = []
    for edit in edits:
        for before, after in edit.replaced:
            if after in known and before not in known:
                known.add(before)
                old.append(before)
    return tuple(old)
