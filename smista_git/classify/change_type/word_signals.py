"""Signals read from words: those of paths, and those that changed lines gain or lose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from smista_git.change.model import Change
from smista_git.change.pattern import regex
from smista_git.classify.change_type.line_signals import Lines

MOST_LETTERS = 24_000
MOST_PATHS = 60

_WORD = regex(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")


def word_signals(change: Change, lines: Lines) -> Mapping[str, float]:
    """1.0 for each word: ``path x``, ``+ x`` and ``- x`` in code, ``docs + x``, ``test + x``, ``other + x`` elsewhere."""
    signals = dict.fromkeys(_path_words(change), 1.0)
    added, removed = _words(lines.code.added), _words(lines.code.removed)
    signals.update(dict.fromkeys((f"+ {word}" for word in added - removed), 1.0))
    signals.update(dict.fromkeys((f"- {word}" for word in removed - added), 1.0))
    signals.update(dict.fromkeys((f"= {word}" for word in removed & added), 1.0))
    for name, part in (("test", lines.test), ("docs", lines.docs), ("other", lines.rest)):
        more = _words(part.added) - _words(part.removed)
        signals.update(dict.fromkeys((f"{name} + {word}" for word in more), 1.0))
    return signals


def _words(texts: Iterable[str]) -> set[str]:
    joined = "\n".join(texts)[:MOST_LETTERS]
    return {word.lower() for word in _WORD.findall(joined)}


def _path_words(change: Change) -> Iterator[str]:
    """Words of file names and endings; folders speak through roles alone, so that renaming one changes nothing."""
    for file in change.files[:MOST_PATHS]:
        for path in file.paths:
            name = path.rpartition("/")[2]
            yield f"ending {name.rpartition('.')[2].lower()}"
            yield from (f"file {word.lower()}" for word in _WORD.findall(name))
