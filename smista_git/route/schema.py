"""The schema of a policy file, each key explained where it is defined; ``docs/policy.md`` is made from it.

Loaded only to check a text that has not passed yet: pydantic costs more than the rest of routing together.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from smista_git.classify.labels import CommitType, Flag, Kind, Size, Tier
from smista_git.route.decision import Effort, Intent
from smista_git.route.model_name import check_model_name

# Dotted keys that are known and not enforced yet, each with what to do meanwhile; they are refused.
NOT_SUPPORTED: dict[str, str] = {}
MAX_USD = 1_000_000_000
_STARS = re.compile(r"\*+")


def _listed(value: Any) -> Any:
    """One string stands for a list of one."""
    return [value] if isinstance(value, str) else value


def _money(value: Any) -> Any:
    """An amount in US dollars, exact; a string is the form that no TOML tool rounds."""
    try:
        amount = Decimal(value) if isinstance(value, str | int) and not isinstance(value, bool) else value
    except InvalidOperation:
        amount = None
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise ValueError(f'{value!r} is not an amount: write US dollars as a string, such as "5.00"')
    if not 0 <= amount <= MAX_USD:
        raise ValueError(f"{amount:.2e} is not an amount: write 0 or more, and at most {MAX_USD}")
    return amount


def _share(value: Any) -> Any:
    """A share of something, above 0 and up to 1."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not _is_share(value):
        raise ValueError(f"{value} is not a share: write a number above 0 and up to 1, such as 0.8")
    return Decimal(value)


def _is_share(value: int | Decimal) -> bool:
    return Decimal(value).is_finite() and 0 < value <= 1


def _pattern(value: Any) -> Any:
    """A pattern that no file name of a stranger can keep the matcher busy with for more than a moment."""
    if isinstance(value, str):
        in_each = [len(_STARS.findall(segment)) for segment in value.split("/")]
        if max(in_each) > 3 or sum(in_each) > 6:
            raise ValueError(f'"{value}" has too many stars: write at most 3 between two slashes, 6 in all')
    return value


def _model(value: Any) -> Any:
    if isinstance(value, str) and (objection := check_model_name(value)):
        raise ValueError(objection)
    return value


NonEmpty = Annotated[str, Field(min_length=1)]
Model = Annotated[str, BeforeValidator(_model)]
Models = Annotated[list[Model], Field(min_length=1), BeforeValidator(_listed)]
Pattern = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(_pattern)]
Patterns = Annotated[list[Pattern], Field(min_length=1), BeforeValidator(_listed)]
Names = Annotated[list[NonEmpty], Field(min_length=1), BeforeValidator(_listed)]
Intents = Annotated[list[Intent], Field(min_length=1), BeforeValidator(_listed)]
Kinds = Annotated[list[Kind], Field(min_length=1), BeforeValidator(_listed)]
Types = Annotated[list[CommitType], Field(min_length=1), BeforeValidator(_listed)]
TierNames = Annotated[list[Tier], Field(min_length=1), BeforeValidator(_listed)]
Sizes = Annotated[list[Size], Field(min_length=1), BeforeValidator(_listed)]
Flags = Annotated[list[Flag], Field(min_length=1), BeforeValidator(_listed)]
Money = Annotated[Decimal, BeforeValidator(_money)]
Share = Annotated[Decimal, BeforeValidator(_share)]
Seconds = Annotated[int, Field(ge=1, le=3600)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Tiers(_Table):
    """Which model serves which tier; a list names the first choice and then its fallbacks."""

    light: Models | None = Field(
        default=None, description="Serves small, plain work: docs, formatting, small fixes."
    )
    standard: Models | None = Field(default=None, description="Serves everyday work.")
    heavy: Models | None = Field(
        default=None, description="Serves large or risky work, and all work whose classification is unsure."
    )


class Classification(_Table):
    """How sure the classification must be."""

    min_confidence: Share | None = Field(
        default=None, description="Below this confidence the tier is raised by one. Default 0.6."
    )


class RuleTable(_Table):
    """One rule. It holds when every key it has holds; a list holds when any of its entries does."""

    name: NonEmpty = Field(description="What the preview calls the rule; each rule of a file has its own.")
    priority: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Lower numbers are tried first. Default 1000."
    )
    intent: Intents | None = Field(default=None, description="What is being done.")
    skill: Names | None = Field(
        default=None,
        description="The skill in use; `commit`, `review` and `changelog` are skills of their own name.",
    )
    kind: Kinds | None = Field(default=None, description="What kind of change it is.")
    type: Types | None = Field(default=None, description="The Conventional Commits type of the change.")
    tier: TierNames | None = Field(
        default=None, description="The tier of the task, after an unsure classification has raised it."
    )
    size: Sizes | None = Field(default=None, description="How large the change is.")
    flags: Flags | None = Field(default=None, description="What the change is flagged as; any one is enough.")
    branch: Names | None = Field(
        default=None,
        description="The branch that is checked out; `*` and `?` are wildcards, as in `release/*`.",
    )
    hook: Names | None = Field(
        default=None, description="The git hook that asks, such as `prepare-commit-msg`; no hook, no match."
    )
    paths: Patterns | None = Field(
        default=None,
        description="Patterns as in .gitignore; any file of the change is enough, on either side of a rename.",
    )
    paths_all: Patterns | None = Field(
        default=None,
        description="Patterns as in .gitignore; every file of the change must match, both sides of it.",
    )
    max_files: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Holds for changes of at most so many files."
    )
    max_lines: Annotated[int, Field(ge=0)] | None = Field(
        default=None,
        description="Holds for changes of at most so many added and deleted lines; lockfiles, generated and "
        "vendored files do not count.",
    )
    cost_limit_usd: Money | None = Field(
        default=None,
        description="Holds while the estimated cost, in US dollars, is known and at most this much.",
    )
    effort: Effort | None = Field(
        default=None, description="How hard the model should think. Default: low, medium, high by tier."
    )
    model: Model | None = Field(
        default=None, description="The model to ask, as `provider/model`. Default: the model of the tier."
    )
    fallbacks: Models | None = Field(
        default=None, description="The models to ask when that one does not answer, in this order."
    )


class Routing(_Table):
    """Rules, tried by ascending priority, then the most specific first, then in the order of the file."""

    rules: list[RuleTable] = Field(default=[], description="The rules.")


class Sensitive(_Table):
    """A floor: what must not leave the machine. The strictest of all layers holds."""

    paths: Patterns | None = Field(
        default=None,
        description="Patterns as in .gitignore, matched without regard to case, on both sides of a rename, and where a link leads to.",
    )
    then: Literal["exclude", "local", "block"] | None = Field(
        default=None,
        description="What follows when a file matches. `exclude` leaves that file out of what is sent, `local` "
        "keeps the whole job on this machine, `block` refuses it. Default `local`.",
    )
    secrets: Literal["local", "block"] | None = Field(
        default=None,
        description="What follows when a secret is found in the change: `local` keeps the job on this machine, "
        "`block` refuses it. Default `local`, also with no policy at all.",
    )


class Budget(_Table):
    """A floor: what may be spent. Local models cost nothing. The strictest of all layers holds."""

    daily_usd: Money | None = Field(default=None, description="US dollars a day, over all projects.")
    project_usd: Money | None = Field(default=None, description="US dollars for this project, over all time.")
    downgrade_at: Share | None = Field(
        default=None, description="From this share of an amount on, work is sent one tier lower. Default 0.8."
    )
    pause_at: Share | None = Field(
        default=None, description="From this share of an amount on, no remote model is asked. Default 1.0."
    )


class Permissions(_Table):
    """A floor: where requests may go at all. The strictest of all layers holds."""

    remote: bool | None = Field(
        default=None,
        description="`false` keeps everything on this machine, whatever else is said. Default `true`.",
    )
    hosts: Annotated[list[NonEmpty], BeforeValidator(_listed)] | None = Field(
        default=None,
        description="The only hosts that requests may go to, such as `api.anthropic.com`. Default: any.",
    )


class Commit(_Table):
    """How commit messages are written."""

    style: Literal["auto", "conventional", "plain", "gitmoji"] | None = Field(
        default=None, description="`auto` learns it from the history. Default `auto`."
    )
    deadline_s: Seconds | None = Field(
        default=None, description="Seconds for the whole job, all attempts included. Default 60."
    )
    max_subject: Annotated[int, Field(ge=20, le=200)] | None = Field(
        default=None, description="Characters in the subject line, at most. Default 72."
    )


class Review(_Table):
    """How a review ends."""

    fail_on: Literal["error", "warning", "note", "never"] | None = Field(
        default=None,
        description="A finding of this level or above makes the command exit with 1. Default `error`.",
    )
    on_failure: Literal["open", "closed"] | None = Field(
        default=None,
        description="When no model answers in a hook: `open` lets the commit through with a notice, `closed` stops "
        "it. Default `open`.",
    )
    deadline_s: Seconds | None = Field(
        default=None,
        description="Seconds for the whole job, all attempts included. Default 300, in a hook 30.",
    )
    max_comments: Annotated[int, Field(ge=0, le=100)] | None = Field(
        default=None,
        description="Comments that a review leaves on lines of a pull request, at most; the rest goes into its "
        "summary. Default 20.",
    )


class Changelog(_Table):
    """How the changelog is written. What a file's own entries show is not set here: new ones look like them."""

    file: NonEmpty | None = Field(
        default=None,
        description="The file, from the root. Default: `CHANGELOG.md`, or what is there instead.",
    )
    tags: NonEmpty | None = Field(
        default=None,
        description="Which tags are releases, as a glob such as `ui-v*`. Default: those with a version.",
    )
    version: Literal["semver", "calver"] | None = Field(
        default=None,
        description="What `--release auto` counts by. Default: the calendar where past tags do, else `semver`.",
    )
    since_edit: Literal["auto", "yes", "no"] | None = Field(
        default=None,
        description="Whether the last edit of the section to come speaks for all commits before it, so that only newer ones "
        "are missing: `auto` where the section is kept by hand, `yes`, `no`. Default `auto`.",
    )
    exclude: Names | None = Field(
        default=None,
        description="Types that are never listed, such as `perf`; a breaking change is all the same.",
    )
    include: Names | None = Field(
        default=None, description="Types that are always listed, such as `docs`, whatever past releases show."
    )
    sections: dict[NonEmpty, NonEmpty] = Field(
        default={},
        description='The name of the section for a type, as in `perf = "Faster"`; `breaking` is one for all that breaks.',
    )
    order: Names | None = Field(
        default=None, description="The order of sections. Default: that of Keep a Changelog, then by name."
    )
    links: bool | None = Field(
        default=None,
        description="`false` writes numbers and commits without their addresses. Default `true`.",
    )
    forge: Literal["github", "gitlab", "gitea", "bitbucket"] | None = Field(
        default=None, description="What runs at the remote's host, where its name does not tell."
    )
    scopes: bool | None = Field(
        default=None, description="`true` puts the scope before each entry of a new file. Default `false`."
    )
    authors: bool | None = Field(
        default=None, description="`true` names the author behind each entry. Default `false`."
    )
    contributors: bool | None = Field(
        default=None,
        description="`true` lists those whose first commit it is, where releases are printed. Default `false`.",
    )
    template: NonEmpty | None = Field(
        default=None,
        description="A Jinja2 template for what is printed, from the root; it runs in a sandbox.",
    )
    deadline_s: Seconds | None = Field(
        default=None, description="Seconds for `--polish`, all batches included. Default 300."
    )


class ProviderTable(_Table):
    """A server to ask. Only in the user's and the system's own config: a repository names no endpoints."""

    kind: Literal["openai", "anthropic", "ollama"] | None = Field(
        default=None, description="The protocol that the server speaks. Default `openai`."
    )
    base_url: Annotated[str, Field(pattern=r"^https?://")] | None = Field(
        default=None, description="Where the server is, such as `http://127.0.0.1:8000/v1`."
    )
    api_key_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = Field(
        default=None,
        description="The environment variable that holds the key; the key itself is never written here.",
    )
    local: bool | None = Field(
        default=None,
        description="`true` says that this server is on this machine and passes nothing on; `false` always wins.",
    )
    window_tokens: Annotated[int, Field(ge=512)] | None = Field(
        default=None, description="How many tokens its models read."
    )


class PolicyFile(_Table):
    """The whole file."""

    version: Literal[1] = Field(description="The version of this format: 1.")
    extends: Names | None = Field(
        default=None,
        description="The packs that this file builds on, weakest first, such as `pack:balanced`.",
    )
    tiers: Tiers = Field(default=Tiers(), description="Which model serves which tier.")
    classification: Classification = Field(
        default=Classification(), description="How sure the classification must be."
    )
    routing: Routing = Field(default=Routing(), description="The rules.")
    sensitive: Sensitive = Field(default=Sensitive(), description="What must not leave the machine.")
    budget: Budget = Field(default=Budget(), description="What may be spent.")
    permissions: Permissions = Field(default=Permissions(), description="Where requests may go at all.")
    commit: Commit = Field(default=Commit(), description="How commit messages are written.")
    review: Review = Field(default=Review(), description="How a review ends.")
    changelog: Changelog = Field(default=Changelog(), description="How the changelog is written.")
    providers: dict[str, ProviderTable] = Field(default={}, description="Servers to ask, by name.")
    aliases: dict[str, Model] = Field(
        default={}, description="Short names for models. Only in the user's and the system's own config."
    )
