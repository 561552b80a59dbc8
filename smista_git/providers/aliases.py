"""Names that people write, and the names that the APIs know. The user's config can override each."""

from __future__ import annotations

from collections.abc import Mapping

ALIASES: Mapping[str, str] = {
    "anthropic/claude-fable": "anthropic/claude-fable-5-2",
    "anthropic/claude-haiku": "anthropic/claude-haiku-5-5",
    "anthropic/claude-haiku-4.5": "anthropic/claude-haiku-4-5",
    "anthropic/claude-opus": "anthropic/claude-opus-5-5",
    "anthropic/claude-opus-4.5": "anthropic/claude-opus-4-5",
    "anthropic/claude-opus-4.6": "anthropic/claude-opus-4-6",
    "anthropic/claude-opus-4.7": "anthropic/claude-opus-4-7",
    "anthropic/claude-opus-4.8": "anthropic/claude-opus-4-8",
    "anthropic/claude-sonnet": "anthropic/claude-sonnet-5-5",
    "anthropic/claude-sonnet-4.5": "anthropic/claude-sonnet-4-5",
    "anthropic/claude-sonnet-4.6": "anthropic/claude-sonnet-4-6",
    "openai/gpt": "openai/gpt-6.1-sol",
    "openai/gpt-5.5-thinking": "openai/gpt-5.5",
}
"""The families lead to the newest model that both the SDK's types and the price library name."""


def resolve(model: str, own: Mapping[str, str]) -> str:
    """The model that a name stands for, followed through the user's aliases first; a circle ends where it closes."""
    seen = set()
    while model not in seen:
        seen.add(model)
        model = own.get(model) or ALIASES.get(model) or model
    return model
