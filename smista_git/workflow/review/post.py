"""Where a review is posted: token and pull request from the environment, else by the branch."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from smista_git.errors import Refused, UsageError
from smista_git.forge import github, gitlab
from smista_git.forge.posting import Posted
from smista_git.phases.review.report import Report
from smista_git.workflow.review.review import ReviewJob

Forge = Literal["github", "gitlab"]
_TOKENS: Mapping[Forge, tuple[str, ...]] = {
    "github": ("GITHUB_TOKEN", "GH_TOKEN"),
    "gitlab": ("GITLAB_TOKEN",),
}
_REMOTE = re.compile(r"(?:.*?://[^/]+/|[^:/]+:)(?P<path>[^?#]+?)(?:\.git)?/?")


def post_review(job: ReviewJob, report: Report, forge: Forge, environ: Mapping[str, str]) -> Posted:
    """Post the report to the pull request of the branch.

    Raises: UsageError for the index, Refused without token or pull request, ProviderError.
    """
    if job.subject.kind == "index":
        raise UsageError(
            "the index is on no forge", hint="review the branch: `git smista review main..HEAD --post github`"
        )
    token = next((environ[name] for name in _TOKENS[forge] if environ.get(name)), None)
    if token is None:
        raise Refused(f"there is no token for {forge}", hint=f"set {' or '.join(_TOKENS[forge])}")
    limit = job.session.settings.policy.review.max_comments
    if forge == "github":
        return _to_github(job, report, environ, token, limit)
    return _to_gitlab(job, report, environ, token, limit)


def _to_github(job: ReviewJob, report: Report, environ: Mapping[str, str], token: str, limit: int) -> Posted:
    repository = environ.get("GITHUB_REPOSITORY") or _path_of_remote(job)
    api = github.api_of(environ, token)
    try:
        number = _number_in_actions(environ) or github.find_pull_request(api, repository, _branch(job))
        if number is None:
            raise _nowhere("pull request")
        return github.post(api, github.PullRequest(repository, number), report, limit=limit)
    finally:
        api.close()


def _to_gitlab(job: ReviewJob, report: Report, environ: Mapping[str, str], token: str, limit: int) -> Posted:
    project = environ.get("CI_PROJECT_ID") or _path_of_remote(job)
    api = gitlab.api_of(environ, token)
    try:
        said = environ.get("CI_MERGE_REQUEST_IID", "")
        iid = int(said) if said.isdigit() else gitlab.find_merge_request(api, project, _branch(job))
        if iid is None:
            raise _nowhere("merge request")
        request = gitlab.MergeRequest(project, iid, job.reading.change)
        return gitlab.post(api, request, report, limit=limit)
    finally:
        api.close()


def _number_in_actions(environ: Mapping[str, str]) -> int | None:
    """The pull request that a GitHub workflow runs for."""
    found = re.fullmatch(r"refs/pull/(\d+)/(?:merge|head)", environ.get("GITHUB_REF", ""))
    if found:
        return int(found[1])
    try:
        event = json.loads(Path(environ.get("GITHUB_EVENT_PATH", "")).read_text("utf-8"))
        return int(event["pull_request"]["number"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _branch(job: ReviewJob) -> str:
    branch = job.session.repo.branch()
    if branch is None:
        raise _nowhere("pull request")
    return branch


def _path_of_remote(job: ReviewJob) -> str:
    found = _REMOTE.fullmatch(job.session.repo.ask("remote", "get-url", "origin") or "")
    if found is None:
        raise Refused(
            "the remote `origin` names no project on a forge", hint="set GITHUB_REPOSITORY or CI_PROJECT_ID"
        )
    return found["path"].strip("/")


def _nowhere(what: str) -> Refused:
    return Refused(
        f"there is no open {what} for this branch", hint=f"open the {what} first, or run this in its CI job"
    )
