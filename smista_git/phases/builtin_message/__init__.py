"""The commit-message writer that needs no model: a message from the facts of the change alone."""

from smista_git.phases.builtin_message.message import write_message

__all__ = ["write_message"]
