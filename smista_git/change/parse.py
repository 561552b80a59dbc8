"""Diff bytes to a Change: one place where bytes become text."""

from __future__ import annotations

from collections.abc import Iterable

from smista_git.change.hunks import Section, assign_sections, cut_sections, read_hunks
from smista_git.change.model import Change, FileChange, Hunk
from smista_git.change.paths import has_generated_marker, told_by_name
from smista_git.change.raw import Counts, RawEntry, read_numstat, read_raw

FILE_BOUND_BYTES = 512 * 1024
CHANGE_BOUND_BYTES = 2 * 1024 * 1024
NO_COUNTS = Counts()
BINARY_LINE = b"Binary files "
COMBINED = b"::"


def parse_change(raw: bytes, numstat: bytes | None, patch: bytes) -> Change:
    """The change that git's ``--raw -z``, ``--numstat -z`` and patch output describe, in git's order.

    Paths, modes and counts come from the first two alone; the patch only gives the hunks, and the counts where
    ``numstat`` is None. At most 512 KiB of patch a file and 2 MiB a change become lines: what lies beyond is left
    out, and the file says ``truncated``.
    """
    entries = read_raw(raw)
    plain = not raw.startswith(COMBINED) and all(entry.status != "unmerged" for entry in entries)
    sections = assign_sections(entries, cut_sections(patch, plain=plain), patch)
    counts = None if numstat is None else read_numstat(numstat)
    left = CHANGE_BOUND_BYTES
    files = []
    for entry, mine in zip(entries, sections, strict=True):
        hunks, used, cut = _read_within(patch, mine, left)
        left -= used
        if counts is not None:
            count = counts.get(entry.key, NO_COUNTS)
        else:
            count = _counted(patch, mine) if cut or not hunks else _counts_of(hunks)
        # Git counts every file that it could read, if only to say that no line changed.
        unread = (not mine if counts is None else entry.key not in counts) and entry.status != "unmerged"
        missing = unread or (not hunks and count.added + count.deleted > 0)
        files.append(_file_change(entry, count, hunks, truncated=cut or missing))
    return Change(tuple(files))


def _counts_of(hunks: Iterable[Hunk]) -> Counts:
    added, deleted = zip(*(hunk.counts for hunk in hunks), strict=True)
    return Counts(sum(added), sum(deleted))


def _counted(patch: bytes, sections: Iterable[Section]) -> Counts:
    """The counts of one file by the lines of its sections, of which each begins with its sign, headers apart."""
    added = deleted = 0
    for section in sections:
        added += patch.count(b"\n+", section.body, section.end)
        deleted += patch.count(b"\n-", section.body, section.end)
        last_line = patch.rfind(b"\n", section.start, section.end - 1) + 1
        if section.body == section.end and patch.startswith(BINARY_LINE, last_line):
            return Counts(binary=True)
    return Counts(added, deleted)


def _read_within(patch: bytes, sections: Iterable[Section], left: int) -> tuple[tuple[Hunk, ...], int, bool]:
    """The hunks of one file, the bytes they took, and whether a bound cut them short."""
    bound = min(FILE_BOUND_BYTES, left)
    hunks: tuple[Hunk, ...] = ()
    used, cut = 0, False
    for section in sections:
        end = section.end
        if end - section.body > bound - used:
            cut = True
            end = max(patch.rfind(b"\n", section.body, section.body + bound - used), section.body)
        hunks += read_hunks(patch[section.body : end])
        used += end - section.body
    return hunks, used, cut


def _file_change(entry: RawEntry, count: Counts, hunks: tuple[Hunk, ...], *, truncated: bool) -> FileChange:
    told = told_by_name(entry.key)
    return FileChange(
        old_path=entry.old_path,
        new_path=entry.new_path,
        status=entry.status,
        old_mode=entry.old_mode,
        new_mode=entry.new_mode,
        old_oid=entry.old_oid,
        new_oid=entry.new_oid,
        hunks=hunks,
        added=count.added,
        deleted=count.deleted,
        binary=count.binary,
        language=told.language,
        lockfile=told.lockfile,
        generated=told.generated or has_generated_marker(hunks),
        vendored=told.vendored,
        truncated=truncated,
        similarity=entry.similarity,
    )
