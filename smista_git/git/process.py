"""The one place that starts git: words in, bytes out, never a shell."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from smista_git.errors import GitFailed

# What `git rev-parse --local-env-vars` names: these point at one repository and must not reach another.
LOCAL_VARIABLES = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_CONFIG_COUNT",
        "GIT_CONFIG_PARAMETERS", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX", "GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX",
        "GIT_QUARANTINE_PATH", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
    }
)  # fmt: skip

PATHSPEC_VARIABLES = frozenset(
    {"GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"}
)

# These change what git prints, whatever the command line says (GIT_DIFF_OPTS beats --unified).
DISTURBING_VARIABLES = PATHSPEC_VARIABLES | {"GIT_DIFF_OPTS", "GIT_EXTERNAL_DIFF", "GIT_PAGER"}

CHUNK_BYTES = 1 << 16
PIPE_BYTES = 1 << 20  # the most that Linux allows a user by default
# What git says where an object is not here: 2.39 names the remote that promised it, 2.47 the object alone.
LOST = (
    "unable to read", "could not fetch", "missing blob", "could not read", "cannot read blob", "from promisor remote",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What a git command left: its exit status and both of its streams."""

    returncode: int
    stdout: bytes
    stderr: bytes


def encode(word: str | bytes) -> bytes:
    """The exact bytes of a word whose text was decoded as UTF-8 with surrogateescape."""
    return word if isinstance(word, bytes) else word.encode("utf-8", "surrogateescape")


def decode(data: bytes) -> str:
    """Text that gives the same bytes back through ``encode``."""
    return data.decode("utf-8", "surrogateescape")


def elsewhere(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what ties git to the repository that a hook runs in."""
    return {name: value for name, value in environment.items() if name not in LOCAL_VARIABLES}


def for_reading(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a command whose output is parsed: C locale, no locks, no prompts, no fetching.

    A partial clone would fetch each missing blob over the network in silence; git before 2.45 knows no
    GIT_NO_LAZY_FETCH, and an empty list of allowed protocols stops it as well.
    """
    quiet = {name: value for name, value in environment.items() if name not in DISTURBING_VARIABLES}
    quiet |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    return quiet | {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}


def run(
    words: Sequence[str | bytes],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    stdin: bytes | None = None,
    ok: Sequence[int] = (0,),
    hint: str = "",
) -> Done:
    """Run git to its end and give what it left.

    Raises:
        GitFailed: the exit status is not one of ``ok``, or git could not be started.
    """
    source = subprocess.DEVNULL if stdin is None else subprocess.PIPE
    process = start(words, cwd=cwd, environment=environment, stdin=source)
    try:
        stdout, stderr = process.communicate(stdin)
    finally:
        stop(process)
    done = Done(process.returncode, stdout, stderr)
    if done.returncode not in ok:
        raise failure(words, done.returncode, done.stderr, hint=hint)
    return done


def start(
    words: Sequence[str | bytes],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    stdin: IO[bytes] | int | None = subprocess.DEVNULL,
    stderr: IO[bytes] | int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """A running git with its output on a pipe.

    Raises:
        GitFailed: git is not installed, or the folder is gone.
    """
    try:
        return subprocess.Popen(
            argv(words),
            cwd=cwd,
            env=dict(environment),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
    except OSError as error:
        raise cannot_start(error, cwd) from error


@contextmanager
def streaming(
    words: Sequence[str | bytes],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    hint: str = "",
    ok: Sequence[int] = (0,),
    stdin: bytes | None = None,
) -> Iterator[IO[bytes]]:
    """Git's standard output while it runs; leaving early stops git, reading to the end checks its exit.

    What git is to read comes from a file, since a pipe could fill up before git writes.

    Raises:
        GitFailed: git ended by itself with a status that is not one of ``ok``.
    """
    with tempfile.TemporaryFile() as stderr, tempfile.TemporaryFile() as source:
        source.write(stdin or b"")
        source.seek(0)
        process = start(words, cwd=cwd, environment=environment, stdin=source, stderr=stderr)
        assert process.stdout is not None
        _widen(process.stdout)
        try:
            yield process.stdout
            if process.stdout.read(1):
                return
            if process.wait() not in ok:
                stderr.seek(0)
                raise failure(words, process.returncode, stderr.read(), hint=hint)
        finally:
            stop(process)


def _widen(pipe: IO[bytes]) -> None:
    """Let git write on while what it wrote is worked at: a pipe holds 64 KiB otherwise, a few commits."""
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):  # a user has so much for all pipes together
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End git and reap it; SIGTERM lets it take its lock files along. One that has ended is left as it is."""
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    if process.poll() is None:
        process.terminate()
    process.wait()


def argv(words: Sequence[str | bytes]) -> list[bytes] | list[str]:
    """The command line; on POSIX as bytes, so that no locale can change a path."""
    if os.name == "nt":
        return ["git", *(word if isinstance(word, str) else decode(word) for word in words)]
    return [b"git", *(encode(word) for word in words)]


def failure(words: Sequence[str | bytes], returncode: int, stderr: bytes, *, hint: str = "") -> GitFailed:
    """The error for a git command that failed, with git's own words."""
    said = stderr.decode("utf-8", "replace").strip()
    message = f"git {verb(words)} failed with status {returncode}"
    if lacks_object(said):
        hint = "objects are missing here: in a partial clone let git fetch them, as by `git log --patch RANGE > /dev/null`"
    return GitFailed(
        f"{message}: {said}" if said else message,
        hint=hint or "run `git status` to see what state the repository is in",
        returncode=returncode,
        stderr=said,
    )


def lacks_object(said: str) -> bool:
    """True where git's words mean that an object is not here, as in a partial or damaged clone."""
    return any(words in said.lower() for words in LOST)


def verb(words: Sequence[str | bytes]) -> str:
    """The git command among the words, for messages: the first word that is no option nor its value."""
    skip = False
    for word in words:
        text = word if isinstance(word, str) else decode(word)
        if not skip and not text.startswith("-"):
            return text
        skip = not skip and text in ("-c", "-C")
    return "git"


def cannot_start(error: OSError, cwd: Path) -> GitFailed:
    """The error for a git that did not even start."""
    if not cwd.is_dir():
        return GitFailed(f"the folder {cwd} does not exist", hint="change to a folder that exists")
    return GitFailed(f"git could not be started: {error}", hint="install git, and see that it is on PATH")
