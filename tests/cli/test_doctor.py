"""``git smista doctor``: what is there, what is not, and the command for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Smista
from tests.conftest import Repo
from tests.servers.server import WireServer


def checks(smista: Smista) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for line in smista("doctor", "--json").out.splitlines():
        check = json.loads(line)
        found.setdefault(check["name"], []).append(check)
    return found


def test_a_machine_without_any_model_can_still_work(repo: Repo, smista: Smista) -> None:
    assert smista("doctor").code == 0
    found = checks(smista)
    assert [check["what"] for check in found["tier"]] == [
        f"{tier}: builtin/rules" for tier in ("light", "standard", "heavy")
    ]
    assert found["model"][0]["mark"] == "note" and found["model"][0]["next"] == "ollama serve"
    assert found["secrets"][0]["mark"] == "ok"


def test_a_running_ollama_is_found_with_its_model(
    repo: Repo, smista: Smista, ollama_server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", ollama_server.url)
    assert "qwen2.5-coder" in checks(smista)["model"][0]["what"]


def test_a_policy_that_waits_for_trust_names_the_command(repo: Repo, smista: Smista) -> None:
    repo.write(".smista.toml", 'version = 1\n[commit]\nstyle = "plain"\n')
    waiting = [check for check in checks(smista)["policy"] if check["mark"] == "note"]
    assert waiting and waiting[0]["next"] == "git smista policy trust"


@pytest.mark.parametrize("by", ["git", "hook"])
def test_records_that_follow_amend_and_rebase_are_seen(repo: Repo, smista: Smista, by: str) -> None:
    assert checks(smista)["notes"][0]["mark"] == "note"
    if by == "git":
        repo.git("config", "--add", "notes.rewriteRef", "refs/notes/*")
    else:
        assert smista("hook", "install").code == 0
    assert checks(smista)["notes"][0]["mark"] == "ok"


def test_the_refspec_that_shares_records_is_offered_and_not_set(
    repo: Repo, smista: Smista, tmp_path: Path
) -> None:
    assert "sharing" not in checks(smista)
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "far.git"))
    repo.git("remote", "add", "far", str(tmp_path / "far.git"))
    repo.stage("a.py", "A = 1\n")
    assert smista("commit", "-y").code == 0
    before = repo.git("config", "--list")
    (found,) = checks(smista)["sharing"]
    assert found["mark"] == "note"
    push, fetch = found["next"].split(", and elsewhere: ")
    repo.git(*push.split()[1:])
    assert "refs/notes/smista" in repo.git("ls-remote", "far")
    repo.git("update-ref", "-d", "refs/notes/smista")
    repo.git(*fetch.split()[1:])
    assert repo.git("config", "--list") == before
    assert smista("why", "HEAD").code == 0
    repo.git("config", "--add", "remote.far.push", "refs/notes/*")
    assert checks(smista)["sharing"][0]["mark"] == "ok"


def test_a_broken_policy_is_a_problem(repo: Repo, smista: Smista) -> None:
    repo.write(".smista.toml", "version = 2\n")
    done = smista("doctor")
    assert done.code == 3 and "problem" in done.out


def test_no_repository_is_a_problem(tmp_path: Path, smista: Smista, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = smista("doctor")
    assert done.code == 3 and "git init" in done.out
