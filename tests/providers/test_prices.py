"""What models cost and how much they read, from the library and from the small file beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from smista_git.plan.estimate import Price
from smista_git.plan.request import Message, Request
from smista_git.providers.base import Endpoint
from smista_git.providers.catalogue import UNKNOWN, Facts, facts_of
from smista_git.providers.prices import FREE, dearest, price_for_budget, price_of
from smista_git.providers.registry import Providers
from smista_git.providers.windows import context_tokens, window_of
from tests.servers.server import Pulled, WireServer

OPUS = Price(Decimal(5), Decimal(25))
DAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_known_price_is_the_librarys(tmp_path: Path) -> None:
    import genai_prices

    ours = price_of("anthropic/claude-opus-4.7", cache_dir=tmp_path)
    assert ours is not None
    usage = genai_prices.Usage(input_tokens=1_000_000, output_tokens=1_000_000)
    theirs = genai_prices.calc_price(usage, "claude-opus-4-7", provider_id="anthropic")
    assert ours.output_usd_per_mtok == theirs.output_price
    assert ours == OPUS


def test_an_unknown_price_is_none_and_never_nothing(tmp_path: Path) -> None:
    assert price_of("openai/no-such-model-ever", cache_dir=tmp_path) is None
    assert price_of("somebody/gpt-4o", cache_dir=tmp_path) is None


def test_local_models_cost_nothing(tmp_path: Path) -> None:
    table = {"kind": "openai", "base_url": "http://127.0.0.1:9/v1", "local": True}
    providers = Providers.from_settings({"providers": {"lab": table}}, {"OLLAMA_HOST": "127.0.0.1:9"})
    for model in ("builtin/rules", "ollama/anything", "lab/gpt-4o"):
        assert providers.price_of(model, cache_dir=tmp_path) == FREE
    assert providers.price_of("ollama/gpt-oss:120b-cloud", cache_dir=tmp_path) is None


def test_a_server_is_known_by_its_address(tmp_path: Path) -> None:
    groq = Endpoint("fast", "openai", "https://api.groq.com/openai/v1")
    assert price_of("fast/llama-3.1-8b-instant", cache_dir=tmp_path, endpoint=groq) is not None


def test_the_second_question_is_answered_from_the_file(tmp_path: Path) -> None:
    asked = []

    def look_up(model: str, *rest: object) -> Facts:
        asked.append(model)
        return Facts(OPUS, 7)

    def once(model: str, now: datetime = DAY) -> Facts:
        return facts_of(
            model, provider="anthropic", api_url=None, cache_dir=tmp_path, now=now, look_up=look_up
        )

    assert once("m") == once("m") == Facts(OPUS, 7)
    assert asked == ["m"]
    once("other")
    assert once("m") == Facts(OPUS, 7)
    assert asked == ["m", "other"]
    once("m", DAY.replace(day=23))
    assert asked == ["m", "other", "m"], "a price may begin on a certain day"
    assert len(list(tmp_path.iterdir())) == 1, "yesterday's file is gone"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"anthropic - m": ["x", 1]}', b'{"anthropic - m": 3}', b"\xff"]
)
def test_a_broken_file_does_no_harm(tmp_path: Path, content: bytes) -> None:
    ask = {
        "provider": "anthropic",
        "api_url": None,
        "cache_dir": tmp_path,
        "now": DAY,
        "look_up": lambda *a: Facts(OPUS),
    }
    facts_of("x", **ask)  # type: ignore[arg-type]
    next(tmp_path.iterdir()).write_bytes(content)
    assert facts_of("m", **ask) in (Facts(OPUS), UNKNOWN)  # type: ignore[arg-type]


def test_a_place_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert price_of("anthropic/claude-opus-4.7", cache_dir=blocked / "sub") == OPUS
    assert price_of("anthropic/claude-opus-4.7", cache_dir=None) == OPUS


def test_an_unknown_price_counts_as_the_dearest_of_its_tier(tmp_path: Path) -> None:
    cheap = Price(Decimal(1), Decimal(2))
    assert dearest([None, cheap, OPUS]) == OPUS
    assert price_for_budget(None, [None, cheap], cache_dir=tmp_path) == cheap
    assert price_for_budget(cheap, [OPUS], cache_dir=tmp_path) == cheap
    assert price_for_budget(None, [None], cache_dir=tmp_path).output_usd_per_mtok >= OPUS.output_usd_per_mtok


def test_windows(tmp_path: Path) -> None:
    endpoint = Endpoint("anthropic", "anthropic", "https://api.anthropic.com")
    assert window_of(endpoint, "claude-opus-4-7", cache_dir=tmp_path) == 1_000_000
    assert window_of(endpoint, "claude-unheard-of", cache_dir=tmp_path) == 8192
    assert window_of(replace(endpoint, window_tokens=123), "claude-opus-4-7", cache_dir=tmp_path) == 123


def test_the_window_of_ollama_is_the_models_own_up_to_what_a_machine_bears(
    ollama_server: WireServer, tmp_path: Path
) -> None:
    ollama_server.models = [
        Pulled("small", context_length=4096),
        Pulled("large", context_length=131_072),
    ]
    providers = Providers.from_settings({}, {"OLLAMA_HOST": ollama_server.url})
    windows = [
        providers.window_of(f"ollama/{m}", cache_dir=tmp_path) for m in ("small", "large", "unheard-of")
    ]
    assert windows == [4096, 16_384, 8192]


def test_num_ctx_is_a_power_of_two_that_holds_the_request() -> None:
    def size(chars: int, limit: int | None = None) -> int:
        return context_tokens(Request((Message("user", "x" * chars),)), limit_tokens=limit)

    assert [size(n) for n in (10, 21_000, 22_000, 60_000)] == [8192, 8192, 16_384, 32_768]
    assert size(60_000, limit=16_384) == 16_384
    assert size(10_000_000) == 131_072
