"""Changes built by hand, so that the tests of this room need no git."""

from __future__ import annotations

from smista_git.change.model import Change, FileChange, Hunk, Line


def hunk(*lines: str, start: int = 1, section: str = "") -> Hunk:
    """A hunk from lines that begin with ``+``, ``-`` or a space."""
    old, new, made = start, start, []
    for text in lines:
        kind = text[0]
        made.append(
            Line(kind, None if kind == "+" else old, None if kind == "-" else new, text[1:])  # type: ignore[arg-type]
        )
        old += kind != "+"
        new += kind != "-"
    return Hunk(start, old - start, start, new - start, section, tuple(made))


def modified(path: str, *hunks: Hunk, old_path: str | None = None, **facts: object) -> FileChange:
    """A modified (or renamed) file; its counts are those of its hunks."""
    kinds = [line.kind for h in hunks for line in h.lines]
    made = {
        "old_path": old_path or path,
        "new_path": path,
        "status": "renamed" if old_path else "modified",
        "old_mode": "100644",
        "new_mode": "100644",
        "old_oid": "1" * 40,
        "new_oid": "2" * 40,
        "hunks": hunks,
        "added": kinds.count("+"),
        "deleted": kinds.count("-"),
    }
    return FileChange(**{**made, **facts})  # type: ignore[arg-type]


def change(*files: FileChange) -> Change:
    """These files as one change."""
    return Change(files)
