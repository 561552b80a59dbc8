"""pre-push: which commits a push would bring, as ranges for a review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from smista_git.git.repository import Repository


def pushed_ranges(lines: Iterable[str], *, remote: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """``BASE..TIP`` for each ref that is pushed and brings something, each once.

    ``lines`` are git's own (local ref, local name, remote ref, remote name); pre-commit and prek keep stdin to
    themselves and say it in the environment.
    """
    repo = Repository.discover()
    if environ.get("PRE_COMMIT_TO_REF"):
        base, tip = environ.get("PRE_COMMIT_FROM_REF", ""), environ["PRE_COMMIT_TO_REF"]
        return (f"{base}..{tip}",) if base else ()
    return tuple(dict.fromkeys(_ranges(repo, lines, remote)))


def _ranges(repo: Repository, lines: Iterable[str], remote: str) -> Iterator[str]:
    for line in lines:
        words = line.split()
        if len(words) != 4 or not words[1].strip("0"):
            continue
        tip, there = words[1], words[3]
        # A ref that is new there, or moved to commits that this clone never saw, brings what no branch there has.
        base = there if there.strip("0") and repo.resolve(there) else _first_known(repo, tip, remote)
        if base != tip:
            yield f"{base}..{tip}"


def _first_known(repo: Repository, tip: str, remote: str) -> str:
    """The parent of the oldest commit that the remote does not have; the tip where it has all."""
    # A push to an address has no branches of its own here, so those of every remote count.
    named = remote if remote in (repo.ask("remote") or "").split("\n") else "*"
    known = f"--remotes={named}"
    listing = repo.run("rev-list", "--reverse", "--topo-order", tip, "--not", known, "--").stdout.split()
    return repo.parent_or_empty(listing[0].decode("ascii")) if listing else tip
