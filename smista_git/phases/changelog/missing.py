"""Which entries a file does not have yet, in the release that is written or in those that are out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from smista_git.phases.changelog.document import Document, Section
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.heading import Target
from smista_git.phases.changelog.match import Known, Matcher, known_of, words_of

# How many releases back an entry may have been listed already, as with a fix that was released from a branch.
RELEASES_BACK = 20

Attribution = Callable[[Entry], bool]


def missing(
    document: Document, entries: Sequence[Entry], target: Target, *, listed: Attribution = lambda entry: False
) -> list[Entry]:
    """The entries that the file does not have yet, in the order given.

    ``listed`` says what else is known to be in the file, such as a commit that wrote its own entry.
    """
    section = section_for(document, target)
    own = Matcher([known_of(item) for item in section.items] if section else [], entries)
    past = Matcher(_past(document, section), entries)
    return [e for e in entries if own.find(e) is None and not released_in(past, e) and not listed(e)]


def released_in(past: Matcher, entry: Entry) -> bool:
    """True when a release that is out lists this very change: an issue may come again, a pull request may not."""
    if past.by_commit(entry):
        return True
    if entry.pull:
        return past.by_reference(replace(entry, references=())) is not None
    found = past.by_words(entry)
    return found is not None and past.likeness(words_of(entry.text), found.words) > 0.9


def _past(document: Document, section: Section | None) -> list[Known]:
    rest = [s for s in document.sections if s is not section][:RELEASES_BACK]
    return [known_of(item) for s in rest for item in s.items]


def section_for(document: Document, target: Target) -> Section | None:
    """The section that the target means, if the file has it."""
    if target.version is None:
        return document.unreleased()
    return document.release(target.version)
