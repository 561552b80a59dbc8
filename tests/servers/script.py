"""What a server is told to do with its next request: answer well, or fail in one certain way."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Say:
    """A good reply, streamed in small pieces; ``finish`` is the wire's word for a natural end unless ``cut``."""

    text: str
    cut: bool = False
    tokens_in: int = 120
    tokens_out: int = 12
    streamed: bool = True
    pause_s: float = 0.0
    piece_chars: int = 7


@dataclass(frozen=True)
class Status:
    """An HTTP error with a body as this wire writes it."""

    code: int
    kind: str = "api_error"
    message: str = "scripted failure"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """A status line, headers and a body as given."""

    body: bytes
    content_type: str
    code: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Drop:
    """The connection is cut in the middle of the text; with no text, before the status line."""

    text: str = ""


@dataclass(frozen=True)
class Hang:
    """Nothing more comes, after ``text``, until the server is closed; without text not even a status line.

    The text itself comes ``after_s`` seconds.
    """

    text: str = ""
    after_s: float = 0.0


@dataclass(frozen=True)
class Drip:
    """Bytes come one by one, ``interval_s`` apart, and never make an event; ``headers`` drips the header instead."""

    interval_s: float = 0.05
    in_headers: bool = False


Action = Say | Status | Raw | Drop | Hang | Drip


def rate_limited(retry_after: str | None = None) -> Status:
    """429, with the server's wish for patience."""
    headers = {"retry-after": retry_after} if retry_after is not None else {}
    return Status(429, "rate_limit_error", "too many requests", headers)


def broken() -> Status:
    """500."""
    return Status(500, "api_error", "something broke")


def empty() -> Say:
    """A reply that is formally right and has no text."""
    return Say("")


def html() -> Raw:
    """What a captive portal or a reverse proxy says."""
    return Raw(b"<!doctype html><title>Welcome</title><h1>Sign in</h1>", "text/html; charset=utf-8")


def garbage(content_type: str = "text/event-stream") -> Raw:
    """Bytes that are neither UTF-8 nor any protocol."""
    return Raw(b"data: \xff\xfe\x00\x9d{{{\n\n\x00\x01event: \xc3(\n\n{", content_type)


def redirect(url: str) -> Raw:
    """307 to another address."""
    return Raw(b"", "text/plain", 307, {"location": url})


def prose(answer: str) -> Say:
    """The answer with a chatty frame."""
    return Say(
        f"Sure! Here is the commit message you asked for:\n\n{answer}\n\nLet me know if it should be shorter."
    )


def fence(answer: str) -> Say:
    """The answer in a code fence."""
    return Say(f"```text\n{answer}\n```")
