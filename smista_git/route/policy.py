"""The policy: what one file says (a layer), and what all layers together say (the effective policy)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from smista_git.classify.labels import TIERS, Tier
from smista_git.route.decision import BUILTIN, Effort, Intent

Layer = Literal["pack", "repository", "user", "system", "command line"]
LAYERS: tuple[Layer, ...] = ("pack", "repository", "user", "system", "command line")
Then = Literal["exclude", "local", "block"]
THENS: tuple[Then, ...] = ("exclude", "local", "block")  # from the mildest to the strictest
Secrets = Literal["local", "block"]
FailOn = Literal["error", "warning", "note", "never"]
FAIL_ON: tuple[FailOn, ...] = ("error", "warning", "note", "never")
PACKS = ("local-first", "balanced", "local-only", "frugal", "strict", "ci")
DEFAULT_PRIORITY = 1000
DEFAULT_MIN_CONFIDENCE = 0.6
REVIEW_DEADLINE_S = 300.0
HOOK_DEADLINE_S = 30.0


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was written; ``line`` is 1-based, 0 where there is none.

    ``source`` is a file as the user knows it, or ``pack:NAME``; a pack has the layer of the file that extends
    it, and its trust.
    """

    layer: Layer
    source: str
    line: int = 0
    trusted: bool = True

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line else self.source
        return place if self.source.startswith("pack:") else f"{place} ({self.layer})"


@dataclass(frozen=True, slots=True)
class Rule:
    """One ``[[routing.rules]]`` table; an empty tuple or None means that the key was not given."""

    name: str
    origin: Origin
    priority: int = DEFAULT_PRIORITY
    intent: tuple[Intent, ...] = ()
    skill: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    tier: tuple[Tier, ...] = ()
    size: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    hook: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    paths_all: tuple[str, ...] = ()
    max_files: int | None = None
    max_lines: int | None = None
    cost_limit_usd: Decimal | None = None
    effort: Effort | None = None
    model: str | None = None
    fallbacks: tuple[str, ...] = ()

    @property
    def models(self) -> tuple[str, ...]:
        """The model and the fallbacks, in the order in which they are tried."""
        return ((self.model,) if self.model else ()) + self.fallbacks


@dataclass(frozen=True, slots=True)
class TierChoice:
    """The models of one tier in one layer, first choice first."""

    models: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class SensitiveFloor:
    """One layer's ``[sensitive]`` table; patterns are gitignore-style and match without regard to case."""

    paths: tuple[str, ...]
    then: Then
    secrets: Secrets
    origin: Origin


@dataclass(frozen=True, slots=True)
class BudgetFloor:
    """One layer's ``[budget]`` table; the shares apply to this layer's own amounts."""

    daily_usd: Decimal | None
    project_usd: Decimal | None
    downgrade_at: Decimal
    pause_at: Decimal
    origin: Origin


@dataclass(frozen=True, slots=True)
class PermissionFloor:
    """One layer's ``[permissions]`` table; ``hosts`` is None where any host will do."""

    remote: bool
    hosts: tuple[str, ...] | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class CommitSettings:
    """``[commit]``: how messages are written, and how long a model may take."""

    style: Literal["auto", "conventional", "plain", "gitmoji"] = "auto"
    deadline_s: float = 60.0
    max_subject: int = 72


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """``[review]``: when the gate trips, and what happens when no model answers.

    ``deadline_s`` is None where no layer says it: a person waits longer than a hook may.
    """

    fail_on: FailOn = "error"
    on_failure: Literal["open", "closed"] = "open"
    deadline_s: float | None = None
    max_comments: int = 20

    def deadline_of(self, hook: str | None) -> float:
        """Seconds for the whole review: what the policy says, else 300, in a hook 30."""
        if self.deadline_s is not None:
            return self.deadline_s
        return REVIEW_DEADLINE_S if hook is None else HOOK_DEADLINE_S


SinceEdit = Literal["auto", "yes", "no"]


@dataclass(frozen=True, slots=True)
class ChangelogSettings:
    """``[changelog]``: which commits, which file, and how entries are named, ordered and linked.

    ``sections`` maps a type to a section's name.
    """

    file: str | None = None
    tags: str | None = None
    version: Literal["semver", "calver"] | None = None
    since_edit: SinceEdit = "auto"
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    sections: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    links: bool = True
    forge: Literal["github", "gitlab", "gitea", "bitbucket"] | None = None
    scopes: bool = False
    authors: bool = False
    contributors: bool = False
    template: str | None = None
    deadline_s: float = 300.0


@dataclass(frozen=True, slots=True)
class PolicyLayer:
    """What one file says. ``settings`` holds the plain values by dotted key, each with where it stands.

    ``providers`` are the tables as written, for the providers to read.
    """

    origin: Origin
    extends: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    tiers: Mapping[Tier, TierChoice] = field(default_factory=dict)
    sensitive: SensitiveFloor | None = None
    budget: BudgetFloor | None = None
    permissions: PermissionFloor | None = None
    settings: Mapping[str, tuple[object, Origin]] = field(default_factory=dict)
    providers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Value:
    """One line of the effective policy: a dotted key, its value as TOML would write it, and where it came from."""

    key: str
    value: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Policy:
    """All layers together. Rules stand in the order in which they are tried; a tier lists its choices strongest
    layer first; floors are kept one a layer, because the strictest holds. ``providers`` and ``aliases`` are
    those of the user's and the system's config.
    """

    rules: tuple[Rule, ...] = ()
    tiers: Mapping[Tier, tuple[TierChoice, ...]] = field(default_factory=dict)
    sensitive: tuple[SensitiveFloor, ...] = ()
    budgets: tuple[BudgetFloor, ...] = ()
    permissions: tuple[PermissionFloor, ...] = ()
    min_confidence: float = DEFAULT_MIN_CONFIDENCE
    commit: CommitSettings = CommitSettings()
    review: ReviewSettings = ReviewSettings()
    changelog: ChangelogSettings = field(default_factory=ChangelogSettings)
    providers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[Origin, ...] = ()
    values: tuple[Value, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def sensitive_paths(self) -> tuple[str, ...]:
        """Every sensitive pattern of every layer, weakest layer first, each once; for display.

        Negations of one layer would undo another's patterns in this list: ask ``floors.sensitive_path`` to match.
        """
        return tuple(dict.fromkeys(p for floor in self.sensitive for p in floor.paths))

    def models(self, intent: Intent | None = None) -> tuple[str, ...]:
        """Every model that a decision could touch, each once: rules first, then tiers; ``builtin/rules`` is last.

        With an intent, rules that are bound to other intents are left out.
        """
        rules = [r for r in self.rules if intent is None or not r.intent or intent in r.intent]
        named = [model for rule in rules for model in rule.models]
        named += [model for tier in TIERS for choice in self.tiers.get(tier, ()) for model in choice.models]
        return (*(m for m in dict.fromkeys(named) if m != BUILTIN), BUILTIN)
