"""Processes beside this one that all do the same work, on one batch after the other."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any, Generic, Literal, TypeVar

from smista_git.errors import SmistaError
from smista_git.git.diffs import RawDiff

Batch = list[tuple[str, RawDiff]]
Work = Callable[[str, RawDiff], Any]
R = TypeVar("R")


class Crew(Generic[R]):
    """So many processes, each with a pipe of its own; one whose pipe closes ends, so that none outlives this one.

    A thread for each pipe sends a batch and waits for what comes back. The processes are there before the threads,
    since a process of several threads must not be forked.
    """

    def __init__(
        self, work: Callable[[str, RawDiff], R], count: int, *, method: Literal["fork", "spawn"]
    ) -> None:
        self._pipes: list[Connection] = []
        self._idle: SimpleQueue[Connection] = SimpleQueue()
        self._processes: list[BaseProcess] = []
        self._threads = ThreadPoolExecutor(count)
        with _no_interrupt():
            for _ in range(count):
                self._start(work, method)

    def __enter__(self) -> Crew[R]:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
        self._threads.shutdown(cancel_futures=True)
        for process, pipe in zip(self._processes, self._pipes, strict=True):
            process.join()
            pipe.close()

    def submit(self, batch: Batch) -> Future[list[R]]:
        """What the work makes of each of the batch, in order, once it is done. Raises: what the work raised."""
        return self._threads.submit(self._ask, batch)

    def _start(self, work: Work, method: Literal["fork", "spawn"]) -> None:
        context = get_context(method)
        ours, its = context.Pipe()
        # A fork has this process's ends of all pipes, and none would ever see its own close.
        not_its = [*self._pipes, ours] if method == "fork" else []
        process = context.Process(target=_serve, args=(its, not_its, work), daemon=True)  # type: ignore[attr-defined]
        process.start()
        its.close()
        self._processes.append(process)
        self._pipes.append(ours)
        self._idle.put(ours)

    def _ask(self, batch: Batch) -> list[R]:
        pipe = self._idle.get()
        try:
            pipe.send(batch)
            answer: list[R] | Exception = pipe.recv()
        except (EOFError, OSError) as exc:
            raise SmistaError(
                "a process that helped was ended from outside",
                hint="memory may be short: name a shorter range",
            ) from exc
        finally:
            self._idle.put(pipe)
        if isinstance(answer, Exception):
            raise answer
        return answer


def _serve(pipe: Connection, not_ours: Sequence[Connection], work: Work) -> None:
    """Do what comes through the pipe until it closes. Ctrl-C is for the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in not_ours:
        other.close()
    try:
        while True:
            pipe.send(_done(work, pipe.recv()))
    except (EOFError, OSError):
        return


def _done(work: Work, batch: Batch) -> list[Any] | Exception:
    try:
        return [work(commit, diff) for commit, diff in batch]
    except Exception as exc:  # noqa: BLE001 - the edge of a process: it is raised again in the one that asked
        exc.add_note(traceback.format_exc())
        return exc


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C waits: processes start in here, and inherit that it is not for them."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
