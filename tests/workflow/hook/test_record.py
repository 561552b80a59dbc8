"""What became of a message that a hook wrote, told by its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from smista_git.workflow.hook import pending as store
from smista_git.workflow.hook.pending import Pending, recall, remember, take_pending
from smista_git.workflow.hook.record import judge

OURS = "feat(parser): split the text at blanks\n\nTabs count as blanks too."
JUDGED = {
    "as it was": (OURS, "accepted", 0),
    "git's newline": (OURS + "\n", "accepted", 0),
    "signed": (OURS + "\n\nSigned-off-by: Ada <a@b.org>\nChange-Id: I12\n", "accepted", 0),
    "one word": (OURS.replace("split", "cut"), "edited", 1),
    "no body": ("feat(parser): split the text at blanks\n", "edited", 5),
    "another message": ("wip\n", "rejected", 11),
    "another long message": (
        "Make the whole of the machinery run on rails again, said Bob\n",
        "rejected",
        12,
    ),
}


@pytest.mark.parametrize("case", JUDGED)
def test_the_person_is_judged_by_the_words(case: str) -> None:
    message, answer, distance = JUDGED[case]
    told, words = judge(OURS, message)
    assert told == answer
    assert words == pytest.approx(distance, abs=1)


def pending(answer: str = "feat: a") -> Pending:
    return Pending(answer, {"v": 1}, 7, "ab" * 32, seen=True)


def test_what_is_pending_is_taken_once(tmp_path: Path) -> None:
    store.keep_pending(tmp_path, pending())
    assert take_pending(tmp_path) == pending()
    assert take_pending(tmp_path) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"answer": 1}', '{"unknown": 2}'])
def test_a_damaged_file_is_nothing_and_goes(tmp_path: Path, content: str) -> None:
    path = tmp_path / store.PENDING_FILE
    path.write_text(content)
    assert take_pending(tmp_path) is None
    assert not path.exists()


def test_answers_are_remembered_by_key_and_the_oldest_go(tmp_path: Path) -> None:
    for number in range(store.MOST_CACHED + 5):
        remember(tmp_path, f"{number:04}", pending(f"feat: {number}"))
    assert len(list((tmp_path / store.CACHE_FOLDER).iterdir())) == store.MOST_CACHED
    last = recall(tmp_path, f"{store.MOST_CACHED + 4:04}")
    assert last is not None
    assert last.answer == f"feat: {store.MOST_CACHED + 4}"
    assert recall(tmp_path, "ffff") is None


def test_only_the_owner_may_read_what_is_kept(tmp_path: Path) -> None:
    remember(tmp_path, "ab", pending())
    assert (tmp_path / store.CACHE_FOLDER / "ab.json").stat().st_mode & 0o077 == 0
