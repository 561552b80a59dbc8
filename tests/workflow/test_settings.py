"""The layers as they are found on a real machine: files, packs, trust, and what is wrong with them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from smista_git.errors import PolicyError
from smista_git.route.decide import decide
from smista_git.route.decision import Circumstances, ModelStatus, Override
from smista_git.route.parse import parse_policy
from smista_git.route.policy import PACKS
from smista_git.workflow.places import PACK_FOLDERS, read_pack
from smista_git.workflow.settings import PolicyText, load_settings
from smista_git.workflow.trust import TrustStore
from tests.route.made import task

SENDS = b'version = 1\nextends = "pack:balanced"\n[tiers]\nlight = "openai/gpt-5.5"\n'
HERE = ModelStatus(local=True, available=True, why="pulled")
AWAY = ModelStatus(local=False, available=True, host="api.openai.com", why="key is set")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def statuses(settings):
    return {m: HERE if m.startswith(("ollama/", "builtin/")) else AWAY for m in settings.policy.models()}


def load(root: Path | None, **more: str):
    return load_settings(root, {**os.environ, **more})


def test_with_no_policy_nothing_leaves_the_machine(tmp_path):
    settings = load(tmp_path)
    assert [s.name for s in settings.sources] == ["pack:local-first"]
    assert settings.policy.models() == ("ollama/auto", "builtin/rules")
    for tier in ("light", "standard", "heavy"):
        made = decide(task(tier=tier), settings.policy, Circumstances(statuses(settings)))
        assert (made.model, made.fallbacks, made.escalation) == ("ollama/auto", ("builtin/rules",), None)
        nobody = decide(task(tier=tier), settings.policy, Circumstances({}))
        assert nobody.model == "builtin/rules"


def test_with_no_policy_a_flag_sends_what_is_harmless_and_keeps_what_is_not(tmp_path):
    settings = load(tmp_path)
    flag = Override(model="openai/gpt-5.5")
    around = Circumstances({"openai/gpt-5.5": AWAY, "ollama/auto": HERE}, flag)
    assert decide(task("commit", "a.py"), settings.policy, around).model == "openai/gpt-5.5"
    assert decide(task("commit", "app/.ENV.local"), settings.policy, around).model == "ollama/auto"
    assert decide(task("commit", "a.py", flags=("secret",)), settings.policy, around).model == "ollama/auto"
    assert decide(task("commit", ".env.example"), settings.policy, around).model == "openai/gpt-5.5"


@pytest.mark.parametrize("name", PACKS)
def test_each_pack_passes_its_own_check_and_stands_on_its_own(name):
    layer = parse_policy(read_pack(name).decode(), source=f"pack:{name}", layer="pack")
    assert set(layer.tiers) == {"light", "standard", "heavy"}
    assert read_pack(name).startswith(f"# {name}: ".encode())


def test_the_packs_on_disk_are_the_packs_there_are():
    assert {p.stem for p in PACK_FOLDERS[1].glob("*.toml")} == set(PACKS)


def test_local_only_holds_against_every_flag(tmp_path):
    (tmp_path / ".smista.toml").write_text('version = 1\nextends = "pack:local-only"\n')
    settings = load(tmp_path)
    around = Circumstances({"openai/x": AWAY}, Override(model="openai/x", tier="heavy"))
    made = decide(task(), settings.policy, around)
    assert (made.model, made.floors) == ("builtin/rules", ("local",))


def test_layers_from_repository_user_and_system(tmp_path, sealed, monkeypatch):
    system = sealed / "etc" / "smista" / "config.toml"
    system.parent.mkdir(parents=True)
    system.write_text('version = 1\n[permissions]\nhosts = "api.openai.com"\n[commit]\nmax_subject = 50\n')
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(sealed / "etc"))
    (sealed / "config.toml").write_text(
        'version = 1\n[commit]\nmax_subject = 60\nstyle = "plain"\n'
        '[providers.lan]\nbase_url = "http://10.1.1.1/v1"\nlocal = true\n[aliases]\n"lan/best" = "lan/qwen3"\n'
    )
    (tmp_path / ".smista.toml").write_text('version = 1\n[commit]\nstyle = "gitmoji"\ndeadline_s = 7\n')
    settings = load(tmp_path)
    assert [s.layer for s in settings.sources] == ["pack", "repository", "user", "system"]
    commit = settings.policy.commit
    assert (commit.max_subject, commit.style, commit.deadline_s) == (50, "plain", 7.0)
    assert settings.providers_config == {
        "providers": {"lan": {"base_url": "http://10.1.1.1/v1", "local": True}},
        "aliases": {"lan/best": "lan/qwen3"},
    }
    assert settings.policy.permissions[0].hosts == ("api.openai.com",)
    assert settings.state_dir == sealed / "state"


def test_without_smista_variables_the_platform_says_where(tmp_path, sealed, monkeypatch):
    monkeypatch.delenv("SMISTA_CONFIG")
    monkeypatch.delenv("SMISTA_STATE_DIR")
    own = sealed / ".config" / "smista" / "config.toml"
    own.parent.mkdir(parents=True)
    own.write_text('version = 1\n[commit]\nstyle = "plain"\n')
    settings = load(tmp_path)
    assert settings.policy.commit.style == "plain"
    assert settings.state_dir == sealed / ".local" / "state" / "smista"


def light_model(settings) -> str:
    return decide(task("review", tier="light"), settings.policy, Circumstances(statuses(settings))).model


def test_a_repository_sends_work_away_only_once_it_is_trusted(tmp_path, sealed):
    policy = tmp_path / ".smista.toml"
    policy.write_bytes(SENDS)
    before = load(tmp_path)
    assert light_model(before) == "ollama/auto"
    assert [(s.name, s.trusted) for s in before.sources] == [
        ("pack:local-first", True),
        ("pack:balanced", False),
        (".smista.toml", False),
    ]
    assert len(before.policy.notices) == 1
    TrustStore(sealed / "state").record(sha256(SENDS), str(policy))
    after = load(tmp_path)
    assert light_model(after) == "openai/gpt-5.5"
    assert after.policy.notices == ()
    policy.write_bytes(SENDS + b"# changed\n")
    assert light_model(load(tmp_path)) == "ollama/auto"


def test_the_variable_trusts_one_hash(tmp_path):
    (tmp_path / ".smista.toml").write_bytes(SENDS)
    assert light_model(load(tmp_path, SMISTA_TRUST=sha256(SENDS).upper())) == "openai/gpt-5.5"
    assert light_model(load(tmp_path, SMISTA_TRUST=f"{'0' * 64}, {sha256(SENDS)}")) == "openai/gpt-5.5"
    assert light_model(load(tmp_path, SMISTA_TRUST="0" * 64)) == "ollama/auto"


def test_another_text_stands_in_for_the_file(tmp_path):
    (tmp_path / ".smista.toml").write_bytes(b"broken")
    text = PolicyText("main:.smista.toml", SENDS, trusted=True)
    settings = load_settings(tmp_path, dict(os.environ), repository=text)
    assert light_model(settings) == "openai/gpt-5.5"
    assert settings.sources[-1].name == "main:.smista.toml"


def test_the_errors_of_all_files_come_at_once(tmp_path, sealed):
    (sealed / "config.toml").write_text("version = 1\n[comit]\n")
    (tmp_path / ".smista.toml").write_text("version = 1\nextend = 1\n")
    with pytest.raises(PolicyError) as caught:
        load(tmp_path)
    assert caught.value.message == (
        '.smista.toml:2: unknown key "extend" in the file\n    did you mean "extends"?\n'
        f'{sealed}/config.toml:2: unknown key "comit" in the file\n    did you mean "commit"?'
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"version = 1\n# \xff\n", ".smista.toml:2: not UTF-8\n    save the file as UTF-8"),
        (
            b"#" * (1 << 20) + b"#",
            "{root}/.smista.toml:1: larger than 1 MiB\n    a policy has a page, not a book",
        ),
    ],
)
def test_what_is_no_text(tmp_path, content, message):
    (tmp_path / ".smista.toml").write_bytes(content)
    with pytest.raises(PolicyError) as caught:
        load(tmp_path)
    assert caught.value.message == message.format(root=tmp_path)


def test_strict_refuses_a_provider_that_nobody_set_up(tmp_path, sealed):
    text = 'version = 1\n[[routing.rules]]\nname = "a"\nmodel = "lan/qwen3"\nfallbacks = "team/best"\n'
    (tmp_path / ".smista.toml").write_text(text)
    assert load(tmp_path).policy.rules[0].model == "lan/qwen3"
    with pytest.raises(PolicyError, match='names the provider "lan", which is not set up'):
        load_settings(tmp_path, dict(os.environ), strict=True)
    (sealed / "config.toml").write_text(
        'version = 1\n[providers.lan]\nbase_url = "http://lan/v1"\n[aliases]\n"team/best" = "lan/other"\n'
    )
    assert load_settings(tmp_path, dict(os.environ), strict=True).policy.rules[0].name == "a"


def test_a_text_that_passed_is_not_checked_again(tmp_path):
    """The second run imports no pydantic: loading it costs more than the rest of routing together."""
    (tmp_path / ".smista.toml").write_bytes(SENDS)
    code = (
        "import os, sys; from pathlib import Path; from smista_git.workflow.settings import load_settings\n"
        f"load_settings(Path({str(tmp_path)!r}), os.environ); print('pydantic' in sys.modules)"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True) for _ in range(2)]
    assert [run.stdout.strip() for run in runs] == ["True", "False"], runs[0].stderr


def test_a_state_directory_that_cannot_be_written_stops_nothing(tmp_path, sealed):
    (sealed / "state").write_text("a file where the directory would be")
    (tmp_path / ".smista.toml").write_bytes(SENDS)
    assert load(tmp_path).policy.tiers["light"][0].models == ("openai/gpt-5.5",)
