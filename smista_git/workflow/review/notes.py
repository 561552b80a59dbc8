"""Reviews remembered: one JSON object a line in refs/notes/smista-review, found again by what commits change."""

from __future__ import annotations

from typing import Any

from smista_git.errors import NothingToDo, UsageError
from smista_git.git import notes
from smista_git.git.patch_id import patch_id
from smista_git.git.repository import Repository
from smista_git.phases.review.report import Report
from smista_git.wording import counted
from smista_git.workflow.review.subject import Subject, since

REVIEW_REF = "refs/notes/smista-review"


def keep_review(repo: Repository, subject: Subject, report: Report) -> dict[str, Any]:
    """Write the review to the note of the commit that it ends at; gives the record, which holds no line of code.

    Raises: UsageError for the index, GitFailed.
    """
    if subject.kind == "index":
        raise UsageError(
            "the index has no commit to keep a note on",
            hint="review the commit: `git smista review HEAD --notes`",
        )
    commits = [subject.tip] if subject.kind == "commit" else _commits(repo, subject)
    record = {
        "v": 1,
        "phase": "review",
        "subject": report.subject,
        "complete": report.complete,
        "counts": report.counts(),
        "models": sorted({part.model for part in report.parts}),
        "patches": [found for commit in commits if (found := patch_id(repo, commit))]
        if report.complete
        else [],
        "fingerprints": [finding.fingerprint for finding in report.findings],
        "findings": [
            {"path": f.path, "line": f.line, "severity": f.severity, "category": f.category, "title": f.title}
            for f in report.findings
        ],
    }
    notes.append_record(repo, subject.tip, record, ref=REVIEW_REF)
    return record


def reviews_of(repo: Repository, rev: str) -> tuple[dict[str, Any], ...]:
    """The reviews kept on a commit, or on one that changes the same, oldest first."""
    found = notes.read_records(repo, rev, ref=REVIEW_REF)
    return found or notes.find_by_patch_id(repo, rev, ref=REVIEW_REF)


def narrowed(repo: Repository, subject: Subject) -> tuple[Subject, frozenset[str], tuple[str, ...]]:
    """The subject without the commits that a complete review has seen, whatever they are called now; the
    fingerprints that were reported; and what was passed over, in a sentence.

    Reviewed commits are left out from the oldest on, up to the first that is new: what follows is one piece.

    Raises: NothingToDo where everything was reviewed.
    """
    records = [r for note in notes.all_notes(repo, ref=REVIEW_REF) for r in notes.records_in(note)]
    seen = {patch for record in records for patch in _strings(record.get("patches"))}
    reported = frozenset(mark for record in records for mark in _strings(record.get("fingerprints")))
    if not seen:
        return subject, frozenset(), ("no earlier review of this was kept, so all of it is reviewed",)
    commits = [subject.tip] if subject.kind == "commit" else _commits(repo, subject)
    passed = 0
    while passed < len(commits) and patch_id(repo, commits[passed]) in seen:
        passed += 1
    if passed == len(commits):
        hint = "leave out --since-last to review it again"
        raise NothingToDo(f"{subject.name}: {counted(passed, 'commit')}, all reviewed before", hint=hint)
    if not passed:
        return subject, reported, ()
    said = f"{passed} of {len(commits)} commits were reviewed before and are left out"
    return since(repo, subject, commits[passed - 1]), reported, (said,)


def _commits(repo: Repository, subject: Subject) -> list[str]:
    """The branch's own commits, oldest first, merges left out."""
    span = f"{subject.base}..{subject.tip}"
    done = repo.run("rev-list", "--reverse", "--topo-order", "--no-merges", "--end-of-options", span)
    return done.stdout.decode("ascii").split()


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
