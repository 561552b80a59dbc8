"""Says in plain words what the schema found: what is wrong, and what would be right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel

from smista_git.route.problems import did_you_mean
from smista_git.route.schema import PolicyFile
from smista_git.route.toml_lines import Path

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

TYPES = {
    "string_type": "a string",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}
# What does not match is not repeated: where a variable's name belongs, people paste the key itself.
PATTERNS = {
    "api_key_env": ('"api_key_env" is not the name of an environment variable', "name it: OPENAI_API_KEY"),
    "base_url": ('"base_url" is not an address', "begin it with http:// or https://"),
}


def explain_error(error: ErrorDetails, data: dict[str, Any]) -> tuple[Path, str, str]:
    """The path, what is wrong and how to put it right, for one error of the schema."""
    path = error["loc"]
    key, kind, value = _key(path), error["type"], error["input"]
    if kind == "extra_forbidden":
        return (
            path,
            f"unknown key {key} in {_table(path, data)}",
            did_you_mean(str(path[-1]), _keys(path[:-1])),
        )
    if kind == "missing":
        return path[:-1] or path, f"{_table(path, data)} has no {key}", f"add: {_missing(path)}"
    if kind == "literal_error":
        return path, f"{key} cannot be {_toml(value)}", did_you_mean(str(value), _literals(path, error))
    if kind in TYPES:
        return path, f"{key} is {_toml(value)}", f"it must be {TYPES[kind]}"
    if kind == "value_error":
        what, _, fix = str(error["ctx"]["error"]).partition(": ")
        return path, f"{key}: {what}", fix or "change the value"
    if kind == "too_short":
        return path, f"{key} is empty", "name at least one, or remove the key"
    if kind == "string_too_short":
        return path, f"{key} is empty", "write something"
    if kind == "string_pattern_mismatch" and path[-1] in PATTERNS:
        return path, *PATTERNS[str(path[-1])]
    return path, f"{key} is {_toml(value)}", error["msg"][0].lower() + error["msg"][1:]


def _key(path: Path) -> str:
    """The last name on the path, quoted; list positions are left out."""
    return f'"{next((p for p in reversed(path) if isinstance(p, str)), "version")}"'


def _table(path: Path, data: dict[str, Any]) -> str:
    """The table around a key as the file writes it; a rule goes by its name."""
    around = path[:-1]
    if not around:
        return "the file"
    if around[:2] == ("routing", "rules") and len(around) == 3:
        name = data["routing"]["rules"][around[2]].get("name")
        return f'the rule "{name}"' if name else "[[routing.rules]]"
    return f"[{'.'.join(str(p) for p in around)}]"


def _missing(path: Path) -> str:
    return "version = 1" if path[-1] == "version" else f'{path[-1]} = "..."'


def _keys(path: Path) -> list[str]:
    """The keys that the table at this path may have."""
    model = _model_at(path)
    return list(model.model_fields) if model else []


def _model_at(path: Path) -> type[BaseModel] | None:
    model: Any = PolicyFile
    for piece in path:
        if isinstance(model, type) and issubclass(model, BaseModel):
            field = model.model_fields.get(str(piece))
            model = field.annotation if field else None
        elif get_origin(model) is dict:
            model = get_args(model)[1]
        elif get_origin(model) is list:
            model = get_args(model)[0]
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def _literals(path: Path, error: ErrorDetails) -> list[str]:
    expected = error["ctx"]["expected"].replace(" or ", ", ")
    return [word.strip().strip("'") for word in expected.split(",")]


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
