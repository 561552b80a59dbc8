"""The message itself: prefix, subject, body and footer in the style of the repository."""

from __future__ import annotations

import textwrap

from smista_git.change.model import Change
from smista_git.classify.habits import Habits, Style
from smista_git.classify.labels import Labels
from smista_git.phases.builtin_message.choose import Story, story_of
from smista_git.phases.builtin_message.wording import capitalise

BODY_WIDTH = 72
MOST_BULLETS = 6
LONGEST_BULLET = 2 * BODY_WIDTH - 4
_GITMOJI = {
    "feat": ":sparkles:", "fix": ":bug:", "docs": ":memo:", "style": ":art:", "refactor": ":recycle:", "perf": ":zap:",
    "test": ":white_check_mark:", "build": ":package:", "ci": ":construction_worker:", "chore": ":wrench:",
    "revert": ":rewind:",
}  # fmt: skip


def write_message(
    change: Change, labels: Labels, habits: Habits, *, style: Style | None = None, max_subject: int = 72
) -> str:
    """A whole commit message, from facts of the diff alone: the subject, and a body where there is more to say.

    Every name and number in it stands in the diff; the subject has at most ``max_subject`` characters.
    """
    story = story_of(change, labels, habits)
    head = prefix(labels, style or habits.style, breaking=bool(story.broken))
    description = _subject(story, max_subject - len(head))
    if habits.capitalised or (style or habits.style) != "conventional":
        description = capitalise(description)
    parts = [head + description, _body(story, description), _footer(story)]
    return "\n\n".join(p for p in parts if p)


def prefix(labels: Labels, style: Style, *, breaking: bool = False) -> str:
    """What stands before the description: ``type(scope)!: ``, an emoji, or nothing."""
    if style == "plain":
        return ""
    if style == "gitmoji":
        return _GITMOJI[labels.type] + " "
    scope = f"({labels.scope})" if labels.scope else ""
    return f"{labels.type}{scope}{'!' if breaking else ''}: "


def _subject(story: Story, room: int) -> str:
    """The main fact as fully as it fits, the second one behind it where that fits too."""
    for fact in story.main:
        phrase = fact.fitting(room)
        if phrase is None or phrase.endswith("."):
            continue
        also = story.also
        if also is not None and also is not fact:
            more = also.fitting(room - len(phrase) - len(" and "))
            if more is not None:
                return f"{phrase} and {more}"
        return phrase
    return "update files in place"[: max(room, 12)].rstrip()


def _body(story: Story, subject: str) -> str:
    lines = []
    for fact in story.rest[:MOST_BULLETS]:
        phrase = fact.fitting(LONGEST_BULLET)
        if phrase is not None and phrase not in subject:
            lines.append(
                textwrap.fill(
                    phrase,
                    BODY_WIDTH,
                    initial_indent="- ",
                    subsequent_indent="  ",
                    break_long_words=False,
                    break_on_hyphens=False,
                )
            )
    return "\n".join(lines) if len(lines) > 1 else ""


def _footer(story: Story) -> str:
    return f"BREAKING CHANGE: {story.broken}" if story.broken else ""
