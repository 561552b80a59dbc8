"""The provider that needs no model: it calls the deterministic writer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from smista_git.plan.request import Reply, Request, Usage
from smista_git.providers.base import OnText
from smista_git.providers.clearance import Clearance


@dataclass(frozen=True, slots=True)
class BuiltinProvider:
    """``builtin/rules``: always there, always local, for nothing."""

    write: Callable[[], str]
    name: str = "builtin"
    local: bool = True

    def complete(
        self,
        request: Request,
        model: str,
        *,
        on_text: OnText | None = None,
        clearance: Clearance | None = None,
    ) -> Reply:
        """What the writer wrote, in one piece."""
        began_s = time.monotonic()
        text = self.write()
        if on_text is not None:
            on_text(text)
        return Reply(text, Usage(), model, time.monotonic() - began_s)
