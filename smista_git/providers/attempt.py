"""One attempt: its deadline, and the gathering of streamed pieces into a Reply."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

from smista_git.errors import BadReply, TimedOut
from smista_git.plan.request import Reply, Usage
from smista_git.providers.base import MAX_TEXT_CHARS, OnText, Piece


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock, and when its count began."""

    began_s: float
    ends_s: float

    @classmethod
    def after(cls, timeout_s: float) -> Deadline:
        """The moment that lies ``timeout_s`` seconds from now."""
        now_s = time.monotonic()
        return cls(now_s, now_s + timeout_s)

    @property
    def left_s(self) -> float:
        """Seconds that are left, never below zero."""
        return max(0.0, self.ends_s - time.monotonic())

    @property
    def spent_s(self) -> float:
        """Seconds that have passed."""
        return time.monotonic() - self.began_s

    @property
    def timeout_s(self) -> float:
        """The whole span."""
        return self.ends_s - self.began_s


def gather(pieces: Generator[Piece], *, model: str, deadline: Deadline, on_text: OnText | None) -> Reply:
    """The pieces as one Reply, each text shown as it comes; however it ends, the connection is closed.

    Raises: BadReply when it is empty, too long or ends early; TimedOut when pieces still come past the deadline.
    """
    texts: list[str] = []
    size_chars, usage, answered, finish, cut_short = 0, Usage(), model, None, False
    # An exception keeps this frame alive, and with it the generator that holds the connection.
    with closing(pieces):
        for piece in pieces:
            if deadline.left_s <= 0:
                raise TimedOut(f"{model} was still writing after {deadline.timeout_s:g} s")
            usage, answered = piece.usage or usage, piece.model or answered
            finish, cut_short = piece.finish or finish, cut_short or piece.cut_short
            size_chars += len(piece.text)
            if size_chars > MAX_TEXT_CHARS:
                raise BadReply(f"{model} wrote more than {MAX_TEXT_CHARS:,} characters")
            if piece.text:
                texts.append(piece.text)
                if on_text is not None:
                    on_text(piece.text)
    text = "".join(texts)
    if finish is None:
        raise BadReply(f"{model} broke off after {size_chars:,} characters")
    if not text.strip():
        raise BadReply(f"{model} gave an empty answer")
    return Reply(text, usage, answered, deadline.spent_s, cut_short=cut_short)
