"""Which part of the work tree a ``git commit`` with given arguments would take. Reads words, runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Options of `git commit` whose value is the next word; -S and -u take theirs only when attached.
VALUED_LONG = (
    "--message", "--file", "--reuse-message", "--reedit-message", "--template", "--author", "--date", "--fixup",
    "--squash", "--cleanup", "--trailer", "--pathspec-from-file",
)  # fmt: skip
VALUED_SHORT = "mFCct"
ATTACHED_SHORT = "Su"
LONG_FLAGS = {"all": "a", "amend": "A", "include": "i", "only": "o", "patch": "p", "interactive": "p"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What is committed: the index, ``all`` tracked files, or ``pathspecs`` (alone, or with the index)."""

    all: bool = False
    include: bool = False
    amend: bool = False
    interactive: bool = False
    pathspecs: tuple[str, ...] = ()
    pathspec_file: str | None = None

    @property
    def index_only(self) -> bool:
        """True when the index as it stands is what would be committed."""
        return not (self.all or self.interactive or self.pathspecs or self.pathspec_file)


def scope_of(args: Sequence[str]) -> Scope:
    """The scope that ``git commit ARGS`` has."""
    flags: set[str] = set()
    pathspecs: list[str] = []
    pathspec_file = None
    for kind, word in _read(args):
        if kind == "path":
            pathspecs.append(word)
        elif kind == "pathspec-from-file":
            pathspec_file = word
        else:
            flags.add(word)
    return Scope(
        all="a" in flags,
        include="i" in flags,
        amend="A" in flags,
        interactive="p" in flags,
        pathspecs=tuple(pathspecs),
        pathspec_file=pathspec_file,
    )


def _read(args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each flag, path and pathspec file among the words."""
    words = iter(args)
    for word in words:
        if word == "--":
            yield from (("path", rest) for rest in words)
        elif word.startswith("--"):
            yield from _long(word, words)
        elif word.startswith("-") and word != "-":
            yield from _short(word[1:], words)
        else:
            yield "path", word


def _long(word: str, words: Iterator[str]) -> Iterator[tuple[str, str]]:
    name, equals, value = word.partition("=")
    full = _completed(name)
    if full in VALUED_LONG and not equals:
        value = next(words, "")
    if full == "--pathspec-from-file":
        yield "pathspec-from-file", value
    elif full[2:] in LONG_FLAGS:
        yield "flag", LONG_FLAGS[full[2:]]


def _completed(name: str) -> str:
    """The option that an abbreviation means, as git allows where it is unique among these."""
    options = (*VALUED_LONG, *(f"--{flag}" for flag in LONG_FLAGS))
    fitting = [option for option in options if option.startswith(name)]
    return name if name in options or len(fitting) != 1 else fitting[0]


def _short(letters: str, words: Iterator[str]) -> Iterator[tuple[str, str]]:
    for at, letter in enumerate(letters):
        if letter in VALUED_SHORT:
            if at + 1 == len(letters):
                next(words, None)
            return
        if letter in ATTACHED_SHORT:
            return
        if letter in "aiop":
            yield "flag", letter
