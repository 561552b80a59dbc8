"""Who is asked, before floors and availability have the last word: the override, a rule, or the tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smista_git.classify.labels import Tier
from smista_git.route.aliases import alias_effort
from smista_git.route.decision import Effort, ModelStatus, Override, Task
from smista_git.route.match import match_rule
from smista_git.route.policy import Policy, Rule
from smista_git.route.tiers import TIER_EFFORTS, models_of_tier, status_of
from smista_git.route.trace import Trace


@dataclass(frozen=True, slots=True)
class Choice:
    """The models to try in order, the effort, and the rule by name, or None."""

    models: tuple[str, ...]
    effort: Effort
    rule: str | None


def trace_override(override: Override, trace: Trace) -> None:
    """Write down what the command line says."""
    said = {"--model": override.model, "--tier": override.tier, "--effort": override.effort}
    for flag, value in said.items():
        if value is not None:
            trace.add("override", flag, value, "said on the command line")
    if not any(said.values()):
        trace.add("override", "command line", "none", "neither --model, --tier nor --effort was given")


def find_rule(
    task: Task,
    policy: Policy,
    tier: Tier,
    override: Override,
    models: Mapping[str, ModelStatus],
    trace: Trace,
) -> Rule | None:
    """The first rule that holds and may be followed; each rule leaves a line in the trace."""
    set_aside = override.model or override.tier
    found: Rule | None = None
    for rule in policy.rules:
        match = match_rule(rule, task, tier)
        if not match.holds:
            trace.add("rule", rule.name, "no match", match.why)
        elif set_aside:
            trace.add("rule", rule.name, "set aside", f"the command line says {set_aside}; {match.why}")
        elif found is not None:
            trace.add("rule", rule.name, "later", f'"{found.name}" comes first; {match.why}')
        elif remote := _waits_for_trust(rule, policy, tier, models):
            trace.add("rule", rule.name, "waiting for trust", _trust_why(rule, remote))
        else:
            trace.add("rule", rule.name, "matched", f"{match.why} [{rule.origin}]")
            found = rule
    if not policy.rules:
        trace.add("rule", "routing.rules", "none", "the policy has no rules")
    return found


def choose(
    rule: Rule | None,
    tier: Tier,
    policy: Policy,
    override: Override,
    models: Mapping[str, ModelStatus],
    trace: Trace,
) -> Choice:
    """The models that override, rule or tier name, in this order of strength, and the effort that goes with them."""
    name = rule.name if rule else None
    if override.model:
        named: tuple[str, ...] = (override.model,)
    elif rule and rule.model:
        named = _of_rule(rule, models)
        trace.add("tier", tier, "not asked", f'"{rule.name}" names {rule.model}')
    else:
        named = models_of_tier(tier, policy, models, trace) + (_of_rule(rule, models) if rule else ())
    by_name = alias_effort(named[0]) if named else None
    effort = override.effort or (rule.effort if rule else None) or by_name or TIER_EFFORTS[tier]
    return Choice(tuple(dict.fromkeys(named)), effort, name)


def _of_rule(rule: Rule, models: Mapping[str, ModelStatus]) -> tuple[str, ...]:
    """The rule's models; of a layer without trust only the local ones."""
    return tuple(m for m in rule.models if rule.origin.trusted or status_of(m, models).local)


def _waits_for_trust(rule: Rule, policy: Policy, tier: Tier, models: Mapping[str, ModelStatus]) -> str | None:
    """The remote model that a rule without trust would choose, or None."""
    if rule.origin.trusted:
        return None
    first = rule.model or next(iter(models_of_tier(tier, policy, models)), None)
    return first if first and not status_of(first, models).local else None


def _trust_why(rule: Rule, model: str) -> str:
    return f"it would send work to {model}, and {rule.origin} is not trusted yet: git smista policy trust"
