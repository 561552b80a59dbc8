"""Functions that a change takes away while something still uses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from smista_git.change.model import Change
from smista_git.phases.review.called import vanished_functions
from smista_git.phases.review.finding import Finding


def left_behind(change: Change, uses: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """One warning for each function that is gone and still used, on the line that defined it."""
    told: set[str] = set()
    for file, line, name in vanished_functions(change) if uses else ():
        places = uses.get(name, ())
        if not places or name in told:
            continue
        told.add(name)
        more = f" and {len(places) - 1} more still use" if len(places) > 1 else " still uses"
        yield Finding(
            path=file.path,
            line=line.old_line or 0,
            side="old",
            severity="warning",
            category="bug",
            title=f"{name} is gone, and {places[0]}{more} it",
            why="What calls it will fail, if it means this one: change it too, or keep the name.",
            quote=line.text,
            rule="left-behind",
        )
