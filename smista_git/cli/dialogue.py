"""The question after a message was written: take it, edit it, ask again, one tier up, or leave."""

from __future__ import annotations

from typing import Literal

import click

from smista_git.cli.console import printable, talk

Answer = Literal["accept", "edit", "regenerate", "up", "quit"]
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
QUESTION = "Commit with this message? [Y]es, [e]dit, [r]egenerate, one tier [u]p, [q]uit: "


def show_message(message: str) -> None:
    """The message as it will stand in the history, indented as ``git log`` shows it."""
    subject, _, body = message.rstrip("\n").partition("\n")
    click.echo(err=True)
    click.secho(f"    {printable(subject)}", bold=True, err=True)
    for line in body.split("\n") if body else []:
        talk(f"    {line}" if line else "")


def ask_what_to_do() -> Answer:
    """What the person wants; one key, no Enter. Raises: click.Abort at Ctrl-C and at the end of input."""
    click.echo(click.style(f"\n{QUESTION}", bold=True), err=True, nl=False)
    while True:
        try:
            key = click.getchar().lower()[:1]
        except EOFError:
            raise click.Abort from None
        if key in ("\x03", "\x04"):
            raise click.Abort
        if key in KEYS:
            click.echo(KEYS[key], err=True)
            return KEYS[key]


def ask_for_remark() -> str:
    """What should be different, in the person's words; empty for just another try."""
    remark = click.prompt(
        "What should be different? (Enter for another try)", default="", show_default=False, err=True
    )
    return str(remark).strip()


def edit_message(message: str, editor: str) -> str | None:
    """The message as the person left it in their editor, or None when they emptied it."""
    edited = click.edit(message, editor=editor, extension=".COMMIT_EDITMSG", require_save=False)
    return edited if edited and edited.strip() else None
