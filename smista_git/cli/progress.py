"""What a person sees while a model works: who is asked, the text as it comes, and each failure in one line."""

from __future__ import annotations

import sys

import click

from smista_git.cli.console import printable, talk
from smista_git.errors import SmistaError
from smista_git.plan.verdict import Verdict
from smista_git.route.decision import BUILTIN

INDENT = "    "


class Progress:
    """Watches a dispatch and tells it on stderr; streams the answer only to a terminal.

    ``shown`` is what was streamed of the last answer.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._stream = sys.stderr.isatty() and not quiet
        self._midline = False
        self._model = ""
        self.shown = ""

    def started(self, model: str, why: str) -> None:
        """Says who is asked, but for the builtin writer as first choice, which answers at once."""
        self._end_line()
        self._model, self.shown = model, ""
        if not self._quiet and not (model == BUILTIN and why == "chosen"):
            talk(
                f"asking {model} ({why}) ..." if model != BUILTIN else f"writing it by rules ({why})",
                dim=True,
            )

    def text(self, chunk: str) -> None:
        """Shows the answer as it is written; what the builtin writer says comes at once and is shown anyway."""
        if self._stream and self._model != BUILTIN:
            indented = printable(chunk).replace("\n", f"\n{INDENT}")
            click.echo(indented if self.shown else f"\n{INDENT}{indented}", err=True, nl=False)
            self.shown += chunk
            self._midline = True

    def failed(self, model: str, error: Exception, next_step: str) -> None:
        """Says in one line what went wrong and what comes next."""
        self._end_line()
        what = error.message if isinstance(error, SmistaError) else type(error).__name__
        talk(f"{model}: {' '.join(what.split())}; {next_step}")

    def waiting(self, seconds: float, why: str) -> None:
        """Says how long nothing will happen."""
        self._end_line()
        talk(f"waiting {seconds:.3g} s: {why}", dim=True)

    def verified(self, model: str, verdict: Verdict) -> None:
        """Says which checks an answer failed."""
        self._end_line()
        if not verdict.ok and model != BUILTIN:
            rules = ", ".join(sorted({problem.rule for problem in verdict.problems}))
            talk(f"{model}: the answer is not used ({rules})")

    def _end_line(self) -> None:
        if self._midline:
            click.echo(err=True)
            self._midline = False
