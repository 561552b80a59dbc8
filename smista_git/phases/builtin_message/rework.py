"""Edits that put nothing new in place: lines reordered, blanks changed, comments and typos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from smista_git.phases.builtin_message.documents import is_typo
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.paths import spoken
from smista_git.phases.builtin_message.reading import Reading
from smista_git.phases.builtin_message.statements import is_comment
from smista_git.phases.builtin_message.wording import speakable


def cosmetic(reading: Reading) -> Fact | None:
    """The one thing to say of a file in which nothing but form changed, or None."""
    name = spoken(reading.path)
    added = [line for line in reading.added if line.strip()]
    removed = [line for line in reading.removed if line.strip()]
    if not speakable(name) or not (added or removed):
        return None
    if "".join("".join(added).split()) == "".join("".join(removed).split()):
        return Fact("code", "format", (name,), weight=2, path=reading.path)
    if added and Counter(map(str.strip, added)) == Counter(map(str.strip, removed)):
        return Fact("code", "reorder", (), "lines", tail=f"in {name}", weight=2.5, path=reading.path)
    return _typo(reading, name)


def _typo(reading: Reading, name: str) -> Fact | None:
    pairs = [p for b in reading.blocks for p in b.pairs]
    whole = sum(max(len(b.added), len(b.removed)) for b in reading.blocks)
    changed = [p for p in pairs if p.old != p.new]
    prose = [p for p in changed if is_comment(p.new) or '"' in p.new or "'" in p.new or "`" in p.new]
    if not changed or len(pairs) < whole or len(prose) < len(changed) or not all(is_typo(p) for p in changed):
        return None
    return Fact(
        "code",
        "fix",
        (),
        "typo" if len(changed) == 1 else "typos",
        tail=f"in {name}",
        weight=4,
        path=reading.path,
    )


def cosmetic_facts(readings: Sequence[Reading]) -> dict[str, Fact]:
    """What was merely formatted, reordered or spelled right, by the path of the file."""
    read = (r for r in readings if r.role in {"source", "test", "config"} and r.file.status == "modified")
    return {r.path: fact for r in read if (fact := cosmetic(r)) is not None}
