"""What the OpenAI and the Anthropic SDK have in common: they stand on httpx2, and take the same client arguments."""

from __future__ import annotations

from typing import Any

import httpcore2
import httpx2

from smista_git.providers.attempt import Deadline
from smista_git.providers.base import Endpoint
from smista_git.providers.transport import client_options


def client_arguments(endpoint: Endpoint, deadline: Deadline) -> dict[str, Any]:
    """What the clients of the OpenAI and the Anthropic SDK are made with alike: one attempt, through our transport."""
    options = client_options(
        httpx2, httpcore2, endpoint.base_url, deadline, loopback_only=False, proxy=endpoint.proxy
    )
    return {
        "api_key": endpoint.api_key or "none",
        "base_url": endpoint.base_url,
        "max_retries": 0,
        "timeout": deadline.timeout_s,
        "http_client": httpx2.Client(**options),
    }


def network_errors() -> tuple[type[Exception], ...]:
    """What those SDKs let through of their transport."""
    return httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError
