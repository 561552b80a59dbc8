"""``git smista hook``: git hooks of ours, beside those that are there."""

from __future__ import annotations

import click

from smista_git.cli.lazy import LazyGroup

COMMANDS = {
    "install": ("smista_git.cli.hook.install", "Put our hooks in place; others stay and run first."),
    "uninstall": ("smista_git.cli.hook.uninstall", "Take our hooks away, and put back what was there."),
    "status": ("smista_git.cli.hook.status", "Say whose each hook is, and where git looks for them."),
    "run": ("smista_git.cli.hook.run", ""),
}


@click.group(name="hook", cls=LazyGroup, commands_in=COMMANDS)
def command() -> None:
    """Let plain `git commit` start with a message, and keep the records.

    A repository that pre-commit, prek, husky or lefthook looks after is left to them: `install` prints what to
    add to their configuration. Hooks give way: what goes wrong in one is said in a line, and the commit goes on.
    """
