"""What a model is asked: the exact value that a provider sends, built before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from smista_git.route.decision import Effort


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation. Text from the repository only ever travels as ``user``."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model; ``schema`` is a JSON schema for the answer, or None for plain text.

    ``temperature`` is sent only where the API takes one; ``timeout_s`` bounds this single attempt.
    """

    messages: tuple[Message, ...]
    schema: dict[str, Any] | None = None
    effort: Effort = "medium"
    max_output_tokens: int = 1024
    timeout_s: float = 60.0
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them."""

    tokens_in: int = 0
    tokens_out: int = 0
    cached_in: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: its text (for a schema, the JSON text), the usage, the model that answered, the seconds it took."""

    text: str
    usage: Usage
    model: str
    latency_s: float
    cut_short: bool = False
