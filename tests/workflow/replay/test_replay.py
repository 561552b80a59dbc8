"""Replaying a range: routes, bills and leaks of real commits, the same with one process and with several."""

from __future__ import annotations

import json
import os
import socket
from decimal import Decimal
from pathlib import Path

import pytest

from smista_git.errors import NothingToDo, UsageError
from smista_git.workflow.replay.models import facts_of_models
from smista_git.workflow.replay.replay import Replay, Wanted, open_replay
from smista_git.workflow.replay.report import Summary
from smista_git.workflow.workers import in_order
from tests.conftest import Repo

REMOTE = "openai/gpt-5.4-mini"
ALL_REMOTE = "version = 1\n[tiers]\n" + "".join(f'{t} = "{REMOTE}"\n' for t in ("light", "standard", "heavy"))
KEEPS = '[sensitive]\npaths = ["private/**"]\nthen = "{then}"\n'
SECRET = "AKIA" + "Z7QX3M5KD2PWN6RT"


def replay(repo: Repo, **wanted: object) -> Replay:
    return open_replay(Wanted(**wanted), cwd=repo.path)  # type: ignore[arg-type]


def summed(found: Replay) -> Summary:
    summary = Summary.of(found.revisions, found.replayer.intent, found.total, found.sides)
    for row in found.rows():
        summary.add(row)
    return summary


@pytest.fixture
def history(repo: Repo) -> Repo:
    """Five commits: a readme, code, a private file, a mixed change, a rename out of the private folder."""
    repo.stage("src/sum.py", "def total(values):\n    return sum(values)\n")
    repo.commit("feat: sum values")
    repo.stage("private/plan.md", "Nobody else reads this, in all its length.\n")
    repo.commit("docs: add a plan")
    repo.stage("private/plan.md", "Nobody else reads this, in all its length!\n")
    repo.stage("src/sum.py", "def total(values):\n    return sum(values, 0)\n")
    repo.commit("fix: start at zero")
    repo.git("mv", "private/plan.md", "plan.md")
    repo.commit("docs: move the plan")
    return repo


def test_a_replay_needs_no_network_and_no_key(history: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **words: object) -> object:
        raise AssertionError(f"the network was asked: {args}")

    for name in ("getaddrinfo", "create_connection"):
        monkeypatch.setattr(socket, name, never)
    monkeypatch.setenv("OLLAMA_HOST", "http://models.example:11434")
    history.write(".smista.toml", ALL_REMOTE.replace(REMOTE, "ollama/llama3", 1))
    rows = list(replay(history).rows())
    assert {row.now.where for row in rows} == {"remote"}
    assert {host for row in rows for host in row.now.hosts} == {"models.example:11434", "api.openai.com"}


def test_rows_come_newest_first_and_each_has_a_bill(history: Repo) -> None:
    history.write("new.toml", ALL_REMOTE)
    rows = list(replay(history, policy="new.toml").rows())
    assert [row.commit for row in rows] == history.git("rev-list", "HEAD").split()
    for row in rows:
        assert row.then is not None and row.then.where == "local" and row.then.high_usd == 0
        assert row.now.model == REMOTE and row.changed
        assert row.now.low_usd is not None and row.now.high_usd is not None
        assert Decimal(0) < row.now.low_usd < row.now.high_usd


def test_more_text_costs_more_up_to_what_one_request_holds(repo: Repo) -> None:
    repo.write("new.toml", ALL_REMOTE)
    for number, lines in enumerate((10, 200, 10_000, 20_000)):
        repo.stage(f"src/m{number}.py", "".join(f"value_{i} = compute({i})\n" for i in range(lines)))
        repo.commit(f"feat: add {lines} lines")
    rows = list(replay(repo, policy="new.toml", revisions="HEAD~4..HEAD").rows())
    most, large, some, few = (row.now.low_usd for row in rows)
    assert few < some < large == most
    assert [row.tokens for row in rows] == sorted((row.tokens for row in rows), reverse=True)


def test_several_processes_give_the_same_rows_in_the_same_order(history: Repo) -> None:
    history.write("new.toml", ALL_REMOTE + KEEPS.format(then="local"))
    for number in range(40):
        history.stage(f"docs/{number}.md", f"Page {number}\n")
        history.commit(f"docs: page {number}")
    found = replay(history, policy="new.toml")
    diffs = list(found.repo.history_diffs("HEAD"))
    alone = list(in_order(found.replayer.row, diffs, worth=0, workers=1))
    together = list(in_order(found.replayer.row, diffs, worth=0, workers=2))
    assert [row.to_json() for row in together] == [row.to_json() for row in alone]
    assert len(alone) == 45


def test_leaving_early_ends_every_worker(history: Repo) -> None:
    found = replay(history)
    diffs = list(found.repo.history_diffs("HEAD")) * 30
    rows = in_order(found.replayer.row, diffs, worth=0, workers=2)
    next(rows)
    rows.close()
    import multiprocessing

    assert not multiprocessing.active_children()


@pytest.mark.parametrize(
    ("old", "new", "leaks"),
    [
        ("local", None, 3),  # the private file, the mixed change, the rename out of the folder
        ("exclude", None, 3),
        ("block", None, 3),
        (
            "local",
            "exclude",
            1,
        ),  # only the mixed change has something to send, though the old one keeps it whole
        ("exclude", "local", 0),
        ("local", "local", 0),
        (None, "local", 0),
    ],
)
def test_what_one_policy_keeps_and_the_other_sends_is_told(
    history: Repo, old: str | None, new: str | None, leaks: int
) -> None:
    for name, then in (("old.toml", old), ("new.toml", new)):
        history.write(name, ALL_REMOTE + (KEEPS.format(then=then) if then else ""))
    summary = summed(replay(history, against="old.toml", policy="new.toml"))
    assert summary.leaking == leaks
    assert bool(list(summary.regressions(max_cost_increase=None))) == (leaks > 0)
    assert all("private/plan.md" in why for _, why in summary.leaks)


def test_a_review_tells_a_file_that_only_the_old_policy_keeps(history: Repo) -> None:
    """A review goes file by file: what else keeps the whole commit here must not hide the file that would go."""
    history.stage("private/plan.md", "Another plan of the same kind.\n")
    history.stage("inner/notes.md", "Notes of the inner circle.\n")
    history.commit("docs: keep two things")
    both = '[sensitive]\npaths = ["private/**", "inner/**"]\nthen = "local"\n'
    history.write("old.toml", ALL_REMOTE + both)
    history.write("new.toml", ALL_REMOTE + both.replace('"private/**", ', ""))
    found = replay(history, against="old.toml", policy="new.toml", intent="review", revisions="HEAD~1..HEAD")
    summary = summed(found)
    assert summary.leaking == 1
    assert "private/plan.md" in summary.leaks[0][1] and "inner" not in summary.leaks[0][1]


def test_a_secret_stays_whatever_the_policy_says_and_is_no_leak(repo: Repo) -> None:
    repo.stage("settings.py", f'AWS_ACCESS_KEY_ID = "{SECRET}"\n')
    repo.commit("chore: configure")
    repo.write("new.toml", ALL_REMOTE)
    row = next(replay(repo, policy="new.toml").rows())
    assert "secret" in row.labels.flags
    assert row.now.where == "local" and not row.now.hosts and not row.leaks
    assert SECRET not in json.dumps(row.to_json())


def test_a_block_is_a_refusal_and_counted_as_one(history: Repo) -> None:
    history.write(".smista.toml", ALL_REMOTE + KEEPS.format(then="block"))
    summary = summed(replay(history))
    told = summary.to_json(max_cost_increase=None)["summary"]["now"]
    assert told["wheres"] == {"builtin": 0, "local": 0, "remote": 2, "refused": 3}
    assert summary.leaking == 0


RULES = """version = 1
[[routing.rules]]
name = "docs"
priority = 1
intent = "commit"
kind = "docs"
model = "openai/gpt-5.4-mini"
[[routing.rules]]
name = "docs again"
priority = 2
intent = "commit"
paths = "README.md"
model = "openai/gpt-5.5"
[[routing.rules]]
name = "releases"
priority = 3
intent = "commit"
branch = "release/*"
model = "openai/gpt-5.5"
[[routing.rules]]
name = "migrations"
priority = 4
intent = "commit"
flags = "migration"
model = "openai/gpt-5.5"
[[routing.rules]]
name = "reviews"
intent = "review"
model = "openai/gpt-5.5"
"""


def test_rules_that_never_fired_say_why(history: Repo) -> None:
    history.write(".smista.toml", RULES)
    never = dict(summed(replay(history)).tallies[-1].never_fired())
    assert set(never) == {"docs again", "releases", "migrations"}
    assert "another rule came first" in never["docs again"]
    assert "branch" in never["releases"]
    assert never["migrations"] == "it held for no commit"
    fired = summed(replay(history, branch="release/2")).tallies[-1].rules
    assert fired["releases"] > 0 and fired["docs"] > 0 and fired.total() == 5


def test_a_tier_that_always_wins_is_a_warning(repo: Repo) -> None:
    for number in range(25):
        repo.stage(f"docs/{number}.md", f"Page {number}\n")
        repo.commit(f"docs: page {number}")
    warned = list(summed(replay(repo)).warnings())
    assert any("the light tier takes 100.0 %" in line for line in warned)
    assert not any("tier takes" in line for line in summed(replay(repo, revisions="HEAD~5..HEAD")).warnings())


def test_an_unknown_price_stays_unknown_and_trips_the_cost_gate(history: Repo) -> None:
    history.write("old.toml", ALL_REMOTE)
    history.write("new.toml", ALL_REMOTE.replace(REMOTE, "openai/no-such-model"))
    summary = summed(replay(history, against="old.toml", policy="new.toml"))
    now = summary.to_json(max_cost_increase=None)["summary"]["now"]
    assert (now["unknown_prices"], now["low_usd"], now["high_usd"]) == (5, "0", "0")
    assert not list(summary.regressions(max_cost_increase=None))
    assert "unknown" in next(summary.regressions(max_cost_increase=Decimal(1000)))


def test_the_cost_gate_takes_percent(history: Repo) -> None:
    history.write("old.toml", ALL_REMOTE)
    history.write("new.toml", ALL_REMOTE.replace(REMOTE, "openai/gpt-5.5"))
    summary = summed(replay(history, against="old.toml", policy="new.toml"))
    then, now = (tally.bill for tally in summary.tallies)
    rise = max(now.low_usd / then.low_usd, now.high_usd / then.high_usd) * 100 - 100
    assert rise > 0
    assert list(summary.regressions(max_cost_increase=rise - 1))
    assert not list(summary.regressions(max_cost_increase=rise + 1))


def test_a_bare_repository_reads_the_policy_of_its_head(history: Repo, tmp_path: Path) -> None:
    history.stage(".smista.toml", ALL_REMOTE)
    history.commit("chore: add a policy")
    bare = tmp_path / "bare.git"
    history.git("clone", "-q", "--bare", str(history.path), str(bare))
    found = open_replay(Wanted(), cwd=bare)
    assert found.sides[0].name == "HEAD:.smista.toml"
    assert next(found.rows()).now.model == REMOTE
    assert [r.to_json() for r in found.rows()] == [r.to_json() for r in replay(history).rows()]


def test_a_policy_can_come_from_a_commit(history: Repo) -> None:
    history.stage("team/policy.toml", ALL_REMOTE)
    history.commit("chore: propose a policy")
    history.git("rm", "-q", "team/policy.toml")
    history.commit("chore: take it back")
    found = replay(history, policy="HEAD~1:team/policy.toml")
    assert [side.name for side in found.sides] == ["no .smista.toml", "HEAD~1:team/policy.toml"]
    assert next(found.rows()).now.model == REMOTE


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"revisions": "nowhere"}, UsageError),
        ({"revisions": "HEAD..nowhere"}, UsageError),
        ({"revisions": "--output=stolen"}, UsageError),
        ({"policy": "missing.toml"}, UsageError),
        ({"policy": "HEAD:missing.toml"}, UsageError),
        ({"policy": "--batch:x"}, UsageError),
        ({"revisions": "HEAD..HEAD"}, NothingToDo),
    ],
)
def test_what_does_not_exist_is_said(history: Repo, wanted: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        replay(history, **wanted)
    assert not list(history.path.glob("stolen*"))


def test_merges_are_left_out(history: Repo) -> None:
    history.git("checkout", "-q", "-b", "side", "HEAD~2")
    history.stage("docs/side.md", "A side.\n")
    history.commit("docs: a side")
    history.git("checkout", "-q", "main")
    history.git("merge", "-q", "--no-edit", "side")
    found = replay(history)
    commits = [row.commit for row in found.rows()]
    assert len(commits) == found.total == 6
    assert history.git("rev-parse", "HEAD") not in commits


LOCALITY = [
    ("ollama/auto", {}, {}, True),
    ("ollama/gpt-oss:120b-cloud", {}, {}, False),
    ("ollama/x", {}, {"OLLAMA_HOST": "localhost:1"}, True),
    ("ollama/x", {}, {"OLLAMA_HOST": "[::1]:1"}, True),
    ("ollama/x", {}, {"OLLAMA_HOST": "10.0.0.5"}, False),
    ("ollama/x", {}, {"OLLAMA_HOST": "127.0.0.1.example.org"}, False),
    ("openai/x", {}, {"OPENAI_BASE_URL": "http://127.0.0.1:8080/v1"}, False),
    ("lan/x", {"lan": {"kind": "openai", "base_url": "http://10.0.0.5/v1", "local": True}}, {}, True),
    ("ollama/x", {"ollama": {"local": False}}, {}, False),
    ("nobody/x", {}, {}, False),
    ("builtin/rules", {}, {}, True),
]


@pytest.mark.parametrize(("model", "tables", "environ", "local"), LOCALITY)
def test_locality_comes_from_configuration_alone(
    model: str, tables: dict[str, object], environ: dict[str, str], local: bool
) -> None:
    facts = facts_of_models([model], {"providers": tables}, environ, cache_dir=None)[model]
    assert facts.status.local is local and facts.status.available
    assert (facts.price is not None and facts.price.output_usd_per_mtok == 0) is local


def test_nothing_is_written_into_the_repository(history: Repo) -> None:
    before = sorted(str(p) for p in history.path.rglob("*")), history.git("for-each-ref")
    list(replay(history).rows())
    assert (sorted(str(p) for p in history.path.rglob("*")), history.git("for-each-ref")) == before
    assert not (Path(os.environ["SMISTA_STATE_DIR"]) / "ledger.sqlite").exists()
