"""Posts a review to a merge request on GitLab: draft notes published in one go, and one summary note."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from smista_git.change.model import Change, FileChange
from smista_git.errors import AccessRefused, BadRequest
from smista_git.forge.posting import SUMMARY_MARK, Comment, Posted, comments_of, fingerprints_in, summary_of
from smista_git.forge.wire import Api
from smista_git.phases.review.finding import Finding
from smista_git.phases.review.report import Report

API = "https://gitlab.com/api/v4"
_SUGGESTION = re.compile(r"^(`{3,}suggestion)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """``project`` is its number or its path; ``change`` is what it changes."""

    project: str
    iid: int
    change: Change

    @property
    def root(self) -> str:
        """Where the API has it."""
        return f"/projects/{quote(self.project, safe='')}/merge_requests/{self.iid}"


def api_of(environ: Mapping[str, str], token: str) -> Api:
    """The API that the environment names, or GitLab's own."""
    return Api(environ.get("CI_API_V4_URL") or API, {"private-token": token})


def find_merge_request(api: Api, project: str, branch: str) -> int | None:
    """The number of the open merge request of a branch, or None."""
    words = f"state=opened&source_branch={quote(branch, safe='')}"
    found = api.call("GET", f"/projects/{quote(project, safe='')}/merge_requests?{words}")
    return int(found[0]["iid"]) if found else None


def post(api: Api, request: MergeRequest, report: Report, *, limit: int) -> Posted:
    """Make the notes that are not there yet, publish them together, and bring the summary up to date.

    Raises: ProviderError.
    """
    notes = [str(note.get("body")) for note in api.pages(f"{request.root}/notes")]
    present = fingerprints_in(notes)
    comments = comments_of(report, present=present, limit=limit)
    made = []
    if comments:
        refs = api.call("GET", request.root)["diff_refs"]
        made = [comment for comment in comments if _draft(api, request, comment, refs)]
    if made:
        api.call("POST", f"{request.root}/draft_notes/bulk_publish")
    on_lines = present | {comment.finding.fingerprint for comment in made}
    fate = _summarise(api, request, summary_of(report, on_lines=on_lines))
    already = sum(1 for finding in report.findings if finding.fingerprint in present)
    return Posted(len(made), len(comments) - len(made), already, fate)


def _draft(api: Api, request: MergeRequest, comment: Comment, refs: Mapping[str, Any]) -> bool:
    """Whether GitLab took the draft; a line outside the diff is refused and goes into the summary.

    A range that it refuses is tried again as the last line alone.
    """
    more = comment.finding.end - comment.finding.line
    note = _SUGGESTION.sub(rf"\1:-{more}+0", comment.body, count=1)  # by itself it stands in for one line
    for position in _positions(request, comment.finding, refs):
        try:
            api.call("POST", f"{request.root}/draft_notes", json={"note": note, "position": position})
            return True
        except BadRequest:
            continue
    return False


def _positions(
    request: MergeRequest, finding: Finding, refs: Mapping[str, Any]
) -> Iterator[dict[str, object]]:
    """Where the finding stands, as GitLab says it: its range if it has one, then its last line."""
    file = next((f for f in request.change.files if finding.path in (f.path, f.old_path)), None)
    old_path = (file.old_path if file else None) or finding.path
    position: dict[str, object] = {
        "position_type": "text",
        **{key: refs[key] for key in ("base_sha", "start_sha", "head_sha")},
        "new_path": finding.path,
        "old_path": old_path,
        "old_line" if finding.side == "old" else "new_line": finding.end,
    }
    codes = _line_codes(file, finding.side) if file and finding.end > finding.line else {}
    if finding.line in codes and finding.end in codes:
        ends = {"start": codes[finding.line], "end": codes[finding.end]}
        # Without the line numbers that the API also takes here: drafts with them are refused (gitlab#571619).
        yield position | {
            "line_range": {end: {"line_code": code, "type": finding.side} for end, code in ends.items()}
        }
    yield position


def _line_codes(file: FileChange, side: str) -> dict[int, str]:
    """GitLab's name of each changed line of a side: its file's sha1 and where both sides stand there."""
    sign, codes = "-" if side == "old" else "+", {}
    name = hashlib.sha1(file.path.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()
    for hunk in file.hunks:
        old, new = hunk.old_start, hunk.new_start
        for kind, _ in hunk.signed():
            if kind == sign:
                codes[old if side == "old" else new] = f"{name}_{old}_{new}"
            old, new = old + (kind != "+"), new + (kind != "-")
    return codes


def _summarise(api: Api, request: MergeRequest, text: str) -> str:
    """What became of the summary: ``updated``, ``unchanged`` or ``made``."""
    for note in api.pages(f"{request.root}/notes"):
        if str(note.get("body")).startswith(SUMMARY_MARK):
            if note["body"] == text:
                return "unchanged"
            try:
                api.call("PUT", f"{request.root}/notes/{int(note['id'])}", json={"body": text})
                return "updated"
            except AccessRefused:
                continue  # somebody else wrote it, with our mark
    api.call("POST", f"{request.root}/notes", json={"body": text})
    return "made"
