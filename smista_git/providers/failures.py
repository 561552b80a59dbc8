"""Every exception that an SDK can raise, mapped once to our own error tree.

The tables are keyed by class name, so that reading them imports no SDK. An exception is looked up through its bases,
nearest first; a test walks the SDKs' own exception classes and demands, for each, an entry that is nearer than the
root of its SDK's tree. So a class that a newer SDK adds for a status of HTTP is mapped before anybody has read of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from smista_git.errors import (
    AccessRefused,
    BadReply,
    BadRequest,
    ContextTooLong,
    ProviderError,
    RateLimited,
    SmistaError,
    TimedOut,
    Unreachable,
)
from smista_git.providers.base import Endpoint

BY_STATUS: Final = "by status"
BY_CAUSE: Final = "by cause"
Table = Mapping[str, type[ProviderError] | str]

NETWORK: Table = {
    "ConnectTimeout": TimedOut, "ReadTimeout": TimedOut, "WriteTimeout": TimedOut, "PoolTimeout": TimedOut,
    "TimeoutException": TimedOut,
    "ConnectError": Unreachable, "ProxyError": Unreachable, "UnsupportedProtocol": Unreachable,
    "InvalidURL": Unreachable,
    "ReadError": BadReply, "WriteError": BadReply, "CloseError": BadReply, "NetworkError": BadReply,
    "RemoteProtocolError": BadReply, "LocalProtocolError": BadRequest, "ProtocolError": BadReply,
    "TransportError": BadReply, "DecodingError": BadReply, "TooManyRedirects": BadRequest,
    "HTTPStatusError": BY_STATUS, "RequestError": BadReply, "HTTPError": BadReply, "SSEError": BadReply, "CookieConflict": BadReply,
    "StreamConsumed": BadReply, "StreamClosed": BadReply, "ResponseNotRead": BadReply, "RequestNotRead": BadReply,
    "StreamError": BadReply,
}  # fmt: skip
"""httpx and httpx2, whose exceptions bear the same names."""

PYTHON: Table = {
    "ConnectionError": Unreachable, "TimeoutError": TimedOut, "OSError": Unreachable, "EndOfStream": BadReply,
    "ValueError": BadReply, "TypeError": BadReply, "AttributeError": BadReply, "KeyError": BadReply,
}  # fmt: skip
"""What the SDKs let through: JSON and Unicode errors, and their stumbling over JSON of another shape."""

OPENAI: Table = {
    "OpenAIError": BadRequest, "APIError": BY_STATUS, "APIStatusError": BY_STATUS, "APITimeoutError": TimedOut,
    "APIConnectionError": BY_CAUSE, "APIResponseValidationError": BadReply,
    "_AmbiguousModuleClientUsageError": BadRequest,
    "BadRequestError": BY_STATUS, "AuthenticationError": BY_STATUS, "OAuthError": AccessRefused,
    "PermissionDeniedError": BY_STATUS, "NotFoundError": BY_STATUS, "ConflictError": BY_STATUS,
    "UnprocessableEntityError": BY_STATUS, "RateLimitError": BY_STATUS, "InternalServerError": BY_STATUS,
    "LengthFinishReasonError": BadReply, "ContentFilterFinishReasonError": BadReply,
    "InvalidWebhookSignatureError": BadReply, "SubjectTokenProviderError": AccessRefused,
    "WebSocketConnectionClosedError": BadReply, "WebSocketQueueFullError": BadReply,
}  # fmt: skip

ANTHROPIC: Table = {
    "AnthropicError": BadRequest, "APIError": BY_STATUS, "APIStatusError": BY_STATUS, "APITimeoutError": TimedOut,
    "APIConnectionError": BY_CAUSE, "APIResponseValidationError": BadReply, "APIWebhookValidationError": BadReply,
    "BadRequestError": BY_STATUS, "AuthenticationError": BY_STATUS, "PaymentRequiredError": BY_STATUS,
    "PermissionDeniedError": BY_STATUS, "NotFoundError": BY_STATUS, "RequestTimeoutError": BY_STATUS,
    "ConflictError": BY_STATUS, "PreconditionFailedError": BY_STATUS, "ContentTooLargeError": BY_STATUS,
    "UnprocessableEntityError": BY_STATUS, "RateLimitError": BY_STATUS,
    "RequestHeaderFieldsTooLargeError": BY_STATUS, "ClientClosedRequestError": BY_STATUS,
    "InternalServerError": BY_STATUS, "HTTPNotImplementedError": BY_STATUS, "ServiceUnavailableError": BY_STATUS,
    "GatewayTimeoutError": BY_STATUS, "OverloadedError": BY_STATUS, "RetryableError": BadReply,
    "CredentialsError": AccessRefused, "IdentityTokenFileError": AccessRefused,
    "WorkloadIdentityError": AccessRefused, "SandboxEgressRestrictedError": AccessRefused,
    "ContractSpendLimitReachedError": AccessRefused, "EnforcedSpendLimitReachedError": AccessRefused,
    "LinkedOrganizationSpendLimitReachedError": AccessRefused, "RampLimitExceededError": BY_STATUS,
    "LinkedOrganizationBillingUnavailableError": AccessRefused, "OrganizationOnHoldError": AccessRefused,
    "OrganizationTypeNotSupportedError": AccessRefused, "ParentOrganizationRequiredError": AccessRefused,
    "ClaudeCodeKeyCreatorNotMemberError": AccessRefused, "ClaudeCodeVersionTooOldError": BY_STATUS,
    "CMEKContextUnavailableError": BY_STATUS, "CMEKKeyDisabledError": AccessRefused,
    "CMEKKeyNetworkBlockedError": AccessRefused, "CMEKKeyUnreachableError": BY_STATUS,
    "RequestBodyEncodingInvalidError": BY_STATUS, "RequestBodyEncodingUnsupportedError": BY_STATUS,
    "RequestBodyTooLargeAfterDecodingError": ContextTooLong,
    "WorkspaceHumanReviewDisabledError": AccessRefused,
}  # fmt: skip

OLLAMA: Table = {"RequestError": BadRequest, "ResponseError": BY_STATUS}

STATUSES: Mapping[int, type[ProviderError]] = {
    401: AccessRefused, 402: AccessRefused, 403: AccessRefused, 408: TimedOut, 413: ContextTooLong,
    429: RateLimited, 499: TimedOut,
}  # fmt: skip

WORDS: Mapping[str, type[ProviderError]] = {
    "insufficient_quota": AccessRefused, "billing_error": AccessRefused, "billing_hard_limit_reached": AccessRefused,
    "authentication_error": AccessRefused, "permission_error": AccessRefused, "invalid_api_key": AccessRefused,
    "context_length_exceeded": ContextTooLong, "exceed_context_size_error": ContextTooLong,
    "request_too_large": ContextTooLong, "rate_limit_error": RateLimited, "rate_limit_exceeded": RateLimited,
    "timeout_error": TimedOut, "overloaded_error": BadReply, "api_error": BadReply, "server_error": BadReply,
    "not_found_error": BadRequest, "invalid_request_error": BadRequest,
}  # fmt: skip
"""The ``type`` and ``code`` of an error's body: they tell a spent quota from a short pause, which both are 429."""

TOO_LONG = re.compile(
    r"context (length|window|size)|maximum context|prompt is too long|too many (input )?tokens|input length",
    re.I,
)
HINTS: Mapping[type[ProviderError], str] = {
    Unreachable: "Is the server running? `git smista doctor` looks at every provider.",
    AccessRefused: "Check the key and the quota; `git smista doctor` says which key is read.",
    ContextTooLong: "Stage less, or choose a model that reads more.",
}


@contextmanager
def mapped(tables: tuple[Table, ...], endpoint: Endpoint, *foreign: type[BaseException]) -> Iterator[None]:
    """Turns whatever the SDK raises inside into a ProviderError; errors of our own pass as they are."""
    catch: tuple[type[BaseException], ...] = (
        *foreign,
        OSError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
    )
    try:
        yield
    except SmistaError:
        raise
    except catch as exc:
        raise translate(exc, tables, endpoint) from exc


def translate(exc: BaseException, tables: tuple[Table, ...], endpoint: Endpoint) -> SmistaError:
    """Our error for a foreign one; our own error, where the SDK wrapped one."""
    own = _own_cause(exc)
    if own is not None:
        return own
    found = _look_up(exc, tables)
    if found == BY_CAUSE:
        cause = exc.__cause__
        found = _look_up(cause, tables) if cause is not None else Unreachable
    if isinstance(found, str):
        return _by_status(exc, endpoint)
    return _make(found, exc, endpoint)


def _own_cause(exc: BaseException | None) -> SmistaError | None:
    while exc is not None:
        if isinstance(exc, SmistaError):
            return exc
        exc = exc.__cause__ or exc.__context__
    return None


def _look_up(exc: BaseException, tables: tuple[Table, ...]) -> type[ProviderError] | str:
    for base in type(exc).__mro__:
        for table in tables:
            if base.__name__ in table:
                return table[base.__name__]
    return BadReply


def _by_status(exc: BaseException, endpoint: Endpoint) -> ProviderError:
    status = int(getattr(exc, "status_code", 0) or 0)
    words = _words(exc)
    found = next((WORDS[w] for w in words if w in WORDS), None)
    if TOO_LONG.search(str(exc)) and status < 500 and found in (None, BadRequest):
        found = ContextTooLong
    if found is None or (found is BadRequest and status in STATUSES):
        found = STATUSES.get(status) or (BadRequest if 300 <= status < 500 else BadReply)
    wait_s = retry_after_s(_headers(exc))
    if found is RateLimited or (status == 503 and wait_s is not None):
        return RateLimited(_message("is busy", exc, endpoint), retry_after_s=wait_s)
    return _make(found, exc, endpoint)


def _headers(exc: BaseException) -> Mapping[str, str]:
    """The reply's headers; ollama's error has none, but stands in the context of httpx's, which has."""
    for carrier in (exc, exc.__context__):
        response = getattr(carrier, "response", None)
        if response is not None:
            headers: Mapping[str, str] = response.headers
            return headers
    return {}


def _words(exc: BaseException) -> list[str]:
    """The ``type`` and ``code`` in an error's body, the narrower first."""
    inner = _error_body(exc)
    return [str(inner[key]) for key in ("code", "type") if inner.get(key)]


def _error_body(exc: BaseException) -> Mapping[str, Any]:
    body: Any = getattr(exc, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else None
    return inner if isinstance(inner, dict) else {}


def retry_after_s(headers: Mapping[str, str], *, now_s: float | None = None) -> float | None:
    """Seconds that the server asks to wait, from ``retry-after-ms`` or ``retry-after``; None when it says nothing."""
    try:
        if "retry-after-ms" in headers:
            wait_s = float(headers["retry-after-ms"]) / 1000
        elif re.fullmatch(r"\s*[0-9.]+\s*", headers.get("retry-after", "")):
            wait_s = float(headers["retry-after"])
        else:
            from email.utils import parsedate_to_datetime

            moment = parsedate_to_datetime(headers.get("retry-after", ""))
            wait_s = moment.timestamp() - (time.time() if now_s is None else now_s)
    except (ValueError, TypeError):
        return None
    return max(0.0, wait_s)


SHORTEST_KEY = 8
"""A shorter one is a stand-in such as ``none``, and masking it would maim other words."""

SAYS: Mapping[type[ProviderError], str] = {
    Unreachable: "cannot be reached",
    TimedOut: "did not answer in time",
    AccessRefused: "refuses access",
    BadRequest: "refuses the request",
    ContextTooLong: "cannot read so much",
    BadReply: "failed to answer",
}


def _make(kind: type[ProviderError], exc: BaseException, endpoint: Endpoint) -> ProviderError:
    return kind(_message(SAYS[kind], exc, endpoint), hint=HINTS.get(kind, ""))


def _message(what: str, exc: BaseException, endpoint: Endpoint) -> str:
    """One line: who, what, and the server's own words, shortened and without the key."""
    said = _error_body(exc).get("message") or exc.__cause__ or exc
    words = " ".join(str(said).split())[:200]
    if endpoint.api_key and len(endpoint.api_key) >= SHORTEST_KEY:
        words = words.replace(endpoint.api_key, "***")
    return f"{endpoint.name} ({endpoint.host}) {what}" + (f": {words}" if words else "")
