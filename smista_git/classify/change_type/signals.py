"""Every signal of a change in one mapping, as the type model reads them."""

from __future__ import annotations

import dataclasses
from operator import le

from smista_git.change.model import Change, FileChange
from smista_git.classify.change_type.definition_signals import definition_signals
from smista_git.classify.change_type.edit_signals import edit_signals
from smista_git.classify.change_type.line_signals import line_signals
from smista_git.classify.change_type.lines import gather
from smista_git.classify.change_type.note_signals import note_signals
from smista_git.classify.change_type.path_signals import path_signals
from smista_git.classify.change_type.place_signals import place_signals
from smista_git.classify.change_type.word_signals import word_signals
from smista_git.classify.change_type.words import Words, tokens_of

ALL_WORDS = Words()


def read_signals(change: Change, words: Words = ALL_WORDS) -> dict[str, float]:
    """Each signal by its name; one that is absent counts as zero. Words are those that ``words`` gives of a name.

    Where files and hunks may stand in any order, they are to be put ``in_order`` first.
    """
    lines = gather(change)
    tokens = tokens_of(lines.code)
    return {
        **path_signals(change),
        **line_signals(lines),
        **definition_signals(lines, tokens),
        **edit_signals(lines),
        **place_signals(lines, tokens),
        **note_signals(change),
        **word_signals(change, lines, tokens, words),
    }


def in_order(change: Change) -> Change:
    """The same change with files by path and hunks by line, so that no bound or tie hangs on the order they came in."""
    files = tuple([_in_order(file) for file in change.files])
    places = [_place(file) for file in files]
    if files == change.files and all(map(le, places, places[1:])):
        return change
    return Change(tuple(sorted(files, key=_place)))


def _in_order(file: FileChange) -> FileChange:
    if len(file.hunks) < 2:
        return file
    hunks = tuple(sorted(file.hunks, key=lambda h: (h.new_start, h.old_start)))
    return file if hunks == file.hunks else dataclasses.replace(file, hunks=hunks)


def _place(file: FileChange) -> tuple[str, str]:
    return file.path, file.old_path or ""
