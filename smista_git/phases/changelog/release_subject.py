"""What the commit of a release is called: as the commits that past tags stand on, else as the history's own form asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from smista_git.phases.changelog.document import bare_version
from smista_git.phases.conventional import without_pull

LEAST_USES = 2


def release_subject(past: Sequence[tuple[str, str]], tag: str, *, conventional: bool) -> str:
    """The subject for ``tag``. ``past`` has the name and the subject of each past release, oldest first.

    The wording that the newest two share, else the most used one, where at least two releases and a third of them have it.
    """
    before = [("", ""), *past]
    forms = [_form(subject, name, older) for (older, _), (name, subject) in pairwise(before)]
    form, uses = (Counter(reversed(forms)).most_common(1) or [("", 0)])[0]
    if len(forms) > 1 and forms[-1] == forms[-2]:
        form = forms[-1]
    elif uses < LEAST_USES or uses * 3 < len(forms):
        form = "chore: release {version}" if conventional else "Release {version}"
    last = bare_version(past[-1][0]) if past else ""
    named = form.replace("{tag}", tag).replace("{version}", bare_version(tag))
    return named.replace("{previous}", last)


def _form(subject: str, tag: str, previous: str) -> str:
    """A subject with ``{tag}``, ``{version}`` and ``{previous}`` for what changes from release to release."""
    text = without_pull(subject)[0]
    for name, mark in (
        (tag, "{tag}"),
        (bare_version(tag), "{version}"),
        (bare_version(previous), "{previous}"),
    ):
        if name:
            text = re.sub(rf"(?<![\w.]){re.escape(name)}(?!\.?\w)", mark, text)
    return text
