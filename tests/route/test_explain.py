"""A decision and a policy told in text."""

from __future__ import annotations

from smista_git.route.decide import decide
from smista_git.route.decision import Learned, Override, Spend
from smista_git.route.explain import STAGES, explain, show
from tests.route.made import OPUS, QWEN, SONNET, TIERS, circumstances, layer, policy, task

RULES = f"""
[[routing.rules]]
name = "docs stay here"
kind = "docs"
model = "{QWEN}"
priority = 1
[[routing.rules]]
name = "auth is careful"
paths = "src/auth/**"
model = "{OPUS}"
fallbacks = "{SONNET}"
"""


def test_a_decision_reads_like_a_compilers_error():
    what = task("commit", "src/auth/login.py", flags=("secret",), secret_paths=("src/auth/login.py",))
    assert (
        explain(decide(what, policy(TIERS + RULES), circumstances()))
        == """\
What it is
     commit (refactor): standard
       refactor, small, 1 file, confidence 0.90, flagged secret

Floors
  !! local: in force
       a secret was found in src/auth/login.py

Command line
     command line: none
       neither --model, --tier nor --effort was given

Rules
     docs stay here: no match
       kind is refactor, not docs
  => auth is careful: matched
       src/auth/login.py matches src/auth/** [policy.toml:12 (user)]

Confidence
     standard: standard
       confidence 0.90 is at least 0.60

Learning
     shift: none
       nothing was learned about tasks like this

Budget
     pressure: none
       no budget is set

Tier
     standard: not asked
       "auth is careful" names anthropic/claude-opus

Availability
     ollama/qwen: available
       pulled
     builtin/rules: available
       it is part of this program

Floors again
  -- anthropic/claude-opus: passed over
       the job stays on this machine: a secret was found in src/auth/login.py
  -- anthropic/claude-sonnet: passed over
       the job stays on this machine: a secret was found in src/auth/login.py

Decision
  => ollama/qwen: chosen
       the first that is there and that every floor allows

Escalation
  -- anthropic/claude-opus: passed over
       the job stays on this machine: a secret was found in src/auth/login.py

Model: ollama/qwen, effort medium
Then: builtin/rules
Tier: standard
"""
    )


def test_every_stage_of_a_trace_has_its_heading():
    said = circumstances(override=Override(tier="light"), learned=Learned(1, "x"), spend=Spend())
    made = decide(task(), policy(TIERS + RULES), said)
    assert {step.stage for step in made.trace} <= STAGES.keys()
    assert "Tier: light (classified as standard)" in explain(made)


def test_a_policy_is_shown_with_the_layer_of_each_value():
    made = policy(f'[tiers]\nlight = "{QWEN}"\n[sensitive]\npaths = [".env*"]\n')
    assert (
        show(made)
        == """\
tiers.light = "ollama/qwen"  # policy.toml:3 (user)
sensitive.paths = ".env*"    # policy.toml:4 (user)
sensitive.then = "local"     # policy.toml:4 (user)
sensitive.secrets = "local"  # policy.toml:4 (user)
"""
    )
    assert layer().origin.source == "policy.toml"
