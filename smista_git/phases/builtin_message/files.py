"""What happened to whole files and folders: added, removed, moved, renamed, made executable."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from smista_git.change.model import SUBMODULE_MODE, SYMLINK_MODE, Change, FileChange
from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.facts import Fact, Topic
from smista_git.phases.builtin_message.paths import base_name, folder, role, spoken
from smista_git.phases.builtin_message.testing import subject_of
from smista_git.phases.builtin_message.wording import speakable

_IMAGE = regex(r"\.(?:png|jpe?g|gif|svg|webp|ico)$", re.I)
_TOPICS: dict[str, Topic] = {
    "test": "test",
    "fixture": "test",
    "docs": "docs",
    "changelog": "docs",
    "ci": "ci",
}


def file_facts(change: Change) -> Iterator[Fact]:
    """Every structural fact of a change."""
    yield from _submodules(change.files)
    yield from _moves([f for f in change.files if f.status in {"renamed", "copied"}])
    yield from _whole("add", [f for f in change.files if f.status == "added" and not f.is_submodule])
    yield from _whole("remove", [f for f in change.files if f.status == "deleted" and not f.is_submodule])
    yield from _modes(change.files)
    yield from _binaries(change.files)


def _submodules(files: Sequence[FileChange]) -> Iterator[Fact]:
    for f in (f for f in files if f.is_submodule):
        if not speakable(name := base_name(f.path)):
            continue
        if f.old_mode != SUBMODULE_MODE or f.new_mode != SUBMODULE_MODE:
            verb = "add" if f.new_mode == SUBMODULE_MODE else "remove"
            yield Fact("file", verb, (name,), "submodule", weight=7, path=f.path)
        else:
            tail = f"from {f.old_oid[:7]} to {f.new_oid[:7]}"
            yield Fact("file", "bump", (name,), "submodule", tail=tail, weight=7, path=f.path)


def _whole(verb: str, files: list[FileChange]) -> Iterator[Fact]:
    """Facts of added or deleted files: one each for a few, by folder for many."""
    if len(files) > 6:
        yield from _by_folder(verb, files)
        return
    for f in files:
        kind = role(f)
        if kind in {"lock", "generated"} or not speakable(base_name(f.path)):
            continue
        name, noun = _called(f)
        if f.new_mode == SYMLINK_MODE:
            noun = "symlink"
        weight = {"source": 3.0, "docs": 3.0, "ci": 4.0, "config": 3.0, "manifest": 3.0}.get(kind, 2.0)
        yield Fact(_TOPICS.get(kind, "file"), verb, (name,), noun, weight=weight, path=f.path)


def _called(f: FileChange) -> tuple[str, str]:
    """A file's name and the noun that says what it is."""
    kind = role(f)
    name = spoken(f.path)
    if kind == "ci" and "/workflows/" in f.path:
        return name.split(".")[0], "workflow"
    if kind == "test":
        return subject_of(f.path), "tests"
    if kind == "source" and "." in base_name(f.path):
        suffix = base_name(f.path).rsplit(".", 1)[-1]
        if suffix in {"vue", "svelte", "tsx", "jsx"}:
            return name, "component"
        return base_name(f.path), "script" if suffix in {"sh", "bash", "ps1"} else ""
    if kind == "docs" and spoken(f.path).lower() not in {
        "readme",
        "contributing",
        "security",
        "agents",
        "claude",
    }:
        return name, ""
    if kind in {"docs", "changelog", "licence", "config", "manifest"}:
        return base_name(f.path), ""
    return base_name(f.path), ""


def _by_folder(verb: str, files: list[FileChange]) -> Iterator[Fact]:
    top = common_folder([f.path for f in files])
    kinds = Counter(role(f) for f in files)
    kind, count = kinds.most_common(1)[0]
    noun = {"test": "tests", "fixture": "fixtures", "docs": "docs", "asset": "assets", "source": "files"}.get(
        kind, "files"
    )
    if count < 0.8 * len(files):
        noun = "files"
    name = base_name(top) if top and speakable(base_name(top)) and base_name(top) != noun else ""
    names = (name,) if name else _tops(files)
    yield Fact(_TOPICS.get(kind, "file"), verb, names, noun, weight=3.5 if names else 0.0, path=top)


def _tops(files: Sequence[FileChange]) -> tuple[str, ...]:
    """The top folders of some files, the fullest first."""
    counted = Counter(f.path.split("/", 1)[0] for f in files if "/" in f.path)
    return tuple(name for name, _ in counted.most_common(3) if speakable(name))


def common_folder(paths: Sequence[str]) -> str:
    """The deepest folder that holds all the paths, "" when that is the root."""
    if not paths:
        return ""
    parts = [folder(p).split("/") for p in (min(paths), max(paths))]
    shared = []
    for one, other in zip(*parts, strict=False):
        if one != other:
            break
        shared.append(one)
    return "/".join(shared)


def _moves(files: list[FileChange]) -> Iterator[Fact]:
    """Renames: one move of a folder where all agree, else each file."""
    pairs = Counter(_shift(f.old_path or "", f.new_path or "") for f in files if f.status == "renamed")
    for (old, new), count in pairs.most_common(3):
        if not speakable(old) or not speakable(new) or not old or not new:
            continue
        moved = _is_move(old, new)
        verb = "move" if moved else "rename"
        yield Fact("file", verb, (old,), tail=f"to {new}", weight=5 + (count > 1), path=new, firm=True)
    for f in files:
        if f.status == "copied" and speakable(f.old_path or "") and speakable(f.path):
            yield Fact(
                "file",
                "copy",
                (base_name(f.old_path or ""),),
                tail=f"to {f.path}",
                weight=3,
                path=f.path,
                firm=True,
            )


def _is_move(old: str, new: str) -> bool:
    return base_name(old) == base_name(new) or "/" in old or "/" in new


def _shift(old: str, new: str) -> tuple[str, str]:
    """What really differs between two paths: their common head and tail are cut at slashes."""
    one, two = old.split("/"), new.split("/")
    while len(one) > 1 and len(two) > 1 and one[0] == two[0]:
        one, two = one[1:], two[1:]
    if one[-1] != two[-1]:
        return "/".join(one), "/".join(two)
    while len(one) > 1 and len(two) > 1 and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    if one[-1] == two[-1]:  # the file keeps its name and changes its depth
        return (old, "/".join(two[:-1]) or ".") if len(two) > 1 else (old, new)
    return "/".join(one), "/".join(two)


def _modes(files: Sequence[FileChange]) -> Iterator[Fact]:
    for f in files:
        if not f.mode_changed or not speakable(name := base_name(f.path)):
            continue
        if SYMLINK_MODE in (f.old_mode, f.new_mode):
            tail = "with a symlink" if f.new_mode == SYMLINK_MODE else "with a file"
            yield Fact("file", "replace", (name,), tail=tail, weight=4, path=f.path, firm=True)
        elif {f.old_mode, f.new_mode} == {"100644", "100755"}:
            tail = "executable" if f.new_mode == "100755" else "non-executable"
            yield Fact("file", "make", (name,), tail=tail, weight=3, path=f.path, firm=True)


def _binaries(files: Sequence[FileChange]) -> Iterator[Fact]:
    assets = [f for f in files if f.status == "modified" and role(f) == "asset"]
    top = common_folder([f.path for f in assets])
    if len(assets) > 2 and speakable(base_name(top)):
        noun = "images" if all(_IMAGE.search(f.path) for f in assets) else "assets"
        name = base_name(top)
        yield Fact("file", "update", (name,), "" if name == noun else noun, weight=1, path=top)
        return
    for f in assets[:40]:
        if speakable(name := base_name(f.path)):
            yield Fact("file", "update", (name,), weight=1, path=f.path)
