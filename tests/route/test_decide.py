"""The order of a decision, row by row."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from smista_git.errors import BudgetPaused, NothingAvailable, Refused
from smista_git.route.decide import decide
from smista_git.route.decision import Learned, ModelStatus, Override, Spend
from tests.route.made import (
    BUILTIN,
    GPT,
    LLAMA,
    MODELS,
    OPUS,
    QWEN,
    SONNET,
    TIERS,
    circumstances,
    file,
    policy,
    steps,
    task,
)

ABSENT = ModelStatus(local=False, available=False, host="api.anthropic.com", why="no key")
LOCAL_ABSENT = ModelStatus(local=True, available=False, why="not pulled")
ESSAY = """
[[routing.rules]]
name = "plan with strongest reasoning model"
priority = 10
intent = "plan"
effort = "high"
model = "anthropic/claude-opus-4.7"
fallbacks = ["anthropic/claude-sonnet"]
[[routing.rules]]
name = "use local model for changelog skill"
priority = 20
skill = "changelog"
effort = "low"
model = "ollama/qwen2.5-coder"
fallbacks = ["openai/gpt-5.5-mini"]
[[routing.rules]]
name = "auth code uses Claude Sonnet"
priority = 30
intent = "edit"
effort = "medium"
paths = ["src/auth/**"]
model = "anthropic/claude-sonnet"
fallbacks = ["openai/gpt-5.5-thinking"]
"""
ESSAY_MODELS = {
    "anthropic/claude-opus-4.7": MODELS[OPUS],
    "anthropic/claude-sonnet": MODELS[SONNET],
    "openai/gpt-5.5-mini": MODELS[GPT],
    "openai/gpt-5.5-thinking": MODELS[GPT],
    "ollama/qwen2.5-coder": MODELS[QWEN],
}


@pytest.mark.parametrize(
    ("what", "model", "effort", "fallbacks", "rule"),
    [
        (
            task("plan"),
            "anthropic/claude-opus-4.7",
            "high",
            ("anthropic/claude-sonnet",),
            "plan with strongest reasoning model",
        ),
        (
            task("changelog"),
            "ollama/qwen2.5-coder",
            "low",
            ("openai/gpt-5.5-mini", BUILTIN),
            "use local model for changelog skill",
        ),
        (
            task("edit", "src/auth/middleware.rs"),
            "anthropic/claude-sonnet",
            "medium",
            ("openai/gpt-5.5-thinking",),
            "auth code uses Claude Sonnet",
        ),
        (task("commit"), BUILTIN, "medium", (), None),
    ],
)
def test_the_three_rules_of_the_essay(what, model, effort, fallbacks, rule):
    made = decide(what, policy(ESSAY), circumstances(models=ESSAY_MODELS))
    assert (made.model, made.effort, made.fallbacks, made.rule) == (model, effort, fallbacks, rule)


@pytest.mark.parametrize(
    ("said", "tier", "model", "effort"),
    [
        ({"tier": "light"}, "light", QWEN, "low"),
        ({"tier": "standard"}, "standard", SONNET, "medium"),
        ({"tier": "heavy"}, "heavy", OPUS, "high"),
        ({"tier": "light", "confidence": 0.6}, "light", QWEN, "low"),
        ({"tier": "light", "confidence": 0.59}, "standard", SONNET, "medium"),
        ({"tier": "standard", "confidence": 0.1}, "heavy", OPUS, "high"),
        ({"tier": "heavy", "confidence": 0.1}, "heavy", OPUS, "high"),
        ({"tier": "light", "evidence": (), "confidence": 0.9}, "heavy", OPUS, "high"),
    ],
)
def test_tier_and_confidence(said, tier, model, effort):
    made = decide(task(**said), policy(TIERS), circumstances())
    assert (made.tier, made.model, made.effort) == (tier, model, effort)
    assert made.original_tier == said["tier"]


@pytest.mark.parametrize(
    ("override", "model", "tier", "effort", "rule"),
    [
        (Override(), QWEN, "standard", "low", "small"),
        (Override(model=GPT), GPT, "standard", "medium", None),
        (Override(tier="heavy"), OPUS, "heavy", "high", None),
        (Override(effort="max"), QWEN, "standard", "max", "small"),
        (Override(model=GPT, tier="light", effort="high"), GPT, "light", "high", None),
    ],
)
def test_the_command_line_comes_before_rules(override, model, tier, effort, rule):
    rules = f'[[routing.rules]]\nname = "small"\nmodel = "{QWEN}"\neffort = "low"\n'
    made = decide(task(), policy(TIERS + rules), circumstances(override=override))
    assert (made.model, made.tier, made.effort, made.rule) == (model, tier, effort, rule)


def test_every_rule_leaves_a_line_that_says_why():
    rules = f"""
[[routing.rules]]
name = "docs"
kind = "docs"
model = "{QWEN}"
priority = 1
[[routing.rules]]
name = "auth"
paths = "src/auth/**"
model = "{SONNET}"
priority = 2
[[routing.rules]]
name = "all"
model = "{LLAMA}"
priority = 3
[[routing.rules]]
name = "refactors"
kind = "refactor"
effort = "max"
priority = 0
max_files = 1
"""
    made = decide(task("commit", "src/auth/login.py", "x.py"), policy(TIERS + rules), circumstances())
    assert made.rule == "auth"
    assert steps(made, "rule") == [
        ("refactors", "no match", "2 files, more than 1"),
        ("docs", "no match", "kind is refactor, not docs"),
        ("auth", "matched", "src/auth/login.py matches src/auth/** [policy.toml:12 (user)]"),
        ("all", "later", '"auth" comes first; it has no conditions'),
    ]


def test_a_rule_without_model_uses_the_tier_with_its_own_effort_and_fallbacks():
    rules = f'[[routing.rules]]\nname = "think"\neffort = "max"\nfallbacks = "{GPT}"\n'
    made = decide(task(), policy(TIERS + rules), circumstances())
    assert (made.model, made.effort, made.fallbacks) == (SONNET, "max", (GPT, QWEN, BUILTIN))
    assert made.rule == "think"


def test_a_rule_speaks_of_the_tier_that_doubt_has_raised():
    rules = f'[[routing.rules]]\nname = "light"\ntier = "light"\nmodel = "{QWEN}"\n'
    made = decide(task(tier="light", confidence=0.2), policy(TIERS + rules), circumstances())
    assert (made.rule, made.model) == (None, SONNET)


@pytest.mark.parametrize(
    ("absent", "model", "fallbacks"),
    [
        ({}, SONNET, (QWEN, BUILTIN)),
        ({SONNET: ABSENT}, QWEN, (BUILTIN,)),
        ({SONNET: ABSENT, QWEN: LOCAL_ABSENT}, BUILTIN, ()),
    ],
)
def test_who_is_not_there_is_passed_over(absent, model, fallbacks):
    made = decide(task(), policy(TIERS), circumstances(models={**MODELS, **absent}))
    assert (made.model, made.fallbacks) == (model, fallbacks)


def test_a_model_that_nobody_knows_counts_as_remote_and_absent():
    made = decide(task(), policy(TIERS), circumstances(models={}))
    assert made.model == BUILTIN
    assert (SONNET, "passed over", "no provider knows it") in steps(made, "availability")


def test_nobody_can_edit():
    with pytest.raises(NothingAvailable) as caught:
        decide(task("edit"), policy(TIERS), circumstances(models={SONNET: ABSENT, QWEN: LOCAL_ABSENT}))
    assert caught.value.message == (
        "no model can edit this: anthropic/claude-sonnet: no key; ollama/qwen: not pulled; "
        "builtin/rules: the builtin writer does not edit"
    )
    assert caught.value.hint == "see what is missing: git smista doctor"


LOCAL_SECRETS = '[sensitive]\npaths = "secrets/"\nthen = "local"\n'
FORCED = (
    Override(),
    Override(model=OPUS),
    Override(tier="heavy"),
    Override(effort="max"),
    Override(model=GPT, tier="heavy", effort="max"),
)


@pytest.mark.parametrize("override", FORCED)
@pytest.mark.parametrize(
    "what",
    [
        task("commit", "secrets/key.txt"),
        task("commit", "src/app.py", "SECRETS/Key.txt"),
        task("commit", file("docs/key.txt", old="secrets/key.txt")),
        task("commit", file("secrets/key.txt", old="docs/key.txt")),
        task("commit", flags=("sensitive",)),
        task("commit", flags=("secret",)),
        task("commit", flags=("secret",), secret_paths=("src/app.py",)),
    ],
)
def test_sensitive_work_stays_here_whatever_is_said(what, override):
    said = circumstances(override=override, learned=Learned(1, "it failed twice"))
    made = decide(what, policy(TIERS + LOCAL_SECRETS), said)
    assert (made.model, made.fallbacks, made.escalation) == (QWEN, (BUILTIN,), None)
    assert "local" in made.floors
    assert not [line for line in made.permissions if line.startswith("send")]
    assert [why for _, outcome, why in steps(made, "floors again") if outcome == "passed over"]


def test_a_rule_cannot_send_sensitive_work_away():
    rules = f'[[routing.rules]]\nname = "keys"\npaths = "secrets/"\nmodel = "{OPUS}"\nfallbacks = "{GPT}"\n'
    made = decide(task("commit", "secrets/a"), policy(TIERS + LOCAL_SECRETS + rules), circumstances())
    assert (made.model, made.fallbacks, made.rule) == (QWEN, (BUILTIN,), "keys")
    assert steps(made, "floors again") == [
        (
            OPUS,
            "passed over",
            "the job stays on this machine: secrets/a is sensitive: secrets/ [policy.toml:6 (user)]",
        ),
        (
            GPT,
            "passed over",
            "the job stays on this machine: secrets/a is sensitive: secrets/ [policy.toml:6 (user)]",
        ),
    ]


def test_sensitive_work_is_written_by_rules_where_no_local_model_answers():
    models = {**MODELS, QWEN: LOCAL_ABSENT}
    made = decide(task("commit", "secrets/a"), policy(TIERS + LOCAL_SECRETS), circumstances(models=models))
    assert (made.model, made.fallbacks) == (BUILTIN, ())


def test_an_edit_that_nobody_may_do_is_refused():
    models = {**MODELS, QWEN: LOCAL_ABSENT}
    with pytest.raises(Refused) as caught:
        decide(task("edit", "secrets/a"), policy(TIERS + LOCAL_SECRETS), circumstances(models=models))
    assert caught.value.message == (
        "no local model can edit this, and the job stays on this machine: "
        "secrets/a is sensitive: secrets/ [policy.toml:6 (user)]"
    )


@pytest.mark.parametrize("override", FORCED)
def test_block_refuses_whatever_is_said(override):
    body = TIERS + '[sensitive]\npaths = "*.pem"\nthen = "block"\n'
    with pytest.raises(Refused) as caught:
        decide(task("commit", "a.pem"), policy(body), circumstances(override=override))
    assert caught.value.message == (
        "the policy blocks this commit: a.pem is sensitive: *.pem [policy.toml:6 (user)]"
    )


def test_exclude_lets_the_rest_go():
    body = TIERS + '[sensitive]\npaths = ".env*"\nthen = "exclude"\n'
    made = decide(task("commit", ".env", "src/a.py", flags=("sensitive",)), policy(body), circumstances())
    assert (made.model, made.floors) == (SONNET, ("exclude",))
    alone = decide(task("commit", ".env", flags=("sensitive",)), policy(body), circumstances())
    assert (alone.model, alone.floors) == (QWEN, ("local", "exclude"))


@pytest.mark.parametrize(
    ("where", "model"),
    [((".env",), SONNET), ((".env", "src/a.py"), QWEN), (None, QWEN)],
)
def test_a_secret_in_a_file_that_stays_behind_holds_nothing_back(where, model):
    body = TIERS + '[sensitive]\npaths = ".env*"\nthen = "exclude"\n'
    what = task("commit", ".env", "src/a.py", flags=("secret",), secret_paths=where)
    assert decide(what, policy(body), circumstances()).model == model


@pytest.mark.parametrize(
    ("spent", "model", "tier", "outcome"),
    [
        ("3.99", OPUS, "heavy", "none"),
        ("4.00", SONNET, "standard", "heavy to standard"),
        ("4.99", SONNET, "standard", "heavy to standard"),
        ("5.00", QWEN, "heavy", "pause"),
    ],
)
def test_budget(spent, model, tier, outcome):
    body = TIERS + '[budget]\ndaily_usd = "5.00"\n'
    said = circumstances(spend=Spend(day_usd=Decimal(spent)))
    made = decide(task(tier="heavy"), policy(body), said)
    assert (made.model, made.tier, made.original_tier) == (model, tier, "heavy")
    assert steps(made, "budget")[0] == (
        "pressure",
        outcome,
        f"${spent} of $5.00 daily_usd is spent [policy.toml:6 (user)]",
    )


@pytest.mark.parametrize("flag", ["sensitive", "secret", "migration", "public-api", "breaking"])
def test_neither_budget_nor_learning_moves_protected_work(flag):
    body = TIERS + '[budget]\ndaily_usd = "5.00"\n'
    said = circumstances(spend=Spend(day_usd=Decimal("4.50")), learned=Learned(-1, "light did well"))
    assert decide(task(tier="heavy", flags=(flag,)), policy(body), said).tier == "heavy"


def test_neither_budget_nor_learning_moves_work_that_doubt_sent_up():
    body = TIERS + '[budget]\ndaily_usd = "5.00"\n'
    said = circumstances(spend=Spend(day_usd=Decimal("4.50")), learned=Learned(-1, "light did well"))
    assert decide(task(tier="light", confidence=0.3), policy(body), said).tier == "standard"


@pytest.mark.parametrize(
    ("tier", "shift", "strained", "result"),
    [
        ("heavy", -1, False, "standard"),
        ("heavy", -1, True, "standard"),
        ("heavy", 0, True, "standard"),
        ("standard", 1, False, "heavy"),
        ("standard", 1, True, "standard"),
        ("light", -1, True, "light"),
        ("heavy", 1, False, "heavy"),
    ],
)
def test_learning_and_budget_move_a_tier_by_one_together(tier, shift, strained, result):
    body = TIERS + '[budget]\ndaily_usd = "5.00"\n'
    spend = Spend(day_usd=Decimal("4.50" if strained else "0"))
    made = decide(task(tier=tier), policy(body), circumstances(spend=spend, learned=Learned(shift, "seen")))
    assert (made.tier, made.original_tier) == (result, tier)


def test_what_was_named_is_not_moved_by_budget_or_learning():
    body = f'{TIERS}[budget]\ndaily_usd = "5.00"\n[[routing.rules]]\nname = "best"\nmodel = "{OPUS}"\n'
    said = circumstances(spend=Spend(day_usd=Decimal("4.50")), learned=Learned(-1, "light did well"))
    assert decide(task(tier="heavy"), policy(body), said).model == OPUS
    named = replace(said, override=Override(tier="heavy"))
    assert decide(task(tier="light"), policy(TIERS), named).model == OPUS


def test_a_paused_budget_stops_what_only_a_remote_model_can_do():
    body = TIERS + '[budget]\nproject_usd = "5"\n'
    said = circumstances(spend=Spend(project_usd=Decimal(7)), models={**MODELS, QWEN: LOCAL_ABSENT})
    with pytest.raises(BudgetPaused) as caught:
        decide(task("edit"), policy(body), said)
    assert caught.value.message == (
        "the budget is used up: $7 of $5 project_usd is spent [policy.toml:6 (user)]"
    )
    assert decide(task("commit"), policy(body), said).model == BUILTIN


@pytest.mark.parametrize(
    ("what", "rules", "override", "escalation"),
    [
        (task(tier="light"), "", Override(), SONNET),
        (task(tier="standard"), "", Override(), OPUS),
        (task(tier="heavy"), "", Override(), None),
        (task(tier="light"), "", Override(tier="light"), None),
        (task(tier="light"), "", Override(model=QWEN), None),
        (task(tier="light"), f'model = "{QWEN}"', Override(), None),
        (task(tier="light"), f'model = "{QWEN}"\nfallbacks = "{GPT}"', Override(), SONNET),
        (task(tier="light", flags=("secret",)), "", Override(), None),
    ],
)
def test_escalation_goes_one_tier_up_and_leaves_the_machine_only_where_named(
    what, rules, override, escalation
):
    body = TIERS + (f'[[routing.rules]]\nname = "r"\n{rules}\n' if rules else "")
    assert decide(what, policy(body), circumstances(override=override)).escalation == escalation


def test_permissions_name_every_host_that_may_be_asked():
    rules = f'[[routing.rules]]\nname = "r"\nmodel = "{SONNET}"\nfallbacks = ["{GPT}", "{QWEN}"]\n'
    made = decide(task("review"), policy(TIERS + rules), circumstances())
    assert made.permissions == ("send to api.anthropic.com", "send to api.openai.com", "write git notes")
    here = decide(task("commit", tier="light"), policy(), circumstances())
    assert here.permissions == ("make a commit", "write git notes")


def test_hosts_are_a_floor():
    body = f'{TIERS}[permissions]\nhosts = "api.openai.com"\n'
    made = decide(task(), policy(body), circumstances(override=Override(model=SONNET)))
    assert made.model == QWEN
    assert steps(made, "floors again") == [
        (SONNET, "passed over", "api.anthropic.com is not among permissions.hosts")
    ]
    assert decide(task(), policy(body), circumstances(override=Override(model=GPT))).model == GPT


def test_the_thinking_name_asks_for_high_effort_by_itself():
    name = "openai/gpt-5.5-thinking"
    said = circumstances(models={name: MODELS[GPT]}, override=Override(model=name))
    assert decide(task(), policy(TIERS), said).effort == "high"


def test_the_trace_goes_through_the_stages_in_order():
    made = decide(task(), policy(TIERS), circumstances())
    seen = list(dict.fromkeys(step.stage for step in made.trace))
    assert seen == [
        "facts", "floors", "override", "rule", "confidence", "learning", "budget", "tier", "availability", "decision",
        "escalation",
    ]  # fmt: skip
