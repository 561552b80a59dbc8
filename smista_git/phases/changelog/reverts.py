"""Commits that undo each other: found as they come, the newest first, by what the later one names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from smista_git.phases.changelog.entries import Commit
from smista_git.phases.conventional import Message, without_pull

# The shortest name of a commit that a message is believed to mean, as in phases/conventional.py.
_SHORTEST = 7


@dataclass(frozen=True, slots=True)
class _Seen:
    """A commit that takes others back, or that may be one that is taken back."""

    oid: str
    subjects: tuple[str, str]
    reverts: tuple[str, ...]
    reverted: str


@dataclass(slots=True)
class Reverts:
    """The reverts among commits given newest first, and what they take back. Nothing is kept of all others."""

    _seen: list[_Seen] = field(default_factory=list)
    _oids: set[str] = field(default_factory=set)
    _subjects: set[str] = field(default_factory=set)

    def saw(self, commit: Commit, message: Message) -> None:
        """Take the next older commit into account."""
        takes_back = bool(message.reverts or message.reverted)
        if not takes_back and not self._oids and not self._subjects:
            return
        subjects = (_plain(commit.subject), message.said.text.casefold())
        if takes_back or commit.oid[:_SHORTEST] in self._oids or not self._subjects.isdisjoint(subjects):
            self._seen.append(_Seen(commit.oid, subjects, message.reverts, _plain(message.reverted)))
        self._oids |= {oid[:_SHORTEST] for oid in message.reverts}
        self._subjects |= {_plain(message.reverted)} - {""}

    def gone(self) -> frozenset[str]:
        """The commits that a later one took back, and those that did so.

        A revert of a revert brings the first one back; a revert of what never came stays.
        """
        by_oid: dict[str, _Seen] = {}
        by_subject: dict[str, str] = {}
        turned: dict[str, set[str]] = {}
        gone: set[str] = set()
        for one in reversed(self._seen):
            for target in _targets(one, by_oid, by_subject):
                gone ^= turned.get(target, {target})
                turned[one.oid] = turned.get(target, {target})
                gone.add(one.oid)
            by_oid[one.oid] = one
            for subject in one.subjects:
                by_subject[subject] = one.oid
        return frozenset(gone)


def _targets(one: _Seen, by_oid: Mapping[str, _Seen], by_subject: Mapping[str, str]) -> list[str]:
    found = [oid for prefix in one.reverts for oid in by_oid if oid.startswith(prefix)]
    if not found and one.reverted in by_subject:
        found = [by_subject[one.reverted]]
    return found


def _plain(subject: str) -> str:
    return without_pull(subject)[0].casefold()
