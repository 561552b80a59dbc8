"""Addresses: read as the SDKs read them, and judged by where they end."""

from __future__ import annotations

import pytest
from ollama._client import _parse_host

from smista_git.providers.endpoints import ollama_url, read_endpoints
from smista_git.providers.locality import is_loopback, proxy_for

HOSTS = (
    "", "1.2.3.4", ":56789", "1.2.3.4:56789", "http://1.2.3.4", "https://1.2.3.4", "https://1.2.3.4:56789", "example.com",
    "example.com:56789", "http://example.com", "https://example.com", "example.com/path", "example.com:56789/path/",
    "https://example.com:56789/path", "[0001:002:003:0004::1]", "[0001:002:003:0004::1]:56789",
    "http://[0001:002:003:0004::1]", "https://[0001:002:003:0004::1]:56789/path/", "localhost", "LOCALHOST:11435",
)  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_ollama_host_is_read_as_its_own_client_reads_it(host: str) -> None:
    assert ollama_url(host) == _parse_host(host)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        (None, "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        ("[::]:8080", "http://[::1]:8080"),
        ('  "127.0.0.1:11434" ', "http://127.0.0.1:11434"),
    ],
)
def test_an_address_to_listen_on_is_called_at_loopback(host: str | None, url: str) -> None:
    assert ollama_url(host) == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:11434", True),
        ("http://127.8.9.10:1", True),
        ("http://[::1]:11434", True),
        ("http://localhost:11434", True),
        ("http://192.168.1.5:11434", False),
        ("http://[2001:db8::1]:1", False),
        ("http://no-such-host.invalid:11434", False),
        ("http://127.0.0.1.example.invalid", False),
        ("http://127.0.0.1@example.invalid/", False),
        ("http://0.0.0.0:1", False),
        ("http://", False),
    ],
)
def test_loopback_is_judged_by_the_address(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_the_environment_is_read_as_the_sdks_read_it() -> None:
    found = read_endpoints(
        {},
        {
            "OPENAI_BASE_URL": "http://10.0.0.1/v1",
            "ANTHROPIC_BASE_URL": "http://10.0.0.2",
            "OLLAMA_HOST": "10.0.0.3",
            "OPENAI_API_KEY": "a",
            "ANTHROPIC_API_KEY": "b",
        },
    )
    assert [(e.base_url, e.api_key) for e in found.values()] == [
        ("http://10.0.0.3:11434", None),
        ("http://10.0.0.1/v1", "a"),
        ("http://10.0.0.2", "b"),
    ]
    assert [e.host for e in found.values()] == ["10.0.0.3:11434", "10.0.0.1", "10.0.0.2"]


def test_the_config_wins_over_the_environment() -> None:
    found = read_endpoints(
        {"openai": {"base_url": "http://10.0.0.9/v1"}}, {"OPENAI_BASE_URL": "http://10.0.0.1/v1"}
    )
    assert found["openai"].base_url == "http://10.0.0.9/v1"


@pytest.mark.parametrize(
    ("url", "environ", "expected"),
    [
        ("https://api.openai.com/v1", {"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        ("https://api.openai.com/v1", {"https_proxy": "p:3128"}, "http://p:3128"),
        ("https://api.openai.com/v1", {"ALL_PROXY": "http://p:1"}, "http://p:1"),
        ("https://api.openai.com/v1", {"HTTP_PROXY": "http://p:1"}, None),
        ("https://api.openai.com/v1", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "openai.com"}, None),
        ("https://api.openai.com/v1", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".openai.com:443"}, None),
        ("https://api.openai.com/v1", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
        ("https://notopenai.com/v1", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "openai.com"}, "http://p:1"),
        ("http://127.0.0.1:1", {"HTTP_PROXY": "http://p:1", "ALL_PROXY": "http://p:1"}, None),
    ],
)
def test_proxies(url: str, environ: dict[str, str], expected: str | None) -> None:
    assert proxy_for(url, environ) == expected
