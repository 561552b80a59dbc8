"""The network below the SDKs: one connection that keeps a deadline to the last byte, and never wanders off.

httpx measures its timeouts between two bytes, so a server that drips one byte a second is never too late for it.
Here the deadline holds below HTTP, in the stream that reads the socket: connecting, the TLS handshake, headers and
body all share it. The same stream bounds what is read, and can insist that the peer is this machine.

``httpx`` (ollama) and ``httpx2`` (openai, anthropic) are the same library twice; the modules are passed in.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

from smista_git.errors import BadReply, BadRequest, EgressRefused, Unreachable
from smista_git.providers.attempt import Deadline

MAX_WIRE_BYTES = 16 << 20
"""A token costs about 200 bytes on an event stream: this is far above any answer we ask for."""


class BoundedStream:
    """A network stream of httpcore whose every operation ends by the deadline."""

    def __init__(self, core: ModuleType, stream: Any, deadline: Deadline) -> None:
        self._core, self._stream, self._deadline = core, stream, deadline
        self._read_bytes = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At most ``max_bytes``, empty at the end of the stream."""
        if self._deadline.left_s <= 0:
            raise self._core.ReadTimeout("the attempt's time is up")
        data: bytes = self._stream.read(max_bytes, self._deadline.left_s)
        self._read_bytes += len(data)
        if self._read_bytes > MAX_WIRE_BYTES:
            raise BadReply(f"the server sent more than {MAX_WIRE_BYTES >> 20} MiB")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of ``buffer``."""
        if self._deadline.left_s <= 0:
            raise self._core.WriteTimeout("the attempt's time is up")
        self._stream.write(buffer, self._deadline.left_s)

    def close(self) -> None:
        """Close the socket."""
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: Any = None
    ) -> BoundedStream:
        """The same stream, encrypted, under the same deadline."""
        inner = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left_s)
        return BoundedStream(self._core, inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore wants to know of the socket."""
        return self._stream.get_extra_info(info)


class BoundedBackend:
    """Opens bounded streams; with ``loopback_only`` a peer elsewhere is refused before a byte is sent."""

    def __init__(self, core: ModuleType, deadline: Deadline, *, loopback_only: bool) -> None:
        self._core, self._deadline, self._loopback_only = core, deadline, loopback_only
        self._inner = core.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> BoundedStream:
        """A connection to the host."""
        stream = self._inner.connect_tcp(
            host, port, max(self._deadline.left_s, 0.001), local_address, socket_options
        )
        if (
            self._loopback_only
            and not ipaddress.ip_address(stream.get_extra_info("server_addr")[0]).is_loopback
        ):
            stream.close()
            raise EgressRefused(
                f"{host} was to be this machine, but its name now leads elsewhere; nothing was sent.",
                hint="Check OLLAMA_HOST and /etc/hosts, then `git smista doctor`.",
            )
        return BoundedStream(self._core, stream, self._deadline)

    def sleep(self, seconds: float) -> None:
        """Wait between connection attempts; never more than is left."""
        self._inner.sleep(min(seconds, self._deadline.left_s))


def client_options(
    http: ModuleType,
    core: ModuleType,
    base_url: str,
    deadline: Deadline,
    *,
    loopback_only: bool,
    proxy: str | None,
) -> dict[str, Any]:
    """Keyword arguments for an httpx client: the bounded transport, no redirects, nothing from the environment."""
    return {
        "transport": _transport(http, core, base_url, deadline, loopback_only=loopback_only, proxy=proxy),
        "follow_redirects": False,
        "timeout": deadline.timeout_s,
        "trust_env": False,
        "event_hooks": {"request": [_plain_request], "response": [_check_response]},
    }


def tls_for(http: ModuleType, base_url: str, proxy: str | None) -> Any:
    """The certificates to trust, None where nothing is encrypted: loading them takes 20 ms."""
    encrypted = any(url.lower().startswith("https:") for url in (base_url, proxy or ""))
    return _certificates(http) if encrypted else None


@cache
def _certificates(http: ModuleType) -> Any:
    return http.create_ssl_context()


def _transport(
    http: ModuleType,
    core: ModuleType,
    base_url: str,
    deadline: Deadline,
    *,
    loopback_only: bool,
    proxy: str | None,
) -> Any:
    backend = BoundedBackend(core, deadline, loopback_only=loopback_only)
    tls = tls_for(http, base_url, proxy)
    if proxy is None:
        pool = core.ConnectionPool(ssl_context=tls, network_backend=backend)
    else:
        pool = _through(core, proxy, ssl_context=tls, network_backend=backend)

    class ByteStream(http.SyncByteStream):  # type: ignore[misc, name-defined]
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            try:
                yield from self._stream
            except _core_errors(core) as exc:
                raise _same_named(http, exc) from exc

        def close(self) -> None:
            self._stream.close()

    class Transport(http.BaseTransport):  # type: ignore[misc, name-defined]
        def handle_request(self, request: Any) -> Any:
            url = core.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            )
            asked = core.Request(
                request.method,
                url,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
            try:
                answer = pool.handle_request(asked)
            except _core_errors(core) as exc:
                raise _same_named(http, exc) from exc
            return http.Response(
                answer.status,
                headers=answer.headers,
                stream=ByteStream(answer.stream),
                extensions=answer.extensions,
            )

        def close(self) -> None:
            pool.close()

    return Transport()


def _through(core: ModuleType, proxy: str, **options: Any) -> Any:
    """Connections through an HTTP proxy, with the name and the password that its URL may hold."""
    split = urlsplit(proxy)
    if split.scheme not in ("http", "https"):
        raise Unreachable(
            f"The environment names a {split.scheme} proxy, which is not supported.",
            hint="Name an http proxy, or add the host to NO_PROXY.",
        )
    auth = (unquote(split.username or ""), unquote(split.password or "")) if split.username else None
    url = f"{split.scheme}://{split.netloc.rpartition('@')[2]}"
    return core.HTTPProxy(proxy_url=url, proxy_auth=auth, **options)


def _core_errors(core: ModuleType) -> tuple[type[Exception], ...]:
    return (
        core.TimeoutException,
        core.NetworkError,
        core.ProtocolError,
        core.ProxyError,
        core.UnsupportedProtocol,
    )


def _same_named(http: ModuleType, exc: Exception) -> Exception:
    """The httpx exception for one of httpcore: they bear the same names."""
    made: Exception = getattr(http, type(exc).__name__, http.TransportError)(str(exc))
    return made


def _plain_request(request: Any) -> None:
    # A compressed reply could unfold to a thousand times the bytes that we count.
    request.headers["accept-encoding"] = "identity"


def _check_response(response: Any) -> None:
    """Refuses what no model's server sends, before its body is read."""
    if response.is_redirect:
        target = response.headers.get("location", "elsewhere")[:200]
        raise BadRequest(
            f"{response.url.host} redirects to {target}; redirects are not followed.",
            hint="Set base_url of this provider to the final address.",
        )
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise BadReply(f"{response.url.host} sent a compressed reply that was not asked for")
    if response.is_success and "html" in response.headers.get("content-type", "").lower():
        raise BadReply(f"{response.url.host} answered with a web page, not as a model's server")
