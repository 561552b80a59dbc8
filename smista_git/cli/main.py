"""The front door: finds the command, runs it, and turns every end into an exit code."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click

from smista_git import __version__
from smista_git.errors import SmistaError

EPILOG = (
    "Nothing leaves this machine until a policy or a flag names a remote model.\n\n"
    "Start with `git smista commit --dry-run`, then `git smista doctor`."
)

# name -> (module, one line for the overview): a command's module is imported when it runs, not before.
COMMANDS: dict[str, tuple[str, str]] = {
    "commit": ("commit", "Write the message for what is staged, then commit it."),
    "classify": ("classify", "Say what a change is: type, kind, size, tier, and why."),
    "why": ("why", "Tell how a commit's message came about."),
    "doctor": ("doctor", "Check models, keys, policy and git, each with the next command."),
    "completion": ("completion", "Print the shell completion script for bash, zsh or fish."),
}


class Commands(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"smista_git.cli.{COMMANDS[cmd_name][0]}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview without importing a single command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a word that is none gets the nearest one that is."""
        word = args[0]
        if word not in COMMANDS and not word.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(word, COMMANDS, n=1)
            hint = f" Did you mean `git smista {near[0]}`?" if near else " See `git smista --help`."
            ctx.fail(f"there is no command {word!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    name="git smista",
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="git smista", message="%(prog)s %(version)s")
def cli() -> None:
    """Sort the work around a commit to the model that should do it.

    smista reads the change, says what it is, and routes each phase by a policy that you can read: a commit
    message to a local model, a heavy review to a strong one, sensitive files never off the machine.
    """


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit with its code: 0 done, 1 gate, 2 usage, 3 cannot, 70 bug, 130 interrupted."""
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: list[str]) -> int:
    """Run one command line and give its exit code; the one place where exceptions end."""
    try:
        done = cli.main(
            args=argv, prog_name="git smista", complete_var=_complete_var(), standalone_mode=False
        )
        return done if isinstance(done, int) else 0
    except click.ClickException as exc:
        exc.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nsmista: interrupted; nothing was left half-done", err=True)
        return 130
    except SmistaError as exc:
        _show(exc)
        return exc.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 141
    except Exception as exc:  # noqa: BLE001 - the one boundary: a bug ends in a report, not in a traceback
        from smista_git.cli.bug_report import report_bug

        return report_bug(exc, argv)


def _complete_var() -> str:
    # click derives it from prog_name, where "git smista" would leave a space.
    program = Path(sys.argv[0]).name.removesuffix(".exe")
    return f"_{program.replace('-', '_').upper()}_COMPLETE"


def _show(exc: SmistaError) -> None:
    from smista_git.cli.console import printable

    click.secho("smista: ", fg="red", bold=True, nl=False, err=True)
    click.echo(printable(exc.message), err=True)
    if exc.hint:
        click.echo(f"  try: {printable(exc.hint)}", err=True)
