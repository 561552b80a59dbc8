"""Every attempt of the tables, one test a row: not one byte of a marked value leaves, and the person is told why."""

from __future__ import annotations

import re

import pytest

from tests.adversarial.attempt import Attempt
from tests.adversarial.attempts_content import CONTENT
from tests.adversarial.attempts_paths import PATHS
from tests.adversarial.attempts_policy import POLICIES
from tests.adversarial.attempts_routes import ROUTES
from tests.adversarial.marks import found_in, needles_of
from tests.adversarial.place import HARMLESS, Place
from tests.cli.conftest import Smista
from tests.servers.server import WireServer

ATTEMPTS = (*CONTENT, *PATHS, *ROUTES, *POLICIES)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.name)
def test_nothing_marked_leaves(attempt: Attempt, place: Place, smista: Smista) -> None:
    attempt.prepare(place)
    before = place.repo.git("rev-parse", "HEAD")
    done = smista("commit", *(word.format(**vars(place.marks)) for word in attempt.words))
    seen = done.out + done.err
    assert done.code == attempt.code, seen
    clean(place, seen)
    committed = place.repo.git("rev-parse", "HEAD") != before
    assert committed == (attempt.code == 0), seen
    assert who_answered(place) == attempt.answers, seen
    for words in attempt.told:
        assert re.search(words, seen, re.I | re.S), (words, seen)
    attempt.check(place)


def clean(place: Place, seen: str) -> None:
    """Nothing of a mark stands in what the person saw, what was kept, or what a far server received."""
    needles = frozenset().union(*map(needles_of, place.marks.all))
    for name, content in (("terminal", seen.encode("utf-8", "surrogateescape")), *place.kept()):
        assert (found := found_in(content, needles)) is None, (name, found, content[-3000:])


def who_answered(place: Place) -> str:
    """Who was asked last, by what the servers received."""
    if asked_of(place.remote):
        assert HARMLESS.splitlines()[0] in place.remote.chats[-1].body.decode()
        return "remote"
    if any(map(asked_of, (place.local, *place.near))):
        return "local"
    return "rules" if place.repo.git("notes", "--ref=smista", "list") else "nobody"


def asked_of(server: WireServer) -> bool:
    return bool(server.chats)
