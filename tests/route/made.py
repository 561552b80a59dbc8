"""Short ways to make the values that routing takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smista_git.change.model import Change, FileChange
from smista_git.classify.labels import Evidence, Labels
from smista_git.route.decision import Circumstances, Decision, ModelStatus, Task
from smista_git.route.layers import merge
from smista_git.route.parse import parse_policy
from smista_git.route.policy import Layer, Policy, PolicyLayer

SONNET, OPUS, GPT = "anthropic/claude-sonnet", "anthropic/claude-opus", "openai/gpt-5.5"
QWEN, LLAMA, BUILTIN = "ollama/qwen", "ollama/llama", "builtin/rules"
ANTHROPIC_HOST, OPENAI_HOST = "api.anthropic.com", "api.openai.com"
REMOTE = ModelStatus(local=False, available=True, host=ANTHROPIC_HOST, why="key is set")
HERE = ModelStatus(local=True, available=True, host="127.0.0.1:11434", why="pulled")
MODELS: Mapping[str, ModelStatus] = {
    SONNET: REMOTE,
    OPUS: REMOTE,
    GPT: ModelStatus(local=False, available=True, host=OPENAI_HOST, why="key is set"),
    QWEN: HERE,
    LLAMA: HERE,
}
TIERS = f'[tiers]\nlight = "{QWEN}"\nstandard = "{SONNET}"\nheavy = "{OPUS}"\n'


def file(
    path: str | None, *, old: str | None = None, added: int = 1, deleted: int = 0, lockfile: bool = False
) -> FileChange:
    """A modified file, or a renamed one where ``old`` is given."""
    return FileChange(
        old or path,
        path,
        "renamed" if old else "modified",
        "100644",
        "100644",
        "1" * 40,
        "2" * 40,
        added=added,
        deleted=deleted,
        lockfile=lockfile,
    )


def labels(**said: Any) -> Labels:
    """Labels of an everyday refactoring, but for what is said."""
    usual: dict[str, Any] = {
        "type": "refactor",
        "kind": "refactor",
        "scope": None,
        "size": "small",
        "flags": (),
        "tier": "standard",
        "confidence": 0.9,
        "evidence": (Evidence("files", 1, "small"),),
    }
    return Labels(**usual | said)


def task(intent: Any = "commit", *paths: str | FileChange, **said: Any) -> Task:
    """A task over these files; words that labels know go to the labels, the rest to the task."""
    files = tuple(file(p) if isinstance(p, str) else p for p in paths or ("src/app.py",))
    of_task = {k: said.pop(k) for k in ("skill", "branch", "hook", "cost_usd", "secret_paths") if k in said}
    return Task(intent, labels(**said), Change(files), **of_task)


def layer(
    body: str = "", *, of: Layer = "user", source: str = "policy.toml", trusted: bool = True
) -> PolicyLayer:
    """A layer from the body of a file, the version line aside."""
    return parse_policy(f"version = 1\n{body}", source=source, layer=of, trusted=trusted)


def policy(*bodies: str) -> Policy:
    """The effective policy of user files, weakest first."""
    return merge([layer(body) for body in bodies])


def circumstances(**said: Any) -> Circumstances:
    """Everything answers and nothing is spent, but for what is said."""
    return Circumstances(**{"models": MODELS, **said})


def steps(decision: Decision, stage: str) -> list[tuple[str, str, str]]:
    """The trace of one stage, as (name, outcome, why)."""
    return [(s.name, s.outcome, s.why) for s in decision.trace if s.stage == stage]
