"""Names of models, ``provider/model``: what is wrong with one, if anything."""

from __future__ import annotations

import re

from smista_git.route.decision import BUILTIN
from smista_git.route.problems import did_you_mean

KNOWN_PROVIDERS = frozenset({"ollama", "openai", "anthropic", "builtin"})
PROVIDER_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_MODEL = re.compile(rf"{PROVIDER_NAME.pattern}/[^\s/][^\s]*")


def check_model_name(name: str, providers: frozenset[str] | None = None) -> str | None:
    """What is wrong with a name, or None; ``providers`` are those that there are, None takes any."""
    if not _MODEL.fullmatch(name):
        return f'"{name}" is not a model: write provider/model, such as "ollama/qwen2.5-coder"'
    provider = name.partition("/")[0]
    if provider == "builtin" and name != BUILTIN:
        return f'"{name}" is not a model: the builtin writer is "{BUILTIN}"'
    if providers is not None and provider not in providers:
        return f'"{name}" names the provider "{provider}", which is not set up; {did_you_mean(provider, providers)}'
    return None
