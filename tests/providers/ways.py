"""Short ways for the tests of this room: a provider that talks to a scripted server, and a request for it."""

from __future__ import annotations

from smista_git.plan.plan import payload_digest
from smista_git.plan.request import Message, Reply, Request
from smista_git.providers.base import OnText
from smista_git.providers.clearance import Clearance
from smista_git.providers.registry import Providers
from tests.servers.server import WireServer
from tests.servers.wires import AnthropicWire, OllamaWire, OpenAIWire

KEY = "sk-test-0123456789abcdef"
WIRES = (OllamaWire, OpenAIWire, AnthropicWire)
MODELS = {"ollama": "qwen2.5-coder", "openai": "gpt-4o-mini", "anthropic": "claude-sonnet-4-5"}


def request(user: str = "what changed?", *, timeout_s: float = 5.0, **more: object) -> Request:
    """A question with a system message."""
    messages = (Message("system", "You write commit messages."), Message("user", user))
    return Request(messages, timeout_s=timeout_s, **more)  # type: ignore[arg-type]


def providers_for(*servers: WireServer, **environ: str) -> Providers:
    """Providers whose endpoints are these servers, one a wire, with a key each."""
    tables = {s.wire.name: {"base_url": s.base_url} for s in servers}
    keys = {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY}
    return Providers.from_settings({"providers": tables}, {**keys, **environ})


def ask(
    server: WireServer,
    asked: Request,
    *,
    model: str | None = None,
    on_text: OnText | None = None,
    providers: Providers | None = None,
) -> Reply:
    """The reply of the server's model, with the clearance that the gate would have given."""
    name = f"{server.wire.name}/{model or MODELS[server.wire.name]}"
    provider, wire_name = (providers or providers_for(server)).provider_for(name)
    clearance = Clearance(provider.name, wire_name, payload_digest(asked))
    return provider.complete(asked, wire_name, on_text=on_text, clearance=clearance)
