"""Merges layers into the effective policy: values by strength, rules layer by layer, floors the strictest of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from smista_git.classify.labels import TIERS, Tier
from smista_git.route.build import as_tuple
from smista_git.route.policy import (
    DEFAULT_MIN_CONFIDENCE,
    LAYERS,
    ChangelogSettings,
    CommitSettings,
    Policy,
    PolicyLayer,
    ReviewSettings,
    TierChoice,
    Value,
)
from smista_git.route.specificity import in_order
from smista_git.route.waiting import NEEDS_TRUST, what_waits

# Where requests go, and under what name, is never a repository's to say, trusted or not.
OWNERS = ("user", "system", "command line")


def merge(layers: Sequence[PolicyLayer]) -> Policy:
    """The effective policy; layers of the same strength keep their order, the later one being stronger."""
    weakest_first = sorted(layers, key=lambda layer: LAYERS.index(layer.origin.layer))
    settings = _settings(weakest_first)
    owned = [layer for layer in weakest_first if layer.origin.layer in OWNERS]
    return Policy(
        rules=tuple(rule for layer in reversed(weakest_first) for rule in in_order(layer.rules)),
        tiers={tier: _tier(tier, weakest_first) for tier in TIERS},
        sensitive=tuple(layer.sensitive for layer in weakest_first if layer.sensitive),
        budgets=tuple(layer.budget for layer in weakest_first if layer.budget),
        permissions=tuple(layer.permissions for layer in weakest_first if layer.permissions),
        min_confidence=float(settings.get("classification.min_confidence", DEFAULT_MIN_CONFIDENCE)),
        commit=_commit(settings),
        review=_review(settings),
        changelog=_changelog(settings),
        providers={name: table for layer in owned for name, table in layer.providers.items()},
        aliases={name: target for layer in owned for name, target in layer.aliases.items()},
        layers=tuple(layer.origin for layer in weakest_first),
        values=tuple(_values(weakest_first)),
        notices=tuple(_notices(weakest_first)),
    )


def _waits(key: str, layer: PolicyLayer) -> bool:
    return key in NEEDS_TRUST and not layer.origin.trusted


def _settings(weakest_first: Sequence[PolicyLayer]) -> dict[str, Any]:
    return {
        key: value
        for layer in weakest_first
        for key, (value, _) in layer.settings.items()
        if not _waits(key, layer)
    }


def _tier(tier: Tier, weakest_first: Sequence[PolicyLayer]) -> tuple[TierChoice, ...]:
    return tuple(layer.tiers[tier] for layer in reversed(weakest_first) if tier in layer.tiers)


def _of_table(table: str, settings: dict[str, Any]) -> dict[str, Any]:
    prefix = f"{table}."
    values = {k.removeprefix(prefix): v for k, v in settings.items() if k.startswith(prefix)}
    return values | ({"deadline_s": float(values["deadline_s"])} if "deadline_s" in values else {})


def _commit(settings: dict[str, Any]) -> CommitSettings:
    return CommitSettings(**_of_table("commit", settings))


def _review(settings: dict[str, Any]) -> ReviewSettings:
    return ReviewSettings(**_of_table("review", settings))


def _changelog(settings: dict[str, Any]) -> ChangelogSettings:
    values = _of_table("changelog", settings)
    lists: dict[str, Any] = {
        key: as_tuple(values[key]) for key in ("exclude", "include", "order") if key in values
    }
    return ChangelogSettings(**values | lists)


def _notices(layers: Sequence[PolicyLayer]) -> Iterable[str]:
    untrusted = [layer for layer in layers if not layer.origin.trusted]
    waiting = what_waits(untrusted)
    if waiting:
        things = "one thing it says waits" if len(waiting) == 1 else f"{len(waiting)} things it says wait"
        yield f"{untrusted[-1].origin.source} is not trusted yet, so {things}: git smista policy trust"
    for layer in layers:
        if layer.origin.layer not in OWNERS and (layer.providers or layer.aliases):
            yield f"{layer.origin.source}: providers and aliases are ignored outside the user's own config"


def _values(weakest_first: Sequence[PolicyLayer]) -> Iterable[Value]:
    """The lines of the effective policy, in the order of the reference page."""
    for tier in TIERS:
        for choice in _tier(tier, weakest_first):
            yield Value(f"tiers.{tier}", _toml(choice.models), choice.origin)
            if choice.origin.trusted:
                break
    yield from _plain_values(weakest_first)
    for layer in reversed(weakest_first):
        for rule in in_order(layer.rules):
            yield Value(
                f"routing.rules.{rule.name}", _toml(rule.models or ("the tier's model",)), rule.origin
            )
    yield from _floor_values(weakest_first)
    for layer in weakest_first:
        if layer.origin.layer in OWNERS:
            for name, target in layer.aliases.items():
                yield Value(f"aliases.{name}", _toml(target), layer.origin)
            for name, table in layer.providers.items():
                where = table.get("base_url") or table.get("kind") or name
                yield Value(f"providers.{name}", _toml(where), layer.origin)


def _plain_values(weakest_first: Sequence[PolicyLayer]) -> Iterable[Value]:
    said = {
        key: Value(key, _toml(value), origin)
        for layer in weakest_first
        for key, (value, origin) in layer.settings.items()
        if not _waits(key, layer)
    }
    yield from (said[key] for key in sorted(said))


def _floor_values(weakest_first: Sequence[PolicyLayer]) -> Iterable[Value]:
    for layer in weakest_first:
        if floor := layer.sensitive:
            yield Value("sensitive.paths", _toml(floor.paths), floor.origin)
            yield Value("sensitive.then", _toml(floor.then), floor.origin)
            yield Value("sensitive.secrets", _toml(floor.secrets), floor.origin)
        if budget := layer.budget:
            for key in ("daily_usd", "project_usd", "downgrade_at", "pause_at"):
                amount = getattr(budget, key)
                if amount is not None:
                    yield Value(f"budget.{key}", _toml(amount), budget.origin)
        if permissions := layer.permissions:
            yield Value("permissions.remote", _toml(permissions.remote), permissions.origin)
            if permissions.hosts is not None:
                yield Value("permissions.hosts", _toml(permissions.hosts), permissions.origin)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return _toml(value[0]) if len(value) == 1 else f"[{', '.join(_toml(v) for v in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_toml(v)}' for key, v in value.items())} }}"
    return f'"{value}"' if isinstance(value, str) else str(value)
