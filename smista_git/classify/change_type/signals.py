"""Every signal of a change in one mapping, as the type model reads them."""

from __future__ import annotations

import dataclasses

from smista_git.change.model import Change
from smista_git.classify.change_type.definition_signals import definition_signals
from smista_git.classify.change_type.line_signals import gather, line_signals
from smista_git.classify.change_type.path_signals import path_signals
from smista_git.classify.change_type.word_signals import word_signals


def read_signals(change: Change) -> dict[str, float]:
    """Each signal by its name; one that is absent counts as zero."""
    change = in_order(change)
    lines = gather(change)
    return {
        **path_signals(change),
        **line_signals(lines),
        **definition_signals(lines),
        **word_signals(change, lines),
    }


def in_order(change: Change) -> Change:
    """The same change with files by path and hunks by line, so that no bound or tie hangs on the order they came in."""
    files = sorted(change.files, key=lambda f: (f.path, f.old_path or ""))
    return Change(
        tuple(
            dataclasses.replace(f, hunks=tuple(sorted(f.hunks, key=lambda h: (h.new_start, h.old_start))))
            if len(f.hunks) > 1
            else f
            for f in files
        )
    )
