"""HTTP to a forge's API: pages followed, rate limits waited for, failures mapped to this package's errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from smista_git.errors import AccessRefused, BadRequest, RateLimited, Refused, Unreachable

if TYPE_CHECKING:
    import httpx

LONGEST_WAIT_S = 60.0
TIMEOUT_S = 20.0
MOST_PAGES = 100
TOKEN_HINT = "the token needs to read and write pull requests: GITHUB_TOKEN, GITLAB_TOKEN"


@dataclass(slots=True)
class Api:
    """One forge's API under ``base``; ``headers`` hold the token, which goes to no other host."""

    base: str
    headers: Mapping[str, str]
    sleep: Callable[[float], None] = time.sleep
    _client: httpx.Client | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.base)
        if parts.scheme != "https" and not _loopback(parts.hostname or ""):
            raise Refused(
                f"{self.base} is not https: the token stays here", hint="set the address of the API to https"
            )

    def call(self, method: str, path: str, *, json: Any = None, ok: tuple[int, ...] = ()) -> Any:
        """The JSON of the answer, None where it has none or where its status is one of ``ok``.

        Raises: Unreachable, RateLimited, AccessRefused, BadRequest.
        """
        response = self._send(method, f"{self.base.rstrip('/')}{path}", json)
        if response.status_code in ok:
            return None
        _check(response)
        return response.json() if response.content else None

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every object of a list, page after page."""
        url: str | None = f"{self.base.rstrip('/')}{path}{'&' if '?' in path else '?'}per_page=100"
        for _ in range(MOST_PAGES):
            if url is None:
                return
            response = self._send("GET", url, None)
            _check(response)
            yield from response.json()
            url = self._next(response)

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()

    def _next(self, response: httpx.Response) -> str | None:
        """The next page's address; one on another host would be sent the token, so it is not followed."""
        url = response.links.get("next", {}).get("url")
        return url if url and urlsplit(url).netloc == urlsplit(self.base).netloc else None

    def _send(self, method: str, url: str, json: Any) -> httpx.Response:
        import httpx

        if self._client is None:
            self._client = httpx.Client(headers=dict(self.headers), timeout=TIMEOUT_S, follow_redirects=False)
        for again in (True, False):
            try:
                response = self._client.request(method, url, json=json)
            except httpx.HTTPError as exc:
                raise Unreachable(f"{urlsplit(url).netloc} does not answer: {type(exc).__name__}") from exc
            wait_s = _wait_s(response)
            if wait_s is None or not again or wait_s > LONGEST_WAIT_S:
                break
            self.sleep(wait_s)
        return response


def _wait_s(response: httpx.Response) -> float | None:
    """Seconds that the forge asks for before the next request, None where it asks for none."""
    headers = response.headers
    limited = response.status_code == 429 or (
        response.status_code == 403
        and ("retry-after" in headers or headers.get("x-ratelimit-remaining") == "0")
    )
    if not limited:
        return None
    try:
        if "retry-after" in headers:
            return max(0.0, float(headers["retry-after"]))
        return max(0.0, float(headers["x-ratelimit-reset"]) - time.time())
    except (KeyError, ValueError):
        return 1.0


def _check(response: httpx.Response) -> None:
    status, what = response.status_code, f"{response.request.method} {response.request.url.path}"
    if (wait_s := _wait_s(response)) is not None:
        raise RateLimited(
            f"{what}: the forge asks to wait {wait_s:.0f} s", hint="run it again later", retry_after_s=wait_s
        )
    if status in (401, 403, 404):
        raise AccessRefused(f"{what}: the forge says {status}", hint=TOKEN_HINT)
    if status >= 300:
        raise BadRequest(f"{what}: the forge says {status}: {response.text[:200]}")


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
