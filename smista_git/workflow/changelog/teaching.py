"""What a file's past releases teach: which entries people listed there, out of the history of that time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smista_git.change.parse import parse_change
from smista_git.classify.classify import classify
from smista_git.classify.habits import Habits, learn_habits
from smista_git.classify.labels import Labels
from smista_git.git.repository import Repository
from smista_git.phases.changelog.document import Document, Section, bare_version
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.listing import Example, Listing, examples_of, learn_listing
from smista_git.phases.changelog.release import merged_duplicates
from smista_git.phases.changelog.told import Written, told_in
from smista_git.phases.changelog.traits import Paths
from smista_git.workflow.changelog.history import Tag, final_tags, gathered_of, paths_of
from smista_git.workflow.changelog.own import lines_written

TAUGHT_BY = 10
# Beyond these the newest are looked at, and the rest is judged by its words: so that an answer comes in seconds.
MOST_PAST_COMMITS = 2000
MOST_DIFFS = 200
HABITS_OF = 200


def teaches(document: Document) -> bool:
    """Whether a file has past releases enough to learn from."""
    return sum(1 for section in document.sections if section.version and section.items) >= 2


def listing_of(
    repo: Repository, document: Document, tags: Sequence[Tag], paths: Paths, *, name: str = ""
) -> tuple[Listing, Paths]:
    """What the newest releases of the file teach, and the paths of all commits, those of the past included.

    ``name`` is the file's own in the repository, or empty where it is in none.
    """
    found = _tagged(document, tags)[: TAUGHT_BY + 1]
    if len(found) < 2:
        return learn_listing((), paths), paths
    sections, oldest = found[:-1], found[-1][1]
    revisions = (found[0][1].oid, f"^{oldest.oid}")
    past = paths_of(repo, revisions, limit=MOST_PAST_COMMITS)
    written = lines_written(repo, revisions, name) if name else {}
    # What was out as a pre-release is part of its release, so these tags part nothing.
    marks = final_tags(tags)
    by_release = {
        release: merged_duplicates(gathered.entries())
        for release, gathered in gathered_of(repo, revisions, marks, limit=MOST_PAST_COMMITS)
    }
    examples = [
        example
        for age, (section, tag) in enumerate(sections)
        for example in examples_in(document, section, by_release.get(tag.name, ()), past, written, age=age)
    ]
    both = {**past, **paths}
    return learn_listing(examples, both), both


def _tagged(document: Document, tags: Sequence[Tag]) -> list[tuple[Section, Tag]]:
    """The releases of the file that have a tag, in its order."""
    by_version = {bare_version(tag.name): tag for tag in final_tags(tags)}
    return [
        (section, tag)
        for section in document.sections
        if section.version and section.items and (tag := by_version.get(bare_version(section.version)))
    ]


def examples_in(
    document: Document,
    section: Section,
    entries: Sequence[Entry],
    paths: Paths,
    written: Written,
    *,
    age: int = 0,
) -> list[Example]:
    """What a section teaches of the entries of its release; what an older release lists teaches nothing."""
    told = told_in(document, section, entries, paths=paths, written=written)
    judged = [(entry, bool(of)) for entry, of in told.entries]
    return examples_of(judged, paths, items=told.items, found=told.found, age=age)


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
