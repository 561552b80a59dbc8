"""The ledger adds up exactly, under many processes, and never holds up a commit when its file is bad."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from smista_git.errors import BudgetPaused
from smista_git.ledger.learning import Cell, Counts
from smista_git.ledger.rows import Entry, Limits
from smista_git.ledger.store import FILE, MIGRATIONS, Ledger
from smista_git.plan.estimate import Price
from smista_git.plan.request import Usage
from smista_git.route.decision import Spend

DAY = date(2024, 5, 6)
ENTRY = Entry("demo", DAY, "commit", "fix", "light", "light", "anthropic/small", reserved_usd=Decimal("0.10"))


def test_a_reservation_counts_until_it_is_settled(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    number = ledger.reserve(ENTRY)
    assert ledger.spend("demo", DAY) == Spend(Decimal("0.10"), Decimal("0.10"))
    ledger.settle(number, Usage(100, 20), Decimal("0.0123"), "ok")
    assert ledger.spend("demo", DAY) == Spend(Decimal("0.0123"), Decimal("0.0123"))


def test_failed_attempts_count_and_unknown_costs_stay_at_what_was_set_aside(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    ledger.settle(ledger.reserve(ENTRY), Usage(100, 0), Decimal("0.02"), "error", error="TimedOut")
    ledger.settle(ledger.reserve(ENTRY), Usage(100, 20), None, "ok")
    assert ledger.spend("demo", DAY).day_usd == Decimal("0.12")


def test_the_day_is_of_all_projects_and_the_project_of_all_days(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    ledger.reserve(ENTRY)
    ledger.reserve(replace(ENTRY, project="other"))
    ledger.reserve(replace(ENTRY, day=date(2024, 5, 5)))
    assert ledger.spend("demo", DAY) == Spend(Decimal("0.20"), Decimal("0.20"))
    assert ledger.spend("new", datetime(2024, 5, 5, 23, 59)) == Spend(Decimal("0.10"), Decimal(0))


def test_money_is_exact(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    for _ in range(10):
        ledger.settle(ledger.reserve(ENTRY), Usage(1, 1), Decimal("0.1"), "ok")
    ledger.settle(ledger.reserve(ENTRY), Usage(1, 1), Decimal("0.0000000001"), "ok")
    assert ledger.spend("demo", DAY).day_usd == Decimal("1.0000000001")


@pytest.mark.parametrize("limits", [Limits(day_usd=Decimal("0.25")), Limits(project_usd=Decimal("0.25"))])
def test_a_limit_is_held(tmp_path: Path, limits: Limits) -> None:
    ledger = Ledger.open(tmp_path)
    ledger.reserve(ENTRY, limits=limits)
    ledger.reserve(ENTRY, limits=limits)
    with pytest.raises(BudgetPaused, match=r"0\.25"):
        ledger.reserve(ENTRY, limits=limits)
    assert ledger.working
    assert ledger.spend("demo", DAY).day_usd == Decimal("0.20")


WORKER = """
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from smista_git.errors import BudgetPaused
from smista_git.ledger.rows import Entry, Limits
from smista_git.ledger.store import Ledger
from smista_git.plan.request import Usage

ledger = Ledger.open(Path(sys.argv[1]), busy_s=60)
entry = Entry("demo", date(2024, 5, 6), "commit", "fix", "light", "light", "m", reserved_usd=Decimal("0.10"))
done = 0
for _ in range(10):
    try:
        number = ledger.reserve(entry, limits=Limits(day_usd=Decimal(sys.argv[2])))
    except BudgetPaused:
        continue
    ledger.settle(number, Usage(10, 5), Decimal("0.10"), "ok")
    done += 1
print(done, ledger.notice)
"""


@pytest.mark.parametrize(("limit", "expected"), [("1000", 200), ("5.00", 50)])
def test_twenty_processes_lose_nothing_and_pass_no_limit(tmp_path: Path, limit: str, expected: int) -> None:
    command = [sys.executable, "-c", WORKER, str(tmp_path), limit]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(20)]
    answers = [worker.communicate()[0].split(maxsplit=1) for worker in workers]
    assert [a[1:] for a in answers] == [[]] * 20
    assert sum(int(a[0]) for a in answers) == expected
    assert Ledger.open(tmp_path).spend("demo", DAY).day_usd == Decimal("0.10") * expected


def test_a_killed_process_leaves_its_reservation_counted(tmp_path: Path) -> None:
    code = WORKER.replace("    ledger.settle(", "    import os; os.kill(os.getpid(), 9)\n    ledger.settle(")
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path), "9"], check=False)
    assert done.returncode == -9
    assert Ledger.open(tmp_path).spend("demo", DAY).day_usd == Decimal("0.10")


def _corrupt(folder: Path) -> None:
    (folder / FILE).write_bytes(b"this is no database" * 100)


def _newer(folder: Path) -> None:
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()


def _a_folder_in_its_place(folder: Path) -> None:
    (folder / FILE).mkdir()


@pytest.mark.parametrize("spoil", [_corrupt, _newer, _a_folder_in_its_place])
def test_a_bad_file_leaves_a_notice_and_no_exception(tmp_path: Path, spoil: object) -> None:
    spoil(tmp_path)  # type: ignore[operator]
    ledger = Ledger.open(tmp_path)
    assert not ledger.working
    assert str(tmp_path) in ledger.notice
    number = ledger.reserve(ENTRY)
    ledger.settle(number, Usage(), Decimal(1), "ok")
    assert (number, ledger.spend("demo", DAY), ledger.summary("model")) == (0, Spend(), ())


def test_without_a_ledger_a_budget_is_not_taken_for_unspent(tmp_path: Path) -> None:
    _corrupt(tmp_path)
    with pytest.raises(BudgetPaused, match="cannot be checked"):
        Ledger.open(tmp_path).reserve(ENTRY, limits=Limits(day_usd=Decimal(5)))


def test_a_state_folder_that_cannot_be_made_is_a_notice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not Ledger.open(tmp_path / "file" / "state").working


def test_a_read_only_file_is_a_notice_at_the_first_write(tmp_path: Path) -> None:
    Ledger.open(tmp_path).close()
    path = tmp_path / FILE
    ledger = Ledger(path, sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None))
    assert ledger.reserve(ENTRY) == 0
    assert "readonly" in ledger.notice


def test_a_locked_file_is_a_notice_after_the_wait(tmp_path: Path) -> None:
    Ledger.open(tmp_path).close()
    holder = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    ledger = Ledger.open(tmp_path, busy_s=0.05)
    assert ledger.reserve(ENTRY) == 0
    assert "locked" in ledger.notice
    holder.close()


def test_the_file_is_private_and_has_the_version_of_the_schema(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "state")
    assert (ledger.path.stat().st_mode & 0o777, ledger.path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    connection = sqlite3.connect(ledger.path)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_an_older_file_is_brought_up_and_keeps_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ledger.open(tmp_path).reserve(ENTRY)
    more = (*MIGRATIONS, ("ALTER TABLE dispatch ADD COLUMN later TEXT",))
    monkeypatch.setattr("smista_git.ledger.store.MIGRATIONS", more)
    ledger = Ledger.open(tmp_path)
    assert ledger.spend("demo", DAY).day_usd == Decimal("0.10")
    connection = sqlite3.connect(ledger.path)
    assert connection.execute("SELECT later FROM dispatch").fetchall() == [(None,)]
    connection.close()


def test_summary_adds_up_and_compares_with_the_baseline(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    ledger.settle(ledger.reserve(ENTRY), Usage(1_000_000, 0), Decimal(1), "ok")
    ledger.settle(ledger.reserve(ENTRY), Usage(0, 1_000_000), Decimal("2.50"), "rejected")
    ledger.settle(ledger.reserve(replace(ENTRY, model="b")), Usage(7, 7), None, "ok")
    first, second = ledger.summary("model", baseline=Price(Decimal(5), Decimal(25)))
    assert (first.key, first.dispatches, first.cost_usd, first.saved_usd) == (
        "anthropic/small",
        2,
        Decimal("3.50"),
        Decimal("26.50"),
    )
    assert (second.key, second.cost_usd, second.unknown, second.saved_usd) == ("b", Decimal(0), 1, Decimal(0))
    assert ledger.summary("day")[0].key == "2024-05-06"
    assert ledger.summary("tier", since=date(2024, 5, 7)) == ()
    assert ledger.summary("phase", project="other") == ()


def test_answers_are_counted_a_phase_kind_and_tier(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    ledger.record_outcome(ledger.reserve(ENTRY), "accepted")
    ledger.record_outcome(ledger.reserve(ENTRY), "edited", edit_distance=2)
    ledger.record_outcome(ledger.reserve(ENTRY), "edited", edit_distance=30)
    ledger.record_outcome(ledger.reserve(ENTRY), "regenerated")
    ledger.reserve(ENTRY)
    assert ledger.counts(near_words=3) == {Cell("commit", "fix", "light"): Counts(2, 2)}


def test_nothing_of_sqlite_is_imported_before_it_is_opened() -> None:
    code = "import sys, smista_git.ledger.store; sys.exit('sqlite3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, env=dict(os.environ)).returncode == 0


def test_what_counts_is_what_the_rows_say(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    number = ledger.reserve(ENTRY)
    ledger.settle(number, Usage(), Decimal("0.30"), "ok")
    ledger.settle(number, Usage(), Decimal("0.05"), "ok")
    ledger.settle(number + 999, Usage(), Decimal("5"), "ok")
    ledger.reserve(replace(ENTRY, reserved_usd=Decimal(0)))
    assert ledger.spend("demo", DAY) == Spend(Decimal("0.05"), Decimal("0.05"))
