"""Spreads work on the diffs of a history over processes: each diff is work of its own, and needs no company."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from smista_git.git.diffs import RawDiff

if TYPE_CHECKING:
    from concurrent.futures import Future

    from smista_git.workflow.crew import Batch, Crew

R = TypeVar("R")
Method = Literal["fork", "spawn"]

MOST_WORKERS = 4
# A fork is there in some milliseconds, and knows all that was loaded and compiled for the commits before it.
WORTH_A_FORK = 24
# One batch, and what may be under way in all: this keeps the memory flat, whatever the history holds.
BATCH_COMMITS = 16
BATCH_BYTES = 1 << 20
UNDER_WAY_BYTES = 8 << 20


def in_order(
    work: Callable[[str, RawDiff], R],
    diffs: Iterable[tuple[str, RawDiff]],
    *,
    worth: int,
    workers: int | None = None,
) -> Generator[R, None, None]:
    """What ``work`` makes of each commit and its diff, in their order, also where several processes do it.

    The first diffs are always done here: ``worth`` of them where each other process is a new interpreter, which takes a
    third of a second to come, and no more than 24 where it is a fork. ``work`` and its results travel by pickle.
    """
    count = min(_cores(), MOST_WORKERS) if workers is None else workers
    rest = iter(diffs)
    at_first = min(worth, WORTH_A_FORK)
    for commit, diff in islice(rest, None if count < 2 else at_first):
        yield work(commit, diff)
    method: Method = "fork" if _may_fork() else "spawn"
    for commit, diff in islice(rest, worth - at_first if method == "spawn" else 0):
        yield work(commit, diff)
    if (first := next(rest, None)) is None:
        return
    from smista_git.workflow.crew import Crew

    with Crew(work, count, method=method) as crew:
        yield from _spread(crew, chain([first], rest), count)


def _may_fork() -> bool:
    """Only where all libraries bear it, and no thread is there that could hold a lock, those of libraries counted."""
    threads = Path("/proc/self/task")
    return sys.platform == "linux" and threads.is_dir() and sum(1 for _ in threads.iterdir()) == 1


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _spread(crew: Crew[R], diffs: Iterable[tuple[str, RawDiff]], workers: int) -> Iterator[R]:
    """Keeps every worker busy, and no more than a bounded number of bytes under way."""
    under_way: deque[tuple[Future[list[R]], int]] = deque()
    size = 0
    for batch, batch_size in _batches(diffs):
        while under_way and (len(under_way) > 2 * workers or size + batch_size > UNDER_WAY_BYTES):
            done, done_size = under_way.popleft()
            size -= done_size
            yield from done.result()
        under_way.append((crew.submit(batch), batch_size))
        size += batch_size
    while under_way:
        yield from under_way.popleft()[0].result()


def _batches(diffs: Iterable[tuple[str, RawDiff]]) -> Iterator[tuple[Batch, int]]:
    batch: Batch = []
    size = 0
    for commit, diff in diffs:
        batch.append((commit, diff))
        size += len(diff.raw) + len(diff.numstat or b"") + len(diff.patch)
        if len(batch) >= BATCH_COMMITS or size >= BATCH_BYTES:
            yield batch, size
            batch, size = [], 0
    if batch:
        yield batch, size
