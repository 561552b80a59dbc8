"""Diffs where blobs are missing: in a partial or damaged clone, without fetching anything in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from smista_git.git.command_line import CommandLine
from smista_git.git.diffs import ALL_PARTS, PINNED_CONFIG, PINNED_OPTIONS, RAW_RECORD, RawDiff, read_diff

# A command line holds no more; beyond it the patch is left out whole.
MOST_EXCLUDED = 5000
SUBMODULE = b"160000"


def diff_of_present(
    git: CommandLine, words: Sequence[str], *, limit_bytes: int, env: Mapping[str, str] | None
) -> RawDiff:
    """The whole ``raw``, and counts and patch of the files whose blobs are here; a notice names the others.

    Renames are not looked for: that alone would read every blob.
    """
    base = (*PINNED_CONFIG, "diff", *PINNED_OPTIONS, "--no-renames")
    raw = git.run(*base, "--raw", *words, "--", env=env).stdout
    absent = sorted(_absent(git, raw))
    notices = (_notice(absent),) if absent else ()
    if len(absent) > MOST_EXCLUDED or len(absent) == sum(1 for _ in RAW_RECORD.finditer(raw)):
        return RawDiff(raw=raw, truncated=bool(absent), notices=notices)
    excluded = [b":(top,exclude,literal)" + path for path in absent]
    with git.stream(*base, *ALL_PARTS, *words, "--", ":(top)", *excluded, env=env) as stdout:
        rest = read_diff(stdout, limit_bytes=limit_bytes)
    return RawDiff(raw, rest.numstat, rest.patch, rest.truncated or bool(absent), rest.notices + notices)


def _absent(git: CommandLine, raw: bytes) -> set[bytes]:
    """The paths one of whose blobs is not in the object store.

    Asking for a missing blob by name kills git where it may not fetch, so all that are here are listed.
    """
    sides = list(_sides(raw))
    missing = {oid for oid, _ in sides}
    every = ("cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)")
    with git.stream(*every) as stdout:
        for line in stdout:
            missing.discard(line.rstrip(b"\n"))
    return {path for oid, path in sides if oid in missing}


def _sides(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    for record in RAW_RECORD.finditer(raw):
        facts, path = record.group().split(b"\0")[:2]
        old_mode, new_mode, old_oid, new_oid, _ = facts[1:].split(b" ")
        for mode, oid in ((old_mode, old_oid), (new_mode, new_oid)):
            if mode != SUBMODULE and oid.strip(b"0"):
                yield oid, path


def _notice(absent: Sequence[bytes]) -> str:
    some = ", ".join(path.decode("utf-8", "replace") for path in absent[:3])
    more = f" and {len(absent) - 3} more" if len(absent) > 3 else ""
    return f"not in this clone, so not read: {some}{more}"
