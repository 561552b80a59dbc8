"""The first policy of a repository: a commented file made from what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from smista_git.change.languages import language_of
from smista_git.classify.path_patterns import matches_any_case

MAX_LANGUAGES = 3
REMOTE_TIERS: Mapping[str, tuple[str, str]] = {
    "anthropic": ("anthropic/claude-sonnet", "anthropic/claude-opus"),
    "openai": ("openai/gpt-5.4-mini", "openai/gpt"),
}
KEY_VARIABLES: Mapping[str, str] = {"anthropic": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY"}
# Folders and files whose name says that they are nobody else's business, beyond those the base pack knows.
LIKELY_SENSITIVE = (
    "**/secrets/**",
    "**/secret/**",
    "**/credentials/**",
    "**/private/**",
    "**/.vault/**",
    "**/customer-data/**",
    "**/pii/**",
    "*.pem",
    "*.key",
    ".env*",
)


@dataclass(frozen=True, slots=True)
class Found:
    """What is there: the pulled models with the best first, the providers that have a key, the languages with the
    most files first, and the patterns of likely sensitive paths.
    """

    models: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sensitive_paths: tuple[str, ...] = ()


def look_around(paths: Iterable[str], *, models: Iterable[str], environ: Mapping[str, str]) -> Found:
    """What the paths of a repository, the pulled models and the environment tell."""
    counts: dict[str, int] = {}
    sensitive: set[str] = set()
    for path in paths:
        if language := language_of(path):
            counts[language] = counts.get(language, 0) + 1
        sensitive |= {p for p in LIKELY_SENSITIVE if matches_any_case((p,), path)}
    return Found(
        models=tuple(models),
        keys=tuple(name for name, variable in KEY_VARIABLES.items() if environ.get(variable)),
        languages=tuple(sorted(counts, key=lambda name: (-counts[name], name))[:MAX_LANGUAGES]),
        sensitive_paths=tuple(p for p in LIKELY_SENSITIVE if p in sensitive),
    )


def draft_policy(found: Found, *, remote: bool = False) -> str:
    """The text of a policy file that passes its own check.

    It names remote models only with ``remote``, because a key in the environment is no permission; without it they
    stand in comments.
    """
    parts = [_opening(found), _tiers(found, remote=remote), _rules(found), _sensitive(found)]
    if remote and found.keys:
        parts.append(_budget())
    return "\n".join(parts)


def _opening(found: Found) -> str:
    said = f" ({', '.join(found.languages)})" if found.languages else ""
    return f"""\
# How the work around a commit is sorted in this repository{said}.
# Check it:   git smista policy check
# Explain it: git smista policy explain

version = 1
"""


def _tiers(found: Found, *, remote: bool) -> str:
    local = [f"ollama/{model}" for model in found.models[:1]] or ["ollama/auto"]
    at_hand = (
        f"pulled here: {', '.join(found.models)}" if found.models else "no Ollama model is pulled here yet"
    )
    lines = [
        "[tiers]",
        f"# A list names the first choice and then its fallbacks; {at_hand}.",
        f"light = {_list([*local, 'builtin/rules'])}",
    ]
    chosen = found.keys[0] if remote and found.keys else None
    for tier, position in (("standard", 0), ("heavy", 1)):
        models = [REMOTE_TIERS[chosen][position], *local] if chosen else [*local, "builtin/rules"]
        lines.append(f"{tier} = {_list(models)}")
        if not chosen:
            lines += [_offer(tier, REMOTE_TIERS[key][position], key) for key in found.keys]
    if not found.keys:
        lines.append(
            "# With a key in ANTHROPIC_API_KEY or OPENAI_API_KEY, standard and heavy can name remote models."
        )
    return "\n".join(lines) + "\n"


def _offer(tier: str, model: str, key: str) -> str:
    return f'# {tier} = "{model}"  # {KEY_VARIABLES[key]} is set: put this in its place to send {tier} work there'


def _rules(found: Found) -> str:
    model = f"ollama/{found.models[0]}" if found.models else "ollama/auto"
    return f"""\
[[routing.rules]]
name = "what a machine can see needs no second thought"
priority = 100
intent = "commit"
kind = ["dependencies", "format", "rename"]
model = "{model}"
fallbacks = "builtin/rules"
effort = "low"
"""


def _sensitive(found: Found) -> str:
    if found.sensitive_paths:
        why = "# Found here; a commit that touches one of these stays on this machine as a whole."
        paths = found.sensitive_paths
    else:
        why = "# Nothing in this repository looks sensitive; these are the usual names, in case it comes."
        paths = (".env*", "**/secrets/**", "*.pem")
    return f'[sensitive]\n{why}\npaths = {_list(paths)}\nthen = "local"             # or exclude, or block\n'


def _budget() -> str:
    return """\
[budget]
daily_usd = "2.00"          # over all your projects
downgrade_at = 0.8          # from here on, one tier lower
pause_at = 1.0              # from here on, only what runs on this machine
"""


def _list(values: Iterable[str]) -> str:
    import json

    return json.dumps(list(values), ensure_ascii=False)
