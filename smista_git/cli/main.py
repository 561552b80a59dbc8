"""The front door: finds the command, runs it, and turns every end into an exit code."""

from __future__ import annotations

import errno
import gc
import os
import sys
from pathlib import Path

import click

from smista_git import __version__
from smista_git.cli.lazy import ClosedPipe, LazyGroup
from smista_git.errors import SmistaError

EPILOG = (
    "Nothing leaves this machine until a policy or a flag names a remote model.\n\n"
    "Start with `git smista commit --dry-run`, then `git smista doctor`."
)

COMMANDS = {
    "commit": ("smista_git.cli.commit.command", "Write the message for what is staged, then commit it."),
    "review": ("smista_git.cli.review", "Find what is wrong with a change, line by line."),
    "classify": ("smista_git.cli.classify", "Say what a change is: type, kind, size, tier, and why."),
    "changelog": (
        "smista_git.cli.changelog.command",
        "Write the changelog from history, and into the file you keep.",
    ),
    "policy": ("smista_git.cli.policy", "Write, check, show, explain and trust the policy."),
    "why": ("smista_git.cli.why", "Tell how a commit's message came about."),
    "cost": ("smista_git.cli.cost", "Show what was spent, and what routing saved."),
    "hook": ("smista_git.cli.hook", "Let plain git commit start with a message; keep the records."),
    "doctor": ("smista_git.cli.doctor", "Check models, keys, policy and git, each with the next command."),
    "completion": ("smista_git.cli.completion", "Print the shell completion script for bash, zsh or fish."),
}


@click.group(
    cls=LazyGroup,
    commands_in=COMMANDS,
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


# What a shell shows for a command that SIGPIPE ended.
CLOSED_PIPE = 141
# A full or read-only disk, a quota, a limit, a folder of somebody else.
NO_PLACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM)


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit with its code: 0 done, 1 gate, 2 usage, 3 cannot, 70 bug, 130 interrupted."""
    # The default sets off hundreds of collections while modules load, a tenth of the start-up, and frees nothing.
    gc.set_threshold(50_000, 20, 50)
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
    except ClosedPipe:
        _drop_output()
        return CLOSED_PIPE
    except Exception as exc:  # noqa: BLE001 - the one boundary: a bug ends in a report, not in a traceback
        if isinstance(exc, OSError) and (exc.errno in NO_PLACE or "temporary directory" in str(exc)):
            _show(_no_place(exc))
            _drop_output()
            return SmistaError.exit_code
        from smista_git.cli.bug_report import report_bug

        return report_bug(exc, argv)


def _no_place(exc: OSError) -> SmistaError:
    where = exc.filename or "the output"
    hint = "see what room is left with `df -h`, and who may write there with `ls -ld`"
    return SmistaError(f"{os.fsdecode(where)}: {exc.strerror}", hint=hint)


def _drop_output() -> None:
    """What is still to be flushed at the very end goes nowhere, instead of failing once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complete_var() -> str:
    # click derives it from prog_name, where "git smista" would leave a space.
    program = Path(sys.argv[0]).name.removesuffix(".exe")
    return f"_{program.replace('-', '_').upper()}_COMPLETE"


def _show(exc: SmistaError) -> None:
    from smista_git.cli.console import printable, styled

    click.echo(styled("smista: ", fg="red", bold=True), nl=False, err=True)
    click.echo(printable(exc.message), err=True)
    if exc.hint:
        click.echo(f"  try: {printable(exc.hint)}", err=True)
