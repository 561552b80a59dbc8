"""What is known of a model before it is asked: local or not, there or not, and why."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from smista_git.errors import EgressRefused, NothingAvailable, PolicyError, UsageError
from smista_git.providers.probe import Look, PulledModel, look_at
from smista_git.providers.registry import Providers, best_pulled
from tests.providers.ways import KEY, providers_for, request
from tests.servers.server import Pulled, WireServer
from tests.servers.wires import OllamaWire

GB = 1_000_000_000


def status(providers: Providers, model: str) -> tuple[bool, bool, str]:
    found = providers.statuses([model])[model]
    return found.local, found.available, found.why


def test_the_builtin_writer_is_always_there() -> None:
    assert status(Providers.from_settings({}, {}), "builtin/rules") == (True, True, "needs no model")


def test_a_pulled_model_on_this_machine_is_local(ollama_server: WireServer) -> None:
    providers = providers_for(ollama_server)
    assert status(providers, "ollama/qwen2.5-coder") == (True, True, "pulled, on this machine")
    assert status(providers, "ollama/qwen2.5-coder:latest")[:2] == (True, True)
    assert status(providers, "ollama/llama3.2") == (True, False, "not pulled: ollama pull llama3.2")


def test_the_server_is_looked_at_once(ollama_server: WireServer) -> None:
    providers = providers_for(ollama_server)
    providers.statuses(["ollama/a", "ollama/b", "ollama/auto"])
    providers.provider_for("ollama/auto")
    assert [r.path for r in ollama_server.requests] == ["/api/tags"]


def test_a_cloud_model_is_remote_whatever_the_config_says(ollama_server: WireServer) -> None:
    table = {"base_url": ollama_server.url, "local": True}
    providers = Providers.from_settings({"providers": {"ollama": table}}, {})
    for model in ("ollama/gpt-oss:120b-cloud", "ollama/kimi-k2:cloud"):
        assert status(providers, model) == (False, True, "Ollama forwards it to its cloud")
        provider, name = providers.provider_for(model)
        assert not provider.local
        with pytest.raises(EgressRefused):
            provider.complete(request(), name)
    assert not ollama_server.chats


def test_no_ollama_tells_how_to_start_it() -> None:
    local, available, why = status(Providers.from_settings({}, {"OLLAMA_HOST": "127.0.0.1:9"}), "ollama/auto")
    assert (local, available) == (True, False)
    assert "ollama serve" in why


def test_a_compatible_server_on_loopback_is_remote_until_the_user_says_otherwise(
    openai_server: WireServer,
) -> None:
    for said, expected in ((None, False), (True, True), (False, False)):
        table = {"kind": "openai", "base_url": openai_server.base_url}
        table |= {} if said is None else {"local": said}
        providers = Providers.from_settings({"providers": {"lab": table}}, {})
        local, available, _ = status(providers, "lab/some-model")
        assert (local, available) == (expected, True)
        assert providers.provider_for("lab/some-model")[0].local is expected


def test_local_false_wins_over_loopback(ollama_server: WireServer) -> None:
    table = {"base_url": ollama_server.url, "local": False}
    providers = Providers.from_settings({"providers": {"ollama": table}}, {})
    assert status(providers, "ollama/qwen2.5-coder") == (
        False,
        True,
        "pulled, local = false in the user's config",
    )


def test_a_local_server_that_is_down_is_not_available() -> None:
    table = {"kind": "openai", "base_url": "http://127.0.0.1:9/v1", "local": True}
    providers = Providers.from_settings({"providers": {"lab": table}}, {})
    local, available, why = status(providers, "lab/m")
    assert (local, available) == (True, False)
    assert "nobody answers" in why


def test_a_remote_model_needs_its_key() -> None:
    assert status(Providers.from_settings({}, {}), "openai/gpt-5.5") == (
        False,
        False,
        "no key: set OPENAI_API_KEY",
    )
    providers = Providers.from_settings({}, {"ANTHROPIC_API_KEY": KEY})
    found = providers.statuses(["anthropic/claude-sonnet"])["anthropic/claude-sonnet"]
    assert (found.local, found.available, found.host) == (False, True, "api.anthropic.com")
    assert KEY not in repr(providers.endpoints)


def test_a_server_that_was_added_never_gets_the_key_of_the_environment() -> None:
    table = {"kind": "openai", "base_url": "https://models.example.org/v1"}
    providers = Providers.from_settings({"providers": {"lab": table}}, {"OPENAI_API_KEY": KEY})
    assert providers.endpoints["lab"].api_key is None
    table["api_key_env"] = "LAB_KEY"
    providers = Providers.from_settings({"providers": {"lab": table}}, {"LAB_KEY": KEY})
    assert providers.endpoints["lab"].api_key == KEY


def test_unknown_providers_are_not_available_and_raise_with_what_there_is() -> None:
    providers = Providers.from_settings({}, {})
    assert status(providers, "mistral/large")[:2] == (False, False)
    with pytest.raises(UsageError, match="anthropic, ollama, openai"):
        providers.provider_for("mistral/large")


def test_aliases_lead_to_the_apis_names_and_the_users_come_first() -> None:
    own = {
        "anthropic/claude-sonnet": "openai/gpt-5.5-thinking",
        "fast": "ollama/auto",
        "a/a": "b/b",
        "b/b": "a/a",
    }
    providers = Providers.from_settings({"aliases": own}, {})
    assert providers.provider_for("anthropic/claude-opus-4.7")[1] == "claude-opus-4-7"
    assert providers.provider_for("anthropic/claude-sonnet")[1] == "gpt-5.5"
    assert providers.resolved("a/a") in ("a/a", "b/b"), "a circle ends"


def test_every_alias_names_a_model_that_the_price_library_knows(tmp_path: Path) -> None:
    from smista_git.route.aliases import SHIPPED_ALIASES

    providers = Providers.from_settings({}, {})
    assert {a for a in SHIPPED_ALIASES if providers.price_of(a, cache_dir=tmp_path) is None} == set()


def test_auto_prefers_coders_then_the_largest_that_fits(ollama_server: WireServer) -> None:
    ollama_server.models = [
        Pulled("llama3.3:70b", 43 * GB),
        Pulled("nomic-embed-text:latest", 1 * GB),
        Pulled("bge-m3:latest", 1 * GB, family="bert"),
        Pulled("llama3.1:8b", 5 * GB),
        Pulled("qwen2.5-coder:1.5b", 1 * GB),
        Pulled("qwen2.5-coder:7b", 5 * GB),
        Pulled("qwen3-coder:480b-cloud", 1),
    ]
    providers = providers_for(ollama_server)
    assert providers.provider_for("ollama/auto")[1] == "qwen2.5-coder:7b"
    assert status(providers, "ollama/auto") == (True, True, "qwen2.5-coder:7b, on this machine")
    ollama_server.models = ollama_server.models[:4]
    assert providers_for(ollama_server).provider_for("ollama/auto")[1] == "llama3.1:8b"


def test_auto_without_a_model_says_what_to_pull(ollama_server: WireServer) -> None:
    ollama_server.models = [Pulled("nomic-embed-text:latest")]
    providers = providers_for(ollama_server)
    assert "ollama pull" in status(providers, "ollama/auto")[2]
    with pytest.raises(NothingAvailable):
        providers.provider_for("ollama/auto")


def test_a_model_too_large_is_better_than_none() -> None:
    large = PulledModel("llama3.3:70b", 43 * GB, "llama", "70B")
    assert best_pulled([large]) == large
    assert best_pulled([]) is None


def test_a_name_that_moves_away_after_the_look_is_refused_before_a_byte_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name is loopback when it is judged, and another address of this machine when it is called."""
    import socket

    from smista_git.providers import locality

    with WireServer(OllamaWire()) as server:
        providers = Providers.from_settings({}, {"OLLAMA_HOST": f"http://moving.test:{server.port}"})
        real = socket.getaddrinfo
        answers = {"moving.test": "127.0.0.1"}

        def resolve(host: str, port: object, *args: object, **kwargs: object) -> object:
            return real(answers.get(host, host), port, *args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        locality.is_loopback.cache_clear()
        provider, name = providers.provider_for("ollama/qwen2.5-coder")
        assert provider.local
        outside = own_address()
        with WireServer(OllamaWire(), host=outside, port=server.port) as elsewhere:
            answers["moving.test"] = outside
            with pytest.raises(EgressRefused, match="leads elsewhere"):
                provider.complete(request(), name)
            assert not elsewhere.raw
        locality.is_loopback.cache_clear()


def own_address() -> str:
    """An address of this machine that is not a loopback one; no packet is sent to find it."""
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])


def test_a_probe_of_a_dead_server_is_quick() -> None:
    import socket
    import time

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        providers = Providers.from_settings({}, {"OLLAMA_HOST": f"127.0.0.1:{silent.getsockname()[1]}"})
        began_s = time.monotonic()
        assert look_at(providers.endpoints["ollama"]) == Look(up=False)
        assert time.monotonic() - began_s < 1.0


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"lab": {"kind": "openai", "base_url": "http://x/v1", "bas_url": "y"}}, "did you mean 'base_url'"),
        ({"lab": {"kind": "opnai", "base_url": "http://x"}}, "kind must be one of"),
        ({"lab": {"kind": "openai"}}, "base_url is missing"),
        ({"lab": {"kind": "openai", "base_url": "x:80"}}, "must begin with http"),
        ({"ollama": {"local": "yes"}}, "local must be a bool"),
        ({"builtin": {"kind": "openai", "base_url": "http://x"}}, "cannot be used"),
        ({"lab": 3}, "a table is expected"),
    ],
)
def test_wrong_tables_are_errors_that_name_the_key(tables: dict[str, object], said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        Providers.from_settings({"providers": tables}, {})


def test_all_wrong_tables_are_told_at_once() -> None:
    tables = {"a": {"kind": "x", "base_url": "http://x"}, "b": {"kind": "openai"}}
    with pytest.raises(PolicyError) as caught:
        Providers.from_settings({"providers": tables}, {})
    assert str(caught.value).count("\n") == 1


def test_nothing_heavy_is_imported_before_a_call() -> None:
    import subprocess

    code = (
        "import sys; from smista_git.providers.registry import Providers;"
        "p = Providers.from_settings({}, {'OLLAMA_HOST': '127.0.0.1:9'}); p.statuses(['ollama/auto', 'openai/x']);"
        "print(sorted({'openai', 'anthropic', 'ollama', 'httpx', 'httpx2', 'pydantic', 'genai_prices', 'ssl',"
        " 'http.client'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_room_for_thought_is_told_to_whoever_estimates() -> None:
    providers = Providers.from_settings({}, {})
    assert providers.thinking_tokens("anthropic/claude-sonnet", "low") == 1024
    assert providers.thinking_tokens("openai/gpt-4o-mini", "high") == 0
    assert providers.thinking_tokens("ollama/qwen3", "high") == 0
    assert providers.thinking_tokens("builtin/rules", "high") == 0
