"""What is reviewed: the index, a commit, or what a branch added."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from smista_git.change.model import Change, FileChange
from smista_git.change.parse import parse_change
from smista_git.errors import NothingToDo, Refused
from smista_git.git.diffs import RawDiff
from smista_git.git.objects import INDEX, read_text
from smista_git.git.repository import Repository
from smista_git.git.revisions import no_commit

Kind = Literal["index", "commit", "range"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A diff and where it comes from. ``base`` is the revision before it, None where there was none; ``tip`` the one
    after it, ``INDEX`` for the index. ``name`` is how people call it. ``branch`` is the diff of the whole branch, where
    ``diff`` is only its last part.
    """

    kind: Kind
    name: str
    base: str | None
    tip: str
    diff: RawDiff
    branch: RawDiff | None = None

    def before(self, repo: Repository, path: str) -> bytes | None:
        """A file as it was before the change."""
        return read_text(repo, self.base, path) if self.base else None


def subject_of(repo: Repository, rev: str | None) -> Subject:
    """The subject that a revision or range names; None is the index.

    ``A..B`` and ``A...B`` both mean what B added since it left A: the base's own commits are never reviewed.

    Raises: UsageError for a name that means nothing, NothingToDo for an empty diff.
    """
    if rev is None:
        return _index(repo)
    subject = _range(repo, rev) if ".." in rev else _commit(repo, rev)
    if not subject.diff.raw:
        raise NothingToDo(f"{rev} changes nothing", hint="see what is there: `git log --stat`")
    return subject


def since(repo: Repository, subject: Subject, base: str) -> Subject:
    """The same subject from ``base`` on, a commit of its range, in the files that the branch itself has changed."""
    own = subject.diff
    paths = parse_change(own.raw, own.numstat, b"").paths
    diff = repo.diff("--end-of-options", base, subject.tip, paths=paths)
    return replace(subject, name=f"{base[:12]}..{subject.tip[:12]}", base=base, diff=diff, branch=own)


def only_own(change: Change, branch: RawDiff) -> Change:
    """The change without hunks that are none of the branch's: what a merge of the base brought in between."""
    whole = parse_change(branch.raw, branch.numstat, branch.patch)
    own = {file.path: file for file in whole.files}
    files = (_own_hunks(file, own[file.path]) for file in change.files if file.path in own)
    return Change(
        tuple(file for file in files if file.hunks or file.binary or file.truncated or file.mode_changed)
    )


def _own_hunks(file: FileChange, own: FileChange) -> FileChange:
    lines = [line for hunk in own.hunks for line in hunk.lines]
    came = {line.new_line for line in lines if line.kind == "+"}
    went = {line.text for line in lines if line.kind == "-"}
    kept = tuple(
        hunk
        for hunk in file.hunks
        if any(
            (line.kind == "+" and line.new_line in came) or (line.kind == "-" and line.text in went)
            for line in hunk.lines
        )
    )
    return replace(file, hunks=kept)


def _index(repo: Repository) -> Subject:
    diff = repo.staged_diff()
    if not diff.raw:
        hint = "`git add` something, or name a commit or a range: `git smista review main..HEAD`"
        raise NothingToDo("nothing is staged", hint=hint)
    if b" U\0" in diff.raw:
        raise Refused(
            "there are conflicts in the index", hint="resolve them, `git add` the files, and run it again"
        )
    return Subject("index", "the index", repo.head(), INDEX, diff)


def _commit(repo: Repository, rev: str) -> Subject:
    commit = _resolved(repo, rev)
    return Subject("commit", rev, repo.resolve(f"{commit}^1"), commit, repo.commit_diff(commit))


def _range(repo: Repository, rev: str) -> Subject:
    left, _, right = rev.replace("...", "..", 1).partition("..")
    start, tip = _resolved(repo, left or "HEAD"), _resolved(repo, right or "HEAD")
    base = repo.merge_base(start, tip) or start
    return Subject("range", rev, base, tip, repo.range_diff(base, tip))


def _resolved(repo: Repository, rev: str) -> str:
    commit = repo.resolve(rev)
    if commit is None:
        raise no_commit(repo, rev)
    return commit
