"""The reference page of the policy file, made from the schema, so that it cannot say something else."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from smista_git.route import schema

INTRO = """\
# The policy file

`.smista.toml` at the root of the repository says which model does which work, and what must not leave the machine.
This page is made from the schema by `smista_git/route/reference.py`; a test fails when it is stale.

```toml
version = 1
extends = ["pack:balanced"]

[[routing.rules]]
name = "auth code is reviewed by Claude Sonnet"
priority = 30
intent = "review"
paths = ["src/auth/**"]
effort = "medium"
model = "anthropic/claude-sonnet"
fallbacks = ["openai/gpt-5.5"]

[sensitive]
paths = [".env*", "**/secrets/**"]
then = "local"
```

Layers, weakest first: shipped pack, repository, user config, system config, command line. Rules are tried layer by
layer, strongest first. Floors (`[sensitive]`, `[budget]`, `[permissions]`) add up: the strictest of all layers holds.
The pack `local-first` lies beneath everything, so that every tier has a model and files that hold keys stay here.

Until it is trusted (`git smista policy trust`), a repository's file can only tighten: its rules and tiers that name a
remote model wait.

Where a key takes one word it also takes a list of them, if the table below says so.
"""
TABLES = {"routing": "[[routing.rules]]", "providers": "[providers.NAME]"}


def reference_markdown() -> str:
    """The whole page, ending in a newline."""
    sections = [INTRO, _section("The top of the file", "", _top_level())]
    for name, field in schema.PolicyFile.model_fields.items():
        if name == "aliases":
            sections.append(_aliases(field))
        elif model := _table_of(field.annotation):
            shown = schema.RuleTable if name == "routing" else model
            title = f"`{TABLES.get(name, f'[{name}]')}`"
            sections.append(_section(title, shown.__doc__ or "", shown.model_fields.items()))
    return "\n".join(sections)


def _top_level() -> Iterator[tuple[str, FieldInfo]]:
    for name, field in schema.PolicyFile.model_fields.items():
        if name != "aliases" and _table_of(field.annotation) is None:
            yield name, field


def _section(title: str, text: str, fields: Any) -> str:
    rows = [f"| `{name}` | {_takes(field.annotation)} | {_meaning(field)} |" for name, field in fields]
    head = ["| key | takes | meaning |", "| --- | --- | --- |"]
    return "\n".join([f"## {title}", "", *([text, ""] if text else []), *head, *rows, ""])


def _meaning(field: FieldInfo) -> str:
    return f"{field.description}{' Required.' if field.is_required() else ''}"


def _aliases(field: FieldInfo) -> str:
    example = '```toml\n[aliases]\n"anthropic/fast" = "anthropic/claude-haiku-5-5"\n```'
    return f"## `[aliases]`\n\n{field.description}\n\n{example}\n"


def _table_of(annotation: Any) -> type[BaseModel] | None:
    """The model of a table, or of the tables in a dict, or None for a plain key."""
    if get_origin(annotation) is dict:
        annotation = get_args(annotation)[1]
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _takes(annotation: Any) -> str:
    """What a key takes, in a few words."""
    kind = get_origin(annotation)
    if kind in (Union, UnionType):
        return _takes(next(arg for arg in get_args(annotation) if arg is not type(None)))
    if kind is Annotated:
        return _by_validator(annotation)
    if kind is list:
        return f"{_takes(get_args(annotation)[0])}, or a list"
    if kind is dict:
        return "a table of strings"
    if kind is Literal:
        return " ".join(f"`{arg}`" for arg in get_args(annotation))
    return {int: "a whole number", bool: "`true` `false`"}.get(annotation, "a string")


def _by_validator(annotation: Any) -> str:
    inner, *metadata = get_args(annotation)
    names = {getattr(getattr(m, "func", None), "__name__", "") for m in metadata}
    known = {"_money": "an amount", "_share": "a share", "_model": "a model"}
    return next((known[name] for name in names if name in known), _takes(inner))
