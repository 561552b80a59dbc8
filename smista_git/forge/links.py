"""The addresses on a forge, from the address of a remote. Nothing is asked: the form of the address tells."""

from __future__ import annotations

import re

from smista_git.phases.changelog.links import Links

_REMOTE = re.compile(
    r"(?:(?:https?|ssh|git|git\+ssh|git\+https)://(?:[^@/]*@)?(?P<host>[\w.-]+)(?::(?P<port>\d+))?/(?P<path>.+?)"
    r"|(?:[\w.-]+@)?(?P<scp_host>[\w.-]+\.[\w.-]+|localhost):(?!//)(?P<scp_path>[^/].*?))(?:\.git)?/?"
)
# Which words of a host tell its forge, and what follows the repository's address there.
_FORGES = {
    "gitlab": (
        "/-/commit/{}",
        "/-/issues/{}",
        "/-/merge_requests/{}",
        "/-/compare/{}...{}",
        "/-/tags/{}",
        "!",
    ),
    "bitbucket": (
        "/commits/{}",
        "/issues/{}",
        "/pull-requests/{}",
        "/branches/compare/{1}%0D{0}",
        "/src/{}",
        "#",
    ),
    "gitea": ("/commit/{}", "/issues/{}", "/pulls/{}", "/compare/{}...{}", "/releases/tag/{}", "#"),
    "github": ("/commit/{}", "/issues/{}", "/pull/{}", "/compare/{}...{}", "/releases/tag/{}", "#"),
}
_HOSTS = {
    "codeberg": "gitea",
    "forgejo": "gitea",
    "gitea": "gitea",
    "gitlab": "gitlab",
    "bitbucket": "bitbucket",
}


def links_of(remote: str, *, forge: str | None = None) -> Links | None:
    """The addresses for a remote's URL, or None for a path or a host that is no forge.

    ``forge`` is its kind where the host does not tell: github, gitlab, gitea or bitbucket. A host that tells
    nothing is taken for GitHub's form only if its name says so.
    """
    match = _REMOTE.fullmatch(remote.strip())
    if match is None:
        return None
    host = (match["host"] or match["scp_host"]).lower()
    path = (match["path"] or match["scp_path"]).strip("/")
    kind = forge or next((kind for word, kind in _HOSTS.items() if word in host), None)
    kind = kind or ("github" if "github" in host else None)
    if kind is None or "/" not in path:
        return None
    commit, issue, pull, compare, release, sign = _FORGES[kind]
    return Links(f"https://{host}/{path}", commit, issue, pull, compare, release, sign)
