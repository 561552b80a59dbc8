"""What a file's past releases teach: which entries people listed there, out of the history of that time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from smista_git.change.parse import parse_change
from smista_git.classify.classify import classify
from smista_git.classify.habits import Habits, learn_habits
from smista_git.classify.labels import Labels
from smista_git.git.repository import Repository
from smista_git.phases.changelog.document import Document, Item, Section, bare_version
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.listing import Example, Listing, examples_of, learn_listing
from smista_git.phases.changelog.placing import Home, Placing, learn_placing
from smista_git.phases.changelog.release import merged_duplicates
from smista_git.phases.changelog.told import Told, told_in
from smista_git.phases.changelog.traits import Paths, touched_by
from smista_git.workflow.changelog.history import gathered_of, paths_of
from smista_git.workflow.changelog.own import lines_written
from smista_git.workflow.changelog.tags import Tag, final_tags

TAUGHT_BY = 10
# Beyond these the newest are looked at, and the rest is judged by its words: so that an answer comes in seconds.
MOST_PAST_COMMITS = 2000
MOST_DIFFS = 200
HABITS_OF = 200


def teaches(document: Document) -> bool:
    """Whether a file has past releases enough to learn from."""
    return sum(1 for section in document.sections if section.version and section.items) >= 2


@dataclass(frozen=True, slots=True)
class Taught:
    """What a file's past teaches: what is listed, and under which section; with the paths of all commits."""

    listing: Listing
    placing: Placing
    paths: Paths


def taught_by(
    repo: Repository, document: Document, tags: Sequence[Tag], paths: Paths, *, name: str = ""
) -> Taught:
    """What the newest releases of the file teach; ``paths`` are those of the commits in hand.

    ``name`` is the file's own in the repository, or empty where it is in none.
    """
    found = _tagged(document, tags)[: TAUGHT_BY + 1]
    if len(found) < 2:
        return Taught(Listing(), learn_placing(document), paths)
    sections, oldest = found[:-1], found[-1][1]
    revisions = (found[0][1].oid, f"^{oldest.oid}")
    past = paths_of(repo, revisions, limit=MOST_PAST_COMMITS)
    written = lines_written(repo, revisions, name) if name else {}
    # What was out as a pre-release is part of its release, so these tags part nothing.
    by_release = {
        release: merged_duplicates(gathered.entries())
        for release, gathered in gathered_of(repo, revisions, final_tags(tags), limit=MOST_PAST_COMMITS)
    }
    told = [
        told_in(document, section, by_release.get(tag.name, []), paths=past, written=written)
        for section, tag in sections
    ]
    examples = [e for age, one in enumerate(told) for e in examples_in(one, past, age=age)]
    homes = homes_in(document, [pair for one in told for pair in one.entries], past)
    both = {**past, **paths}
    return Taught(learn_listing(examples, both), learn_placing(document, homes), both)


def _tagged(document: Document, tags: Sequence[Tag]) -> list[tuple[Section, Tag]]:
    """The releases of the file that have a tag, in its order."""
    by_version = {bare_version(tag.name): tag for tag in final_tags(tags)}
    return [
        (section, tag)
        for section in document.sections
        if section.version and section.items and (tag := by_version.get(bare_version(section.version)))
    ]


def examples_in(told: Told, paths: Paths, *, age: int) -> list[Example]:
    """What a section teaches of the entries of its release."""
    judged = [(entry, bool(of)) for entry, of in told.entries]
    return examples_of(judged, paths, items=told.items, found=told.found, age=age)


def homes_in(
    document: Document, told: Sequence[tuple[Entry, Sequence[Item]]], paths: Paths
) -> Iterator[Home]:
    """The sections that people put entries under."""
    title = {item.start: g.title for s in document.sections for g in s.groups for item in g.items}
    for entry, items in told:
        for section in {title[item.start] for item in items}:
            yield Home(entry, touched_by(entry, paths), section)


class ByChange:
    """Sorts entries whose words say nothing by what the classifier finds in their diff; the newest of them alone.

    What stays below ``least`` stays unsure.
    """

    def __init__(self, repo: Repository, *, least: float) -> None:
        self._repo = repo
        self._least = least
        self._left = MOST_DIFFS
        self._habits: Habits | None = None

    def sorted(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries, in their order; call it with the newest ones first, since only so many are looked at."""
        unsure = [entry for entry in entries if entry.unsure][-self._left :] if self._left else []
        if not unsure:
            return list(entries)
        self._left -= len(unsure)
        if self._habits is None:
            self._habits = learn_habits(self._repo.recent_commits(HABITS_OF))
        labels = {}
        names = (entry.oids[0] for entry in unsure)
        for oid, diff in self._repo.history_diffs("--no-walk=unsorted", *names):
            change = parse_change(diff.raw, diff.numstat, diff.patch)
            labels[oid] = classify(change, habits=self._habits)
        return [self._relabelled(entry, labels.get(entry.oids[0])) for entry in entries]

    def _relabelled(self, entry: Entry, found: Labels | None) -> Entry:
        if not entry.unsure or found is None or found.confidence < self._least:
            return entry
        return replace(entry, kind=found.type, confidence=found.confidence)
