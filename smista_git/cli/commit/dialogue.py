"""The questions about a message: take it, edit it, ask again, one tier up, or leave; and those about a split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

import click

from smista_git.cli.console import printable, styled, talk

Answer = Literal["accept", "edit", "regenerate", "up", "quit"]
SplitAnswer = Literal["split", "one", "join", "quit"]
A = TypeVar("A")

KEYS: dict[str, Answer] = {
    "y": "accept",
    "a": "accept",
    "\r": "accept",
    "\n": "accept",
    "e": "edit",
    "r": "regenerate",
    "u": "up",
    "n": "quit",
    "q": "quit",
    "\x1b": "quit",
}
SPLIT_KEYS: dict[str, SplitAnswer] = {
    "y": "split",
    "\r": "split",
    "\n": "split",
    "o": "one",
    "j": "join",
    "n": "quit",
    "q": "quit",
    "\x1b": "quit",
}
WAYS = "[Y]es, [e]dit, [r]egenerate, one tier [u]p, [q]uit: "
COMMIT_QUESTION = f"Commit with this message? {WAYS}"
PART_QUESTION = f"Use this message? {WAYS}"
SPLIT_QUESTION = "Make these commits? [Y]es, [o]ne commit of all, [j]oin two, [q]uit: "


def show_message(message: str, *, number: int | None = None) -> None:
    """The message as it will stand in the history, indented as ``git log`` shows it, or behind its number."""
    subject, _, body = message.rstrip("\n").partition("\n")
    start = "    " if number is None else f"{number:>2}  "
    click.echo(err=True)
    click.echo(styled(f"{start}{printable(subject)}", bold=True), err=True)
    for line in body.split("\n") if body else []:
        talk(f"    {line}" if line else "")


def ask_what_to_do(question: str = COMMIT_QUESTION) -> Answer:
    """What the person wants; one key, no Enter. Raises: click.Abort at Ctrl-C and at the end of input."""
    return _one_key(question, KEYS)


def ask_about_split() -> SplitAnswer:
    """Whether the parts are right. Raises: click.Abort at Ctrl-C and at the end of input."""
    return _one_key(SPLIT_QUESTION, SPLIT_KEYS)


def ask_which(count: int) -> int:
    """The number of the message that the person wants, from 1 to ``count``, at most 9. Raises: as above."""
    keys = {str(number): number for number in range(1, count + 1)}
    return _one_key(f"Which one? [1-{count}]: ", {**keys, "\r": 1, "\n": 1})


def ask_which_two(count: int) -> tuple[int, int] | None:
    """The numbers of two different parts, from 1 to ``count``; None where the person gave something else."""
    said = click.prompt("Which two? (as in: 1 3)", default="", show_default=False, err=True)
    numbers = {int(word) for word in str(said).replace(",", " ").split() if word.isdecimal()}
    if len(numbers) != 2 or not numbers <= set(range(1, count + 1)):
        return None
    return min(numbers), max(numbers)


def _one_key(question: str, keys: Mapping[str, A]) -> A:
    click.echo(styled(f"\n{question}", bold=True), err=True, nl=False)
    while True:
        try:
            key = click.getchar().lower()[:1]
        except EOFError:
            raise click.Abort from None
        if key in ("\x03", "\x04"):
            raise click.Abort
        if key in keys:
            click.echo(str(keys[key]), err=True)
            return keys[key]


def ask_for_remark() -> str:
    """What should be different, in the person's words; empty for just another try."""
    remark = click.prompt(
        "What should be different? (Enter for another try)", default="", show_default=False, err=True
    )
    return str(remark).strip()


def edit_message(message: str, editor: str) -> str | None:
    """The message as the person left it in their editor, or None when they emptied it; as it was where that failed."""
    try:
        edited = click.edit(message, editor=editor, extension=".COMMIT_EDITMSG", require_save=False)
    except click.ClickException as exc:  # not found, or ended with an error, as :cq does to take an edit back
        talk(f"the editor failed ({exc.message})")
        return message
    return edited if edited and edited.strip() else None
