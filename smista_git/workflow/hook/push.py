"""pre-push: which commits a push would bring, as ranges for a review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from smista_git.git.repository import Repository

WHOLE_HISTORY = "the remote has none of these commits yet; a whole history is not reviewed in a hook"


@dataclass(frozen=True, slots=True)
class Pushed:
    """``ranges`` are ``BASE..TIP``, each once; ``notices`` say what is pushed and not in them."""

    ranges: tuple[str, ...]
    notices: tuple[str, ...] = ()


def pushed_commits(lines: Iterable[str], *, remote: str, environ: Mapping[str, str]) -> Pushed:
    """What a push brings.

    ``lines`` are git's own (local ref, local name, remote ref, remote name); pre-commit and prek keep stdin to
    themselves and say it in the environment.
    """
    if environ.get("PRE_COMMIT"):
        base, tip = environ.get("PRE_COMMIT_FROM_REF"), environ.get("PRE_COMMIT_TO_REF")
        return Pushed((f"{base}..{tip}",)) if base and tip else Pushed((), (WHOLE_HISTORY,))
    repo = Repository.discover()
    found = list(_bases(repo, lines, remote))
    ranges = dict.fromkeys(f"{base}..{tip}" for base, tip in found if base)
    return Pushed(tuple(ranges), () if all(base for base, _ in found) else (WHOLE_HISTORY,))


def _bases(repo: Repository, lines: Iterable[str], remote: str) -> Iterator[tuple[str | None, str]]:
    """For each ref that brings something: what is below it there, None where nothing is, and its tip."""
    for line in lines:
        words = line.split()
        if len(words) != 4 or not words[1].strip("0"):
            continue
        tip, there = words[1], words[3]
        # A ref that is new there, or moved to commits that this clone never saw, brings what no branch there has.
        base = there if there.strip("0") and repo.resolve(there) else _first_known(repo, tip, remote)
        if base != tip:
            yield base, tip


def _first_known(repo: Repository, tip: str, remote: str) -> str | None:
    """The parent of the oldest commit that the remote does not have, None for a root; the tip where it has all."""
    # A push to an address has no branches of its own here, so those of every remote count.
    named = remote if remote in (repo.ask("remote") or "").split("\n") else "*"
    known = f"--remotes={named}"
    listing = repo.run("rev-list", "--reverse", "--topo-order", tip, "--not", known, "--").stdout.split()
    return repo.resolve(f"{listing[0].decode('ascii')}^1") if listing else tip
