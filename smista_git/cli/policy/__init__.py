"""``git smista policy``: the policy, its explanation, its trust."""

from __future__ import annotations

import click

from smista_git.cli.lazy import LazyGroup

COMMANDS = {
    "init": ("smista_git.cli.policy.init", "Look at what is there and write a commented .smista.toml."),
    "check": ("smista_git.cli.policy.check", "Find every error of the policy, with file, line and fix."),
    "show": ("smista_git.cli.policy.show", "Print what holds, and the layer that each value comes from."),
    "explain": ("smista_git.cli.policy.explain", "Tell how a change would be routed, step by step."),
    "replay": (
        "smista_git.cli.policy.replay",
        "Route past commits under a policy, or under two side by side.",
    ),
    "trust": ("smista_git.cli.policy.trust", "Show what the repository's policy would allow, and trust it."),
    "packs": ("smista_git.cli.policy.packs", "List the shipped policies, or print one."),
}


@click.group(name="policy", cls=LazyGroup, commands_in=COMMANDS)
def command() -> None:
    """Read, check, explain and trust the policy that routes the work.

    The repository's policy is .smista.toml at its root. Until it is trusted it can only tighten what holds;
    yours, in the config directory, is trusted. Without any, nothing leaves this machine.
    """
