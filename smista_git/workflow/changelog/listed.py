"""Which entries are listed, release by release, as history comes: nothing is kept but the releases that are open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from smista_git.git.repository import Repository
from smista_git.phases.changelog.document import Document
from smista_git.phases.changelog.entries import Entry, with_own_references
from smista_git.phases.changelog.listing import Listing
from smista_git.phases.changelog.placing import Placing
from smista_git.phases.changelog.release import Wording, merged_duplicates
from smista_git.phases.changelog.traits import touched_by
from smista_git.workflow.changelog.history import Span, gathered_of, paths_of, touching
from smista_git.workflow.changelog.tags import Tag
from smista_git.workflow.changelog.teaching import ByChange, Taught, taught_by, teaches

# Beyond so many commits paths and diffs are not read: the words of the messages decide alone.
MOST_WITH_PATHS = 3000


@dataclass(frozen=True, slots=True)
class Listed:
    """One release, None being what no tag holds yet: the entries that people would list, oldest first, and the others.

    ``commits`` is how many were read.
    """

    release: str | None
    entries: tuple[Entry, ...]
    left_out: tuple[tuple[Entry, str], ...] = ()
    commits: int = 0


@dataclass(slots=True)
class Tally:
    """What was read and listed so far; ``left_out`` is kept only where somebody wants to see it.

    ``silent`` are commits that say nothing of their own: merges, fixups, and those that undo each other.
    """

    keeps: bool = False
    commits: int = 0
    listed: int = 0
    not_listed: int = 0
    silent: int = 0
    left_out: list[tuple[Entry, str]] = field(default_factory=list)

    def over(self, found: Iterable[Listed]) -> Iterator[Listed]:
        """The same releases, counted as they go by."""
        for one in found:
            self.commits += one.commits
            self.listed += len(one.entries)
            self.not_listed += len(one.left_out)
            said = {oid for e in (*one.entries, *(e for e, _ in one.left_out)) for oid in e.oids}
            self.silent += one.commits - len(said)
            self.left_out += one.left_out if self.keeps else ()
            yield one


@dataclass(frozen=True, slots=True)
class Reading:
    """History as it is to be read. Each time that it is gone through, git is asked anew: newest release first.

    ``document`` is the changelog that teaches, ``file`` its name in the repository, or empty where it is in none.
    """

    repo: Repository
    span: Span
    document: Document
    tags: tuple[Tag, ...]
    wording: Wording
    file: str = ""
    place: str = ""
    least: float = 0.6
    paths: tuple[str, ...] = ()
    by_release: bool = False

    def __iter__(self) -> Iterator[Listed]:
        names: dict[str, str] = {tag.oid: tag.name for tag in self.tags}
        return _in_order(self._closed(), [None, *reversed(names.values())])

    def _closed(self) -> Iterator[Listed]:
        chooser = _Chooser(self)
        wanted = touching(self.repo, self.span.revisions, self.paths) if self.paths else None
        for name, gathered in gathered_of(
            self.repo, self.span.revisions, self.tags if self.by_release else (), wanted=wanted
        ):
            entries = merged_duplicates(with_own_references(gathered.entries(), self.place))
            if wanted is not None:
                entries = [entry for entry in entries if not wanted.isdisjoint(entry.oids)]
            chosen, left_out = chooser.chosen(entries)
            yield Listed(name, chosen, left_out, gathered.commits)


def _in_order(found: Iterator[Listed], names: Sequence[str | None]) -> Iterator[Listed]:
    """The releases in the order of their names; one that came too early is held until its turn."""
    held: dict[str | None, Listed] = {}
    at = 0
    for one in found:
        held[one.release] = one
        while at < len(names) and names[at] in held:
            yield held.pop(names[at])
            at += 1
    yield from (held[name] for name in names[at:] if name in held)


class _Chooser:
    """What people would list, learned once; the files and diffs of commits are read only where history is short."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        repo, revisions = reading.repo, reading.span.revisions
        count = repo.ask("rev-list", "--count", f"--max-count={MOST_WITH_PATHS + 1}", *revisions, "--")
        self._few = int(count or 0) <= MOST_WITH_PATHS
        self._taught: Taught | None = None
        self._by_change = ByChange(repo, least=reading.least)

    def chosen(self, entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], tuple[tuple[Entry, str], ...]]:
        """The entries that people would list, and the others, each with why not."""
        if not entries:
            return (), ()
        taught = self._learned()
        if self._few:
            entries = self._by_change.sorted(entries)
        reasons = taught.listing.verdicts(entries, taught.paths, self._reading.wording.says)
        if taught.placing.knows:
            entries = [taught.placing.placed(entry, touched_by(entry, taught.paths)) for entry in entries]
        verdicts = list(zip(entries, reasons, strict=True))
        return tuple(e for e, why in verdicts if not why), tuple((e, why) for e, why in verdicts if why)

    def _learned(self) -> Taught:
        if self._taught is None:
            reading = self._reading
            paths = paths_of(reading.repo, reading.span.revisions) if self._few else {}
            self._taught = (
                taught_by(reading.repo, reading.document, reading.tags, paths, name=reading.file)
                if teaches(reading.document)
                else Taught(Listing(), Placing(), paths)
            )
        return self._taught
