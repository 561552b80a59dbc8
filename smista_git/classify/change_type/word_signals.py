"""Signals read from words: those of paths, and those that changed lines gain or lose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smista_git.change.model import Change
from smista_git.classify.change_type.lines import Lines
from smista_git.classify.change_type.words import Tokens, Words

MOST_PATHS = 60


def word_signals(change: Change, lines: Lines, tokens: Tokens, words: Words) -> Mapping[str, float]:
    """1.0 for each word: ``file x``, ``+ x``, ``- x`` and ``= x`` in code, ``docs + x``, ``test + x``, ``other + x`` elsewhere."""
    signals = dict.fromkeys(_path_words(change, words), 1.0)
    added, removed = words.of(tokens.added), words.of(tokens.removed)
    for mark, found in (("+ ", added - removed), ("- ", removed - added), ("= ", removed & added)):
        signals.update(dict.fromkeys([mark + word for word in found], 1.0))
    for name, part in (("test + ", lines.test), ("docs + ", lines.docs), ("other + ", lines.rest)):
        if part.added:
            more = words.of_lines(part.added) - words.of_lines(part.removed)
            signals.update(dict.fromkeys([name + word for word in more], 1.0))
    return signals


def _path_words(change: Change, words: Words) -> Iterator[str]:
    """Words of file names and endings; folders speak through roles alone, so that renaming one changes nothing."""
    for file in change.files[:MOST_PATHS]:
        for path in file.paths:
            name = path.rpartition("/")[2]
            yield f"ending {name.rpartition('.')[2].lower()}"
            yield from (f"file {word}" for word in words[name])
