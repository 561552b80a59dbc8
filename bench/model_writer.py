"""A model as a writer of messages, the way the command asks it: packed diff, one question, the answer cleaned."""

from __future__ import annotations

import os
from collections.abc import Callable

from smista_git.change.model import Change
from smista_git.classify.habits import Habits
from smista_git.classify.labels import Labels
from smista_git.errors import ProviderError
from smista_git.phases.commit_message import ask
from smista_git.phases.message_check import check_message
from smista_git.phases.said import Said
from smista_git.plan.pack import pack_change
from smista_git.providers.registry import Providers

DIFF_TOKENS = 5_000


def writer(model: str) -> Callable[[Change, Labels, Habits], str]:
    """A function that asks a local ``model``; an error counts as an empty answer, which no check lets pass."""
    providers = Providers.from_settings({}, os.environ)
    provider, name = providers.provider_for(model)

    def write(change: Change, labels: Labels, habits: Habits) -> str:
        packed = pack_change(change, budget_tokens=DIFF_TOKENS, stays={})
        request = ask(packed, labels=labels, habits=habits, said=Said(), timeout_s=300)
        try:
            text = provider.complete(request, name).text
        except ProviderError:
            return ""
        return check_message(text, change=change, labels=labels, habits=habits, said=Said()).answer

    return write
