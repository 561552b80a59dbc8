"""Whether a change of white space can change what a program does, as where a line goes deeper in Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smista_git.change.model import FileChange, Hunk

# Where lines belong to what stands less deep above them; names are those of change/languages.py.
LANGUAGES = frozenset({
    "coffeescript", "elm", "f#", "gdscript", "haskell", "makefile", "nim", "pug", "purescript", "python", "starlark",
    "stylus", "yaml",
})  # fmt: skip


def moves_lines(file: FileChange) -> bool:
    """True where lines that are the same but for white space came to stand deeper or less deep beside each other.

    Other steps of indentation, and lines wrapped another way, are no such thing.
    """
    return file.language in LANGUAGES and any(map(_moves, file.hunks))


def _moves(hunk: Hunk) -> bool:
    old, new = ([text for text in side if text.strip()] for side in (hunk.before, hunk.after))
    same = ["".join(text.split()) for text in old] == ["".join(text.split()) for text in new]
    return same and list(_shape(old)) != list(_shape(new))


def _shape(texts: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
    """For each line how many lines it stands below, whether it is deeper than the last, and whether a tab begins it."""
    above: list[int] = []
    last = 0
    for text in texts:
        wide = text.expandtabs()
        depth = len(wide) - len(wide.lstrip())
        while above and above[-1] > depth:
            above.pop()
        if not above or above[-1] < depth:
            above.append(depth)
        yield len(above), (depth > last) - (depth < last), text.startswith("\t")
        last = depth
