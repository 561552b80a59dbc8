"""Spreads work on the diffs of a history over processes: each diff is work of its own, and needs no company."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from smista_git.git.diffs import RawDiff

Batch = list[tuple[str, RawDiff]]
R = TypeVar("R")

MOST_WORKERS = 4
# One batch, and what may be under way in all: this keeps the memory flat, whatever the history holds.
BATCH_COMMITS = 16
BATCH_BYTES = 1 << 20
UNDER_WAY_BYTES = 8 << 20

_work: Callable[[str, RawDiff], Any] | None = None


def in_order(
    work: Callable[[str, RawDiff], R],
    diffs: Iterable[tuple[str, RawDiff]],
    *,
    total: int,
    worth: int,
    workers: int | None = None,
) -> Generator[R, None, None]:
    """What ``work`` makes of each commit and its diff, in their order, also where several processes do it.

    ``work`` and its results travel by pickle. For fewer than ``worth`` diffs no process is started: each takes a third
    of a second to come.
    """
    count = min(os.cpu_count() or 1, MOST_WORKERS) if workers is None else workers
    if count < 2 or (workers is None and total < worth):
        yield from (work(commit, diff) for commit, diff in diffs)
        return
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_start, initargs=(work,))
    try:
        yield from _spread(pool, diffs, count)
    finally:
        pool.shutdown(cancel_futures=True)


def _spread(pool: ProcessPoolExecutor, diffs: Iterable[tuple[str, RawDiff]], workers: int) -> Iterator[Any]:
    """Keeps every worker busy, and no more than a bounded number of bytes under way."""
    under_way: deque[tuple[Future[list[Any]], int]] = deque()
    size = 0
    for batch, batch_size in _batches(diffs):
        while under_way and (len(under_way) > 2 * workers or size + batch_size > UNDER_WAY_BYTES):
            done, done_size = under_way.popleft()
            size -= done_size
            yield from done.result()
        with _no_interrupt():
            under_way.append((pool.submit(_worked, batch), batch_size))
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


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C waits: workers start in here, and inherit that it is not for them, but for the process that asked."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(work: Callable[[str, RawDiff], Any]) -> None:
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work = work


def _worked(batch: Batch) -> list[Any]:
    assert _work is not None, "the worker was started"
    return [_work(commit, diff) for commit, diff in batch]
