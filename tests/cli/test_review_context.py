"""What goes along with a change in a review: who uses what it touches, from the tree under review, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Smista, all_tiers, point_at
from tests.conftest import Repo
from tests.servers import script
from tests.servers.server import WireServer

Config = Callable[[str], Path]
BEFORE = "def share_out(total):\n    rest = total\n    return rest\n"
AFTER = "def share_out(total, people):\n    rest = total\n    return rest / people\n"
CALLER = "from money import share_out\n\n\ndef bill(total):\n    half = share_out(total)\n    return half\n"


@pytest.fixture
def remote(openai_server: WireServer, monkeypatch: pytest.MonkeyPatch, user_config: Config) -> WireServer:
    user_config(all_tiers(point_at(openai_server, monkeypatch)))
    openai_server.default = script.Say('{"findings": []}')
    return openai_server


@pytest.fixture
def money(repo: Repo) -> Repo:
    """A function and somebody who uses it; the function's change is staged by the test."""
    repo.stage("src/money.py", BEFORE)
    repo.stage("src/bill.py", CALLER)
    repo.commit("feat: share out")
    return repo


def included(done: Any) -> dict[str, str]:
    plans = [plan for group in done.json["groups"] for plan in group["plans"]]
    return {piece["path"]: piece["why"] for plan in plans for piece in plan["context"]["included"]}


def uses(done: Any) -> list[str]:
    return [name for name, why in included(done).items() if why.startswith("uses ")]


def test_who_uses_a_changed_function_goes_along_and_is_listed(
    money: Repo, smista: Smista, remote: WireServer
) -> None:
    money.stage("src/money.py", AFTER)
    listed = included(smista("review", "-n", "--json"))
    assert listed == {"src/money.py": "changed", "src/bill.py, lines 1-7": "uses share_out"}
    assert smista("review").code == 0
    assert "half = share_out(total)" in remote.chats[0].body.decode()


@pytest.mark.parametrize("after", ["", "other = 1\n"])
def test_who_uses_a_function_that_goes_is_shown(
    money: Repo, smista: Smista, remote: WireServer, after: str
) -> None:
    money.stage("src/money.py", after) if after else money.git("rm", "-q", "src/money.py")
    money.stage("src/more.py", "value = compute(1)\n")
    assert uses(smista("review", "-n", "--json")) == ["src/bill.py, lines 1-7"]


def test_only_the_tree_under_review_is_read(money: Repo, smista: Smista, remote: WireServer) -> None:
    money.stage("src/money.py", AFTER)
    money.write("src/bill.py", "work in progress: share_out(secret_plan)\n")
    money.write("src/new.py", "share_out(untracked_plan)\n")
    assert uses(smista("review", "-n", "--json")) == ["src/bill.py, lines 1-7"]
    money.git("commit", "-q", "-m", "feat: share by people")
    money.stage("src/bill.py", "print(share_out(staged_plan))\n")
    assert uses(smista("review", "HEAD", "-n", "--json")) == ["src/bill.py, lines 1-7"]
    smista("review", "HEAD")
    sent = remote.chats[0].body.decode()
    assert "half = share_out" in sent and "_plan" not in sent


def test_a_name_that_others_define_too_means_nothing(money: Repo, smista: Smista, remote: WireServer) -> None:
    money.stage("src/other.py", "class Purse:\n    def share_out(self):\n        return 1\n")
    money.commit("feat: add a purse")
    money.stage("src/money.py", AFTER)
    assert uses(smista("review", "-n", "--json")) == []


def test_what_is_new_has_no_caller_to_look_for(money: Repo, smista: Smista, remote: WireServer) -> None:
    money.stage("src/money.py", BEFORE + "\n\ndef lend_money(total):\n    return total\n")
    money.stage("README.md", "share_out(1)\n")
    assert uses(smista("review", "-n", "--json")) == []


@pytest.mark.parametrize("then", ["local", "exclude"])
def test_a_caller_that_the_policy_guards_is_never_read(
    money: Repo, smista: Smista, remote: WireServer, user_config: Config, then: str
) -> None:
    config = all_tiers("openai/gpt-5.4-mini")
    user_config(config + f'[sensitive]\npaths = ["vault/**", "odd*/**"]\nthen = "{then}"\n')
    money.stage("vault/keeper.py", "def keep(plan):\n    return share_out(plan.hidden)\n")
    money.stage("odd\nname/keeper.py", "def keep(plan):\n    return share_out(plan.hidden)\n")
    money.commit("feat: keep")
    money.stage("src/money.py", AFTER)
    done = smista("review", "-n", "--json")
    assert uses(done) == ["src/bill.py, lines 1-7"]
    assert smista("review").code == 0
    assert "hidden" not in remote.chats[0].body.decode() and "keeper" not in done.out


def test_a_secret_beside_a_call_is_blotted_out(money: Repo, smista: Smista, remote: WireServer) -> None:
    value = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    money.stage("src/bill.py", f'TOKEN = "{value}"\nshown = share_out(TOKEN)\n')
    money.commit("feat: bill")
    money.stage("src/money.py", AFTER)
    assert uses(smista("review", "-n", "--json")) == ["src/bill.py, lines 1-3"]
    assert smista("review").code == 0
    sent = remote.chats[0].body.decode()
    assert "shown = share_out" in sent and value not in sent and "[redacted:" in sent


def test_a_piece_of_a_longer_secret_does_not_go_along(
    money: Repo, smista: Smista, remote: WireServer
) -> None:
    body = "\n".join("MIIEpAIBAAKCAQEAx1y2z3" + chr(65 + n) * 40 for n in range(12))
    key = f'KEY = """-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----"""\n'
    money.stage("src/bill.py", key + "shown = share_out(KEY)\n")
    money.commit("feat: bill")
    money.stage("src/money.py", AFTER)
    assert uses(smista("review", "-n", "--json")) == []
    assert smista("review").code == 0
    assert "MIIEpAIBAAKCAQEA" not in remote.chats[0].body.decode()


def test_the_budget_holds_however_many_callers_there_are(
    money: Repo, smista: Smista, remote: WireServer
) -> None:
    for number in range(40):
        money.stage(f"src/user{number:02}.py", f"value_{number} = share_out({number})\n" * 30)
    money.commit("feat: use it")
    money.stage("src/money.py", AFTER)
    assert len(uses(smista("review", "-n", "--json"))) == 2
