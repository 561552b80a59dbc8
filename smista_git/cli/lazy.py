"""A command group that imports a command's module only when that command is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class ClosedPipe(Exception):
    """Whoever read our output has gone, as ``head`` does."""


class LazyGroup(click.Group):
    """``commands_in`` maps a command's name to its module and to its one line in the overview, in order."""

    def __init__(self, *args: Any, commands_in: Mapping[str, tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        self._commands_in = commands_in

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which people meet them."""
        return list(self._commands_in)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in self._commands_in:
            return None
        command = import_module(self._commands_in[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; click would end with 1 on a closed pipe, which means a gate that tripped to us."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as exc:
            raise ClosedPipe from exc

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The names that fit, without importing a single command."""
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        rows = self._commands_in.items()
        return [CompletionItem(name, help=line) for name, (_, line) in rows if name.startswith(incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview without importing a single command; a hidden one has no line."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._commands_in.items() if line])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a word that is none gets the nearest one that is."""
        word = args[0]
        if word not in self._commands_in and not word.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(word, self._commands_in, n=1)
            path = ctx.command_path
            hint = f" Did you mean `{path} {near[0]}`?" if near else f" See `{path} --help`."
            ctx.fail(f"there is no command {word!r}.{hint}")
        return super().resolve_command(ctx, args)
