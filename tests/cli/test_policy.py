"""``git smista policy``: what a person sees of the rules, and what trust changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Smista, all_tiers
from tests.conftest import Repo
from tests.servers import script
from tests.servers.server import WireServer

REMOTE = 'version = 1\n[[routing.rules]]\nname = "all to openai"\nintent = "commit"\nmodel = "openai/gpt-5.4-mini"\n'


@pytest.fixture
def openai(openai_server: WireServer, monkeypatch: pytest.MonkeyPatch) -> WireServer:
    monkeypatch.setenv("OPENAI_BASE_URL", openai_server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "key-for-tests")
    openai_server.default = script.Say("docs: say more in the readme")
    return openai_server


@pytest.fixture
def staged(repo: Repo) -> Repo:
    repo.stage("README.md", "# Sample\n\nMore in the readme.\n")
    return repo


def test_init_writes_a_file_that_passes_its_own_check_and_is_trusted(repo: Repo, smista: Smista) -> None:
    done = smista("policy", "init")
    assert done.code == 0, done.err
    assert (repo.path / ".smista.toml").read_text() == done.out
    assert smista("policy", "check").code == 0
    assert "trusted already" in smista("policy", "trust").err


def test_init_never_overwrites(repo: Repo, smista: Smista) -> None:
    repo.write(".smista.toml", "version = 1\n")
    assert smista("policy", "init").code == 2
    assert (repo.path / ".smista.toml").read_text() == "version = 1\n"


def test_check_tells_every_error_with_its_line(repo: Repo, smista: Smista) -> None:
    repo.write(".smista.toml", 'version = 1\n[tiers]\nlite = "ollama/x"\n[comit]\nstyle = "plain"\n')
    done = smista("policy", "check")
    assert done.code == 2
    assert '.smista.toml:3: unknown key "lite"' in done.err and '"light"' in done.err
    assert ".smista.toml:4" in done.err and '"commit"' in done.err


def test_a_broken_policy_stops_a_commit_with_the_same_words(staged: Repo, smista: Smista) -> None:
    staged.write(".smista.toml", 'version = 1\n[tiers]\nlite = "ollama/x"\n')
    done = smista("commit", "-y")
    assert done.code == 2 and ".smista.toml:3" in done.err
    assert staged.git("rev-list", "--count", "HEAD") == "1"


def test_a_cloned_policy_sends_nothing_until_it_is_trusted(
    staged: Repo, smista: Smista, openai: WireServer
) -> None:
    staged.write(".smista.toml", REMOTE)
    first = smista("commit", "-n", "--json").json
    assert first["decision"]["model"] == "builtin/rules"
    waiting = [t for t in first["decision"]["trace"] if t["outcome"] == "waiting for trust"]
    assert waiting and waiting[0]["name"] == "all to openai"
    shown = smista("policy", "trust")
    assert shown.code == 2 and "send work to openai/gpt-5.4-mini" in shown.out
    assert smista("policy", "trust", "-y").code == 0
    assert smista("commit", "-y").code == 0
    assert staged.git("log", "-1", "--format=%s") == "docs: say more in the readme"
    assert len(openai.chats) == 1


def test_a_changed_file_is_untrusted_again(staged: Repo, smista: Smista, openai: WireServer) -> None:
    staged.write(".smista.toml", REMOTE)
    smista("policy", "trust", "-y")
    staged.write(".smista.toml", REMOTE + "# one more line\n")
    assert smista("commit", "-n", "--json").json["decision"]["model"] == "builtin/rules"


def test_a_key_in_the_environment_alone_sends_nothing(
    staged: Repo, smista: Smista, openai: WireServer
) -> None:
    assert smista("commit", "-y").code == 0
    assert not openai.requests


def test_show_names_the_layer_of_each_value(
    repo: Repo, smista: Smista, user_config: Callable[[str], Path]
) -> None:
    user_config(all_tiers("ollama/mine"))
    lines = smista("policy", "show").out.splitlines()
    assert any(line.startswith("tiers.light") and "(user)" in line for line in lines)
    assert any(line.startswith("sensitive.paths") and "pack:local-first" in line for line in lines)
    values = smista("policy", "show", "--json").json["values"]
    assert {"key", "value", "layer", "source", "line", "trusted"} <= values[0].keys()


def test_explain_has_every_stage_and_sends_nothing(staged: Repo, smista: Smista, openai: WireServer) -> None:
    told = smista("policy", "explain").out
    stages = ["What it is", "Floors", "Rules", "Confidence", "Budget", "Availability", "Decision"]
    assert [line for line in told.splitlines() if line in stages] == stages
    assert not openai.requests
    assert smista("policy", "explain", "HEAD", "--json").json["decision"]["model"] == "builtin/rules"


def test_packs_are_listed_and_printed(repo: Repo, smista: Smista) -> None:
    listed = [line.split()[0] for line in smista("policy", "packs").out.splitlines()]
    assert sorted(listed) == ["balanced", "ci", "frugal", "local-first", "local-only", "strict"]
    for name in listed:
        text = smista("policy", "packs", name).out
        assert "version = 1" in text
    assert smista("policy", "packs", "nope").code == 2


def test_a_sensitive_file_keeps_the_whole_job_here(
    staged: Repo, smista: Smista, openai: WireServer, user_config
) -> None:
    user_config(all_tiers("openai/gpt-5.4-mini") + '[sensitive]\npaths = ["private/**"]\nthen = "local"\n')
    staged.stage("private/plan.md", "Nobody else reads this.\n")
    for words in ([], ["--model", "openai/gpt-5.4-mini"], ["--tier", "heavy"]):
        assert smista("commit", "-n", "--json", *words).json["decision"]["model"] == "builtin/rules"
    assert smista("commit", "-y", "--model", "openai/gpt-5.4-mini").code == 0
    assert not openai.requests


def test_what_is_excluded_is_not_sent_and_the_rest_is(
    staged: Repo, smista: Smista, openai: WireServer, user_config
) -> None:
    user_config(all_tiers("openai/gpt-5.4-mini") + '[sensitive]\npaths = ["private/**"]\nthen = "exclude"\n')
    staged.stage("private/plan.md", "Nobody else reads this.\n")
    assert smista("commit", "-y").code == 0
    sent = openai.chats[0].body.decode()
    assert "More in the readme" in sent and "Nobody else" not in sent


def test_cost_counts_what_was_sent(staged: Repo, smista: Smista, openai: WireServer, user_config) -> None:
    user_config(all_tiers("openai/gpt-5.4-mini"))
    smista("commit", "-y")
    told = smista("cost", "--json").json
    line = next(row for row in told["lines"] if row["key"] == "openai/gpt-5.4-mini")
    assert line["dispatches"] == 1 and float(line["cost_usd"]) > 0
    assert told["lines"][-1]["key"] == "total"


def test_a_used_up_budget_leaves_only_this_machine(
    staged: Repo, smista: Smista, openai: WireServer, user_config
) -> None:
    user_config(all_tiers("openai/gpt-5.4-mini") + '[budget]\ndaily_usd = "0.000001"\n')
    done = smista("commit", "-y")
    assert done.code == 0, done.err
    assert "budget" in done.err
    assert not openai.chats


def test_all_that_was_spent_is_told_outside_of_a_repository_too(
    staged: Repo,
    smista: Smista,
    openai: WireServer,
    user_config,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user_config(all_tiers("openai/gpt-5.4-mini"))
    smista("commit", "-y")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert smista("cost", "--all", "--json").json["lines"][-1]["dispatches"] == 1
    alone = smista("cost")
    assert alone.code == 3 and "--all" in alone.err


def test_a_bare_repository_has_no_place_for_a_policy(
    repo: Repo, smista: Smista, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    monkeypatch.chdir(tmp_path / "bare.git")
    done = smista("policy", "init")
    assert done.code == 2 and "clone it" in done.err
    assert not (tmp_path / "bare.git/.smista.toml").exists()
