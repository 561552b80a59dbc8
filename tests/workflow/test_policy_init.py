"""The first policy of a repository passes its own check, whatever is there."""

from __future__ import annotations

from itertools import product

import pytest

from smista_git.route.model_name import KNOWN_PROVIDERS
from smista_git.route.parse import parse_policy
from smista_git.workflow.policy_init import Found, draft_policy, look_around

MODELS = ((), ("qwen2.5-coder:7b", "llama3.2:3b"))
KEYS = ((), ("anthropic",), ("openai",), ("anthropic", "openai"))
SENSITIVE = ((), ("**/secrets/**", "*.pem"))


@pytest.mark.parametrize(
    ("models", "keys", "sensitive", "remote"), [*product(MODELS, KEYS, SENSITIVE, (True, False))]
)
def test_the_draft_passes_its_check_and_sends_nothing_unasked(models, keys, sensitive, remote):
    text = draft_policy(Found(models, keys, ("Python", "Go"), sensitive), remote=remote)
    layer = parse_policy(text, source=".smista.toml", layer="repository", providers=KNOWN_PROVIDERS)
    named = {m for choice in layer.tiers.values() for m in choice.models} | {
        m for r in layer.rules for m in r.models
    }
    away = {m for m in named if not m.startswith(("ollama/", "builtin/"))}
    assert bool(away) is (remote and bool(keys))
    assert (layer.budget is not None) is bool(away)
    assert layer.sensitive is not None
    assert layer.sensitive.paths == (sensitive or (".env*", "**/secrets/**", "*.pem"))


def test_what_is_offered_can_be_put_in_place():
    text = draft_policy(Found(keys=("anthropic",)))
    (offer,) = [line for line in text.splitlines() if line.startswith("# heavy = ")]
    taken = "\n".join(
        offer.removeprefix("# ") if line.startswith("heavy = ") else line for line in text.splitlines()
    )
    layer = parse_policy(taken, source="x", layer="repository")
    assert layer.tiers["heavy"].models == ("anthropic/claude-opus",)


def test_the_best_pulled_model_is_named():
    text = draft_policy(Found(models=("qwen2.5-coder:7b", "llama3.2:3b")))
    assert 'light = ["ollama/qwen2.5-coder:7b", "builtin/rules"]' in text
    assert "pulled here: qwen2.5-coder:7b, llama3.2:3b" in text


def test_look_around():
    paths = ["a.py", "b.py", "main.go", "Secrets/prod.txt", "certs/x.pem", "README"]
    found = look_around(paths, models=["m"], environ={"OPENAI_API_KEY": "k", "ANTHROPIC_API_KEY": ""})
    assert found == Found(("m",), ("openai",), found.languages, ("**/secrets/**", "*.pem"))
    assert [name.lower() for name in found.languages[:2]] == ["python", "go"]
