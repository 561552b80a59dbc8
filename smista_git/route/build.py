"""Turns the tables of a checked policy file into frozen values. Loads no schema, so it costs next to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from smista_git.classify.labels import TIERS, Tier
from smista_git.route.policy import (
    DEFAULT_PRIORITY,
    BudgetFloor,
    Origin,
    PermissionFloor,
    PolicyLayer,
    Rule,
    SensitiveFloor,
    TierChoice,
)
from smista_git.route.toml_lines import Lines, Path

LISTS = ("intent", "skill", "kind", "type", "tier", "size", "flags", "branch", "hook", "paths", "paths_all")
PLAIN_TABLES = ("classification", "commit", "review", "changelog")
DEFAULT_DOWNGRADE_AT = Decimal("0.8")
DEFAULT_PAUSE_AT = Decimal("1.0")


def build_layer(data: Mapping[str, Any], lines: Lines, origin: Origin) -> PolicyLayer:
    """The layer that the tables describe; they must have passed ``check``."""
    at = _Places(lines, origin)
    rules = data.get("routing", {}).get("rules", [])
    return PolicyLayer(
        origin=origin,
        extends=as_tuple(data.get("extends")),
        rules=tuple(_rule(table, at(("routing", "rules", index))) for index, table in enumerate(rules)),
        tiers=_tiers(data.get("tiers", {}), at),
        sensitive=_sensitive(data.get("sensitive"), at(("sensitive",))),
        budget=_budget(data.get("budget"), at(("budget",))),
        permissions=_permissions(data.get("permissions"), at(("permissions",))),
        settings={
            f"{table}.{key}": (value, at((table, key)))
            for table in PLAIN_TABLES
            for key, value in data.get(table, {}).items()
        },
        providers=dict(data.get("providers", {})),
        aliases=dict(data.get("aliases", {})),
    )


def as_tuple(value: str | list[str] | None) -> tuple[str, ...]:
    """The strings of a value that may be written as one string or as a list."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


class _Places:
    """Gives the origin of a path of the file."""

    def __init__(self, lines: Lines, origin: Origin) -> None:
        self._lines = lines
        self._origin = origin

    def __call__(self, path: Path) -> Origin:
        origin = self._origin
        return Origin(origin.layer, origin.source, self._lines.of(path), origin.trusted)


def _rule(table: Mapping[str, Any], origin: Origin) -> Rule:
    lists: dict[str, Any] = {key: as_tuple(table.get(key)) for key in LISTS}
    return Rule(
        name=table["name"],
        origin=origin,
        priority=table.get("priority", DEFAULT_PRIORITY),
        max_files=table.get("max_files"),
        max_lines=table.get("max_lines"),
        cost_limit_usd=_money(table.get("cost_limit_usd")),
        effort=table.get("effort"),
        model=table.get("model"),
        fallbacks=as_tuple(table.get("fallbacks")),
        **lists,
    )


def _tiers(table: Mapping[str, Any], at: _Places) -> dict[Tier, TierChoice]:
    return {tier: TierChoice(as_tuple(table[tier]), at(("tiers", tier))) for tier in TIERS if tier in table}


def _sensitive(table: Mapping[str, Any] | None, origin: Origin) -> SensitiveFloor | None:
    if table is None:
        return None
    return SensitiveFloor(
        paths=as_tuple(table.get("paths")),
        then=table.get("then", "local"),
        secrets=table.get("secrets", "local"),
        origin=origin,
    )


def _budget(table: Mapping[str, Any] | None, origin: Origin) -> BudgetFloor | None:
    if table is None:
        return None
    return BudgetFloor(
        daily_usd=_money(table.get("daily_usd")),
        project_usd=_money(table.get("project_usd")),
        downgrade_at=Decimal(table.get("downgrade_at", DEFAULT_DOWNGRADE_AT)),
        pause_at=Decimal(table.get("pause_at", DEFAULT_PAUSE_AT)),
        origin=origin,
    )


def _permissions(table: Mapping[str, Any] | None, origin: Origin) -> PermissionFloor | None:
    if table is None:
        return None
    hosts = table.get("hosts")
    return PermissionFloor(table.get("remote", True), None if hosts is None else as_tuple(hosts), origin)


def _money(value: str | int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)
