"""Posts a review to a pull request on GitHub: one review with all comments, and one summary comment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smista_git.errors import AccessRefused, BadRequest
from smista_git.forge.posting import SUMMARY_MARK, Comment, Posted, comments_of, fingerprints_in, summary_of
from smista_git.forge.wire import Api
from smista_git.phases.review.report import Report

API = "https://api.github.com"
VERSION = "2022-11-28"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """``repository`` is ``owner/name``."""

    repository: str
    number: int


def api_of(environ: Mapping[str, str], token: str) -> Api:
    """The API that the environment names, or GitHub's own."""
    headers = {
        "authorization": f"Bearer {token}",
        "accept": "application/vnd.github+json",
        "x-github-api-version": VERSION,
    }
    return Api(environ.get("GITHUB_API_URL") or API, headers)


def find_pull_request(api: Api, repository: str, branch: str) -> int | None:
    """The number of the open pull request of a branch of this repository, or None."""
    owner = repository.partition("/")[0]
    found = api.call("GET", f"/repos/{repository}/pulls?state=open&head={owner}:{branch}")
    return int(found[0]["number"]) if found else None


def post(api: Api, pull: PullRequest, report: Report, *, limit: int) -> Posted:
    """Make the comments that are not there yet, and bring the summary up to date.

    A comment that exists is never made again or touched, resolved or not. Where GitHub refuses the whole review
    because of one line, each comment is tried by itself, and what it still refuses goes into the summary.

    Raises: ProviderError.
    """
    root = f"/repos/{pull.repository}/pulls/{pull.number}"
    present = fingerprints_in(str(c.get("body")) for c in api.pages(f"{root}/comments"))
    comments = comments_of(report, present=present, limit=limit)
    # In a workflow the checkout is a merge that GitHub made, and no commit of the pull request.
    made = _make(api, root, api.call("GET", root)["head"]["sha"], comments) if comments else ()
    on_lines = present | {comment.finding.fingerprint for comment in made}
    fate = _summarise(api, pull, summary_of(report, on_lines=on_lines))
    already = sum(1 for finding in report.findings if finding.fingerprint in present)
    return Posted(len(made), len(comments) - len(made), already, fate)


def _make(api: Api, root: str, commit: str, comments: Sequence[Comment]) -> Sequence[Comment]:
    """The comments that were made."""
    review = {"commit_id": commit, "event": "COMMENT", "comments": [_payload(c) for c in comments]}
    try:
        api.call("POST", f"{root}/reviews", json=review)
        return comments
    except BadRequest:
        return [comment for comment in comments if _make_one(api, root, commit, comment)]


def _make_one(api: Api, root: str, commit: str, comment: Comment) -> bool:
    try:
        api.call("POST", f"{root}/comments", json={"commit_id": commit, **_payload(comment)})
    except BadRequest:
        return False
    return True


def _payload(comment: Comment) -> dict[str, Any]:
    finding = comment.finding
    side = "LEFT" if finding.side == "old" else "RIGHT"
    payload: dict[str, Any] = {"path": finding.path, "line": finding.end, "side": side, "body": comment.body}
    if finding.end > finding.line:
        payload |= {"start_line": finding.line, "start_side": side}
    return payload


def _summarise(api: Api, pull: PullRequest, text: str) -> str:
    """What became of the summary: ``updated``, ``unchanged`` or ``made``."""
    root = f"/repos/{pull.repository}/issues"
    for comment in api.pages(f"{root}/{pull.number}/comments"):
        if str(comment.get("body")).startswith(SUMMARY_MARK):
            if comment["body"] == text:
                return "unchanged"
            try:
                api.call("PATCH", f"{root}/comments/{int(comment['id'])}", json={"body": text})
                return "updated"
            except AccessRefused:
                continue  # somebody else wrote it, with our mark
    api.call("POST", f"{root}/{pull.number}/comments", json={"body": text})
    return "made"
