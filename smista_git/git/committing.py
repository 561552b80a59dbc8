"""Commits, made by ``git commit`` itself, so that hooks, signing, cleanup and trailers hold."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smista_git.errors import GitFailed, Interrupted
from smista_git.git.process import argv, cannot_start, encode
from smista_git.whole_file import write_whole

# A hook of ours that finds this set was started by our own commit, and keeps still.
GUARD = "SMISTA_ACTIVE"
MESSAGE_FILE = "SMISTA_MSG"

# Cleanup modes under which git drops lines that start with the comment string.
STRIPPING = frozenset({"strip", "default", "scissors"})


@dataclass(frozen=True, slots=True)
class Ended:
    """How ``git commit`` ended; ``stderr`` is empty where the terminal had it."""

    returncode: int
    stderr: str
    interrupted: bool


def cleanup_options(
    message: bytes, *, edit: bool, comments: Sequence[str], configured: str | None, args: Sequence[str]
) -> tuple[str, ...]:
    """The ``--cleanup`` under which each line of ``message`` survives; none where git's own does.

    ``git commit -F`` keeps lines that start with the comment string, unless ``commit.cleanup`` says strip;
    with ``-e`` git strips them, so the instructions go below a scissors line there, as git itself offers.
    """
    if any(word.startswith("--cleanup") for word in args) or not has_comment_lines(message, comments):
        return ()
    if edit and (configured or "default") in STRIPPING:
        return ("--cleanup=scissors",)
    if not edit and configured == "strip":
        return ("--cleanup=whitespace",)
    return ()


def has_comment_lines(message: bytes, comments: Sequence[str]) -> bool:
    """True when a line of the message starts with one of the comment strings."""
    starts = tuple(encode(comment) for comment in comments)
    return any(line.startswith(starts) for line in message.split(b"\n"))


def comment_strings(settings: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What may start a comment in a message: ``core.commentString``, ``core.commentChar``, and ``#``.

    The first one holds. The others follow since git before 2.45 does not know ``core.commentString``.

    ``auto`` reads as ``#``: git looks for another character only when it opens an editor on a message that
    has such lines, and then those lines are no comments.
    """
    found = (settings.get(key, ("auto",))[-1] for key in ("core.commentstring", "core.commentchar"))
    return tuple(dict.fromkeys([*(value for value in found if value != "auto"), "#"]))


def keep_message(git_dir: Path, message: bytes) -> Path:
    """The file in the git directory that now holds ``message``, whole or not at all."""
    target = git_dir / MESSAGE_FILE
    write_whole(target, message)
    return target


def run_commit(
    words: Sequence[str | bytes], *, cwd: Path, environment: Mapping[str, str], terminal: bool
) -> Ended:
    """Run ``git commit`` to its end, whatever is pressed: killing it would leave its locks behind.

    Raises:
        GitFailed: git could not be started.
    """
    with tempfile.TemporaryFile() as output, held_interrupts() as presses:
        try:
            process = subprocess.Popen(
                argv(words),
                cwd=cwd,
                env={**environment, GUARD: "1"},
                stdin=None if terminal else subprocess.DEVNULL,
                stdout=None if terminal else output,
                stderr=None if terminal else subprocess.STDOUT,
            )
        except OSError as error:
            raise cannot_start(error, cwd) from error
        process.wait()
        output.seek(0)  # a file, since what a hook leaves running would hold a pipe open
        said = output.read().decode("utf-8", "replace").strip()
        return Ended(process.returncode, said, bool(presses))


@contextmanager
def held_interrupts() -> Iterator[list[int]]:
    """Collects Ctrl-C instead of raising; git has the signal too, and ends by itself or lets its editor decide.

    Outside the main thread, and where the signal is ignored, Python raises nothing and nothing is changed.
    """
    presses: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield presses
        return
    signal.signal(signal.SIGINT, lambda number, _: presses.append(number))
    try:
        yield presses
    finally:
        signal.signal(signal.SIGINT, before)


def check(ended: Ended, kept: Path) -> None:
    """Pass where git committed, and remove the kept message; otherwise say where it lies.

    Raises:
        Interrupted: the person pressed Ctrl-C and no commit was made.
        GitFailed: git or one of its hooks refused.
    """
    if ended.returncode == 0:
        kept.unlink(missing_ok=True)
        return
    hint = f"the message is kept: `git commit -F {shlex.quote(os.fspath(kept))}`"
    if ended.interrupted:
        raise Interrupted("git commit was interrupted", hint=hint)
    message = f"git commit failed with status {ended.returncode}"
    raise GitFailed(
        f"{message}: {ended.stderr}" if ended.stderr else message,
        hint=hint,
        returncode=ended.returncode,
        stderr=ended.stderr,
    )
