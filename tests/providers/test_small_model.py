"""A real small model through each wire; the official client judges the thin Ollama server."""

from __future__ import annotations

import json

import ollama
import pytest

from smista_git.errors import BadReply, ContextTooLong, ProviderError
from smista_git.plan.request import Message, Request
from smista_git.providers.registry import Providers
from tests.servers.small_model import SmallModel

pytestmark = pytest.mark.model

SCHEMA = {
    "type": "object",
    "properties": {"subject": {"type": "string", "maxLength": 40}},
    "required": ["subject"],
    "additionalProperties": False,
}


def providers_for(model: SmallModel) -> Providers:
    tables = {
        "ollama": {"base_url": model.ollama_url},
        "openai": {"base_url": model.openai_url, "local": True},
        "anthropic": {"base_url": model.anthropic_url, "local": True},
    }
    return Providers.from_settings(
        {"providers": tables}, {"OPENAI_API_KEY": "none", "ANTHROPIC_API_KEY": "none"}
    )


def question(**more: object) -> Request:
    messages = (Message("system", "Answer in one short sentence."), Message("user", "What is git?"))
    return Request(messages, max_output_tokens=24, temperature=0.0, timeout_s=60.0, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("wire", ["ollama", "openai", "anthropic"])
def test_a_real_model_answers_on_each_wire(small_model: SmallModel, wire: str) -> None:
    providers = providers_for(small_model)
    name = f"{wire}/{small_model.name}"
    assert providers.statuses([name])[name].available
    heard: list[str] = []
    provider, wire_name = providers.provider_for(name)
    reply = provider.complete(question(), wire_name, on_text=heard.append)
    assert reply.text.strip()
    assert "".join(heard) == reply.text
    assert len(heard) > 1
    assert reply.usage.tokens_in > 10
    assert 0 < reply.usage.tokens_out <= 24
    assert reply.usage.tokens_out == 24 or not reply.cut_short


@pytest.mark.parametrize("wire", ["ollama", "openai"])
def test_a_real_model_keeps_to_a_schema(small_model: SmallModel, wire: str) -> None:
    provider, name = providers_for(small_model).provider_for(f"{wire}/{small_model.name}")
    asked = question(schema=SCHEMA)
    reply = provider.complete(asked, name)
    assert reply.cut_short or set(json.loads(reply.text)) == {"subject"}
    assert reply.text.lstrip().startswith("{")


@pytest.mark.parametrize("wire", ["ollama", "openai", "anthropic"])
def test_a_question_beyond_the_window_is_told_as_such(small_model: SmallModel, wire: str) -> None:
    provider, name = providers_for(small_model).provider_for(f"{wire}/{small_model.name}")
    long = Request((Message("user", "word " * 12_000),), max_output_tokens=8, timeout_s=60.0)
    with pytest.raises(ProviderError) as caught:
        provider.complete(long, name)
    assert isinstance(caught.value, ContextTooLong), f"{type(caught.value).__name__}: {caught.value}"
    assert not isinstance(caught.value, BadReply)


def test_the_thin_server_is_ollama_to_the_official_client(small_model: SmallModel) -> None:
    with ollama.Client(small_model.ollama_url) as client:
        assert [m.model for m in client.list().models] == [small_model.name]
        shown = client.show(small_model.name)
        assert shown.modelinfo is not None
        assert shown.modelinfo["llama.context_length"] == 8192
        few = {"num_predict": 8, "temperature": 0.0}
        whole = client.chat(small_model.name, [{"role": "user", "content": "Say hello"}], options=few)
        assert whole.message.content
        assert whole.eval_count is not None
        parts = list(
            client.chat(
                small_model.name, [{"role": "user", "content": "Say hello"}], options=few, stream=True
            )
        )
        assert "".join(p.message.content or "" for p in parts) == whole.message.content
        assert parts[-1].done
        assert client.generate(small_model.name, "Say hello", options=few).response
        with pytest.raises(ollama.ResponseError, match="not found"):
            client.chat("llama3.2", [{"role": "user", "content": "x"}])
