"""The SDKs, imported ahead: that takes longer than the deadlines of some tests."""

from __future__ import annotations

from importlib import import_module

# Beside each SDK what it imports only when it is first called, as `python -X importtime` shows.
MODULES = (
    "ollama", "h11", "openai", "openai.resources.chat.completions.completions", "httpcore2", "jiter", "anthropic",
    "anthropic.resources.messages",
)  # fmt: skip


def import_sdks() -> None:
    """Imports all three SDKs and our wires."""
    for module in (
        *MODULES,
        *(f"smista_git.providers.{kind}" for kind in ("ollama", "openai", "anthropic", "sdk")),
    ):
        import_module(module)
