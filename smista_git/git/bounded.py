"""A patch kept within bounds: no file may crowd out the others, and nobody reads without end."""

from __future__ import annotations

FILE_MARK = b"diff --git "
NEXT_FILE = b"\n" + FILE_MARK
NEXT_HUNK = b"\n@@ "

# One file may take this part of the whole; git is stopped after this many times the whole was read.
FILE_SHARE = 4
READ_TIMES = 8


class BoundedPatch:
    """Takes a patch in pieces and keeps whole hunks of each file, up to a size.

    ``cut`` says that something was left out; ``full`` that nothing more would be kept. Lines of a hunk begin
    with a blank, a sign or a backslash, so a line that begins with ``diff --git`` or ``@@`` is a header.
    """

    __slots__ = ("_file", "_kept", "_limit_bytes", "_read_bytes", "_skipping", "cut", "full")

    def __init__(self, *, limit_bytes: int) -> None:
        self.cut = False
        self.full = False
        self._limit_bytes = limit_bytes
        self._read_bytes = 0
        self._kept = bytearray()
        self._file = bytearray()
        self._skipping = False

    def feed(self, piece: bytes) -> None:
        """Take the next piece, cut anywhere."""
        self._read_bytes += len(piece)
        searched = max(0, len(self._file) - len(NEXT_FILE) + 1)
        self._file += piece
        while not self.full and (at := self._file.find(NEXT_FILE, searched)) >= 0:
            self._close(at + 1)
            searched = 0
        self._bound()
        if self._read_bytes > READ_TIMES * self._limit_bytes:
            self.cut = self.full = True

    def finish(self) -> bytes:
        """Everything kept, in git's order."""
        if not self.full:
            self._close(len(self._file))
        return bytes(self._kept)

    def _bound(self) -> None:
        """Once the file in hand is larger than its share, keep its start and only look for its end."""
        if self._skipping:
            del self._file[: -len(NEXT_FILE)]
        elif len(self._file) > self._share + len(NEXT_FILE):
            self._keep(shortened(bytes(self._file[: self._share + 1]), self._share))
            self.cut = self._skipping = True

    def _close(self, end: int) -> None:
        """The file in hand ends at ``end``; what follows is the next one."""
        if not self._skipping:
            self._keep(bytes(self._file[:end]))
        self._skipping = False
        del self._file[:end]

    def _keep(self, text: bytes) -> None:
        share = shortened(text, self._share)
        room = self._limit_bytes - len(self._kept)
        kept = shortened(share, room)
        self._kept += kept
        self.cut = self.cut or len(kept) < len(text)
        self.full = self.full or len(kept) < len(share)

    @property
    def _share(self) -> int:
        return self._limit_bytes // FILE_SHARE


def shortened(patch: bytes, limit_bytes: int) -> bytes:
    """The longest start of a file's patch that ends with a whole hunk, or with the header before any."""
    if len(patch) <= limit_bytes:
        return patch
    return patch[: patch.rfind(NEXT_HUNK, 0, limit_bytes) + 1]
