"""How layers come together: values by strength, rules layer by layer, floors the strictest of all."""

from __future__ import annotations

import pytest

from smista_git.errors import Refused
from smista_git.route.decide import decide
from smista_git.route.layers import merge
from smista_git.route.waiting import what_waits
from tests.route.made import (
    BUILTIN,
    GPT,
    MODELS,
    OPUS,
    QWEN,
    SONNET,
    TIERS,
    circumstances,
    layer,
    steps,
    task,
)

BASE = layer(
    f'[tiers]\nlight = "{QWEN}"\nstandard = "{QWEN}"\nheavy = "{QWEN}"\n', of="pack", source="pack:base"
)


def rule(name: str, model: str, extra: str = "") -> str:
    return f'[[routing.rules]]\nname = "{name}"\nmodel = "{model}"\n{extra}\n'


def test_values_of_the_stronger_layer_hold():
    merged = merge(
        [
            layer("[commit]\nmax_subject = 60\n", of="user"),
            layer('[commit]\nmax_subject = 50\nstyle = "plain"\ndeadline_s = 9\n', of="repository"),
            BASE,
        ]
    )
    assert (merged.commit.max_subject, merged.commit.style, merged.commit.deadline_s) == (60, "plain", 9.0)
    assert (merged.review.fail_on, merged.min_confidence) == ("error", 0.6)


def test_rules_are_tried_strongest_layer_first_then_by_priority_specificity_and_file():
    repository = layer(
        rule("late", QWEN, "priority = 2000")
        + rule("plain", QWEN, 'priority = 5\nkind = "tests"')
        + rule("intent", QWEN, 'priority = 5\nintent = "commit"')
        + rule("paths", QWEN, 'priority = 5\npaths = "src/**"')
        + rule("both", QWEN, 'priority = 5\npaths_all = "docs/**"\nintent = "commit"')
        + rule("first of two", QWEN, 'kind = "docs"')
        + rule("second of two", QWEN, 'kind = "fix"')
        + rule("early", QWEN, 'priority = 1\nkind = "ci"'),
        of="repository",
    )
    user = layer(rule("user", QWEN, "priority = 9000"), of="user")
    pack = layer(rule("pack", QWEN, "priority = 0"), of="pack")
    merged = merge([pack, repository, user])
    assert [r.name for r in merged.rules] == [
        "user", "early", "both", "paths", "intent", "plain", "first of two", "second of two", "late", "pack",
    ]  # fmt: skip


def test_a_tier_of_the_stronger_layer_holds():
    merged = merge([BASE, layer(f'[tiers]\nheavy = "{OPUS}"\n', of="user")])
    assert decide(task(tier="heavy"), merged, circumstances()).model == OPUS
    assert decide(task(tier="light"), merged, circumstances()).model == QWEN


FLOORS = {
    "sensitive": '[sensitive]\npaths = "*.key"\nthen = "{then}"\n',
}


@pytest.mark.parametrize("weak", ["exclude", "local", "block"])
@pytest.mark.parametrize("strong", ["exclude", "local", "block"])
def test_the_strictest_of_all_layers_holds(weak, strong):
    body = FLOORS["sensitive"]
    merged = merge(
        [
            layer(TIERS + body.format(then=weak), of="repository"),
            layer(body.format(then=strong), of="system"),
        ]
    )
    what = task("commit", "a.key", "b.py")
    if "block" in (weak, strong):
        with pytest.raises(Refused):
            decide(what, merged, circumstances())
    else:
        made = decide(what, merged, circumstances())
        assert made.model == (QWEN if "local" in (weak, strong) else SONNET)


def test_a_negation_frees_a_path_in_its_own_layer_only():
    mild = layer(TIERS + '[sensitive]\npaths = ["*.key", "!public.key"]\n', of="repository")
    what = task("commit", "public.key")
    assert decide(what, merge([mild]), circumstances()).model == SONNET
    other = layer('[sensitive]\npaths = "*.key"\n', of="user")
    assert decide(what, merge([mild, other]), circumstances()).model == QWEN
    later = layer('[sensitive]\npaths = "!*.key"\n', of="system")
    assert decide(what, merge([mild, other, later]), circumstances()).model == QWEN


def test_hosts_of_two_layers_are_cut_to_what_both_allow():
    one = layer(TIERS + '[permissions]\nhosts = ["api.anthropic.com", "api.openai.com"]\n', of="repository")
    two = layer('[permissions]\nhosts = "api.openai.com"\n', of="user")
    made = decide(task(), merge([one, two]), circumstances())
    assert (made.model, made.floors) == (QWEN, ("hosts",))


def test_what_was_said_is_shown_with_its_layer():
    merged = merge(
        [
            BASE,
            layer(
                f'extends = "pack:balanced"\n[tiers]\nheavy = "{OPUS}"\n',
                of="repository",
                source=".smista.toml",
            ),
            layer(
                '[budget]\ndaily_usd = "5.00"\n[classification]\nmin_confidence = 0.7\n[commit]\nstyle = "plain"\n'
                '[aliases]\n"a/b" = "ollama/q"\n[providers.lan]\nbase_url = "http://lan/v1"\n',
                source="config.toml",
            ),
        ]
    )
    assert [(v.key, v.value, str(v.origin)) for v in merged.values] == [
        ("tiers.light", '"ollama/qwen"', "pack:base:3"),
        ("tiers.standard", '"ollama/qwen"', "pack:base:4"),
        ("tiers.heavy", '"anthropic/claude-opus"', ".smista.toml:4 (repository)"),
        ("classification.min_confidence", "0.7", "config.toml:5 (user)"),
        ("commit.style", '"plain"', "config.toml:7 (user)"),
        ("budget.daily_usd", "5.00", "config.toml:2 (user)"),
        ("budget.downgrade_at", "0.8", "config.toml:2 (user)"),
        ("budget.pause_at", "1.0", "config.toml:2 (user)"),
        ("aliases.a/b", '"ollama/q"', "config.toml (user)"),
        ("providers.lan", '"http://lan/v1"', "config.toml (user)"),
    ]


HOSTILE = (
    f'[tiers]\nlight = "{QWEN}"\nstandard = "{OPUS}"\nheavy = ["{GPT}", "{QWEN}"]\n'
    + rule("send it", SONNET, 'kind = "docs"\npriority = 1')
    + rule("keep it", QWEN, f'kind = "fix"\npriority = 2\nfallbacks = "{GPT}"')
    + '[[routing.rules]]\nname = "think hard"\neffort = "max"\npriority = 3\n'
    + "[classification]\nmin_confidence = 0.01\n"
)


def untrusted(body: str = HOSTILE):
    return layer(body, of="repository", source=".smista.toml", trusted=False)


@pytest.mark.parametrize(
    ("said", "model", "rule_name"),
    [
        ({"kind": "docs", "tier": "light"}, QWEN, "think hard"),
        ({"kind": "fix", "tier": "light"}, QWEN, "keep it"),
        ({"kind": "fix", "tier": "heavy"}, QWEN, "keep it"),
        ({"kind": "docs", "tier": "standard"}, QWEN, "think hard"),
        ({"kind": "docs", "tier": "heavy"}, QWEN, "think hard"),
        ({"kind": "docs", "tier": "light", "confidence": 0.2}, QWEN, "think hard"),
    ],
)
def test_a_repository_without_trust_sends_nothing_away(said, model, rule_name):
    made = decide(task(**said), merge([BASE, untrusted()]), circumstances())
    assert (made.model, made.rule) == (model, rule_name)
    assert not [p for p in made.permissions if p.startswith("send")]
    assert not {GPT, SONNET, OPUS}.intersection((*made.fallbacks, made.escalation))


def test_a_repository_without_trust_does_not_spend_what_the_user_would_not():
    user = layer(f'[tiers]\nlight = "{SONNET}"\n', of="user")
    body = '[[routing.rules]]\nname = "think hard"\neffort = "max"\n[classification]\nmin_confidence = 0.99\n'
    made = decide(task(tier="light"), merge([BASE, user, untrusted(body)]), circumstances())
    assert (made.model, made.effort, made.tier, made.rule) == (SONNET, "low", "light", None)


def test_what_waits_for_trust_is_told():
    made = decide(task(kind="docs", tier="standard"), merge([BASE, untrusted()]), circumstances())
    assert steps(made, "rule")[0] == (
        "send it",
        "waiting for trust",
        "it would send work to anthropic/claude-sonnet, and .smista.toml:6 (repository) is not trusted yet: "
        "git smista policy trust",
    )
    assert steps(made, "tier")[0] == (
        "standard",
        "waiting for trust",
        "anthropic/claude-opus would leave the machine, and .smista.toml:4 (repository) is not trusted yet",
    )
    assert what_waits([untrusted()], MODELS) == (
        "send standard work to anthropic/claude-opus at api.anthropic.com [.smista.toml:4 (repository)]",
        "send heavy work to openai/gpt-5.5 at api.openai.com [.smista.toml:5 (repository)]",
        'send work to anthropic/claude-sonnet at api.anthropic.com, by the rule "send it" [.smista.toml:6 (repository)]',
        'send work to openai/gpt-5.5 at api.openai.com, by the rule "keep it" [.smista.toml:11 (repository)]',
        "set classification.min_confidence to 0.01 [.smista.toml:22 (repository)]",
    )
    assert merge([BASE, untrusted()]).notices == (
        ".smista.toml is not trusted yet, so 5 things it says wait: git smista policy trust",
    )


def test_floors_without_trust_hold_all_the_same():
    body = '[sensitive]\npaths = "src/"\n[permissions]\nhosts = "nowhere.example"\n'
    user = layer(TIERS, of="user")
    made = decide(task(), merge([user, untrusted(body)]), circumstances())
    assert made.model == QWEN
    assert merge([user, untrusted(body)]).notices == ()


def test_models_are_everything_a_decision_could_touch():
    merged = merge([BASE, layer(TIERS + rule("plan", GPT, 'intent = "plan"'), of="user")])
    assert merged.models() == (GPT, QWEN, SONNET, OPUS, BUILTIN)
    assert merged.models("commit") == (QWEN, SONNET, OPUS, BUILTIN)
