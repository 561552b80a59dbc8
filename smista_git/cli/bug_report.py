"""A bug ends in a report that a person can read, redact and send; never in a bare traceback."""

from __future__ import annotations

import platform
import tempfile
import traceback
from pathlib import Path

import click

from smista_git import __version__
from smista_git.cli.console import styled

BUG_EXIT_CODE = 70  # EX_SOFTWARE of sysexits.h


def report_bug(exc: BaseException, argv: list[str]) -> int:
    """Write the report to a temporary file, say where it is, and give exit code 70.

    The report holds versions, the command's words up to the first ``--`` with option values left out, and the
    traceback without local variables or exception texts, which may quote a diff or a key.
    """
    try:
        report = Path(tempfile.mkdtemp(prefix="smista-bug-")) / "report.txt"
        report.write_text(_report(exc, argv), encoding="utf-8")
        where = f"a report without file contents is in {report}"
    except OSError as full:
        where = f"no report could be written ({full.strerror}):\n{_report(exc, argv)}"
    click.echo(styled("smista: this is a bug in smista, not in your work.", fg="red"), err=True)
    click.echo(f"  {type(exc).__name__}; {where}", err=True)
    click.echo("  Your index, worktree and HEAD were not touched by the failing step.", err=True)
    return BUG_EXIT_CODE


def _report(exc: BaseException, argv: list[str]) -> str:
    frames = "".join(traceback.format_tb(exc.__traceback__))
    return (
        f"smista {__version__}, python {platform.python_version()}, {platform.platform()}\n"
        f"command: git smista {' '.join(_words(argv))}\n"
        f"{type(exc).__module__}.{type(exc).__name__}\n{frames}"
    )


def _words(argv: list[str]) -> list[str]:
    before = argv[: argv.index("--")] if "--" in argv else argv
    return [word.split("=", 1)[0] for word in before if word.startswith("-") or word in before[:1]]
