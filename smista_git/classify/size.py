"""How big a change is, counting only what people wrote."""

from __future__ import annotations

from smista_git.change.model import Change, FileChange
from smista_git.classify.labels import Size

# Lines added and deleted, and files, up to which a change has the size; beyond the last it is large.
BOUNDS: tuple[tuple[Size, int, int], ...] = (("trivial", 5, 1), ("small", 50, 5), ("medium", 300, 15))


def is_structural(file: FileChange) -> bool:
    """True for what changes the shape of the tree: deletions, modes, symlinks, submodules, renames, types."""
    return (
        file.status in {"deleted", "renamed", "type-changed", "unmerged"}
        or file.mode_changed
        or file.is_symlink
        or file.is_submodule
    )


def size_of(change: Change) -> Size:
    """The size by lines and files; lockfiles, generated and vendored files carry none."""
    files = [file for file in change.files if not file.mechanical]
    lines = sum(file.added + file.deleted for file in files)
    structural = any(is_structural(file) or file.binary for file in change.files)
    for size, most_lines, most_files in BOUNDS:
        if lines <= most_lines and len(files) <= most_files and not (size == "trivial" and structural):
            return size
    return "large"
