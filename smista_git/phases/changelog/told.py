"""Which entries of a release its section in the file tells of: by number, by commit, by who wrote the line, by words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from smista_git.change.paths import is_changelog
from smista_git.phases.changelog.document import Document, Item, Section
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.match import SAME_WORDS, Matcher, known_of
from smista_git.phases.changelog.missing import RELEASES_BACK, released_in
from smista_git.phases.changelog.traits import Paths

# Where each item is given to the entry most like it, and no entry to two, what is so much alike is the same. Of entries
# whose number tells which item they are, at least nine of ten in each step from here up were given their own, and four of
# five at 0.3.
ALIKE = 0.4
# A commit that writes more than this of the file gathers what others did.
MOST_LINES = 2
_FRAGMENT = re.compile(r"(?:^|[/+_-])(\d{1,6})(?=[._-][a-z0-9.]+$)", re.IGNORECASE)

Written = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Told:
    """The entries of a release, each with the items that tell of it; ``items`` is how many the section has.

    An entry that an older release tells of is not among them. ``found`` is how many items are told apart.
    """

    entries: tuple[tuple[Entry, tuple[Item, ...]], ...] = ()
    items: int = 0
    found: int = 0


def told_in(
    document: Document, section: Section, entries: Sequence[Entry], *, paths: Paths, written: Written
) -> Told:
    """What a section tells of its release. ``written`` is which lines each commit put into the file."""
    items = document.items_of(section)
    matches = _Matches(items, entries, paths, written)
    last = max(item.start for item in items)
    older = [s for s in document.sections if s.start > last][:RELEASES_BACK]
    past = Matcher([known_of(item) for s in older for item in s.items], entries)
    kept = [
        (entry, tuple(items[i] for i in sorted(of)))
        for entry, of in zip(entries, matches.of, strict=True)
        if of or not released_in(past, entry)
    ]
    return Told(tuple(kept), len(items), len(set().union(*matches.of)))


@dataclass
class _Matches:
    """For each entry, the numbers of the items that tell of it; sure ways first, then those that are left."""

    items: Sequence[Item]
    entries: Sequence[Entry]
    paths: Paths
    written: Written
    of: list[set[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known = [known_of(item) for item in self.items]
        self.matcher = Matcher(self.known, self.entries)
        self.of = [set(self._surely(entry)) for entry in self.entries]
        self._by_words()

    def _surely(self, entry: Entry) -> Iterator[int]:
        numbers = {entry.pull.number} if entry.pull else set()
        numbers |= {r.number for r in entry.references if r.closes and not r.place}
        numbers |= fragments(entry, self.paths)
        lines = _lines_of(entry, self.paths, self.written)
        found = self.matcher.by_reference(entry)
        for index, one in enumerate(self.known):
            named = not one.numbers.isdisjoint(numbers) or one is found
            own = any(oid.startswith(short) for short in one.oids for oid in entry.oids)
            if named or own or (lines and _opening(one.item.text) in lines):
                yield index

    def _by_words(self) -> None:
        """Each item that is left goes to the entry most like it; what is very much alike is the same in any case."""
        left = set(range(len(self.items))) - set().union(*self.of)
        free = {i for i, of in enumerate(self.of) if not of}
        for likeness, entry, item in sorted(self._likenesses(), reverse=True):
            alone = item in left and entry in free
            if likeness >= SAME_WORDS or alone:
                self.of[entry].add(item)
                left.discard(item)
                free.discard(entry)

    def _likenesses(self) -> Iterator[tuple[float, int, int]]:
        pulls = {entry.pull.number for entry in self.entries if entry.pull}
        places = {one.item.start: index for index, one in enumerate(self.known)}
        for number, entry in enumerate(self.entries):
            if self.of[number]:
                continue
            for one, likeness in self.matcher.near(entry):
                # A number that is another pull request's says that the item is of that one.
                if likeness >= ALIKE and not one.numbers & pulls:
                    yield likeness, number, places[one.item.start]


def fragments(entry: Entry, paths: Paths) -> set[int]:
    """The numbers in the names of the news fragments that an entry's commits wrote: ``changelog.d/12.fix.md``."""
    touched = [path for oid in entry.oids for path in paths.get(oid, ()) if is_changelog(path)]
    numbers = {int(match[1]) for path in touched if (match := _FRAGMENT.search(path))}
    return numbers if len(numbers) <= MOST_LINES and _does_something(entry, paths) else set()


def _lines_of(entry: Entry, paths: Paths, written: Written) -> set[str]:
    """How the lines begin that the entry's own commits put into the file."""
    lines = {_opening(line) for oid in entry.oids for line in written.get(oid, ())}
    return lines if len(lines) <= MOST_LINES and _does_something(entry, paths) else set()


def _does_something(entry: Entry, paths: Paths) -> bool:
    """Whether its commits do more than to write of changes and to release them."""
    touched = (path for oid in entry.oids for path in paths.get(oid, ()))
    return entry.kind != "release" and not all(map(is_changelog, touched))


def _opening(text: str) -> str:
    """The first words of an entry, as its first line has them."""
    return " ".join(text.lstrip("-*+• \t").split()[:6])
