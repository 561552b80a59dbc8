"""Every fault on every wire ends in the right error, within its time."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from smista_git.errors import (
    AccessRefused,
    BadReply,
    BadRequest,
    ContextTooLong,
    ProviderError,
    RateLimited,
    TimedOut,
    Unreachable,
)
from smista_git.providers.registry import Providers
from tests.providers.ways import KEY, WIRES, ask, request
from tests.servers.script import (
    Action,
    Drip,
    Drop,
    Hang,
    Raw,
    Say,
    Status,
    broken,
    empty,
    garbage,
    html,
    rate_limited,
    redirect,
)
from tests.servers.server import WireServer

TIMEOUT_S = 0.5
SLACK_S = 1.5
TEXT = "feat: a text that is long enough to be cut in the middle"


@pytest.fixture(params=WIRES, ids=lambda w: w.name)
def server(request: pytest.FixtureRequest) -> Iterator[WireServer]:
    with WireServer(request.param()) as made:
        yield made


FAULTS: dict[str, tuple[Action, type[ProviderError]]] = {
    "429": (rate_limited(), RateLimited),
    "500": (broken(), BadReply),
    "503": (Status(503, "overloaded_error"), BadReply),
    "401": (Status(401, "authentication_error", "invalid x-api-key"), AccessRefused),
    "402": (Status(402, "billing_error", "pay first"), AccessRefused),
    "403": (Status(403, "permission_error", "no"), AccessRefused),
    "404": (Status(404, "not_found_error", "model not found"), BadRequest),
    "400": (Status(400, "invalid_request_error", "temperature: unknown field"), BadRequest),
    "400 too long": (
        Status(400, "invalid_request_error", "prompt is too long: 300000 tokens"),
        ContextTooLong,
    ),
    "413": (Status(413, "request_too_large", "body too large"), ContextTooLong),
    "418": (Status(418, "teapot", "short and stout"), BadRequest),
    "dropped at once": (Drop(), BadReply),
    "dropped in the middle": (Drop(TEXT), BadReply),
    "hang": (Hang(), TimedOut),
    "hang in the middle": (Hang(TEXT), TimedOut),
    "slow drip": (Drip(), TimedOut),
    "slow drip of headers": (Drip(in_headers=True), TimedOut),
    "empty reply": (empty(), BadReply),
    "empty body": (Raw(b"", "application/octet-stream"), BadReply),
    "html": (html(), BadReply),
    "html unnamed": (Raw(b"<html>sign in</html>", "text/plain"), BadReply),
    "json of another shape": (Raw(b'["surprise", 3]', "application/json"), BadReply),
    "json null": (Raw(b"null", "application/json"), BadReply),
    "events of another shape": (
        Raw(b"event: message_start\ndata: [1]\n\ndata: 3\n\n", "text/event-stream"),
        BadReply,
    ),
    "garbage": (garbage(), BadReply),
    "garbage as json": (garbage("application/json"), BadReply),
    "compressed": (Raw(b"\x1f\x8b", "text/event-stream", 200, {"content-encoding": "gzip"}), BadReply),
    "endless line": (Raw(b"x" * (17 << 20), "text/event-stream"), BadReply),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_in_its_error_within_its_time(server: WireServer, fault: str) -> None:
    action, expected = FAULTS[fault]
    server.then(action)
    timeout_s = TIMEOUT_S if expected is TimedOut else 10.0
    began_s = time.monotonic()
    with pytest.raises(ProviderError) as caught:
        ask(server, request(timeout_s=timeout_s))
    assert time.monotonic() - began_s < timeout_s + SLACK_S
    assert type(caught.value) is expected, str(caught.value)
    assert len(server.chats) == 1, "the SDK's own retries are off"


def test_time_that_is_spent_is_not_given_again(server: WireServer) -> None:
    """A timeout between two bytes would begin anew with the text, and end at 2.2 s."""
    server.then(Hang(TEXT, after_s=1.0))
    began_s = time.monotonic()
    with pytest.raises(TimedOut):
        ask(server, request(timeout_s=1.2))
    assert time.monotonic() - began_s < 2.0


def test_messages_are_one_line_and_hold_no_key(server: WireServer) -> None:
    server.then(Status(401, "authentication_error", f"bad key\n{KEY} given"))
    table = {"base_url": server.base_url, "api_key_env": "SOME_KEY"}
    providers = Providers.from_settings({"providers": {server.wire.name: table}}, {"SOME_KEY": KEY})
    with pytest.raises(AccessRefused) as caught:
        ask(server, request(), providers=providers)
    assert "\n" not in str(caught.value)
    assert "bad key" in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "expected_s"), [("2", 2.0), ("0.5", 0.5), ("nonsense", None), ("-3", None)]
)
def test_retry_after_is_read_on_every_wire(server: WireServer, header: str, expected_s: float | None) -> None:
    server.then(rate_limited(header))
    with pytest.raises(RateLimited) as caught:
        ask(server, request())
    assert caught.value.retry_after_s == expected_s


def test_a_spent_quota_is_no_short_pause(openai_server: WireServer) -> None:
    body = b'{"error": {"message": "You exceeded your current quota", "type": "insufficient_quota", "code": "insufficient_quota"}}'
    openai_server.then(Raw(body, "application/json", 429))
    with pytest.raises(AccessRefused):
        ask(openai_server, request())


def test_an_error_inside_a_stream_keeps_its_kind(
    anthropic_server: WireServer, openai_server: WireServer
) -> None:
    event = b'event: error\ndata: {"type": "error", "error": {"type": "rate_limit_error", "message": "slow down"}}\n\n'
    anthropic_server.then(Raw(event, "text/event-stream"))
    with pytest.raises(RateLimited):
        ask(anthropic_server, request())
    data = b'data: {"error": {"message": "too long", "type": "x", "code": "context_length_exceeded"}}\n\n'
    openai_server.then(Raw(data, "text/event-stream"))
    with pytest.raises(ContextTooLong):
        ask(openai_server, request())


def test_an_error_line_of_ollama_is_a_bad_reply(ollama_server: WireServer) -> None:
    ollama_server.then(Raw(b'{"error": "llama runner process has terminated"}\n', "application/x-ndjson"))
    with pytest.raises(BadReply, match="runner"):
        ask(ollama_server, request())


def test_redirects_are_not_followed(server: WireServer) -> None:
    with WireServer(type(server.wire)()) as elsewhere:
        server.then(redirect(f"{elsewhere.url}/v1/chat/completions"))
        with pytest.raises(BadRequest, match="not followed"):
            ask(server, request())
        assert not elsewhere.raw


@pytest.mark.parametrize("wire", WIRES, ids=lambda w: w.name)
def test_nobody_there_is_unreachable(wire: type) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        url = wire().base_url(f"http://127.0.0.1:{taken.getsockname()[1]}")
        providers = Providers.from_settings(
            {"providers": {wire.name: {"base_url": url}}}, {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY}
        )
        server = WireServer(wire())
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
            ask(server, request(timeout_s=TIMEOUT_S), providers=providers)


def test_ctrl_c_closes_the_connection_and_passes_through(server: WireServer) -> None:
    server.then(Hang(TEXT))
    seen = []

    def on_text(chunk: str) -> None:
        if not seen:
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
        seen.append(chunk)

    if server.wire.name == "openai":  # half of its events carry no text yet
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        on_text = None  # type: ignore[assignment]
    began_s = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        ask(server, request(timeout_s=5), on_text=on_text)
    assert time.monotonic() - began_s < 2
    server.closing.set()


def test_an_error_of_the_listener_is_not_mapped(server: WireServer) -> None:
    def on_text(chunk: str) -> None:
        raise BrokenPipeError("the terminal is gone")

    with pytest.raises(BrokenPipeError, match="terminal"):
        ask(server, request(), on_text=on_text)


def test_whoever_fails_the_connection_is_closed(server: WireServer) -> None:
    server.then(Say("docs: " + "word " * 400, pause_s=0.01))

    def on_text(chunk: str) -> None:
        raise BrokenPipeError("the terminal is gone")

    with pytest.raises(BrokenPipeError) as kept:
        ask(server, request(), on_text=on_text)
    ends_s = time.monotonic() + 3
    while not server.aborted and time.monotonic() < ends_s:
        time.sleep(0.01)
    assert server.aborted == 1, "the server could not write on"
    assert kept.value.__traceback__ is not None, "not for want of whoever held the generator"


def test_an_answer_without_end_is_cut_off(server: WireServer) -> None:
    server.then(Say("word " * 210_000 + "x" * 8_000, piece_chars=20_000))
    with pytest.raises(BadReply, match="more than"):
        ask(server, request(timeout_s=30))
