"""The file that git prepares for a commit's message: what the person has in it, and ours put on top."""

from __future__ import annotations

import re
from dataclasses import dataclass

from smista_git.git.process import encode
from smista_git.phases.message_format import is_trailer

# git's wt-status.c: the line below which all is cut off, after the comment string and a space.
SCISSORS = b" ------------------------ >8 ------------------------"
# The characters that core.commentChar=auto chooses from, in git's order (builtin/commit.c).
AUTO = b"#;@!$%^&|:"


@dataclass(frozen=True, slots=True)
class Draft:
    """``written`` are the lines above git's instructions that are no comments; ``comment`` starts one that is."""

    content: bytes
    comment: bytes
    written: tuple[bytes, ...]

    @property
    def has_message(self) -> bool:
        """True when somebody has written more than trailers such as Signed-off-by."""
        return not all(is_trailer(line.decode("utf-8", "replace")) for line in self.written)

    def with_message(self, message: bytes) -> bytes:
        """The file with ``message`` above everything that is in it."""
        lines = message.strip(b"\n").split(b"\n")
        # Git would take a line that starts like a comment for one, and drop it.
        kept = b"\n".join(b" " + line if line.startswith(self.comment) else line for line in lines)
        rest = self.content.lstrip(b"\n") if self.written else self.content
        trailers = self.written and not self.has_message and _ends_in_trailers(kept)
        gap = b"\n" if trailers or not self.written else b"\n\n"
        return kept + gap + rest


def read_draft(content: bytes, comments: tuple[str, ...]) -> Draft:
    """What is in the file; ``comments`` are the strings that may start a comment, the likeliest first."""
    comment = _comment_of(content, [encode(comment) for comment in comments])
    above = content.partition(b"\n" + comment + SCISSORS)[0] if not _cut_at_once(content, comment) else b""
    lines = (line.rstrip() for line in above.split(b"\n"))
    return Draft(content, comment, tuple(line for line in lines if line and not line.startswith(comment)))


def _cut_at_once(content: bytes, comment: bytes) -> bool:
    return content.startswith(comment + SCISSORS)


def _comment_of(content: bytes, candidates: list[bytes]) -> bytes:
    """The string that starts git's own lines here; those stand last, or above the diff."""
    if scissors := re.search(rb"^(\S+)" + re.escape(SCISSORS) + rb"$", content, re.M):
        return scissors[1]
    last = next((line for line in reversed(content.split(b"\n")) if line.strip()), b"")
    found = next((one for one in candidates if last.startswith(one)), None)
    if found is None and last[:1] in AUTO and last[1:2] in (b"", b"\t", b" "):
        return last[:1] or candidates[0]
    return found or candidates[0]


def _ends_in_trailers(message: bytes) -> bool:
    body, _, last = message.rpartition(b"\n\n")
    return bool(body) and all(is_trailer(line.decode("utf-8", "replace")) for line in last.split(b"\n"))
