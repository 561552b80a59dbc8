"""What is sensitive, by every name that a file goes by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smista_git.change.model import SUBMODULE_MODE, SYMLINK_MODE, Change, Hunk, Line
from smista_git.errors import Refused
from smista_git.route.floors import excluded_paths, find_floors, sensitive_path
from tests.route.made import file, layer, policy, task

EXCLUDE = '[sensitive]\npaths = ["secrets/", ".env*"]\nthen = "exclude"\n'


def link(path: str, target: str):
    hunk = Hunk(0, 0, 1, 1, "", (Line("+", None, 1, target),))
    return replace(file(path), new_mode=SYMLINK_MODE, old_mode=SYMLINK_MODE, hunks=(hunk,))


@pytest.mark.parametrize(
    ("changed", "excluded"),
    [
        (file("a.py"), {}),
        (file(".env"), {".env": "sensitive: .env*"}),
        (
            file("docs/k", old="secrets/k"),
            {"secrets/k": "sensitive: secrets/", "docs/k": "secrets/k is sensitive: secrets/"},
        ),
        (file("Secrets/K"), {"Secrets/K": "sensitive: secrets/"}),
        (link("notes/here", "../.env"), {"notes/here": ".env is sensitive: .env*"}),
        (link("here", "secrets"), {"here": "secrets/ is sensitive: secrets/"}),
        (link("here", "docs/a"), {}),
        (replace(file("secrets"), new_mode=SUBMODULE_MODE), {"secrets": "secrets/ is sensitive: secrets/"}),
    ],
)
def test_excluded_paths(changed, excluded):
    assert excluded_paths(policy(EXCLUDE), Change((changed,))) == excluded


def test_the_strictest_of_two_layers_speaks_for_a_path():
    both = policy(EXCLUDE, '[sensitive]\npaths = "secrets/"\nthen = "local"\n')
    found = sensitive_path(both, "secrets/a")
    assert found is not None
    assert (found.then, str(found)) == ("local", "secrets/a is sensitive: secrets/ [policy.toml:2 (user)]")
    assert excluded_paths(both, Change((file("secrets/a"), file(".env")))) == {".env": "sensitive: .env*"}


def test_a_link_to_what_is_blocked_is_blocked():
    body = '[sensitive]\npaths = "*.pem"\nthen = "block"\n'
    with pytest.raises(Refused, match=r"certs/a\.pem is sensitive"):
        find_floors(task("commit", link("here", "certs/a.pem")), policy(body))


def test_a_secret_is_blocked_where_the_policy_says_so():
    body = '[sensitive]\nsecrets = "block"\n'
    with pytest.raises(Refused) as caught:
        find_floors(task("commit", "a.py", flags=("secret",), secret_paths=("a.py",)), policy(body))
    assert caught.value.message == (
        "the policy blocks this commit: a secret was found in a.py [policy.toml:2 (user)]"
    )


def test_remote_false_keeps_everything_here():
    floors = find_floors(task(), policy("[permissions]\nremote = false\n"))
    assert floors.local
    assert [str(reason) for reason in floors.reasons] == [
        "permissions.remote is false [policy.toml:2 (user)]"
    ]


def test_nothing_sensitive_touches_no_floor():
    floors = find_floors(task("commit", "a.py"), policy(EXCLUDE))
    assert (floors.local, floors.names, floors.hosts) == (False, (), None)
    assert layer(EXCLUDE).sensitive is not None
