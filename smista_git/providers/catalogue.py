"""Prices and windows from genai-prices, kept in a small file: importing the library costs 0.15 s, the file 1 ms.

The file is named for the library's version and the day, so that an update of the library, and a price that begins
on a certain date, are seen.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from smista_git.plan.estimate import Price
from smista_git.whole_file import write_whole


@dataclass(frozen=True, slots=True)
class Facts:
    """What the library knows of a model; each part is None where it knows nothing."""

    price: Price | None = None
    window_tokens: int | None = None


UNKNOWN = Facts()
LookUp = Callable[[str, str | None, str | None, datetime], Facts]


def facts_of(
    model: str,
    *,
    provider: str | None,
    api_url: str | None,
    cache_dir: Path | None,
    now: datetime | None = None,
    look_up: LookUp | None = None,
) -> Facts:
    """What is known of a model by its name on the wire, at the provider of that id or, first, at that address."""
    moment = now or datetime.now(UTC)
    path = _file(cache_dir, moment)
    kept = _read(path)
    key = " ".join((provider or "-", api_url or "-", model))
    if key in kept:
        return _from_json(kept[key])
    facts = (look_up or from_library)(model, provider, api_url, moment)
    _write(path, {**kept, key: _to_json(facts)})
    return facts


def from_library(model: str, provider: str | None, api_url: str | None, moment: datetime) -> Facts:
    """The library's own answer."""
    from genai_prices.data_snapshot import get_snapshot

    snapshot = get_snapshot()
    for wanted in ((None, api_url), (provider, None)):
        if wanted == (None, None):
            continue
        try:
            _, info = snapshot.find_provider_model(model, None, *wanted)
        except LookupError:
            continue
        return Facts(_price(info.get_prices(moment)), info.context_window)
    return UNKNOWN


def _price(prices: Any) -> Price | None:
    """The base price; models that cost more beyond 200,000 tokens of input are priced for less than that."""
    input_usd, output_usd = (getattr(p, "base", p) for p in (prices.input_mtok, prices.output_mtok))
    if input_usd is None or output_usd is None:
        return None
    return Price(Decimal(input_usd), Decimal(output_usd))


def _file(cache_dir: Path | None, moment: datetime) -> Path | None:
    version = _library_version()
    if cache_dir is None or version is None:
        return None
    return cache_dir / f"prices-{version}-{moment.astimezone(UTC):%Y%m%d}.json"


def _library_version() -> str | None:
    """From the name of the installed metadata: importlib.metadata would cost ten times as much."""
    from importlib.util import find_spec

    spec = find_spec("genai_prices")
    if spec is None or spec.origin is None:
        return None
    prefix, suffix = "genai_prices-", ".dist-info"
    names = [entry.name for entry in Path(spec.origin).parent.parent.iterdir()]
    return next(
        (n[len(prefix) : -len(suffix)] for n in names if n.startswith(prefix) and n.endswith(suffix)), None
    )


def _read(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(path: Path | None, kept: dict[str, Any]) -> None:
    """Replaces the file whole; a cache that cannot be written is no reason to stop."""
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(kept, sort_keys=True).encode())
        for old in path.parent.glob("prices-*.json"):
            if old.name < path.name:
                old.unlink(missing_ok=True)
    except OSError:
        return


def _to_json(facts: Facts) -> list[Any]:
    price = facts.price
    pair = [str(price.input_usd_per_mtok), str(price.output_usd_per_mtok)] if price else [None, None]
    return [*pair, facts.window_tokens]


def _from_json(row: Any) -> Facts:
    try:
        input_usd, output_usd, window_tokens = row
        price = None if input_usd is None else Price(Decimal(input_usd), Decimal(output_usd))
        return Facts(price, None if window_tokens is None else int(window_tokens))
    except (TypeError, ValueError, ArithmeticError):
        return UNKNOWN
