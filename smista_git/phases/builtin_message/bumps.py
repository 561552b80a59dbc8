"""Dependencies that were bumped, added or removed, by name, with the old version and the new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.manifests import family, pins
from smista_git.phases.builtin_message.paths import base_name, folder
from smista_git.phases.builtin_message.reading import Block, Reading
from smista_git.phases.builtin_message.wording import speakable

_PLATFORMS = (
    "linux",
    "darwin",
    "win32",
    "windows",
    "android",
    "bsd",
    "sunos",
    "aix",
    "arm",
    "wasm",
    "x64",
    "netbsd",
)
_COMMIT = regex(r"[0-9a-f]{12}")
_MAJOR = regex(r"v\d+")
_ROLES = frozenset({"manifest", "lock", "ci"})


@dataclass(frozen=True, slots=True)
class Bump:
    """One dependency that moved; ``old`` or ``new`` is "" where it came or went."""

    name: str
    old: str
    new: str
    path: str


def bumps_in(reading: Reading) -> tuple[Bump, ...]:
    """The dependencies that moved in one manifest, workflow or lockfile, in order; direct ones where there are any."""
    kind = family(reading.path)
    if not kind or reading.role not in _ROLES:
        return ()
    return _moved(reading, kind, indirect=False) or (
        _moved(reading, kind, indirect=True) if kind == "go" else ()
    )


def _moved(reading: Reading, kind: str, *, indirect: bool) -> tuple[Bump, ...]:
    old: dict[str, str] = {}
    new: dict[str, str] = {}
    for block in reading.blocks:
        above = _above(block, kind)
        for pin in pins((*above, *block.removed), kind, indirect=indirect):
            old.setdefault(pin.name, pin.version)
        for pin in pins((*above, *block.added), kind, indirect=indirect):
            new.setdefault(pin.name, pin.version)
    names = dict.fromkeys([*old, *new])
    moved = (Bump(n, old.get(n, ""), new.get(n, ""), reading.path) for n in names if old.get(n) != new.get(n))
    said = (b for b in moved if speakable(b.name) and len(b.old) <= 60 and len(b.new) <= 60)
    return tuple(b for b in said if (b.old and b.new) or not _stays(b, reading))


def _stays(bump: Bump, reading: Reading) -> bool:
    """True when the name still stands on the side without a version: pinned in another way, not come or gone."""
    return any(bump.name in line for line in (reading.removed if not bump.old else reading.added))


def _above(block: Block, kind: str) -> tuple[str, ...]:
    return block.before[-6:] if kind in {"lock", "pom", "hooks", "pnpm"} else ()


def dependency_facts(readings: Sequence[Reading]) -> Iterator[Fact]:
    """What happened to dependencies: each moved one once, manifests before lockfiles."""
    declared = _unique(b for r in readings if r.role != "lock" for b in bumps_in(r))
    locked = _unique(b for r in readings if r.role == "lock" for b in bumps_in(r))
    chosen = [_with_lock(b, {x.name: x for x in locked}) for b in declared] or [
        b for b in locked if b.old and b.new
    ]
    yield from _bumped(_heads([b for b in chosen if b.old and b.new]))
    for verb, found in (
        ("add", [b for b in chosen if not b.old]),
        ("remove", [b for b in chosen if not b.new]),
    ):
        if found:
            noun = "action" if all(family(b.path) == "actions" for b in found) else "dependency"
            yield Fact("bump", verb, tuple(b.name for b in found), noun, weight=4, path=found[0].path)
    if not chosen and (locks := [r.path for r in readings if r.role == "lock"]):
        yield Fact("bump", "update", (base_name(locks[0]),), weight=2, path=locks[0])


# What a project needs to run at all: such a version is required, not bumped.
_ENGINES_WORDS = """
    node npm yarn pnpm vscode python php ruby go
"""
_ENGINES = frozenset(_ENGINES_WORDS.split())


def _bumped(changed: list[Bump]) -> Iterator[Fact]:
    engines = [b for b in changed if b.name in _ENGINES and not base_name(b.path).startswith("Dockerfile")]
    for b in engines[:1]:
        yield Fact("bump", "require", (f"{b.name} {b.new}",), weight=5, path=b.path)
    changed = [b for b in changed if b not in engines]
    if len(changed) == 1:
        only = changed[0]
        tail = f"from {only.old} to {only.new}"
        yield Fact("bump", "bump", (_short(only),), tail=tail, weight=6, path=only.path)
    elif changed:
        versions = {b.new for b in changed}
        tail = f"to {changed[0].new}" if len(versions) == 1 else ""
        names = tuple(dict.fromkeys(_short(b) for b in changed))
        yield Fact("bump", "bump", names, tail=tail, weight=6, path=_common(changed))


def _heads(changed: list[Bump]) -> list[Bump]:
    """Without what only comes along: ``NAME-linux-x64`` and ``@NAME/linux-x64`` where ``NAME`` is bumped too."""
    names = {b.name for b in changed}
    return [b for b in changed if not any(_belongs(b.name, n) for n in names if n != b.name)]


def _belongs(name: str, head: str) -> bool:
    return name.startswith((f"@{head}/", f"{head}-", f"{head}/")) and any(p in name for p in _PLATFORMS)


def _short(bump: Bump) -> str:
    """The name as people say it: of a module pinned to a commit only its last part."""
    if bump.path.endswith(("go.mod", "go.sum")) and _COMMIT.fullmatch(bump.new):
        parts = [p for p in bump.name.split("/") if not _MAJOR.fullmatch(p)]
        return parts[-1]
    return bump.name


def _common(changed: list[Bump]) -> str:
    paths = {b.path for b in changed}
    return paths.pop() if len(paths) == 1 else ""


def _unique(found: Iterable[Bump]) -> list[Bump]:
    return list({(b.name): b for b in reversed(list(found))}.values())[::-1]


def _with_lock(declared: Bump, locked: dict[str, Bump]) -> Bump:
    """The versions that were really resolved, where the lockfile says them."""
    lock = locked.get(declared.name)
    if lock is None or not (lock.old and lock.new and declared.old and declared.new):
        return declared
    return Bump(declared.name, lock.old, lock.new, declared.path)


def where(path: str) -> str:
    """``in /FOLDER`` for a manifest below the root, else ""."""
    return f"in /{folder(path)}" if folder(path) and ".github/" not in path else ""
