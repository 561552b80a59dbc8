"""Where the servers are: the user's ``[providers.NAME]`` tables over the environment, read as the SDKs read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from smista_git.errors import PolicyError
from smista_git.providers.base import Endpoint
from smista_git.providers.locality import is_loopback, proxy_for

KEYS = {"kind": str, "base_url": str, "api_key_env": str, "local": bool, "window_tokens": int}
KINDS = ("ollama", "openai", "anthropic")
OPENAI_URL = "https://api.openai.com/v1"
ANTHROPIC_URL = "https://api.anthropic.com"


def read_endpoints(tables: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Endpoint]:
    """Every provider by name: the three built in, then those of the user's config, which may change the three.

    Raises: PolicyError, with every error of the tables.
    """
    errors: list[str] = []
    found = {name: _endpoint(name, {"kind": name}, environ) for name in KINDS}
    for name, table in tables.items():
        wrong = _wrong(name, table)
        errors += wrong
        if not wrong:
            found[name] = _endpoint(name, {"kind": name, **table}, environ)
    if errors:
        raise PolicyError("\n".join(errors), hint="Edit the user's config.toml.")
    return found


def _wrong(name: str, table: Any) -> list[str]:
    where = f"[providers.{name}]"
    if not isinstance(table, dict):
        return [f"{where}: a table is expected"]
    if name == "builtin" or "/" in name or not name:
        return [f"{where}: this name cannot be used for a provider"]
    errors = []
    for key, value in table.items():
        if key not in KEYS:
            import difflib

            near = difflib.get_close_matches(key, KEYS, 1)
            errors.append(f"{where}: unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        elif type(value) is not KEYS[key]:
            errors.append(f"{where}: {key} must be a {KEYS[key].__name__}")
    kind = table.get("kind", name)
    if kind not in KINDS:
        errors.append(f"{where}: kind must be one of {', '.join(KINDS)}, not {kind!r}")
    url = table.get("base_url")
    if isinstance(url, str) and kind != "ollama" and urlsplit(url).scheme not in ("http", "https"):
        errors.append(f"{where}: base_url must begin with http:// or https://")
    if url is None and name not in KINDS:
        errors.append(f"{where}: base_url is missing")
    return errors


def _endpoint(name: str, table: Mapping[str, Any], environ: Mapping[str, str]) -> Endpoint:
    kind = table["kind"]
    url = table.get("base_url")
    if kind == "ollama":
        base_url = ollama_url(url or environ.get("OLLAMA_HOST"))
    elif kind == "openai":
        base_url = url or environ.get("OPENAI_BASE_URL") or OPENAI_URL
    else:
        base_url = url or environ.get("ANTHROPIC_BASE_URL") or ANTHROPIC_URL
    # A key of the environment belongs to the built-in provider of its name, never to a server that was added.
    key_name = table.get("api_key_env") or (f"{name.upper()}_API_KEY" if name == kind else None)
    if kind == "ollama" and "api_key_env" not in table and is_loopback(base_url):
        key_name = None
    return Endpoint(
        name=name,
        kind=kind,
        base_url=base_url,
        api_key=(environ.get(key_name) or None) if key_name else None,
        key_name=key_name,
        local=table.get("local"),
        window_tokens=table.get("window_tokens"),
        proxy=proxy_for(base_url, environ),
    )


def ollama_url(host: str | None) -> str:
    """``OLLAMA_HOST`` as Ollama reads it: no scheme means http and port 11434; no port under a scheme, its own.

    The address that a server listens on everywhere, 0.0.0.0 or ::, is called at the loopback address.
    """
    text = (host or "").strip().strip("\"'")
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "http", text
    usual = 11434 if not separator else {"http": 80, "https": 443}.get(scheme, 11434)
    split = urlsplit(f"{scheme}://{rest}")
    name = split.hostname or "127.0.0.1"
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(name, name)
    shown = f"[{name}]" if ":" in name else name
    path = split.path.strip("/")
    return f"{scheme}://{shown}:{split.port or usual}" + (f"/{path}" if path else "")
