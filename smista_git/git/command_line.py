"""The git command line, as it is called in one repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

from smista_git.git.place import Place
from smista_git.git.process import Done, decode, for_reading, run, streaming


class CommandLine:
    """Git commands that read, run from the root of one repository in one environment."""

    def __init__(self, place: Place, environment: Mapping[str, str]) -> None:
        self.place = place
        self.root = place.root
        self.environment = dict(environment)

    def run(
        self,
        *words: str | bytes,
        stdin: bytes | None = None,
        ok: Sequence[int] = (0,),
        hint: str = "",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Done:
        """Run a git command whose output is read, from the root, and give its status and streams.

        Raises:
            GitFailed: its status is not one of ``ok``.
        """
        reading = for_reading(self.environment) | dict(env or {})
        return run(words, cwd=cwd or self.root, environment=reading, stdin=stdin, ok=ok, hint=hint)

    def ask(self, *words: str | bytes) -> str | None:
        """One line of git's output without its newline, or None where git says no."""
        done = self.run(*words, ok=range(256))
        return decode(done.stdout.removesuffix(b"\n")) if done.returncode == 0 else None

    def stream(
        self,
        *words: str | bytes,
        env: Mapping[str, str] | None = None,
        hint: str = "",
        ok: Sequence[int] = (0,),
        stdin: bytes | None = None,
    ) -> AbstractContextManager[IO[bytes]]:
        """The output of a git command that reads, while it runs."""
        reading = for_reading(self.environment) | dict(env or {})
        return streaming(words, cwd=self.root, environment=reading, hint=hint, ok=ok, stdin=stdin)

    def resolve(self, rev: str) -> str | None:
        """The full name of the commit that ``rev`` means, or None."""
        return self.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
