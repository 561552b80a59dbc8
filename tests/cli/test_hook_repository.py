"""This repository as a hook repository: what pre-commit and prek make of the manifest, installed and all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.test_hook_message import run_git
from tests.conftest import Repo, git_in
from tests.servers import script
from tests.servers.server import WireServer

ROOT = Path(__file__).resolve().parents[2]
IDS = ("smista-review", "smista-review-push", "smista-message", "smista-message-check", "smista-record")
TYPES = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "pre-push")
PATIENCE_S = 300
# How this machine reaches the registry; the sealed environment would hide it from pip and uv.
REGISTRY = {
    name: value
    for name, value in os.environ.items()
    if name.startswith(("PIP_", "UV_", "SSL_")) or name.lower().endswith(("_proxy", "_ca_bundle"))
} | {
    "UV_SYSTEM_CERTS": "1",
    "UV_NATIVE_TLS": "1",
    "PIP_NO_COMPILE": "0",
}  # pip reads that 0 as: do not compile


@pytest.fixture(scope="module")
def hook_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of one commit with the files of the work tree, as a runner would clone it."""
    path = tmp_path_factory.mktemp("hook-repository")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ":!tests", ":!bench"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes((ROOT / name).read_bytes())
    git = git_in(path)
    git("init", "-q")
    git("add", "-A")
    git("-c", "user.name=Ada", "-c", "user.email=a@example.org", "commit", "-q", "-m", "chore: all of it")
    return path


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False, timeout=PATIENCE_S)


def use(repo: Repo, hooks: Path, tool: str) -> None:
    """Let ``tool`` run every hook of the manifest here, and build its environment."""
    rev = git_in(hooks)("rev-parse", "HEAD")
    ids = "".join(f"      - id: {name}\n" for name in IDS)
    repo.stage(".pre-commit-config.yaml", f"repos:\n  - repo: {hooks}\n    rev: {rev}\n    hooks:\n{ids}")
    repo.commit("ci: use the hooks")
    program = str(Path(sys.executable).with_name(tool))
    types = [word for name in TYPES for word in ("-t", name)]
    done = run(program, "install", "--install-hooks", *types, cwd=repo.path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("tool", ["pre-commit", "prek"])
def test_the_manifest_installs_and_every_hook_does_its_work(
    repo: Repo,
    hook_repository: Path,
    tool: str,
    ollama_server: WireServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    for name, value in {**REGISTRY, "OLLAMA_HOST": ollama_server.url}.items():
        monkeypatch.setenv(name, value)
    config = 'version = 1\n[commit]\nstyle = "conventional"\n[tiers]\n' + "".join(
        f'{tier} = "ollama/qwen2.5-coder"\n' for tier in ("light", "standard", "heavy")
    )
    rule = '[[routing.rules]]\nname = "reviews by rules"\nintent = "review"\nmodel = "builtin/rules"\n'
    settings = Path(os.environ["SMISTA_CONFIG"])
    settings.write_text(config + rule)
    ollama_server.then(script.Say("feat: add parse"))
    use(repo, hook_repository, tool)

    repo.stage("parser.py", "def parse(text):\n    return text.split()\n")
    repo.write("parser.py", "unstaged = 1\n")
    done = run_git(repo, "commit")
    assert done.returncode == 0, done.stdout + done.stderr
    assert repo.git("log", "-1", "--format=%s") == "feat: add parse"
    [chat] = ollama_server.chats
    assert b"def parse" in chat.body and b"unstaged" not in chat.body
    assert '"outcome":"accepted"' in repo.git("notes", "--ref=smista", "show", "HEAD")

    assert run_git(repo, "commit", "-am", "wip").returncode == 1, "the style of the policy holds"
    repo.stage("marks.py", "<<<<<<< ours\na = 1\n=======\na = 2\n>>>>>>> theirs\n")
    stopped = run_git(repo, "commit", "-m", "feat: add marks")
    assert stopped.returncode == 1
    assert "marks.py" in stopped.stdout + stopped.stderr

    repo.git("clone", "-q", "--bare", str(repo.path), str(tmp_path / "remote.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    repo.git("fetch", "-q", "origin")
    repo.git("commit", "-q", "--no-verify", "-m", "feat: add marks")
    pushed = run_git(repo, "push", "origin", "main:pushed")
    assert pushed.returncode == 1
    assert "marks.py" in pushed.stdout + pushed.stderr
    assert len(ollama_server.chats) == 1

    settings.write_text(config)
    ollama_server.default = script.Say('{"findings": []}')
    each_commit_is_reviewed_by_what_it_records(repo, ollama_server, tmp_path)
    what_replays_commits_asks_nothing(repo, ollama_server)


def each_commit_is_reviewed_by_what_it_records(repo: Repo, server: WireServer, tmp_path: Path) -> None:
    """The server gets the lines of this commit and none that are staged or written beside it."""

    def asked(*words: str) -> str:
        before = len(server.chats)
        done = run_git(repo, *words, "-m", "feat: change it")
        assert done.returncode == 0, done.stdout + done.stderr
        return "".join(chat.body.decode() for chat in server.chats[before:])

    for name in ("one.py", "two.py"):
        repo.stage(name, "start = 1\n")
    assert "start = 1" in asked("commit")
    repo.write("one.py", "by_all = compute(1)\n")
    assert "by_all" in asked("commit", "-a")
    repo.stage("two.py", "staged_beside = compute(2)\n")
    repo.write("one.py", "by_only = compute(3)\n")
    sent = asked("commit", "--only", "one.py")
    assert "by_only" in sent and "staged_beside" not in sent
    repo.write("two.py", "not_staged = compute(4)\n")
    sent = asked("commit")
    assert "staged_beside" in sent and "not_staged" not in sent
    repo.stage("two.py", "amended = compute(5)\n")
    assert "amended" in asked("commit", "--amend")
    tree = tmp_path / "linked"
    repo.git("worktree", "add", "-q", "-b", "linked", str(tree))
    (tree / "one.py").write_text("in_linked = compute(6)\n")
    sent = asked("-C", str(tree), "commit", "-a")
    assert "in_linked" in sent and "amended" not in sent


def what_replays_commits_asks_nothing(repo: Repo, server: WireServer) -> None:
    """A merge, and a rebase of three commits."""
    before = len(server.chats)
    repo.git("switch", "-q", "-c", "many", "HEAD~1")
    for number in range(3):
        repo.stage(f"many{number}.py", f"value = compute({number})\n")
        repo.git("commit", "-q", "--no-verify", "-m", f"feat: add {number}")
    repo.git("switch", "-q", "main")
    assert run_git(repo, "merge", "--no-edit", "linked").returncode == 0
    repo.git("switch", "-q", "many")
    done = run_git(repo, "rebase", "main")
    assert done.returncode == 0, done.stdout + done.stderr
    assert repo.git("rev-list", "--count", "main..many") == "3"
    assert len(server.chats) == before


@pytest.mark.parametrize("tool", ["pre-commit", "prek"])
def test_the_manifest_is_valid(tool: str) -> None:
    program = str(Path(sys.executable).with_name(tool))
    done = run(program, "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"), cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warn" not in (done.stdout + done.stderr).lower()


def test_a_list_of_files_is_never_split_over_processes() -> None:
    """Runners split it where a hook takes names; only the two that are given one message file take any."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert all(hook["require_serial"] and hook["always_run"] for hook in hooks)
    assert {hook["id"] for hook in hooks if hook["pass_filenames"]} == {
        "smista-message",
        "smista-message-check",
    }
