"""prepare-commit-msg with a recording server: what is asked is what is committed, and most often nothing is asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Smista, all_tiers
from tests.conftest import Repo
from tests.servers import script
from tests.servers.server import WireServer

RUNNERS = ("native", "pre-commit", "prek")
PARSER = "def parse(text):\n    return text.split()\n"
LATER = "\n\ndef unstaged():\n    pass\n"
GOOD = "feat: add parse"
PROGRAM = Path(sys.executable).with_name("git-smista")
HOOKS = ("prepare-commit-msg", "commit-msg", "post-commit")


def config_of_runner() -> str:
    """A configuration that runs our hooks as they are installed here, in no environment of its own."""
    lines = ["repos:", "  - repo: local", "    hooks:"]
    for name in HOOKS:
        files = name in ("prepare-commit-msg", "commit-msg")
        lines += [
            f"      - id: smista-{name}", f"        name: {name}", f"        entry: {PROGRAM} hook run {name}",
            "        language: system", f"        stages: [{name}]", "        always_run: true",
            "        require_serial: true", f"        pass_filenames: {'true' if files else 'false'}",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


def commit(repo: Repo, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """``git commit`` with an editor that takes what it finds."""
    return run_git(repo, "commit", *words, **environ)


def run_git(repo: Repo, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *words],
        cwd=repo.path,
        env={**os.environ, "GIT_EDITOR": "true", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def subject(repo: Repo) -> str:
    return repo.git("log", "-1", "--format=%s")


def record(repo: Repo, rev: str = "HEAD") -> dict:
    return json.loads(repo.git("notes", "--ref=smista", "show", rev).splitlines()[-1])


@pytest.fixture
def server(
    ollama_server: WireServer, user_config: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> WireServer:
    monkeypatch.setenv("OLLAMA_HOST", ollama_server.url)
    user_config(all_tiers("ollama/qwen2.5-coder"))
    ollama_server.default = script.Say(GOOD)
    return ollama_server


def install(repo: Repo, smista: Smista, runner: str) -> None:
    if runner == "native":
        names = [word for name in (*HOOKS, "post-rewrite") for word in ("--hook", name)]
        assert smista("hook", "install", *names).code == 0
        return
    repo.write(".git/info/exclude", ".pre-commit-config.yaml\n")
    repo.write(".pre-commit-config.yaml", config_of_runner())
    types = [word for name in HOOKS for word in ("-t", name)]
    tool = str(Path(sys.executable).with_name(runner))
    done = subprocess.run(
        [tool, "install", *types], cwd=repo.path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def ready(repo: Repo, smista: Smista, server: WireServer) -> Repo:
    """A repository with our own hooks, a new function staged, and another one in the work tree only."""
    install(repo, smista, "native")
    repo.stage("parser.py", PARSER)
    repo.write("parser.py", PARSER + LATER)
    return repo


@pytest.fixture(params=RUNNERS)
def hooked(request: pytest.FixtureRequest, repo: Repo, smista: Smista, server: WireServer) -> Repo:
    install(repo, smista, request.param)
    repo.stage("parser.py", PARSER)
    repo.stage("other.py", "x = 1\n")
    repo.git("commit", "-q", "--no-verify", "-m", "feat: begin", env={"SMISTA_ACTIVE": "1"})
    server.requests.clear()
    return repo


def asked(server: WireServer) -> list[str]:
    return [chat.body.decode() for chat in server.chats]


def test_partial_staging_asks_about_the_index(hooked: Repo, server: WireServer) -> None:
    hooked.stage("parser.py", PARSER + "\n\ndef staged():\n    pass\n")
    hooked.write("parser.py", PARSER + LATER)
    server.then(script.Say("feat: add staged"))
    done = commit(hooked)
    assert done.returncode == 0, done.stderr
    assert subject(hooked) == "feat: add staged"
    [body] = asked(server)
    assert "def staged" in body and "unstaged" not in body
    assert record(hooked)["outcome"] == "accepted"


def test_all_asks_about_the_work_tree(hooked: Repo, server: WireServer) -> None:
    hooked.write("parser.py", PARSER + "\n\ndef everything():\n    pass\n")
    done = commit(hooked, "-a")
    assert done.returncode == 0, done.stderr
    assert "def everything" in asked(server)[0]
    assert "def everything" in hooked.git("show", "HEAD:parser.py")


def test_only_asks_about_the_named_path(hooked: Repo, server: WireServer) -> None:
    hooked.stage("parser.py", PARSER + "\n\ndef elsewhere():\n    pass\n")
    hooked.write("other.py", "chosen = 2\n")
    done = commit(hooked, "--only", "other.py")
    assert done.returncode == 0, done.stderr
    assert "chosen = 2" in asked(server)[0] and "elsewhere" not in asked(server)[0]


QUIET: dict[str, tuple[str, ...]] = {
    "-m": ("commit", "-am", "chore: by hand"),
    "-F": ("commit", "-a", "-F", ".git/MINE"),
    "--amend": ("commit", "-a", "--amend"),
    "-C": ("commit", "-a", "-C", "HEAD"),
    "-c": ("commit", "-a", "-c", "HEAD"),
    "--fixup": ("commit", "-a", "--fixup", "HEAD"),
    "--squash": ("commit", "-a", "--squash", "HEAD"),
    "revert": ("revert", "--no-edit", "HEAD"),
}


@pytest.mark.parametrize("way", QUIET)
def test_a_message_that_is_there_is_left_alone(hooked: Repo, server: WireServer, way: str) -> None:
    hooked.write(".git/MINE", "chore: by hand\n")
    if way != "revert":
        hooked.write("parser.py", PARSER + LATER)
    done = run_git(hooked, *QUIET[way])
    assert done.returncode == 0, done.stderr
    assert asked(server) == []
    assert subject(hooked) != GOOD


def branch_off(repo: Repo, count: int) -> None:
    """A branch of so many commits, and a main that has gone on elsewhere."""
    repo.git("switch", "-q", "-c", "side")
    for number in range(count):
        repo.stage(f"side{number}.py", f"n = {number}\n")
        repo.git("commit", "-q", "--no-verify", "-m", f"feat: side {number}", env={"SMISTA_ACTIVE": "1"})
    repo.git("switch", "-q", "main")
    repo.stage("main.py", "main = 1\n")
    repo.git("commit", "-q", "--no-verify", "-m", "feat: main", env={"SMISTA_ACTIVE": "1"})


def test_a_merge_keeps_gits_message(hooked: Repo, server: WireServer) -> None:
    branch_off(hooked, 1)
    done = run_git(hooked, "merge", "side")
    assert done.returncode == 0, done.stderr
    assert asked(server) == []
    assert subject(hooked) == "Merge branch 'side'"


def test_a_rebase_of_twenty_asks_nobody(
    hooked: Repo, server: WireServer, request: pytest.FixtureRequest
) -> None:
    count = 20 if request.node.callspec.params["hooked"] == "native" else 3  # a pick takes a runner a second
    branch_off(hooked, count)
    done = run_git(hooked, "rebase", "main", "side")
    assert done.returncode == 0, done.stderr
    assert asked(server) == []
    assert hooked.git("log", "--format=%s", "main..side").split("\n") == [
        f"feat: side {n}" for n in reversed(range(count))
    ]


def test_records_follow_a_rebase_and_an_amend(ready: Repo, server: WireServer) -> None:
    ready.git("switch", "-q", "-c", "side")
    assert commit(ready).returncode == 0
    old = ready.git("rev-parse", "HEAD")
    ready.git("checkout", "-q", "-f", "main")
    ready.stage("main.py", "main = 1\n")
    commit(ready, "-m", "feat: main")
    done = run_git(ready, "rebase", "main", "side")
    assert done.returncode == 0, done.stderr
    assert ready.git("rev-parse", "HEAD") != old
    assert record(ready) == record(ready, old)
    assert commit(ready, "--amend", "-m", "feat: add parse, reworded").returncode == 0
    assert record(ready) == record(ready, old)
    assert len(asked(server)) == 1


def test_a_rebase_that_stops_for_editing_stays_quiet(ready: Repo, server: WireServer) -> None:
    ready.git("checkout", "-q", "-f", "main")
    branch_off(ready, 3)
    server.requests.clear()
    started = run_git(ready, "rebase", "-i", "main", "side", GIT_SEQUENCE_EDITOR="sed -i 1s/pick/edit/")
    assert started.returncode == 0, started.stderr
    ready.stage("extra.py", "extra = 1\n")
    commit(ready, GIT_EDITOR="echo 'feat: extra' >")
    assert run_git(ready, "rebase", "--continue").returncode == 0
    assert asked(server) == []
    assert "feat: extra" in ready.git("log", "--format=%s")


def test_a_rebase_that_rewords_and_squashes_stays_quiet(ready: Repo, server: WireServer) -> None:
    ready.git("checkout", "-q", "-f", "main")
    branch_off(ready, 4)
    server.requests.clear()
    orders = "sed -i -e 1s/pick/reword/ -e 3s/pick/squash/ -e 4s/pick/fixup/"
    done = run_git(ready, "rebase", "-i", "main", "side", GIT_SEQUENCE_EDITOR=orders)
    assert done.returncode == 0, done.stderr
    assert asked(server) == []
    assert ready.git("log", "--format=%s", "main..side") == "feat: side 1\nfeat: side 0"


def test_a_squashed_branch_keeps_the_message_that_git_prepared(ready: Repo, server: WireServer) -> None:
    ready.git("checkout", "-q", "-f", "main")
    branch_off(ready, 2)
    server.requests.clear()
    ready.git("merge", "-q", "--squash", "side")
    done = commit(ready)
    assert done.returncode == 0, done.stderr
    assert asked(server) == []
    assert subject(ready) == "Squashed commit of the following:"


def test_no_configuration_is_changed(ready: Repo, server: WireServer, tmp_path: Path) -> None:
    """Records are pushed and fetched by those who say so: no refspec is set for them."""
    ready.git("clone", "-q", "--bare", str(ready.path), str(tmp_path / "remote.git"))
    ready.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    before = (ready.path / ".git/config").read_bytes()
    assert commit(ready).returncode == 0 and record(ready)
    assert run_git(ready, "push", "-q", "origin", "main").returncode == 0
    assert (ready.path / ".git/config").read_bytes() == before
    assert "refs/notes" not in ready.git("ls-remote", "origin")


def test_a_cherry_pick_stays_quiet(ready: Repo, server: WireServer) -> None:
    ready.git("checkout", "-q", "-f", "main")
    branch_off(ready, 1)
    server.requests.clear()
    assert run_git(ready, "cherry-pick", "side").returncode == 0
    assert asked(server) == []


def test_a_worktree_and_a_submodule_ask_about_their_own(
    repo: Repo, smista: Smista, server: WireServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(repo, smista, "native")
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked")
    linked.stage("linked.py", "def in_linked():\n    pass\n")
    repo.stage("main.py", "def in_main():\n    pass\n")
    server.then(script.Say("feat: add in_linked"))
    assert commit(linked).returncode == 0
    assert "in_linked" in asked(server)[0] and "in_main" not in asked(server)[0]

    repo.git("submodule", "add", "-q", str(repo.path), "vendor/sub")
    sub = Repo(repo.path / "vendor/sub")
    monkeypatch.chdir(sub.path)
    install(sub, smista, "native")
    sub.stage("sub.py", "def in_sub():\n    pass\n")
    server.then(script.Say("feat: add in_sub"))
    assert commit(sub).returncode == 0
    assert "in_sub" in asked(server)[1] and "in_main" not in asked(server)[1]
    assert subject(sub) == "feat: add in_sub"


def test_smista_commit_does_not_ask_twice(ready: Repo, smista: Smista, server: WireServer) -> None:
    assert smista("commit", "-y").code == 0
    assert len(asked(server)) == 1
    assert len(ready.git("notes", "--ref=smista", "show", "HEAD").split("\n")) == 1


def test_the_first_commit_of_a_repository(
    tmp_path: Path, smista: Smista, server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "new").mkdir()
    new = Repo(tmp_path / "new")
    new.git("init", "-q")
    monkeypatch.chdir(new.path)
    install(new, smista, "native")
    new.stage("parser.py", PARSER)
    assert commit(new).returncode == 0
    assert subject(new) == GOOD
    assert record(new)["outcome"] == "accepted"


def test_under_verbose_the_diff_is_no_message(ready: Repo, server: WireServer) -> None:
    done = commit(ready, "--verbose")
    assert done.returncode == 0, done.stderr
    assert ready.git("log", "-1", "--format=%B").strip() == GOOD


def test_a_template_stays_below(ready: Repo, server: WireServer) -> None:
    ready.write(".git/template", "Ticket: none\nWhy\n# how\n")
    done = commit(ready, "-t", ".git/template")
    assert done.returncode == 0, done.stderr
    assert ready.git("log", "-1", "--format=%B").strip() == f"{GOOD}\n\nTicket: none\nWhy"


@pytest.mark.parametrize(
    ("key", "char", "line"),
    [
        ("core.commentChar", "#", "#12 return text"),
        ("core.commentChar", "auto", "#12 return text"),
        ("core.commentChar", ";", ";return text"),
        ("core.commentChar", "@", "@text return"),
        ("core.commentString", "//", "//return text"),  # git 2.45; an older one strips #
    ],
)
def test_a_line_that_starts_like_a_comment_survives(
    ready: Repo, server: WireServer, key: str, char: str, line: str
) -> None:
    ready.git("config", key, char)
    ready.stage("parser.py", f"# see #12; @text\n{PARSER}")
    server.then(script.Say(f"feat: add parse\n\nparse splits the text.\n{line}"))
    done = commit(ready)
    assert done.returncode == 0, done.stderr
    body = ready.git("log", "-1", "--format=%b").strip()
    assert body.replace("\n ", "\n") == f"parse splits the text.\n{line}"


def test_sign_off_follows_the_message(ready: Repo, server: WireServer) -> None:
    assert commit(ready, "-s").returncode == 0
    assert (
        ready.git("log", "-1", "--format=%B").strip()
        == f"{GOOD}\n\nSigned-off-by: Ada Test <ada@example.org>"
    )
    assert record(ready)["outcome"] == "accepted"


def test_what_another_hook_wrote_is_left_alone(repo: Repo, smista: Smista, server: WireServer) -> None:
    path = repo.path / ".git/hooks/prepare-commit-msg"
    path.write_text('#!/bin/sh\necho "JIRA-1: todo" >"$1"\n')
    path.chmod(0o755)
    install(repo, smista, "native")
    repo.stage("parser.py", PARSER)
    assert commit(repo).returncode == 0
    assert subject(repo) == "JIRA-1: todo"
    assert asked(server) == []


EDITS = {
    "accepted": ("true", GOOD, True),
    "edited": ("sed -i 's/add parse/add the parse/'", "feat: add the parse", True),
    "rejected": (
        "sed -i '1s/.*/Something wholly different instead/'",
        "Something wholly different instead",
        False,
    ),
}


@pytest.mark.parametrize("answer", EDITS)
def test_the_record_says_what_the_person_did(ready: Repo, server: WireServer, answer: str) -> None:
    editor, expected, kept = EDITS[answer]
    done = commit(ready, GIT_EDITOR=editor)
    assert done.returncode == 0, done.stderr
    assert subject(ready) == expected
    notes = ready.git("notes", "--ref=smista", "list") if kept else ""
    assert (record(ready)["outcome"] if notes else "rejected") == answer
    from smista_git.ledger.store import Ledger

    [row] = Ledger.open(Path(os.environ["SMISTA_STATE_DIR"])).counts(near_words=0).values()
    assert (row.good, row.bad) == ((1, 0) if answer == "accepted" else (0, 1))
    assert not (ready.path / ".git/smista-pending.json").exists()


def test_a_message_that_nobody_saw_teaches_nothing(ready: Repo, server: WireServer) -> None:
    assert commit(ready, "--no-edit").returncode == 0
    assert subject(ready) == GOOD
    assert record(ready)["outcome"] == "unseen"


def test_an_aborted_commit_asks_no_second_time(ready: Repo, server: WireServer) -> None:
    assert commit(ready, GIT_EDITOR="false").returncode != 0
    assert commit(ready).returncode == 0
    assert subject(ready) == GOOD
    assert len(asked(server)) == 1
    assert record(ready)["outcome"] == "accepted"


def test_what_was_pending_for_another_change_is_forgotten(ready: Repo, server: WireServer) -> None:
    assert commit(ready, GIT_EDITOR="false").returncode != 0
    ready.stage("parser.py", PARSER + "\n\ndef more():\n    pass\n")
    assert commit(ready, "-m", GOOD).returncode == 0
    assert (
        ready.git("notes", "--ref=smista", "list") == "" if ready.git("for-each-ref", "refs/notes") else True
    )
    assert not (ready.path / ".git/smista-pending.json").exists()


FAULTS: dict[str, Callable[[], script.Action]] = {
    "500": script.broken,
    "hang": script.Hang,
    "drip": script.Drip,
    "drop": script.Drop,
    "empty": script.empty,
    "html": script.html,
    "nonsense": lambda: script.Say("the the the quick parse_everything() 99 bottles of `beer.py`"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_in_the_builtin_writer(
    ready: Repo, server: WireServer, user_config: Callable[[str], Path], fault: str
) -> None:
    user_config(all_tiers("ollama/qwen2.5-coder") + "[commit]\ndeadline_s = 2\n")
    server.default = FAULTS[fault]()
    done = commit(ready)
    assert done.returncode == 0, done.stderr
    assert subject(ready).startswith("feat")
    assert "written by rules" in done.stderr
    assert "Traceback" not in done.stderr
    assert record(ready)["model"] == "builtin/rules"


def test_a_slow_model_is_announced_after_a_second(ready: Repo, server: WireServer) -> None:
    server.then(script.Say(GOOD, pause_s=0.8))
    done = commit(ready)
    [said] = [line for line in done.stderr.splitlines() if line.endswith(" ...")]
    slow_machine = said == "smista: prepare-commit-msg: reading the change ..."
    assert (
        slow_machine or said == "smista: prepare-commit-msg: asking ollama/qwen2.5-coder for the message ..."
    )


def test_a_quick_one_is_not(ready: Repo, server: WireServer) -> None:
    began = time.monotonic()
    done = commit(ready)
    slow_machine = time.monotonic() - began > 1
    assert slow_machine or "smista" not in done.stderr


def test_a_broken_policy_lets_the_commit_through(ready: Repo, server: WireServer) -> None:
    ready.write(".smista.toml", "version = 1\nnonsense = true\n")
    done = commit(ready, GIT_EDITOR="echo 'feat: by hand' >")
    assert done.returncode == 0, done.stderr
    assert subject(ready) == "feat: by hand"
    assert "smista: prepare-commit-msg: " in done.stderr
    assert asked(server) == []


@pytest.mark.parametrize(("on_failure", "goes_on"), [("open", True), ("closed", False)])
def test_what_the_policy_refuses_stops_only_where_it_says_so(
    ready: Repo, server: WireServer, user_config: Callable[[str], Path], on_failure: str, goes_on: bool
) -> None:
    user_config(
        all_tiers("ollama/qwen2.5-coder")
        + f'[sensitive]\npaths = ["parser.py"]\nthen = "block"\n[review]\non_failure = "{on_failure}"\n'
    )
    done = commit(ready, GIT_EDITOR="echo 'feat: by hand' >")
    assert (done.returncode == 0) is goes_on, done.stderr
    assert asked(server) == []
    assert "smista: prepare-commit-msg: " in done.stderr


def test_a_rule_may_name_the_hook(
    ready: Repo, server: WireServer, user_config: Callable[[str], Path]
) -> None:
    rule = '[[routing.rules]]\nname = "hooks use no model"\nhook = "prepare-commit-msg"\nmodel = "builtin/rules"\n'
    user_config(all_tiers("ollama/qwen2.5-coder") + rule)
    assert commit(ready).returncode == 0
    assert asked(server) == []
    assert record(ready)["rule"] == "hooks use no model"
