"""The addresses on a forge, from the address of a remote."""

from __future__ import annotations

import pytest

from smista_git.forge.links import links_of
from smista_git.phases.conventional import Reference

REMOTES = [
    ("git@github.com:o/n.git", "https://github.com/o/n"),
    ("https://github.com/o/n", "https://github.com/o/n"),
    ("https://user:secret@github.com/o/n.git", "https://github.com/o/n"),
    ("ssh://git@gitlab.example.org:2222/group/sub/n.git", "https://gitlab.example.org/group/sub/n"),
    ("git@codeberg.org:o/n.git", "https://codeberg.org/o/n"),
    ("git@bitbucket.org:o/n.git", "https://bitbucket.org/o/n"),
]


@pytest.mark.parametrize(("remote", "base"), REMOTES)
def test_remotes(remote: str, base: str) -> None:
    links = links_of(remote)
    assert links is not None and links.base == base


@pytest.mark.parametrize(
    "remote", ["/srv/git/n.git", "../n", "file:///srv/n.git", "git@example.org:o/n.git", "C:\\repo", ""]
)
def test_what_is_no_forge_has_no_addresses(remote: str) -> None:
    assert links_of(remote) is None


FORMS = [
    ("git@github.com:o/n", "/compare/a...b", "/pull/1", "/issues/2", "/commit/c"),
    ("git@gitlab.com:o/n", "/-/compare/a...b", "/-/merge_requests/1", "/-/issues/2", "/-/commit/c"),
    ("git@gitea.com:o/n", "/compare/a...b", "/pulls/1", "/issues/2", "/commit/c"),
    ("git@bitbucket.org:o/n", "/branches/compare/b%0Da", "/pull-requests/1", "/issues/2", "/commits/c"),
]


@pytest.mark.parametrize(("remote", "compare", "pull", "issue", "commit"), FORMS)
def test_each_forges_form(remote: str, compare: str, pull: str, issue: str, commit: str) -> None:
    links = links_of(remote)
    assert links is not None
    base = links.base
    assert links.to_compare("a", "b") == base + compare
    assert links.to_reference(Reference(1, links.pulls_sign), pull=True) == base + pull
    assert links.to_reference(Reference(2)) == base + issue
    assert links.to_commit("c") == base + commit


def test_a_reference_elsewhere_leads_there() -> None:
    links = links_of("git@github.com:o/n.git")
    assert links is not None
    assert links.to_reference(Reference(3, place="other/one")) == "https://github.com/other/one/issues/3"
