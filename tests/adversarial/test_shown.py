"""What is shown, printed and reported holds no value, and what is shown is what is sent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from smista_git.dispatch import dispatch
from tests.adversarial.attempts_content import in_a_file_name, in_a_recent_subject, on_an_added_line
from tests.adversarial.attempts_routes import FLOOR, private
from tests.adversarial.place import LOCAL, REMOTE, Place, tiers
from tests.adversarial.test_attempts import clean
from tests.cli.conftest import Smista

SHOWN = (("-n",), ("-n", "--json"), ("--show-payload",))


def everything(place: Place) -> None:
    """A secret in each text that goes along, and in the change."""
    place.user(tiers(REMOTE, LOCAL) + FLOOR)
    in_a_recent_subject(place)
    place.committed("last.txt", "x\n")
    private(place)
    in_a_file_name(place)
    place.repo.write("SMISTA.md", f"token = {place.marks.github}\n")
    place.repo.git("checkout", "-q", "-b", f"fix/{place.marks.aws}")


@pytest.mark.parametrize("words", SHOWN, ids=" ".join)
@pytest.mark.parametrize("model", [LOCAL, REMOTE])
def test_nothing_that_is_shown_holds_a_secret(
    place: Place, smista: Smista, words: tuple[str, ...], model: str
) -> None:
    everything(place)
    done = smista("commit", *words, "--model", model, "--hint", f"password = {place.marks.password}")
    assert done.code == 0 and "redacted" in done.out, done.err
    # The payload for a model on this machine does hold what is sensitive by its path.
    place.marks = place.marks.without_word()
    clean(place, done.out + done.err)
    assert not place.remote.chats and not place.local.chats


@pytest.mark.parametrize("prepare", [lambda place: None, in_a_recent_subject])
def test_what_is_shown_is_what_is_sent(
    place: Place, smista: Smista, prepare: Callable[[Place], None]
) -> None:
    prepare(place)
    words = ("--hint", f"use {place.marks.github}, it is new")
    shown = smista("commit", "--show-payload", *words).out
    assert smista("commit", "-y", *words).code == 0
    sent = json.loads(place.remote.chats[-1].body)["messages"]
    assert shown == "".join(f"=== {turn['role']}\n{turn['content']}\n" for turn in sent)


def test_a_crash_reports_nothing_of_the_work(place: Place, smista: Smista) -> None:
    on_an_added_line(place)

    def crash(*args: object, **named: object) -> None:
        held = place.marks.password
        raise RuntimeError(f"{held} {place.marks.aws} {args} {named}")

    place.monkeypatch.setattr(dispatch, "dispatch", crash)
    done = smista("commit", "-y", f"--hint={place.marks.github}", "--tier", "heavy")
    assert done.code == 70 and "a report without file contents" in done.err
    reports = list(place.temporary.glob("smista-bug-*/report.txt"))
    assert len(reports) == 1 and "RuntimeError" in reports[0].read_text()
    clean(place, done.out + done.err)


@pytest.mark.parametrize("words", [("-y",), ("-y", "--model", REMOTE), ("-n", "--json"), ("--show-payload",)])
def test_a_process_of_its_own_behaves_the_same(place: Place, words: tuple[str, ...]) -> None:
    on_an_added_line(place)
    done = subprocess.run(
        [sys.executable, "-m", "smista_git", "commit", *words],
        capture_output=True,
        check=False,
        env=os.environ,
    )
    assert done.returncode == 0, done.stderr
    assert b"stays on this machine: a secret was found in deploy.py" in done.stderr
    clean(place, (done.stdout + done.stderr).decode())


def test_a_prepared_merge_message_is_sent_to_nobody(place: Place, smista: Smista) -> None:
    repo = place.repo
    repo.git("commit", "-q", "-m", "feat: add parse")
    repo.git("checkout", "-q", "-b", "side")
    place.committed("side.txt", "x\n")
    repo.git("checkout", "-q", "main")
    place.committed("main.txt", "x\n")
    repo.git("merge", "-q", "--no-commit", "--no-ff", "side")
    prepared = repo.path / ".git" / "MERGE_MSG"
    prepared.write_text(f"Merge branch 'side'\n\nToken: {place.marks.github}\n")
    done = smista("commit", "-y")
    assert done.code == 0 and "no model is asked" in done.err
    assert place.marks.github in repo.git("log", "-1", "--format=%B"), "the person's own words stay theirs"
    assert place.marks.github not in done.out + done.err
    assert not any(server.chats for server in (place.remote, place.local, place.between))
    assert not (place.home / "state" / "ledger.db").exists()
