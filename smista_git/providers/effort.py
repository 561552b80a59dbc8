"""What our four efforts mean to the models of OpenAI and Anthropic, and which models take one at all."""

from __future__ import annotations

import re
from collections.abc import Mapping

from smista_git.providers.base import Kind
from smista_git.route.decision import Effort

REASONS = re.compile(r"(gpt-(?!oss)([5-9]|\d\d)|o[1-9])(?!.*(chat|search|image|audio|realtime|live))")
"""OpenAI's reasoning models: gpt-5 and later, o1 and later, without their chat, search and media variants."""

NO_EFFORT = re.compile(
    r"claude-(v?[123]\b|instant|(opus|sonnet|haiku)-4-(0|1|2\d{7})|(sonnet|haiku)-4-5|[34]-)"
)
"""Claude models that refuse ``output_config.effort``: those before Opus 4.5 and Sonnet 4.6."""

OPENAI_EFFORT: Mapping[Effort, str] = {"low": "low", "medium": "medium", "high": "high", "max": "xhigh"}

THINKING_TOKENS: Mapping[Effort, int] = {"low": 1024, "medium": 4096, "high": 16_384, "max": 32_768}
"""Room for thought, which both APIs count against the limit on output. Only what is used is billed."""


def openai_effort(model: str, effort: Effort) -> str | None:
    """The ``reasoning_effort`` to send, None for a model that takes none."""
    if not REASONS.match(model):
        return None
    # The first reasoning models know three levels; xhigh came with gpt-5.1.
    if effort == "max" and re.match(r"o\d|gpt-5(-|$)", model):
        return "high"
    return OPENAI_EFFORT[effort]


def anthropic_effort(model: str, effort: Effort) -> str | None:
    """The ``output_config.effort`` to send, None for a model that takes none."""
    if NO_EFFORT.match(model) or not model.startswith("claude-"):
        return None
    if effort == "max" and model.startswith("claude-opus-4-5"):
        return "high"
    return effort


def thinking_tokens(kind: Kind, model: str, effort: Effort) -> int:
    """Tokens that a request adds to its limit for thought; they are billed as output, so an estimate counts them."""
    takes = {"openai": openai_effort, "anthropic": anthropic_effort}.get(kind)
    return THINKING_TOKENS[effort] if takes is not None and takes(model, effort) else 0
