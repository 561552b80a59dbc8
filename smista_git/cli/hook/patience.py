"""What a hook says while it works: nothing for a second, then one line."""

from __future__ import annotations

import threading
from types import TracebackType

from smista_git.cli.console import talk
from smista_git.errors import SmistaError
from smista_git.plan.verdict import Verdict
from smista_git.route.decision import BUILTIN

QUIET_S = 1.0


class Patience:
    """Watches the work of a hook, and a dispatch in it; ``trouble`` is why the builtin writer had to stand in."""

    def __init__(self, hook: str, *, quiet_s: float = QUIET_S) -> None:
        self._hook = hook
        self._doing = "reading the change"
        self._failed = ""
        self.trouble = ""
        self._timer = threading.Timer(quiet_s, self._say)
        self._timer.daemon = True

    def __enter__(self) -> Patience:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def _say(self) -> None:
        talk(f"smista: {self._hook}: {self._doing} ...", dim=True)

    def started(self, model: str, why: str) -> None:
        """Keeps in mind who is asked."""
        if model == BUILTIN:
            self.trouble = f"{self._failed}; written by rules" if self._failed else ""
        else:
            self._doing = f"asking {model} for the message"

    def text(self, chunk: str) -> None:
        """The answer goes to the file, not to the terminal."""

    def failed(self, model: str, error: Exception, next_step: str) -> None:
        """Keeps in mind what went wrong last."""
        what = error.message if isinstance(error, SmistaError) else type(error).__name__
        self._failed = f"{model}: {' '.join(what.split())}"

    def waiting(self, seconds: float, why: str) -> None:
        """The line after a second says enough."""

    def verified(self, model: str, verdict: Verdict) -> None:
        """Keeps in mind that an answer was no good."""
        if not verdict.ok and model != BUILTIN:
            rules = ", ".join(sorted({problem.rule for problem in verdict.problems}))
            self._failed = f"{model}: its answer is not used ({rules})"
