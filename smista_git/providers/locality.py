"""Does a request stay on this machine?"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from smista_git.providers.base import Endpoint


def is_local(endpoint: Endpoint) -> tuple[bool, str]:
    """Whether the endpoint counts as local, and why in one phrase.

    Behind a proxy of the environment nothing is, whatever the config says: the proxy's machine reads along. Else the
    user's config decides where it speaks. Otherwise only Ollama on a loopback address is local; for that address no
    proxy is ever used, and the connection checks its peer again, so a name that changes its address between now
    and then ends in a refusal.
    """
    if endpoint.proxy is not None:
        return False, f"a proxy stands in between; NO_PROXY={endpoint.host} goes around it"
    if endpoint.local is not None:
        return endpoint.local, f"local = {str(endpoint.local).lower()} in the user's config"
    if endpoint.kind != "ollama":
        return False, "may forward what it gets; local = true in the user's config says otherwise"
    if is_loopback(endpoint.base_url):
        return True, "on this machine"
    return False, f"{endpoint.host} is another machine"


@cache
def is_loopback(base_url: str) -> bool:
    """True when every address of the URL's host is a loopback address; a name without an address is not."""
    addresses = _addresses(urlsplit(base_url).hostname or "")
    return bool(addresses) and all(ipaddress.ip_address(a).is_loopback for a in addresses)


def _addresses(host: str) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    try:
        return [str(info[4][0]).partition("%")[0] for info in socket.getaddrinfo(host, None)]
    except (OSError, UnicodeError):
        return []


def proxy_for(base_url: str, environ: Mapping[str, str]) -> str | None:
    """The proxy that the environment names for the URL, after ``NO_PROXY``; never one for a loopback address."""
    split = urlsplit(base_url)
    lowered = {name.lower(): value for name, value in environ.items() if value}
    proxy = lowered.get(f"{split.scheme}_proxy") or lowered.get("all_proxy")
    if proxy is None or _bypassed(split.hostname or "", lowered.get("no_proxy", "")):
        return None
    # Asked last: it looks the name up, and no name is looked up before something is to be sent there.
    if is_loopback(base_url):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _bypassed(host: str, no_proxy: str) -> bool:
    for entry in no_proxy.replace(",", " ").split():
        suffix = entry.partition(":")[0].lstrip(".").lower()
        if entry == "*" or host == suffix or host.endswith("." + suffix):
            return True
    return False
