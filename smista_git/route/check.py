"""Everything that is wrong with a policy file, found in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from smista_git.classify.labels import TIERS
from smista_git.route import schema
from smista_git.route.aliases import resolve_alias
from smista_git.route.build import DEFAULT_DOWNGRADE_AT, DEFAULT_PAUSE_AT, as_tuple, build_layer
from smista_git.route.model_name import PROVIDER_NAME, check_model_name
from smista_git.route.overlap import never_holds, shadows, ties
from smista_git.route.policy import PACKS, Layer, Origin, Rule
from smista_git.route.problems import InvalidPolicy, Problem, did_you_mean, printable
from smista_git.route.schema_errors import explain_error
from smista_git.route.specificity import in_order
from smista_git.route.toml_lines import Lines, Path

OWN_TABLES = ("providers", "aliases")
Found = Iterator[tuple[Path, str, str]]


def check(
    data: dict[str, Any],
    lines: Lines,
    *,
    source: str,
    layer: Layer,
    providers: frozenset[str] | None = None,
    aliases: Mapping[str, str] | None = None,
    not_supported: Mapping[str, str] | None = None,
) -> None:
    """Nothing, for a file that is right; ``providers`` and ``aliases`` are those known besides the file's own.

    Raises: InvalidPolicy with every problem of the file. What rules say to each other is looked at once the
    tables themselves are right.
    """
    refused = schema.NOT_SUPPORTED if not_supported is None else not_supported
    found = [
        *_schema_problems(data),
        *_unprintable(data),
        *_unsupported(data, refused),
        *_misplaced(data, layer),
    ]
    findings: list[Callable[[], Found]] = [
        lambda: _extends(data),
        lambda: _names(data),
        lambda: _models(data, providers, {**(aliases or {}), **data.get("aliases", {})}),
        lambda: _tiers(data, layer),
        lambda: _budget(data),
    ]
    if not found:
        found = [problem for finding in findings for problem in finding()]
        found += _rules(data, lines, Origin(layer, source))
    if found:
        raise InvalidPolicy(Problem(source, lines.of(path), what, fix) for path, what, fix in found)


def _schema_problems(data: dict[str, Any]) -> Found:
    try:
        schema.PolicyFile.model_validate(data)
    except ValidationError as exc:
        for error in exc.errors(include_url=False):
            yield explain_error(error, data)


def _unprintable(value: Any, so_far: Path = ()) -> Found:
    """Strings that could move the terminal's cursor, or show another text than they hold."""
    if isinstance(value, str) and printable(value) != value:
        yield so_far, f'"{value}" holds a character that cannot be seen', "write it without"
    items = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in items:
        if isinstance(key, str) and printable(key) != key:
            yield (*so_far, key), f'the key "{key}" holds a character that cannot be seen', "write it without"
        yield from _unprintable(inner, (*so_far, key))


def _unsupported(data: Mapping[str, Any], refused: Mapping[str, str]) -> Found:
    for dotted, meanwhile in refused.items():
        for path in _paths_of(data, tuple(dotted.split("."))):
            yield path, f'"{dotted}" is not supported yet', meanwhile


def _paths_of(value: Any, keys: tuple[str, ...], so_far: Path = ()) -> Iterator[Path]:
    """Every path in the file that a dotted key names; lists on the way are gone through."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _paths_of(item, keys, (*so_far, index))
    elif not keys:
        yield so_far
    elif isinstance(value, Mapping) and keys[0] in value:
        inner = value[keys[0]]
        if len(keys) == 1:
            yield (*so_far, keys[0])
        else:
            yield from _paths_of(inner, keys[1:], (*so_far, keys[0]))


def _misplaced(data: Mapping[str, Any], layer: Layer) -> Found:
    if layer in ("user", "system", "command line"):
        return
    for table in OWN_TABLES:
        if data.get(table):
            what = f"[{table}] is not a repository's to say: it decides where requests go"
            yield (table,), what, "move it to your own config; git smista doctor shows where that is"


def _extends(data: Mapping[str, Any]) -> Found:
    known = [f"pack:{name}" for name in PACKS]
    for name in as_tuple(data.get("extends")):
        if name not in known:
            yield ("extends",), f'there is no pack "{name}"', did_you_mean(name, known)


def _names(data: Mapping[str, Any]) -> Found:
    first: dict[str, int] = {}
    for index, rule in enumerate(_rule_tables(data)):
        name = rule["name"]
        if name in first:
            what = f'two rules are named "{name}"'
            yield ("routing", "rules", index, "name"), what, "give each rule its own name"
        first.setdefault(name, index)
    for name in data.get("providers", {}):
        if not PROVIDER_NAME.fullmatch(name):
            what = f'"{name}" cannot be a provider\'s name'
            yield ("providers", name), what, "use lower-case letters, digits, - and _"
    for name in data.get("aliases", {}):
        if objection := check_model_name(name):
            yield ("aliases", name), objection, "an alias is written like the model that it stands for"


def _models(data: Mapping[str, Any], providers: frozenset[str] | None, aliases: Mapping[str, str]) -> Found:
    known = None if providers is None else providers | data.get("providers", {}).keys()
    for path, models in _model_lists(data):
        seen: dict[str, str] = {}
        for model in models:
            full = resolve_alias(model, aliases)
            if objection := check_model_name(full, known):
                yield path, objection, "set it up under [providers.NAME] in your own config, or name another"
            if full in seen:
                again = f'"{model}"' if model == seen[full] else f'"{model}", which is "{seen[full]}",'
                yield path, f"{again} falls back to itself", "name each model once"
            seen.setdefault(full, model)


def _model_lists(data: Mapping[str, Any]) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Every list of models that are tried one after the other, with the path of its last key."""
    for tier, value in data.get("tiers", {}).items():
        yield ("tiers", tier), as_tuple(value)
    for index, rule in enumerate(_rule_tables(data)):
        key = "fallbacks" if "fallbacks" in rule else "model"
        if key in rule:
            models = as_tuple(rule.get("model")) + as_tuple(rule.get("fallbacks"))
            yield ("routing", "rules", index, key), models


def _tiers(data: Mapping[str, Any], layer: Layer) -> Found:
    """A repository or a pack that speaks of tiers speaks of all three, or builds on a pack that does."""
    tiers = data.get("tiers", {})
    if not tiers or data.get("extends") or layer not in ("repository", "pack"):
        return
    for tier in TIERS:
        if tier not in tiers:
            fix = f'add: {tier} = "provider/model", or build on a pack: extends = ["pack:local-first"]'
            yield ("tiers",), f'the tier "{tier}" is missing', fix


def _budget(data: Mapping[str, Any]) -> Found:
    table = data.get("budget", {})
    amounts = {key: Decimal(table[key]) for key in ("daily_usd", "project_usd") if key in table}
    downgrade = Decimal(table.get("downgrade_at", DEFAULT_DOWNGRADE_AT))
    pause = Decimal(table.get("pause_at", DEFAULT_PAUSE_AT))
    if table and not amounts:
        fix = 'add daily_usd or project_usd, such as: daily_usd = "5.00"'
        yield ("budget",), "[budget] sets no amount, so nothing of it can ever be reached", fix
    elif table and downgrade >= pause:
        what = f"downgrade_at ({downgrade}) can never be reached: the budget pauses at {pause}"
        key = "downgrade_at" if "downgrade_at" in table else "pause_at"
        yield ("budget", key), what, "set downgrade_at below pause_at"
    if len(amounts) == 2 and amounts["project_usd"] < amounts["daily_usd"]:
        what = f"daily_usd ({amounts['daily_usd']}) can never be reached: the project ends at {amounts['project_usd']}"
        yield ("budget", "daily_usd"), what, "set daily_usd to at most project_usd"


def _rules(data: dict[str, Any], lines: Lines, origin: Origin) -> Found:
    rules = build_layer(data, lines, origin).rules
    index = {id(rule): position for position, rule in enumerate(rules)}

    def at(rule: Rule) -> Path:
        return ("routing", "rules", index[id(rule)])

    tied = list(ties(rules))
    for earlier, later in tied:
        what = f'"{later.name}" and "{earlier.name}" (line {earlier.origin.line}) tie and can both match'
        yield at(later), what, f"give one of them another priority than {later.priority}"
    for earlier, later in shadows(in_order(rules)):
        if (earlier, later) not in tied and (later, earlier) not in tied:
            what = f'"{later.name}" can never be reached: "{earlier.name}" (line {earlier.origin.line}) takes all of it'
            yield at(later), what, f"give it a lower priority than {earlier.priority}, or remove it"
    for rule in rules:
        if why := never_holds(rule):
            yield at(rule), f'"{rule.name}" can never hold: {why}', "change one of the two"


def _rule_tables(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    tables: list[dict[str, Any]] = data.get("routing", {}).get("rules", [])
    return tables
