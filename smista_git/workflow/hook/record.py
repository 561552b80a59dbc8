"""post-commit and post-rewrite: the record of a message that a hook wrote, on the commit and on what follows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from smista_git.git import notes
from smista_git.git.process import decode
from smista_git.git.repository import Repository
from smista_git.ledger.learning import edit_distance
from smista_git.phases.message_format import is_trailer
from smista_git.workflow.hook.pending import UNSEEN, take_pending
from smista_git.workflow.places import state_dir_of
from smista_git.workflow.reading import fingerprint

CARRIED = (notes.DEFAULT_REF, "refs/notes/smista-review")
# A message that shares less than this part of its words with ours was written by somebody else.
LEAST_KEPT = 0.3

Answer = Literal["accepted", "edited", "rejected"]


def keep_record(environ: Mapping[str, str]) -> Answer | None:
    """Write the record of the message that the last commit took from a hook; gives what the person did with it.

    None where no message is pending, or where it was written for another change.
    """
    repo = Repository.discover()
    pending = take_pending(repo.git_dir)
    if pending is None or fingerprint(repo.commit_diff("HEAD", limit_bytes=0)) != pending.change_sha256:
        return None
    message = decode(repo.run("log", "-1", "--format=%B", "HEAD", "--").stdout)
    answer, distance = judge(pending.answer, message)
    if pending.seen and pending.number is not None:
        from smista_git.ledger.store import Ledger

        ledger = Ledger.open(state_dir_of(environ))
        ledger.record_outcome(pending.number, answer, edit_distance=distance if answer == "edited" else None)
    if answer != "rejected":
        person = answer if pending.seen else UNSEEN
        notes.append_record(repo, "HEAD", {**pending.record, "outcome": person})
    return answer


def judge(ours: str, message: str) -> tuple[Answer, int]:
    """What became of our message, and by how many words; trailers that git and people add do not count."""
    own, committed = _core(ours, ours), _core(message, ours)
    distance = edit_distance(own, committed)
    if distance == 0:
        return "accepted", 0
    most = max(len(own.split()), len(committed.split()))
    return ("rejected" if distance > (1 - LEAST_KEPT) * most else "edited"), distance


def carry_records(pairs: Iterable[str]) -> int:
    """Carry the notes over as the post-rewrite hook lists them, ``OLD NEW`` a line; gives how many changed."""
    repo = Repository.discover()
    named = [(words[0], words[1]) for line in pairs if len(words := line.split()) >= 2]
    return sum(notes.copy_notes(repo, named, ref=ref) for ref in CARRIED) if named else 0


def _core(message: str, ours: str) -> str:
    """The message without the trailers at its end that are not in ours."""
    lines = message.strip().split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or (is_trailer(lines[-1]) and lines[-1] not in ours)):
        lines.pop()
    return "\n".join(lines)
