"""Records on commits, in a notes ref, that twenty writers can add to at once.

Each write reads the ref and the notes it needs in one process, and makes tree and commit in another: ``git
fast-import``, which knows git's fan-out and moves the ref only from a value that the new commit contains. When
another writer was faster, nothing has happened, and we read again.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from smista_git.errors import GitFailed
from smista_git.git.lock import turn
from smista_git.git.objects import Batch, contents
from smista_git.git.patch_id import patch_id, patch_id_between
from smista_git.git.process import decode, failure
from smista_git.git.repository import Repository

DEFAULT_REF = "refs/notes/smista"
FULL_NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

# Two hex digits a level: four levels hold more notes than git could list.
FAN_OUT_LEVELS = 4
PATIENCE_S = 20.0
MOST_BRANCHES = 64

Notes = Mapping[str, bytes]


def append_record(repo: Repository, rev: str, record: Mapping[str, Any], *, ref: str = DEFAULT_REF) -> None:
    """Add ``record`` as one JSON line to the note of a commit, with the commit's ``patch_id`` in it.

    Raises:
        GitFailed: the commit does not exist, or the ref could not be written.
    """
    oid = full_name(repo, rev)
    whole = {**record, "patch_id": patch_id(repo, oid)}
    append_line(repo, oid, json.dumps(whole, ensure_ascii=False, separators=(",", ":")), ref=ref)


def append_line(repo: Repository, rev: str, line: str, *, ref: str = DEFAULT_REF) -> None:
    """Add one line, exactly as it is, to the note of a commit."""
    oid = full_name(repo, rev)
    added = line.encode("utf-8", "surrogateescape") + b"\n"
    update(repo, [oid], lambda notes: {oid: joined(notes.get(oid, b""), added)}, ref=ref)


def read_note(repo: Repository, rev: str, *, ref: str = DEFAULT_REF) -> bytes | None:
    """The exact bytes of a commit's note, or None."""
    oid = full_name(repo, rev)
    _, notes = _read(repo, [oid], ref)
    return notes.get(oid)


def read_records(repo: Repository, rev: str, *, ref: str = DEFAULT_REF) -> tuple[dict[str, Any], ...]:
    """The JSON objects of a commit's note, oldest first; lines that are none are passed over."""
    return records_in(read_note(repo, rev, ref=ref) or b"")


def copy_notes(repo: Repository, pairs: Sequence[tuple[str, str]], *, ref: str = DEFAULT_REF) -> int:
    """Carry the lines of each old commit over to its new one, once each; gives how many notes changed.

    ``pairs`` are (old, new) as git's post-rewrite hook lists them; several old ones may meet in one new one.
    """
    names = [(full_name(repo, old), full_name(repo, new)) for old, new in pairs]
    oids = dict.fromkeys(oid for pair in names for oid in pair)
    return update(repo, list(oids), lambda notes: _carried(notes, names), ref=ref)


def copy_note(repo: Repository, old: str, new: str, *, ref: str = DEFAULT_REF) -> bool:
    """Carry one commit's note over to another; True when that changed anything."""
    return copy_notes(repo, [(old, new)], ref=ref) > 0


def find_by_patch_id(repo: Repository, rev: str, *, ref: str = DEFAULT_REF) -> tuple[dict[str, Any], ...]:
    """The records whose ``patch_id`` is that of ``rev``, wherever they hang; the commits may be long gone.

    This is how a record is found again after a cherry-pick, an amended message, or a squash of one commit.
    """
    wanted = patch_id(repo, rev)
    if wanted is None:
        return ()
    return tuple(
        record
        for note in all_notes(repo, ref=ref)
        if wanted.encode() in note
        for record in records_in(note)
        if record.get("patch_id") == wanted
    )


def find_squashed(repo: Repository, rev: str, *, ref: str = DEFAULT_REF) -> tuple[dict[str, Any], ...]:
    """The records of a branch's commits, newest commit first, where ``rev`` is that branch squashed.

    Looks at up to 64 branches, the last updated first, that ``rev`` does not contain.
    """
    oid = full_name(repo, rev)
    wanted = patch_id(repo, oid)
    parent = repo.parent_or_empty(oid)
    for tip in _branches_outside(repo, oid) if wanted else ():
        base = repo.merge_base(parent, tip)
        if base and patch_id_between(repo, base, tip) == wanted:
            oids = [entry.oid for entry in repo.log(f"{base}..{tip}")]
            _, notes = _read(repo, oids, ref)
            return tuple(record for one in oids for record in records_in(notes.get(one, b"")))
    return ()


def all_notes(repo: Repository, *, ref: str = DEFAULT_REF) -> Iterator[bytes]:
    """The bytes of each note under a ref, in the order of its tree."""
    listing = repo.run("ls-tree", "-r", "-z", "--end-of-options", ref, ok=(0, 128)).stdout
    entries = (entry.partition(b"\t")[0].split() for entry in listing.split(b"\0")[:-1])
    blobs = [oid.decode("ascii") for _, kind, oid in entries if kind == b"blob"]
    yield from contents(repo, blobs)


def update(
    repo: Repository,
    oids: Sequence[str],
    change: Callable[[Notes], Notes],
    *,
    ref: str = DEFAULT_REF,
    patience_s: float = PATIENCE_S,
) -> int:
    """Write the notes that ``change`` makes of the present ones of ``oids``; gives how many it wrote.

    ``change`` may be called again, with what another writer left in between.

    Raises:
        GitFailed: the ref could not be moved within ``patience_s``.
    """
    deadline = time.monotonic() + patience_s
    pause_s = 0.002
    while True:
        with turn(repo.common_dir):
            tip, notes = _read(repo, oids, ref)
            wanted = {oid: note for oid, note in change(notes).items() if notes.get(oid) != note}
            if not wanted or _swap(repo, ref, tip, wanted, last=time.monotonic() > deadline):
                return len(wanted)
        time.sleep(pause_s * random.uniform(0.5, 1.5))
        pause_s = min(pause_s * 2, 0.2)


def _swap(repo: Repository, ref: str, tip: str | None, notes: Notes, *, last: bool) -> bool:
    """True when the ref now holds ``notes`` on top of ``tip``; False when somebody else moved it first."""
    done = repo.run(
        "-c", "core.filesRefLockTimeout=300", "fast-import", "--quiet", "--done",
        stdin=b"".join(_import(_ident(repo), ref, tip, notes)), ok=(0, 1),
    )  # fmt: skip
    if done.returncode != 0 and (last or not _was_beaten(done.stderr)):
        hint = _held(repo, done.stderr) or f"see what is wrong with the ref: `git fsck` and `git log {ref}`"
        # What git says after an empty line names no file and asks for another editor to be closed.
        raise failure(("fast-import",), done.returncode, done.stderr.partition(b"\n\n")[0], hint=hint)
    return done.returncode == 0


def _was_beaten(stderr: bytes) -> bool:
    """True when another writer had the ref or its lock; a folder that cannot be written stays so."""
    hopeless = (b"Permission denied", b"Read-only file system", b"No space left")
    beaten = (b"Not updating", b"cannot lock ref")
    return any(word in stderr for word in beaten) and not any(word in stderr for word in hopeless)


def _held(repo: Repository, stderr: bytes) -> str:
    """What to do where the lock is held by nobody any more; empty for another failure. Of reftable git names no file."""
    named = re.search(rb"'([^']+\.lock)': File exists", stderr)
    if named is None and b"cannot lock references" not in stderr:
        return ""
    lock = decode(named[1]) if named else repo.common_dir / "reftable/tables.list.lock"
    return f"if no other git is at work, remove the lock that one left: {lock}"


def _import(ident: bytes, ref: str, tip: str | None, notes: Notes) -> Iterator[bytes]:
    message = b"Notes added by smista\n"
    yield b"commit %b\ncommitter %b\ndata %d\n%b" % (ref.encode(), ident, len(message), message)
    if tip:
        yield b"from %b\n" % tip.encode()
    for oid, note in notes.items():
        yield b"N inline %b\ndata %d\n%b\n" % (oid.encode(), len(note), note)
    yield b"done\n"


def _ident(repo: Repository) -> bytes:
    """Who writes, as git sees it; a person that git does not know yet can still keep records."""
    known = repo.ask("var", "GIT_COMMITTER_IDENT")
    ident = known if known else f"smista <smista@localhost> {int(time.time())} +0000"
    return ident.encode("utf-8", "surrogateescape")


def _read(repo: Repository, oids: Sequence[str], ref: str) -> tuple[str | None, dict[str, bytes]]:
    """The ref's commit and the notes of ``oids``, by one process.

    The commit is read first: should the ref move in between, the notes are newer than the commit, and the
    swap that names the commit fails, as it should.
    """
    with Batch(repo) as batch:
        tip = batch.name_of(f"{ref}^{{commit}}")
        found = ((oid, batch.first(_places(ref, oid))) for oid in oids if tip)
        return tip, {oid: note for oid, note in found if note is not None}


def _places(ref: str, oid: str) -> Iterable[str]:
    """Where a note may lie in a notes tree, the flattest first."""
    for level in range(FAN_OUT_LEVELS):
        folders = [oid[2 * at : 2 * at + 2] for at in range(level)]
        yield f"{ref}:{'/'.join([*folders, oid[2 * level :]])}"


def _carried(notes: Notes, pairs: Sequence[tuple[str, str]]) -> dict[str, bytes]:
    carried: dict[str, bytes] = {}
    for old, new in pairs:
        if old in notes:
            present = carried.get(new, notes.get(new, b""))
            lines = set(present.splitlines())
            missing = [line for line in notes[old].splitlines() if line not in lines]
            carried[new] = joined(present, b"".join(line + b"\n" for line in missing))
    return carried


def _branches_outside(repo: Repository, oid: str) -> list[str]:
    listing = repo.run(
        "for-each-ref", "--sort=-committerdate", f"--count={MOST_BRANCHES}", "--no-merged", oid,
        "--format=%(objectname)", "refs/heads", "refs/remotes",
    )  # fmt: skip
    return list(dict.fromkeys(listing.stdout.decode("ascii").split()))


def joined(present: bytes, added: bytes) -> bytes:
    """``added`` below what is there, on a line of its own."""
    return present + (b"\n" if present and added and not present.endswith(b"\n") else b"") + added


def records_in(note: bytes) -> tuple[dict[str, Any], ...]:
    """The JSON objects among the lines of a note, in order."""
    return tuple(record for line in note.splitlines() if isinstance(record := _parsed(line), dict))


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def full_name(repo: Repository, rev: str) -> str:
    """The full name of a commit; one that is full already costs no process.

    Raises:
        GitFailed: it means no commit.
    """
    if FULL_NAME.fullmatch(rev):
        return rev
    found = repo.resolve(rev)
    if found is None:
        raise GitFailed(f"{rev!r} names no commit", hint="see which there are with `git log --oneline`")
    return found
