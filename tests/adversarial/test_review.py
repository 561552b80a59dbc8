"""The same walls around a review: what the far server gets of it, what is printed, and what is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.adversarial.attempts_content import across_two_hunks, in_a_file_name, key_block, on_a_context_line
from tests.adversarial.attempts_paths import by_the_pack, file, moved, sensitive_guidance
from tests.adversarial.attempts_routes import ONLY_REMOTE, user
from tests.adversarial.place import HARMLESS, REMOTE, Place
from tests.adversarial.test_attempts import clean
from tests.cli.conftest import Smista
from tests.servers import script

PLAN = "secrets/plan.txt"
NO_FINDINGS = script.Say('{"findings": []}')
HERE: dict[str, Callable[[Place], object]] = {
    "a sensitive file": file(PLAN, then="local"),
    "renamed out": moved(PLAN, "notes.txt", then="local"),
    "a private key": key_block,
    "two hunks": across_two_hunks,
    "a context line": on_a_context_line,
    "a file name": in_a_file_name,
    "a path and a secret": user(ONLY_REMOTE),
}
OUT: dict[str, Callable[[Place], object]] = {
    "nothing": lambda place: None,
    "an excluded file": file(PLAN, then="exclude"),
    "an excluded file of the pack": by_the_pack(".env"),
    "renamed out": moved(PLAN, "notes.txt", then="exclude"),
    "sensitive guidance": sensitive_guidance("exclude"),
    "guidance that stays": sensitive_guidance("local"),
}


@pytest.mark.parametrize("words", [(), ("--model", REMOTE)], ids=["by the policy", "by a flag"])
@pytest.mark.parametrize("prepare", HERE.values(), ids=list(HERE))
def test_what_must_stay_is_reviewed_here(
    place: Place, smista: Smista, prepare: Callable[[Place], object], words: tuple[str, ...]
) -> None:
    prepare(place)
    place.local.default = place.remote.default = NO_FINDINGS
    done = smista("review", "--staged", *words)
    assert done.code in (0, 1), done.err
    # Each group of files is a question of its own: what stays is asked here, and the rest may go out beside it.
    assert place.local.chats, done.err
    assert "stays on this machine: " in done.err
    clean(place, done.out + done.err)


@pytest.mark.parametrize("prepare", OUT.values(), ids=list(OUT))
def test_the_rest_of_a_review_goes_out_alone(
    place: Place, smista: Smista, prepare: Callable[[Place], object]
) -> None:
    prepare(place)
    place.local.default = place.remote.default = NO_FINDINGS
    done = smista("review", "--staged", "--model", REMOTE)
    assert done.code in (0, 1), done.err
    assert any(HARMLESS.splitlines()[0] in chat.body.decode() for chat in place.remote.chats), done.err
    clean(place, done.out + done.err)
