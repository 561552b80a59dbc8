"""The ledger: one SQLite file (WAL) for the user, a row a dispatch. All SQL of the package is here.

Nothing in it may hold up a commit: a file that is locked, broken, read-only or of a newer version leaves a notice,
and ``working`` is False from then on. Whoever keeps a budget must then treat the spend as unknown, not as zero.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from smista_git.errors import BudgetPaused
from smista_git.ledger.learning import Cell, Counts
from smista_git.ledger.rows import Answer, By, Ending, Entry, Group, Limits, Line
from smista_git.ledger.summary import lines
from smista_git.plan.estimate import Price
from smista_git.plan.request import Usage
from smista_git.route.decision import Spend

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")
FILE = "ledger.db"
BUSY_S = 5.0

# One entry a version; a file at version n gets every later entry. Never edit one that was released.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE dispatch (
            id INTEGER PRIMARY KEY, project TEXT NOT NULL, day TEXT NOT NULL, phase TEXT NOT NULL, kind TEXT NOT NULL,
            tier TEXT NOT NULL, original_tier TEXT NOT NULL, model TEXT NOT NULL, rule TEXT, plan_id TEXT NOT NULL,
            reserved_usd TEXT NOT NULL, cost_usd TEXT, state TEXT NOT NULL DEFAULT 'open', error TEXT,
            tokens_in INTEGER NOT NULL DEFAULT 0, tokens_out INTEGER NOT NULL DEFAULT 0,
            cached_in INTEGER NOT NULL DEFAULT 0, latency_s REAL, answer TEXT, edit_distance INTEGER
        ) STRICT""",
        "CREATE INDEX dispatch_day ON dispatch (day)",
        # What counts against budgets, kept up in the transaction that changes it: adding up years of rows in front
        # of every call would take longer than the call's own bookkeeping.
        "CREATE TABLE counted (scope TEXT PRIMARY KEY, usd TEXT NOT NULL) STRICT, WITHOUT ROWID",
    ),
)
INSERT = """INSERT INTO dispatch
    (project, day, phase, kind, tier, original_tier, model, rule, plan_id, reserved_usd)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
SETTLE = """UPDATE dispatch SET state = ?, cost_usd = ?, tokens_in = ?, tokens_out = ?, cached_in = ?, latency_s = ?, error = ?
    WHERE id = ?"""
ANSWER = "UPDATE dispatch SET answer = ?, edit_distance = ? WHERE id = ?"
COUNTED = "SELECT usd FROM counted WHERE scope = ?"
COUNT = "INSERT INTO counted VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET usd = excluded.usd"
OLD = "SELECT project, day, coalesce(cost_usd, reserved_usd), reserved_usd FROM dispatch WHERE id = ?"
SUMMARY = """SELECT {by}, cost_usd, count(*), sum(tokens_in), sum(tokens_out) FROM dispatch
    WHERE (:project IS NULL OR project = :project) AND (:since IS NULL OR day >= :since) GROUP BY {by}, cost_usd ORDER BY {by}"""
COLUMNS: dict[By, str] = {"model": "model", "phase": "phase", "tier": "tier", "day": "day"}
COUNTS = """SELECT phase, kind, tier,
        sum(answer = 'accepted' OR (answer = 'edited' AND edit_distance <= :near)),
        sum(answer IN ('regenerated', 'escalated', 'rejected') OR (answer = 'edited' AND edit_distance > :near))
    FROM dispatch WHERE answer IS NOT NULL AND (:project IS NULL OR project = :project) GROUP BY phase, kind, tier"""


class Ledger:
    """The open ledger; ``notice`` says, in a sentence, why it does not work, and is empty while it does."""

    def __init__(self, path: Path, connection: sqlite3.Connection | None, notice: str = "") -> None:
        self.path, self.notice = path, notice
        self._connection = connection

    @classmethod
    def open(cls, state_dir: Path, *, busy_s: float = BUSY_S) -> Ledger:
        """The ledger of that folder, made or brought to this version where needed; never an exception."""
        path = state_dir / FILE
        ledger = cls(path, None)
        ledger._guard(lambda: ledger._connect(busy_s), None)
        return ledger

    @property
    def working(self) -> bool:
        """False when nothing is kept and nothing is known: the notice says why."""
        return self._connection is not None

    def close(self) -> None:
        """Close the file; anything after that counts as not working."""
        self._drop(f"the ledger {self.path} was closed")

    def _drop(self, notice: str) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self.notice = None, notice

    def reserve(self, entry: Entry, *, limits: Limits | None = None) -> int:
        """The number of the dispatch, its money set aside; 0 when the ledger does not work.

        Check and insert are one transaction: many processes cannot together pass a limit.

        Raises:
            BudgetPaused: with it a limit would be passed, or there are limits and the spend is not known.
        """
        number = self._guard(lambda: self._write(lambda c: self._insert(c, entry, limits or Limits())), 0)
        if not number and limits is not None and limits.any:
            raise BudgetPaused(f"the budget cannot be checked: {self.notice}", hint="run `git smista doctor`")
        return number

    def settle(
        self,
        number: int,
        usage: Usage,
        cost_usd: Decimal | None,
        outcome: Ending,
        *,
        latency_s: float | None = None,
        error: str | None = None,
    ) -> None:
        """Put the bill in place of what was set aside; an unknown cost (None) leaves that standing."""
        values = (
            outcome,
            None if cost_usd is None else format(cost_usd, "f"),
            usage.tokens_in,
            usage.tokens_out,
            usage.cached_in,
            latency_s,
            error,
        )
        self._guard(lambda: self._write(lambda c: _settle(c, number, cost_usd, values)), None)

    def record_outcome(self, number: int, answer: Answer, *, edit_distance: int | None = None) -> None:
        """Keep what the person did with the answer; ``edit_distance`` counts words, for ``edited``."""
        self._guard(lambda: self._write(lambda c: c.execute(ANSWER, (answer, edit_distance, number))), None)

    def spend(self, project: str, day: date) -> Spend:
        """What counts against the budgets: of that local day over all projects, and of the project for ever.

        Open reservations count; so do failed attempts. Zero when the ledger does not work: see ``working``.
        """
        return self._guard(lambda: self._spend(project, day), Spend())

    def summary(
        self, by: By, *, baseline: Price | None = None, project: str | None = None, since: date | None = None
    ) -> tuple[Line, ...]:
        """One line a group, by its name; ``baseline`` is the price to compare with: the heavy tier's model."""
        query = SUMMARY.format(by=COLUMNS[by])
        start = None if since is None else _day(since)
        rows: list[Any] = self._guard(lambda: self._read(query, {"project": project, "since": start}), [])
        return lines([Group(*row) for row in rows], baseline=baseline)

    def counts(self, *, near_words: int, project: str | None = None) -> dict[Cell, Counts]:
        """How answers were taken, a phase, kind and tier; an edit of up to ``near_words`` words counts as taken."""
        rows: list[Any] = self._guard(
            lambda: self._read(COUNTS, {"near": near_words, "project": project}), []
        )
        return {Cell(phase, kind, tier): Counts(good, bad) for phase, kind, tier, good, bad in rows}

    def _connect(self, busy_s: float) -> None:
        import sqlite3

        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.path.exists():
            self.path.touch(mode=0o600)
        connection = sqlite3.connect(self.path, timeout=busy_s, isolation_level=None, check_same_thread=False)
        weakref.finalize(self, connection.close)  # Python 3.13 on warns of one that is only let go
        self._connection = connection
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise sqlite3.DatabaseError("it was written by a newer git-smista")
        if version < len(MIGRATIONS):
            _to_wal(connection, busy_s)
            self._write(_migrate)
        connection.execute("PRAGMA synchronous = NORMAL")

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The result of ``work`` in one transaction that holds the write lock from its start."""
        connection = self._connected()
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(connection)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        return result

    def _read(self, query: str, values: Mapping[str, object]) -> list[Any]:
        return self._connected().execute(query, values).fetchall()

    def _connected(self) -> sqlite3.Connection:
        assert self._connection is not None, "guarded by _guard"
        return self._connection

    def _spend(self, project: str, day: date) -> Spend:
        return Spend(*(_counted(self._connected(), scope) for scope in _scopes(project, _day(day))))

    def _insert(self, connection: sqlite3.Connection, entry: Entry, limits: Limits) -> int:
        if limits.any:
            _hold(self._spend(entry.project, entry.day), entry, limits)
        values = (
            entry.project, _day(entry.day), entry.phase, entry.kind, entry.tier, entry.original_tier, entry.model,
            entry.rule, entry.plan_id, format(entry.reserved_usd, "f"),
        )  # fmt: skip
        number = connection.execute(INSERT, values).lastrowid
        assert number is not None, "an insert always has a row id"
        _count(connection, entry.project, _day(entry.day), entry.reserved_usd)
        return number

    def _guard(self, work: Callable[[], T], otherwise: T) -> T:
        """What ``work`` gives; on any failure of the file the notice is set and ``otherwise`` is given."""
        import sqlite3

        if self._connection is None and self.notice:
            return otherwise
        try:
            return work()
        except (sqlite3.Error, OSError) as exc:
            self._drop(f"the ledger {self.path} cannot be used ({exc}); nothing is kept of this run")
            return otherwise


def _hold(spend: Spend, entry: Entry, limits: Limits) -> None:
    for name, spent, limit in (
        ("daily", spend.day_usd, limits.day_usd),
        ("project", spend.project_usd, limits.project_usd),
    ):
        if limit is not None and spent + entry.reserved_usd > limit:
            raise BudgetPaused(
                f"the {name} budget of ${limit} would be passed: ${spent} spent, up to ${entry.reserved_usd} more",
                hint="see `git smista cost --by day`, or use a local model",
            )


def _to_wal(connection: sqlite3.Connection, busy_s: float) -> None:
    """Switch to WAL; SQLite answers "locked" at once here, without waiting, when two processes do it together."""
    import sqlite3
    import time

    end = time.monotonic() + busy_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def _migrate(connection: sqlite3.Connection) -> None:
    """Under the write lock, so that of many first processes one migrates and the others see it done."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _settle(
    connection: sqlite3.Connection, number: int, cost_usd: Decimal | None, values: tuple[Any, ...]
) -> None:
    row = connection.execute(OLD, (number,)).fetchone()
    if row is None:
        return
    project, day, counted, reserved = row
    _count(connection, project, day, (Decimal(reserved) if cost_usd is None else cost_usd) - Decimal(counted))
    connection.execute(SETTLE, (*values, number))


def _count(connection: sqlite3.Connection, project: str, day: str, more_usd: Decimal) -> None:
    for scope in _scopes(project, day) if more_usd else ():
        connection.execute(COUNT, (scope, format(_counted(connection, scope) + more_usd, "f")))


def _counted(connection: sqlite3.Connection, scope: str) -> Decimal:
    row = connection.execute(COUNTED, (scope,)).fetchone()
    return Decimal(row[0]) if row else Decimal(0)


def _scopes(project: str, day: str) -> tuple[str, str]:
    return f"day:{day}", f"project:{project}"


def _day(day: date) -> str:
    """ISO date; of a datetime only its date, in its own zone."""
    return day.strftime("%Y-%m-%d")
