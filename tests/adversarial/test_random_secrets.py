"""Secrets of known shapes at random places of a random diff: what the gate would let out never holds one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smista_git.change.parse import parse_change
from smista_git.dispatch.egress import inspect
from smista_git.errors import EgressRefused
from smista_git.git.diffs import RawDiff
from smista_git.phases.said import Said
from smista_git.plan.request import Message
from smista_git.route.decision import Override, Task
from smista_git.workflow.accounting import Accounts
from smista_git.workflow.planning import plan_message
from smista_git.workflow.reading import read_change
from smista_git.workflow.session import Session, open_session
from tests.adversarial.marks import found_in, needles_of, new_marks
from tests.adversarial.place import REMOTE, tiers
from tests.conftest import Repo
from tests.servers.server import WireServer

NAMES = ("app.py", "conf/app.ini", "docs/guide.md", "deploy.yaml", "src/main.ts", "notes.txt", "a b.json")
WORDS = (
    "def run(x):",
    "    return x + 1",
    "timeout = 30",
    "# see the guide",
    "",
    "- one",
    "name: web",
    "}",
    "++i;",
    "-- x",
)
SHAPES = {
    "aws": ('key = "{aws}"', "AWS_ACCESS_KEY_ID={aws}", "call({aws})", "https://x.example/?id={aws}"),
    "github": ('token: "{github}"', "# {github}", "curl -H 'Authorization: token {github}'", "{github}"),
    "password": (
        'password = "{password}"',
        "DB_PASSWORD={password}",
        "  password: {password}",
        "url = {uri}",
    ),
    "pem": ("{pem}",),
}
KINDS = ("+", "-", " ")


@st.composite
def diffs(draw: st.DrawFn) -> tuple[RawDiff, Any]:
    """A diff of one to three files, each hunk with plain lines, secrets somewhere among them."""
    marks = new_marks(str(draw(st.integers(0, 10**9))))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    raw, numstat, patch = b"", b"", ""
    for number, name in enumerate(names):
        hunks = [_hunk(draw, marks, start=1 + 200 * n) for n in range(draw(st.integers(1, 3)))]
        added = sum(line.startswith("+") for hunk in hunks for line in hunk)
        deleted = sum(line.startswith("-") for hunk in hunks for line in hunk)
        raw += f":100644 100644 {number + 1:040x} {number + 99:040x} M\0{name}\0".encode()
        numstat += f"{added}\t{deleted}\t{name}\0".encode()
        shown = f'"a/{name}" "b/{name}"' if " " in name else f"a/{name} b/{name}"
        patch += f"diff --git {shown}\nindex 1111111..2222222 100644\n--- a/{name}\n+++ b/{name}\n"
        patch += "".join(_text(hunk, 1 + 200 * n) for n, hunk in enumerate(hunks))
    return RawDiff(raw, numstat, patch.encode()), marks


def _hunk(draw: st.DrawFn, marks: Any, *, start: int) -> list[str]:
    """Lines with their signs; a value of several lines stands on one side throughout."""
    lines = [
        draw(st.sampled_from(KINDS)) + draw(st.sampled_from(WORDS)) for _ in range(draw(st.integers(1, 8)))
    ]
    for _ in range(draw(st.integers(0, 2))):
        shape = draw(st.sampled_from([form for forms in SHAPES.values() for form in forms]))
        kind, at = draw(st.sampled_from(KINDS)), draw(st.integers(0, len(lines)))
        lines[at:at] = [kind + line for line in shape.format(**vars(marks)).split("\n")]
    return lines


def _text(lines: list[str], start: int) -> str:
    old = sum(not line.startswith("+") for line in lines)
    new = sum(not line.startswith("-") for line in lines)
    return f"@@ -{start},{old} +{start},{new} @@\n" + "".join(f"{line}\n" for line in lines)


@pytest.fixture
def session(repo: Repo, sealed: Path, monkeypatch: pytest.MonkeyPatch, ollama_server: WireServer) -> Session:
    """A session whose every tier is remote and could be asked, with a local model to stand in."""
    monkeypatch.setenv("OLLAMA_HOST", ollama_server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "key-for-tests")
    (sealed / "config.toml").write_text("version = 1\n" + tiers(REMOTE))
    return open_session(repo.path)


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn=diffs(), hinted=st.sampled_from(["", "token {github}", "password={password}", "see {aws}"]))
def test_no_request_that_may_leave_holds_a_secret(
    session: Session, drawn: tuple[RawDiff, Any], hinted: str
) -> None:
    raw, marks = drawn
    needles = frozenset().union(*map(needles_of, marks.without_word().all))
    assert parse_change(raw.raw, raw.numstat, raw.patch).files, "the diff is one that git could have written"
    reading = read_change(raw, policy=session.settings.policy, history=())
    task = Task("commit", reading.labels, reading.change, secret_paths=reading.secret_paths)
    said = Said(hint=hinted.format(**vars(marks)), branch="main", guidance=())
    accounts = Accounts(session, today=date(2024, 5, 6))
    override = Override(model=REMOTE)
    plan = plan_message(session, accounts, task, reading, said=said, style=None, override=override)
    assert plan.request.messages
    text = "\n".join(message.text for message in plan.request.messages)
    assert found_in(text.encode(), needles) is None
    assert found_in(str(plan.to_json()).encode(), needles) is None
    if found_in(raw.patch, needles):
        assert "local" in plan.decision.floors and plan.decision.model != REMOTE
        with pytest.raises(EgressRefused):
            inspect(plan, plan.request)
        # Were the floor to fail, the gate would still know the values where it sees them.
        open_plan = replace(plan, decision=replace(plan.decision, floors=()))
        with pytest.raises(EgressRefused):
            inspect(open_plan, replace(plan.request, messages=(Message("user", raw.patch.decode()),)))
    else:
        assert plan.decision.model == REMOTE
        inspect(plan, plan.request)
