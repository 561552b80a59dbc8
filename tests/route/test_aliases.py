"""Short names lead to models that the makers' own lists know."""

from __future__ import annotations

from typing import get_args

import pytest

from smista_git.route.aliases import SHIPPED_ALIASES, resolve_alias


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("anthropic/claude-sonnet", "anthropic/claude-sonnet-5-5"),
        ("anthropic/claude-opus-4.7", "anthropic/claude-opus-4-7"),
        ("anthropic/claude-next-9.1", "anthropic/claude-next-9-1"),
        ("openai/gpt-5.5-thinking", "openai/gpt-5.5"),
        ("openai/gpt-5.5", "openai/gpt-5.5"),
        ("ollama/qwen2.5-coder", "ollama/qwen2.5-coder"),
        ("team/fast", "anthropic/claude-haiku-5-5"),
        ("a/b", "a/b"),
        ("loop/one", "loop/one"),
    ],
)
def test_resolve_alias(name, full):
    own = {"team/fast": "anthropic/claude-haiku", "loop/one": "loop/two", "loop/two": "loop/one"}
    assert resolve_alias(name, own) == full


def test_the_users_alias_comes_before_the_shipped_one():
    own = {"anthropic/claude-sonnet": "anthropic/claude-sonnet-4-5"}
    assert resolve_alias("anthropic/claude-sonnet", own) == "anthropic/claude-sonnet-4-5"


def test_each_target_is_in_the_sdks_list_and_has_a_price():
    from anthropic.types.model_param import ModelParam
    from genai_prices.data import providers
    from openai.types.shared.chat_model import ChatModel

    in_sdk = {name for part in get_args(ModelParam) for name in get_args(part)} | set(get_args(ChatModel))
    priced = {model.id for provider in providers for model in provider.models}
    for target in SHIPPED_ALIASES.values():
        name = target.partition("/")[2]
        assert name in in_sdk, target
        assert name in priced, target
