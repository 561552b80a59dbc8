"""Short names for models. The table is shipped; the user's and the system's config add to it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from smista_git.route.decision import Effort

# A family without a version means the newest model that both the SDK's types and the price library name. Neither
# maker has a model called like the last two; people write them.
SHIPPED_ALIASES: Mapping[str, str] = {
    "anthropic/claude-fable": "anthropic/claude-fable-5-2",
    "anthropic/claude-haiku": "anthropic/claude-haiku-5-5",
    "anthropic/claude-sonnet": "anthropic/claude-sonnet-5-5",
    "anthropic/claude-opus": "anthropic/claude-opus-5-5",
    "openai/gpt": "openai/gpt-6.1-sol",
    "openai/gpt-5.5-mini": "openai/gpt-5.4-mini",
    "openai/gpt-5.5-thinking": "openai/gpt-5.5",
}
_ALIAS_EFFORTS: Mapping[str, Effort] = {"openai/gpt-5.5-thinking": "high"}
_DOTTED_VERSION = re.compile(r"(?<=\d)\.(?=\d)")


def resolve_alias(model: str, own: Mapping[str, str]) -> str:
    """The full name of a model, followed through the user's aliases first; a circle ends where it closes.

    A name that no table knows passes through, in its maker's spelling: ``anthropic/claude-opus-4.7`` becomes
    ``anthropic/claude-opus-4-7``, ``openai/gpt-5.5`` stays.
    """
    seen = set()
    while model not in seen:
        seen.add(model)
        model = own.get(model) or SHIPPED_ALIASES.get(model) or model
    maker, _, name = model.partition("/")
    return f"{maker}/{_DOTTED_VERSION.sub('-', name)}" if maker == "anthropic" else model


def alias_effort(model: str) -> Effort | None:
    """The effort that a name asks for by itself: ``-thinking`` means high."""
    return _ALIAS_EFFORTS.get(model)
