"""Work spread over processes: order, errors, and that nothing outlives whoever asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from smista_git.errors import SmistaError
from smista_git.git.diffs import RawDiff
from smista_git.workflow.workers import BATCH_COMMITS, in_order
from tests.processes import wait_for_an_empty_group

MANY = 40 * BATCH_COMMITS
# An interpreter of its own has a single thread, and may therefore fork.
ASKING = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, os.environ["HERE"])
from tests.workflow.test_workers import {work}, diffs
from smista_git.workflow.workers import in_order
for found in in_order({work}, diffs({many}), worth=1, workers=2):
    print(found, flush=True)
"""


def diffs(many: int) -> Iterator[tuple[str, RawDiff]]:
    return ((str(number), RawDiff(raw=b"x" * number)) for number in range(many))


def name(commit: str, diff: RawDiff) -> tuple[int, str, int]:
    return os.getpid(), commit, len(diff.raw)


def fail_late(commit: str, diff: RawDiff) -> str:
    if commit == str(MANY // 2):
        raise ValueError(f"{commit} is bad")
    return commit


def die_late(commit: str, diff: RawDiff) -> str:
    if commit == str(MANY // 2):
        os.kill(os.getpid(), signal.SIGKILL)
    return commit


def dawdle(commit: str, diff: RawDiff) -> str:
    time.sleep(0.01)
    return commit


def asking(work: str, many: int = MANY) -> subprocess.Popen[bytes]:
    """A process in a group of its own that prints what its workers give."""
    return subprocess.Popen(
        [sys.executable, "-c", ASKING.format(work=work, many=many)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"HERE": str(Path(__file__).parents[2])},
    )


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_the_order_stays_and_others_do_the_work(method: str) -> None:
    if method == "spawn":  # the test runner has threads
        found = list(in_order(name, diffs(MANY), worth=1, workers=2))
    else:
        out, err = asking("name").communicate()
        assert err == b""
        found = [eval(line) for line in out.splitlines()]
    assert [row[1:] for row in found] == [(str(number), number) for number in range(MANY)]
    first, *others = dict.fromkeys(pid for pid, _, _ in found)
    assert len(others) == 2 and first not in others


def test_few_are_done_here() -> None:
    assert {pid for pid, _, _ in in_order(name, diffs(20), worth=20, workers=2)} == {os.getpid()}


def test_what_the_work_raises_is_raised_here_and_says_where() -> None:
    with pytest.raises(ValueError, match="is bad") as caught:
        list(in_order(fail_late, diffs(MANY), worth=1, workers=2))
    assert "in fail_late" in "".join(caught.value.__notes__)


def test_a_worker_that_is_ended_from_outside_ends_the_work() -> None:
    with pytest.raises(SmistaError, match="ended from outside"):
        list(in_order(die_late, diffs(MANY), worth=1, workers=2))


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_whoever_asked(sign: signal.Signals) -> None:
    process = asking("dawdle", 10_000)
    assert process.stdout is not None
    for _ in range(2 * BATCH_COMMITS):
        process.stdout.readline()
    process.send_signal(sign)
    process.communicate()
    wait_for_an_empty_group(process.pid)
