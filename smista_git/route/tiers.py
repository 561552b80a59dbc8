"""Which tier a task gets, and which models a tier has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smista_git.classify.labels import PROTECTED_FLAGS, TIERS, Labels, Tier
from smista_git.route.budget import Pressure
from smista_git.route.decision import BUILTIN, Effort, Learned, ModelStatus
from smista_git.route.policy import Policy
from smista_git.route.trace import Trace

TIER_EFFORTS: Mapping[Tier, Effort] = {"light": "low", "standard": "medium", "heavy": "high"}
ABSENT = ModelStatus(local=False, available=False, why="no provider knows it")
BUILTIN_STATUS = ModelStatus(local=True, available=True, why="it is part of this program")


@dataclass(frozen=True, slots=True)
class TierOfFacts:
    """The tier that facts and confidence give; ``unsure`` says that it rests on doubt."""

    tier: Tier
    unsure: bool
    why: str


def tier_of_facts(labels: Labels, min_confidence: float) -> TierOfFacts:
    """The classified tier, one up where the classification is unsure, heavy where it rests on nothing."""
    if not labels.evidence:
        return TierOfFacts("heavy", True, "no evidence at all: sent to the top")
    said = f"confidence {labels.confidence:.2f}"
    if labels.confidence >= min_confidence:
        return TierOfFacts(labels.tier, False, f"{said} is at least {min_confidence:.2f}")
    return TierOfFacts(shifted(labels.tier, 1), True, f"{said} is below {min_confidence:.2f}: one tier up")


def shifted(tier: Tier, steps: int) -> Tier:
    """The tier so many steps up (or down, when negative), within the three there are."""
    return TIERS[max(0, min(len(TIERS) - 1, TIERS.index(tier) + steps))]


def learn(tier: Tier, held: str | None, learned: Learned, trace: Trace) -> Tier:
    """The tier after learning has spoken; ``held`` is why nothing may move it, or None."""
    if not learned.shift:
        trace.add("learning", "shift", "none", learned.why or "nothing was learned about tasks like this")
        return tier
    if held:
        trace.add("learning", "shift", "not applied", held)
        return tier
    moved = shifted(tier, learned.shift)
    trace.add("learning", "shift", f"{tier} to {moved}" if moved != tier else "none", learned.why)
    return moved


def relieve(tier: Tier, before: Tier, held: str | None, strain: Pressure, trace: Trace) -> Tier:
    """The tier after the budget has spoken; ``before`` is the tier before learning: together they move it by one."""
    if strain.strain != "downgrade":
        trace.add("budget", "pressure", strain.strain, strain.why)
        return tier
    if held:
        trace.add("budget", "pressure", "not applied", f"{held}; {strain.why}")
        return tier
    moved = max(shifted(tier, -1), shifted(before, -1), key=TIERS.index)
    trace.add("budget", "pressure", f"{tier} to {moved}" if moved != tier else "none", strain.why)
    return moved


def why_held(labels: Labels, *, unsure: bool) -> str | None:
    """Why neither learning nor a tight budget may move this task's tier, or None."""
    protected = sorted(PROTECTED_FLAGS.intersection(labels.flags))
    if protected:
        return f"tasks flagged {' and '.join(protected)} keep their tier"
    return "the classification is unsure, and doubt is never sent down" if unsure else None


def status_of(model: str, models: Mapping[str, ModelStatus]) -> ModelStatus:
    """What is known of a model; the builtin writer is always here."""
    if model == BUILTIN:
        return models.get(model, BUILTIN_STATUS)
    return models.get(model, ABSENT)


def models_of_tier(
    tier: Tier, policy: Policy, models: Mapping[str, ModelStatus], trace: Trace | None = None
) -> tuple[str, ...]:
    """The models of a tier in the strongest layer that may name them, first choice first.

    A layer without trust may name local models only; its others are passed over.
    """
    for choice in policy.tiers.get(tier, ()):
        allowed = tuple(m for m in choice.models if choice.origin.trusted or status_of(m, models).local)
        remote = [m for m in choice.models if m not in allowed]
        if remote and trace:
            why = f"{', '.join(remote)} would leave the machine, and {choice.origin} is not trusted yet"
            trace.add("tier", tier, "waiting for trust", why)
        if allowed:
            if trace:
                trace.add("tier", tier, allowed[0], f"said in {choice.origin}")
            return allowed
    return ()


def local_models(tier: Tier, policy: Policy, models: Mapping[str, ModelStatus]) -> tuple[str, ...]:
    """Every local model that any tier names, nearest tier first, going up before going down."""
    start = TIERS.index(tier)
    nearest = sorted(TIERS, key=lambda t: (abs(TIERS.index(t) - start), TIERS.index(t) < start))
    named = (m for t in nearest for choice in policy.tiers.get(t, ()) for m in choice.models)
    return tuple(dict.fromkeys(m for m in named if m != BUILTIN and status_of(m, models).local))
