"""Who calls what a change touches: one bounded ``git grep`` of the tree under review, never of the work tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import commonpath, dirname

from smista_git.change.model import Change, FileChange
from smista_git.change.paths import is_generated, is_vendored, role_of
from smista_git.errors import GitFailed
from smista_git.git.objects import INDEX
from smista_git.git.process import decode
from smista_git.git.repository import Repository
from smista_git.phases.builtin_message.grammar import suffixes_like
from smista_git.phases.review.called import (
    defines,
    is_call,
    may_mean,
    suffix_of,
    touched_functions,
    vanished_functions,
)

MOST_NAMES = 60
MOST_LINES_A_FILE = 10
MOST_CALLS_A_NAME = 2
MOST_CALLS_A_FILE = 6
# A search reads every blob of the language: `git grep` took 0.42 s for 6,258 files of facebookincubator/velox.
MOST_FILES = 20_000
MOST_BYTES = 1 << 20
LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class Call:
    """A line, 1-based, of a file that the change leaves as it is, and the touched function that it uses."""

    path: str
    line: int
    name: str


class Callers:
    """The calls of the functions that a change touches; searched for once, when first asked for.

    ``names`` lists the files of the tree, ``usable`` says whether the policy lets a path be read.
    """

    def __init__(
        self,
        repo: Repository,
        tip: str,
        change: Change,
        names: Callable[[], Sequence[str]],
        usable: Callable[[str], bool],
    ) -> None:
        self._repo, self._tip, self._change = repo, tip, change
        self._names, self._usable = names, usable
        self._calls: dict[tuple[str, str], list[Call]] | None = None

    def of(self, file: FileChange) -> tuple[Call, ...]:
        """The calls of what the file defines and changes, heads that changed first, the nearest files first."""
        if self._calls is None:
            self._calls = self._searched()
        language = suffixes_like(suffix_of(file.path))
        found: list[Call] = []
        for name in touched_functions(file):
            calls = sorted(self._calls.get((language, name), ()), key=lambda call: _rank(call, file.path))
            found += calls[:MOST_CALLS_A_NAME]
        return tuple(found[:MOST_CALLS_A_FILE])

    def of_vanished(self) -> dict[str, tuple[Call, ...]]:
        """What still uses a function that the change took away, by its name; changed files are looked at as well."""
        gone: dict[str, dict[str, str]] = defaultdict(dict)
        for file, _, name in vanished_functions(self._change):
            gone[suffixes_like(suffix_of(file.path))][name] = file.path
        found: dict[str, tuple[Call, ...]] = {}
        for language, homes in gone.items():
            searched = self._in_language(language, list(homes)[:MOST_NAMES], apart=frozenset(), homes=homes)
            found |= {name: tuple(calls) for name, calls in searched.items()}
        return found

    def _searched(self) -> dict[tuple[str, str], list[Call]]:
        wanted: dict[str, dict[str, None]] = defaultdict(dict)
        for file in self._change.files:
            if file.binary or file.mechanical or role_of(file.path) not in ("source", "build", "migration"):
                continue
            if language := suffixes_like(suffix_of(file.path)):
                wanted[language] |= dict.fromkeys(touched_functions(file))
        found: dict[tuple[str, str], list[Call]] = {}
        for language, names in wanted.items():
            apart = frozenset(self._change.paths)
            for name, calls in self._in_language(language, list(names)[:MOST_NAMES], apart=apart).items():
                found[language, name] = calls
        return found

    def _in_language(
        self,
        language: str,
        names: Sequence[str],
        *,
        apart: frozenset[str],
        homes: Mapping[str, str] | None = None,
    ) -> dict[str, list[Call]]:
        """The calls by name, but for those in the paths ``apart``, and those that cannot mean the function of the file
        in ``homes``, where that is given. A name that another file defines too may mean that one, and is left out.
        None in a partial clone that lacks some of the files.
        """
        suffixes = language.split()
        if not names or sum(suffix_of(path) in suffixes for path in self._names()) > MOST_FILES:
            return {}
        calls: dict[str, list[Call]] = defaultdict(list)
        ambiguous: set[str] = set()
        try:
            lines = list(self._lines(names, [f"*.{suffix}" for suffix in suffixes]))
        except GitFailed:
            return {}
        for path, line, text in lines:
            if path in apart or is_vendored(path) or is_generated(path) or not self._usable(path):
                continue
            for name in (name for name in names if name in text):
                if defines(text, name, path):
                    ambiguous.add(name)
                elif is_call(text, name, path) and (homes is None or may_mean(text, path, name, homes[name])):
                    calls[name].append(Call(path, line, name))
        return {name: found for name, found in calls.items() if name not in ambiguous}

    def _lines(self, names: Sequence[str], patterns: Sequence[str]) -> Iterator[tuple[str, int, str]]:
        """Path, line and text of each line with one of the names, as far as the first MiB of them goes."""
        words = [word for name in names for word in ("-e", name)]
        where = ["--cached"] if self._tip == INDEX else [self._tip]
        command = ("grep", *_PINNED, *words, *where, "--", *patterns)
        with self._repo.stream(*command, ok=(0, 1)) as stdout:
            data = stdout.read(MOST_BYTES)
        for record in data.split(b"\n")[:-1]:
            path, _, rest = record.partition(b"\0")
            number, _, text = rest.partition(b"\0")
            if number.isdigit() and len(text) <= LONGEST_LINE:
                name = decode(path)
                yield (
                    name if self._tip == INDEX else name.removeprefix(f"{self._tip}:"),
                    int(number),
                    decode(text),
                )


_PINNED = (
    "-I", "-n", "-z", "-w", "-F", "--no-color", "--no-column", "--full-name", "--no-recurse-submodules",
    "--no-textconv", f"--max-count={MOST_LINES_A_FILE}",
)  # fmt: skip


def tree_names(repo: Repository, tip: str) -> tuple[str, ...]:
    """Every file of the tree under review: of the index, or of a commit."""
    tree = ("ls-tree", "-r", "-z", "--name-only", "--full-tree", tip)
    listed = repo.run(*(("ls-files", "-z") if tip == INDEX else tree))
    return tuple(decode(name) for name in listed.stdout.split(b"\0") if name)


def _rank(call: Call, path: str) -> tuple[bool, int, str, int]:
    """Code before its tests, then what lies nearest in the tree."""
    folder, other = dirname(path), dirname(call.path)
    shared = len(commonpath((folder or ".", other or ".")).split("/")) if folder and other else 0
    return (role_of(call.path) == "test", -shared, call.path, call.line)
