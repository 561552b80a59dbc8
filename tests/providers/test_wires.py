"""What goes over each wire, and what is read from it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from smista_git.errors import Unreachable
from smista_git.plan.plan import payload_digest
from smista_git.plan.request import Message, Request, Usage
from smista_git.providers.clearance import Clearance
from smista_git.providers.registry import Providers
from tests.providers.ways import KEY, MODELS, WIRES, ask, providers_for, request
from tests.servers.script import Raw, Say
from tests.servers.server import WireServer

SCHEMA = {
    "type": "object",
    "properties": {"subject": {"type": "string"}},
    "required": ["subject"],
    "additionalProperties": False,
}


@pytest.fixture(params=WIRES, ids=lambda w: w.name)
def server(request: pytest.FixtureRequest) -> Iterator[WireServer]:
    with WireServer(request.param()) as made:
        yield made


def test_text_comes_in_pieces_as_it_is_written(server: WireServer) -> None:
    server.then(Say("fix: close the file before it is moved", tokens_in=321, tokens_out=9))
    heard: list[str] = []
    reply = ask(server, request(), on_text=heard.append)
    assert len(heard) > 3
    assert "".join(heard) == reply.text == "fix: close the file before it is moved"
    assert reply.usage == Usage(tokens_in=321, tokens_out=9)
    assert MODELS[server.wire.name] in reply.model
    assert not reply.cut_short
    assert 0 < reply.latency_s < 5


def test_a_reply_that_met_its_limit_says_so(server: WireServer) -> None:
    server.then(Say("fix: close the fi", cut=True))
    assert ask(server, request()).cut_short


def test_any_text_survives(server: WireServer) -> None:
    text = 'tricky: "quotes" \\ back\\nslash, tab\t, newline\n, æøå, 日本語, 🦀, ```fence```, data: [DONE]'
    server.then(Say(text))
    reply = ask(server, request(text))
    assert reply.text == text
    assert text in [m["content"] for m in server.chats[0].json["messages"]]


def test_messages_keep_their_order_and_roles(server: WireServer) -> None:
    turns = (("system", "be brief"), ("user", "one"), ("assistant", "two"), ("user", "three"))
    ask(server, Request(tuple(Message(r, t) for r, t in turns)))  # type: ignore[arg-type]
    body = server.chats[0].json
    sent = [(m["role"], m["content"]) for m in body["messages"]]
    if server.wire.name == "anthropic":
        assert body["system"] == "be brief"
        sent.insert(0, ("system", "be brief"))
    assert tuple(sent) == turns


def test_structured_output_uses_the_apis_own_means(server: WireServer) -> None:
    server.then(Say('{"subject": "fix: it"}'))
    reply = ask(server, request(schema=SCHEMA))
    assert json.loads(reply.text) == {"subject": "fix: it"}
    body = server.chats[0].json
    found = {
        "ollama": lambda: body["format"],
        "openai": lambda: body["response_format"]["json_schema"]["schema"],
        "anthropic": lambda: body["output_config"]["format"]["schema"],
    }[server.wire.name]()
    assert found == SCHEMA


def test_no_schema_asks_for_no_format(server: WireServer) -> None:
    ask(server, request())
    assert not {"format", "response_format", "output_config"} & set(server.chats[0].json)


def test_limits_and_temperature(server: WireServer) -> None:
    ask(server, request(max_output_tokens=77, temperature=0.25))
    body = server.chats[0].json
    if server.wire.name == "ollama":
        assert (body["options"]["num_predict"], body["options"]["temperature"]) == (77, 0.25)
        assert body["options"]["num_ctx"] == 8192
    elif server.wire.name == "openai":
        assert (body["max_tokens"], body["temperature"]) == (77, 0.25)
    else:
        assert body["max_tokens"] == 77
        assert "temperature" not in body


@pytest.mark.parametrize(
    ("model", "effort", "sent"),
    [
        ("gpt-5.5", "low", "low"),
        ("gpt-5.5", "max", "xhigh"),
        ("gpt-5", "max", "high"),
        ("o3", "medium", "medium"),
        ("gpt-4o-mini", "high", None),
        ("gpt-oss-20b", "high", None),
    ],
)
def test_effort_of_openai(openai_server: WireServer, model: str, effort: str, sent: str | None) -> None:
    ask(openai_server, request(effort=effort, temperature=0.1), model=model)
    body = openai_server.chats[0].json
    assert body.get("reasoning_effort") == sent
    assert ("temperature" in body) == (sent is None), "reasoning models refuse a temperature"


@pytest.mark.parametrize(
    ("model", "effort", "sent"),
    [
        ("claude-opus-5-5", "max", "max"),
        ("claude-sonnet-5-5", "low", "low"),
        ("claude-opus-4-7", "high", "high"),
        ("claude-opus-4-5", "max", "high"),
        ("claude-opus-4-1", "high", None),
        ("claude-sonnet-4-5", "high", None),
        ("claude-haiku-4-5-20251001", "high", None),
        ("claude-sonnet-4-20250514", "high", None),
        ("smollm2:135m", "high", None),
    ],
)
def test_effort_of_anthropic(anthropic_server: WireServer, model: str, effort: str, sent: str | None) -> None:
    ask(anthropic_server, request(effort=effort, max_output_tokens=100), model=model)
    body = anthropic_server.chats[0].json
    assert body.get("output_config", {}).get("effort") == sent
    assert (body["max_tokens"] > 100) == (sent is not None), "thinking needs room beside the answer"


@pytest.mark.parametrize(
    ("model", "effort", "sent"),
    [
        ("qwen2.5-coder", "low", False),
        ("qwen3", "high", None),
        ("gpt-oss:20b", "max", "high"),
        ("gpt-oss", "low", "low"),
    ],
)
def test_effort_of_ollama(ollama_server: WireServer, model: str, effort: str, sent: object) -> None:
    ask(ollama_server, request(effort=effort), model=model)
    assert ollama_server.chats[0].json.get("think") == sent


def test_the_window_of_ollama_grows_with_the_request(ollama_server: WireServer) -> None:
    ask(ollama_server, request("x" * 60_000))
    assert ollama_server.chats[0].json["options"]["num_ctx"] == 32_768


def test_a_server_that_cannot_stream_is_read_whole(openai_server: WireServer) -> None:
    openai_server.then(Say("docs: fix a typo", streamed=False, tokens_in=5, tokens_out=4))
    heard: list[str] = []
    reply = ask(openai_server, request(), on_text=heard.append)
    assert (reply.text, heard, reply.usage.tokens_in) == ("docs: fix a typo", ["docs: fix a typo"], 5)


def test_keys_go_where_they_belong(server: WireServer) -> None:
    providers = providers_for(server, OLLAMA_API_KEY="ollama-cloud-key-123")
    ask(server, request(), providers=providers)
    headers = server.chats[0].headers
    expected = None if server.wire.name == "ollama" else f"Bearer {KEY}"
    assert headers.get("authorization") == expected


def test_the_environment_adds_no_key_of_its_own(server: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "OLLAMA_API_KEY",
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
        "OPENAI_ORG_ID",
    ):
        monkeypatch.setenv(name, "from-the-environment")
    ask(server, request())
    allowed = {"openai-organization"}  # an organisation's name, which OpenAI's own SDK adds
    leaked = {k for k, v in server.chats[0].headers.items() if "from-the-environment" in v}
    assert leaked <= allowed


def test_no_compression_is_asked_for(server: WireServer) -> None:
    ask(server, request())
    assert server.chats[0].headers["accept-encoding"] == "identity"


def test_no_proxy_of_the_environment_sees_a_loopback_server(
    server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WireServer(type(server.wire)()) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        providers = providers_for(server, HTTP_PROXY=proxy.url, ALL_PROXY=proxy.url)
        assert ask(server, request(), providers=providers).text
        assert not proxy.raw


def test_a_remote_server_is_asked_through_the_proxy(openai_server: WireServer) -> None:
    tables = {"lan": {"kind": "openai", "base_url": "http://models.example.invalid/v1"}}
    environ = {"http_proxy": openai_server.url.replace("://", "://ada:p%40ss@")}
    providers = Providers.from_settings({"providers": tables}, environ)
    from smista_git.plan.plan import payload_digest
    from smista_git.providers.clearance import Clearance

    provider, name = providers.provider_for("lan/some-model")
    asked = request()
    reply = provider.complete(asked, name, clearance=Clearance("lan", name, payload_digest(asked)))
    assert reply.text
    assert openai_server.requests[0].path == "http://models.example.invalid/v1/chat/completions"
    assert openai_server.requests[0].headers["proxy-authorization"] == "Basic YWRhOnBAc3M="
    assert "p%40ss" not in repr(providers.endpoints)


def test_a_proxy_of_another_kind_is_named() -> None:
    tables = {"lan": {"kind": "openai", "base_url": "http://models.example.invalid/v1", "local": True}}
    providers = Providers.from_settings({"providers": tables}, {"ALL_PROXY": "socks5://127.0.0.1:9"})
    provider, name = providers.provider_for("lan/some-model")
    asked = request()
    clearance = Clearance(provider.name, name, payload_digest(asked))
    with pytest.raises(Unreachable, match="socks5 proxy"):
        provider.complete(asked, name, clearance=clearance)


def test_a_model_that_declines_is_a_bad_reply(
    openai_server: WireServer, anthropic_server: WireServer
) -> None:
    from smista_git.errors import BadReply

    choice = {"index": 0, "delta": {"refusal": "I cannot help"}, "finish_reason": None}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    openai_server.then(Raw(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode(), "text/event-stream"))
    with pytest.raises(BadReply, match="declined"):
        ask(openai_server, request())
    delta = {"type": "message_delta", "delta": {"stop_reason": "refusal"}, "usage": {"output_tokens": 1}}
    anthropic_server.then(
        Raw(f"event: message_delta\ndata: {json.dumps(delta)}\n\n".encode(), "text/event-stream")
    )
    with pytest.raises(BadReply, match="declined"):
        ask(anthropic_server, request())
