"""The decision: facts, floors, override, rule, tier and confidence, learning, budget, availability, floors again.

A pure function of its arguments: the same task, policy and circumstances give the same decision on any machine.
"""

from __future__ import annotations

from smista_git.classify.labels import Tier
from smista_git.route.budget import pressure
from smista_git.route.choice import Choice, choose, find_rule, trace_override
from smista_git.route.decision import BUILTIN, Circumstances, Decision, Task
from smista_git.route.floors import Floors, find_floors
from smista_git.route.gate import Gate
from smista_git.route.permissions import permissions
from smista_git.route.policy import Policy, Rule
from smista_git.route.tiers import (
    learn,
    local_models,
    models_of_tier,
    relieve,
    shifted,
    status_of,
    tier_of_facts,
    why_held,
)
from smista_git.route.trace import Trace
from smista_git.wording import counted


def decide(task: Task, policy: Policy, circumstances: Circumstances) -> Decision:
    """Which model does the job, with every step that led there.

    Raises: Refused where a floor blocks or leaves nobody, BudgetPaused where only the budget stands in the way,
    NothingAvailable where no model answers.
    """
    trace = Trace()
    _trace_facts(task, trace)
    floors = find_floors(task, policy)
    _trace_floors(floors, trace)
    trace_override(circumstances.override, trace)
    facts = tier_of_facts(task.labels, policy.min_confidence)
    before = circumstances.override.tier or facts.tier
    rule = find_rule(task, policy, before, circumstances.override, circumstances.models, trace)
    _trace_confidence(task, before, facts.why, circumstances, trace)
    strain = pressure(policy, circumstances.spend)
    held = _held(rule, circumstances) or why_held(task.labels, unsure=facts.unsure)
    tier = learn(before, held, circumstances.learned, trace)
    tier = relieve(tier, before, held, strain, trace)
    choice = choose(rule, tier, policy, circumstances.override, circumstances.models, trace)
    gate = Gate(task, floors, strain, circumstances, trace)
    serving = gate.serving(_candidates(choice, tier, policy, circumstances))
    escalation = _escalation(rule, tier, serving, policy, circumstances, gate)
    asked = serving if escalation is None else (*serving, escalation)
    return Decision(
        model=serving[0],
        effort=choice.effort,
        fallbacks=serving[1:],
        rule=choice.rule,
        tier=tier,
        original_tier=task.labels.tier,
        permissions=permissions(task.intent, asked, circumstances.models),
        trace=trace.steps(),
        escalation=escalation,
        floors=floors.names,
    )


def _trace_facts(task: Task, trace: Trace) -> None:
    labels = task.labels
    flags = f", flagged {' '.join(labels.flags)}" if labels.flags else ""
    why = (
        f"{labels.type}, {labels.size}, {counted(len(task.change.files), 'file')}, "
        f"confidence {labels.confidence:.2f}{flags}"
    )
    trace.add("facts", f"{task.intent} ({labels.kind})", labels.tier, why)


def _trace_floors(floors: Floors, trace: Trace) -> None:
    for reason in floors.reasons:
        trace.add("floors", reason.then, "in force", str(reason))
    if floors.hosts is not None:
        trace.add("floors", "hosts", "in force", f"only {', '.join(floors.hosts) or 'no host'} may be asked")
    if not floors.names:
        trace.add("floors", "all", "not touched", "nothing sensitive, and no permission is withheld")


def _trace_confidence(task: Task, tier: Tier, why: str, circumstances: Circumstances, trace: Trace) -> None:
    if circumstances.override.tier:
        why = f"--tier holds; the facts said {task.labels.tier}"
    trace.add("confidence", task.labels.tier, tier, why)


def _held(rule: Rule | None, circumstances: Circumstances) -> str | None:
    """Why the tier does not move, where someone has named model or tier."""
    override = circumstances.override
    if override.model or override.tier:
        return f"the command line says {override.model or override.tier}"
    return f'"{rule.name}" names its model' if rule and rule.model else None


def _candidates(choice: Choice, tier: Tier, policy: Policy, circumstances: Circumstances) -> tuple[str, ...]:
    """Who could do it, in order: the choice, then whatever is on this machine, then the builtin writer."""
    stand_ins = local_models(tier, policy, circumstances.models)
    return tuple(dict.fromkeys((*choice.models, *stand_ins, BUILTIN)))


def _escalation(
    rule: Rule | None,
    tier: Tier,
    serving: tuple[str, ...],
    policy: Policy,
    circumstances: Circumstances,
    gate: Gate,
) -> str | None:
    """The model of the next tier up, if it passes; a remote one only where what was chosen may be remote."""
    override = circumstances.override
    if override.model or override.tier or shifted(tier, 1) == tier:
        return None
    models = circumstances.models
    bound = rule is not None and rule.model and all(status_of(m, models).local for m in rule.models)
    for model in models_of_tier(shifted(tier, 1), policy, models):
        kept_local = bound and not status_of(model, models).local
        if model not in serving and not kept_local and gate.may_escalate(model):
            return model
    return None
