"""What every wire has in common: the Provider protocol, the endpoint it talks to, and the pieces of a reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from smista_git.plan.request import Reply, Request, Usage
from smista_git.providers.clearance import Clearance

Kind = Literal["ollama", "openai", "anthropic"]
OnText = Callable[[str], None]

MAX_TEXT_CHARS = 1 << 20
"""No answer that we ask for comes near a million characters; a longer one is a fault."""


class Provider(Protocol):
    """One way to a model. A provider that is not ``local`` answers only to a fitting ``clearance``."""

    @property
    def name(self) -> str:
        """The provider's name in ``provider/model``."""

    @property
    def local(self) -> bool:
        """True when nothing leaves the machine by this way."""

    def complete(
        self,
        request: Request,
        model: str,
        *,
        on_text: OnText | None = None,
        clearance: Clearance | None = None,
    ) -> Reply:
        """The model's answer, its text passed to ``on_text`` as it comes. Raises: ProviderError, EgressRefused."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server of the user's configuration or of the environment.

    ``local`` is what the user's config says, None where it says nothing. ``api_key`` is never printed.
    ``proxy`` is the proxy's URL for a connection that may use one, None for a direct one.
    """

    name: str
    kind: Kind
    base_url: str
    api_key: str | None = field(default=None, repr=False)
    key_name: str | None = None
    local: bool | None = None
    window_tokens: int | None = None
    proxy: str | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """Host and, where it is not the scheme's own, port: what a permissions line names."""
        from urllib.parse import urlsplit

        split = urlsplit(self.base_url)
        host = split.hostname or ""
        usual = {"http": 80, "https": 443}.get(split.scheme)
        return host if split.port in (None, usual) else f"{host}:{split.port}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a streamed reply: new text, and whatever else the server said by then.

    ``finish`` is the wire's own word for why the model stopped; a reply without one ended early.
    """

    text: str = ""
    usage: Usage | None = None
    model: str | None = None
    finish: str | None = None
    cut_short: bool = False
