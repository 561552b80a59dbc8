"""What holds for every decision, whatever the task, the layers and the command line say."""

from __future__ import annotations

import string
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from smista_git.classify.labels import COMMIT_TYPES, FLAGS, KINDS, SIZES, TIERS, Evidence
from smista_git.errors import SmistaError
from smista_git.route.decide import decide
from smista_git.route.decision import EFFORTS, Circumstances, Decision, Learned, ModelStatus, Override, Spend
from smista_git.route.layers import merge
from smista_git.route.policy import (
    BudgetFloor,
    Origin,
    PermissionFloor,
    PolicyLayer,
    Rule,
    SensitiveFloor,
    TierChoice,
)
from tests.route.made import file, task

REMOTE = ("anthropic/a", "openai/b", "lan/c")
LOCAL = ("ollama/x", "ollama/y")
HOSTS = ("a.example", "b.example", "c.example")
ALL = (*REMOTE, *LOCAL, "builtin/rules")
PATHS = ("src/app.py", "secrets/key", "SECRETS/other", ".env", "docs/a.md")
PATTERNS = ("secrets/", ".env*", "docs/**", "!docs/a.md", "*.py", "!secrets/key")

paths = st.sampled_from(PATHS)
models = st.sampled_from(ALL)
chosen = st.lists(models, min_size=1, max_size=3, unique=True).map(tuple)
tasks = st.builds(
    lambda intent, files, kind, type_, size, flags, tier, confidence, evidence, where: task(
        intent,
        *files,
        kind=kind,
        type=type_,
        size=size,
        flags=tuple(sorted(flags)),
        tier=tier,
        confidence=confidence,
        evidence=evidence,
        secret_paths=where,
    ),
    st.sampled_from(["commit", "review", "changelog", "plan"]),
    st.lists(
        st.builds(lambda new, old: file(new, old=old), paths, st.none() | paths), min_size=1, max_size=3
    ),
    st.sampled_from(KINDS),
    st.sampled_from(COMMIT_TYPES),
    st.sampled_from(SIZES),
    st.sets(st.sampled_from(FLAGS), max_size=3),
    st.sampled_from(TIERS),
    st.floats(0, 1),
    st.sampled_from([(), (Evidence("files", 1, "small"),)]),
    st.none() | st.lists(paths, max_size=2).map(tuple),
)


def origins(layer: str) -> st.SearchStrategy[Origin]:
    trusted = st.booleans() if layer == "repository" else st.just(True)
    return st.builds(lambda t: Origin(layer, f"{layer}.toml", 1, t), trusted)  # type: ignore[arg-type]


def rules(origin: Origin) -> st.SearchStrategy[Rule]:
    few = st.sampled_from
    return st.builds(
        Rule,
        name=st.text(string.ascii_letters, min_size=1, max_size=4),
        origin=st.just(origin),
        priority=st.integers(0, 5),
        intent=few([(), ("commit",), ("review", "plan")]),
        kind=few([(), ("docs",), tuple(KINDS)]),
        tier=few([(), ("light",), ("standard", "heavy")]),
        flags=few([(), ("secret", "sensitive")]),
        paths=few([(), ("secrets/",), ("**",)]),
        max_files=few([None, 1]),
        effort=few([None, *EFFORTS]),
        model=st.none() | models,
        fallbacks=st.lists(models, max_size=2).map(tuple),
    )


def layers_of(origin: Origin) -> st.SearchStrategy[PolicyLayer]:
    here = st.just(origin)
    amount = st.none() | st.sampled_from([Decimal("0"), Decimal("1"), Decimal("5")])
    share = st.sampled_from([Decimal("0.5"), Decimal("1")])
    return st.builds(
        PolicyLayer,
        origin=here,
        rules=st.lists(rules(origin), max_size=3).map(tuple),
        tiers=st.dictionaries(st.sampled_from(TIERS), st.builds(TierChoice, chosen, here)),
        sensitive=st.none()
        | st.builds(
            SensitiveFloor,
            st.lists(st.sampled_from(PATTERNS), max_size=3).map(tuple),
            st.sampled_from(["exclude", "local", "block"]),
            st.sampled_from(["local", "block"]),
            here,
        ),
        budget=st.none() | st.builds(BudgetFloor, amount, amount, share, share, here),
        permissions=st.none()
        | st.builds(
            PermissionFloor, st.booleans(), st.none() | st.lists(st.sampled_from(HOSTS)).map(tuple), here
        ),
    )


layers = st.sampled_from(["pack", "repository", "user", "system"]).flatmap(origins).flatmap(layers_of)
stacks = st.lists(layers, max_size=4)
overrides = st.builds(
    Override,
    st.none() | st.sampled_from(ALL),
    st.none() | st.sampled_from(TIERS),
    st.none() | st.sampled_from(EFFORTS),
)
statuses = st.fixed_dictionaries(
    {
        **{
            model: st.builds(lambda up, h=host: ModelStatus(local=False, available=up, host=h), st.booleans())
            for model, host in zip(REMOTE, HOSTS, strict=True)
        },
        **{
            model: st.builds(lambda up: ModelStatus(local=True, available=up), st.booleans())
            for model in LOCAL
        },
    }
)
surroundings = st.builds(
    Circumstances,
    statuses,
    overrides,
    st.builds(Spend, st.sampled_from([Decimal(0), Decimal(3)]), st.sampled_from([Decimal(0), Decimal(9)])),
    st.builds(Learned, st.sampled_from([-1, 0, 1]), st.just("seen")),
)


def outcome(what, stack, around) -> Decision | str:
    """The decision, or the words of the refusal."""
    try:
        return decide(what, merge(stack), around)
    except SmistaError as error:
        return f"{type(error).__name__}: {error.message}"


def hosts_asked(made: Decision | str, around: Circumstances) -> set[str]:
    """Every host that bytes may go to under this outcome."""
    if isinstance(made, str):
        return set()
    asked = (made.model, *made.fallbacks, *([made.escalation] if made.escalation else []))
    return {around.models[m].host for m in asked if m in around.models and not around.models[m].local}


@given(tasks, stacks, surroundings)
@settings(max_examples=80, deadline=None)
def test_a_decision_is_a_pure_function_of_its_inputs(what, stack, around):
    first = outcome(what, stack, around)
    reordered = Circumstances(
        dict(reversed(around.models.items())), around.override, around.spend, around.learned
    )
    assert outcome(what, stack, reordered) == first


@given(tasks, stacks, surroundings)
@settings(max_examples=80, deadline=None)
def test_layers_of_different_strength_may_come_in_any_order(what, stack, around):
    by_strength = {layer.origin.layer: layer for layer in stack}
    assert outcome(what, list(by_strength.values()), around) == outcome(
        what, list(reversed(by_strength.values())), around
    )


@given(tasks, stacks, layers, surroundings, overrides)
@settings(max_examples=120, deadline=None)
def test_adding_a_layer_never_loosens_a_floor(what, stack, added, around, override):
    """What a floor of the smaller stack kept here stays here, whatever the layer or the command line adds."""
    forced = Circumstances(around.models, override, around.spend, around.learned)
    before = merge(stack)
    after = outcome(what, [*stack, added], forced)
    permitted = [p.hosts for p in before.permissions if p.hosts is not None]
    for host in hosts_asked(after, forced):
        assert all(p.remote for p in before.permissions)
        assert all(host in hosts for hosts in permitted)
    alone = outcome(what, stack, forced)
    if isinstance(alone, str) and alone.startswith("Refused: the policy blocks"):
        assert isinstance(after, str) and after.startswith("Refused: the policy blocks")
    if isinstance(alone, Decision) and "local" in alone.floors:
        assert not hosts_asked(after, forced)


@given(tasks, stacks, surroundings, st.lists(overrides, min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_no_order_of_overrides_gets_past_a_floor(what, stack, around, said):
    local = PolicyLayer(
        Origin("repository", ".smista.toml", 1, trusted=False),
        sensitive=SensitiveFloor(
            ("secrets/", ".env*", "*.py", "*.md"), "local", "local", Origin("pack", "p")
        ),
    )
    for override in said:
        forced = Circumstances(around.models, override, around.spend, around.learned)
        made = outcome(what, [*stack, local], forced)
        assert not hosts_asked(made, forced)


@given(tasks, st.builds(Origin, st.just("repository"), st.just("r"), st.just(1), st.just(False)).flatmap(layers_of), surroundings)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_a_repository_without_trust_adds_no_host(what, hostile, around):
    unforced = Circumstances(around.models, Override(), around.spend, around.learned)
    assert not hosts_asked(outcome(what, [hostile], unforced), unforced)


@given(tasks, stacks, surroundings)
@settings(max_examples=80, deadline=None)
def test_a_tier_moves_by_at_most_one_beyond_doubt_and_the_original_is_kept(what, stack, around):
    unforced = Circumstances(around.models, Override(), around.spend, around.learned)
    made = outcome(what, stack, unforced)
    if isinstance(made, Decision):
        assert made.original_tier == what.labels.tier
        if what.labels.confidence < merge(stack).min_confidence or not what.labels.evidence:
            assert TIERS.index(made.tier) >= TIERS.index(what.labels.tier)
        else:
            assert abs(TIERS.index(made.tier) - TIERS.index(what.labels.tier)) <= 1
