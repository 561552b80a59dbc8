"""Whether a change is a release: the project's own version goes up, and nothing else but its changelog changes."""

from __future__ import annotations

from collections.abc import Iterator

from smista_git.change.model import Change, FileChange
from smista_git.change.paths import role_of
from smista_git.change.pattern import regex
from smista_git.classify.change_type.line_signals import without_versions

# A line whose key is the version; further right, or deeper in a pom.xml, it is that of a dependency.
_OWN_VERSION = regex(
    r"""(?ix) ^\s* (?:[\w ]{0,30}\s)? ["']? [\w.-]{0,20} version (?:__|_?code|_?name|_?number|_?string)? ["']? \s* (?::=|=>|[:=,(]|(?=["']))
    | ^(?:\ {0,4}|\t)<version> | ^\W*v?\d+\.\d+\.\d+[\w.+-]*\W*$ | ^\s*s\.version"""
)
_NEVER = frozenset({"test", "ci"})


def is_release(change: Change) -> bool:
    """True when every line outside of changelogs differs in version numbers alone, and one gives the own version."""
    written = [f for f in change.files if not f.mechanical and role_of(f.path) != "changelog"]
    if not written or any(role_of(f.path) in _NEVER or f.status != "modified" for f in written):
        return False
    return all(map(_only_versions, written)) and any(
        _OWN_VERSION.search(text) for text in _own_lines(written)
    )


def _only_versions(file: FileChange) -> bool:
    if not file.hunks or file.truncated:
        return False
    for hunk in file.hunks:
        added, removed = hunk.added, hunk.removed
        if len(added) != len(removed):
            return False
        if any(without_versions(a) != without_versions(r) for a, r in zip(added, removed, strict=True)):
            return False
    return True


def _own_lines(files: list[FileChange]) -> Iterator[str]:
    told = (file for file in files if role_of(file.path) != "docs")
    return (text for file in told for hunk in file.hunks for text in hunk.added)
