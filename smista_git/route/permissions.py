"""What a person allows by saying yes: every host that bytes may go to, and what is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smista_git.route.decision import Intent, ModelStatus
from smista_git.route.tiers import status_of

WRITES: Mapping[Intent, tuple[str, ...]] = {
    "commit": ("make a commit", "write git notes"),
    "review": ("write git notes",),
    "edit": ("write files",),
    "test": ("write files",),
    "document": ("write files",),
}


def permissions(intent: Intent, asked: Iterable[str], models: Mapping[str, ModelStatus]) -> tuple[str, ...]:
    """One line a permission: hosts first, in the order in which they would be asked, each once."""
    remote = [status_of(model, models) for model in asked]
    hosts = [f"send to {status.host or 'an unknown host'}" for status in remote if not status.local]
    return (*dict.fromkeys(hosts), *WRITES.get(intent, ()))
