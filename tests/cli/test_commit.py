"""``git smista commit`` with the builtin writer: what it commits, what it refuses, what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Smista, part_ways
from tests.conftest import Repo

PARSER = "def parse(text):\n    return text.split()\n"


def index_of(repo: Repo) -> str:
    return repo.git("ls-files", "--stage")


def test_commits_what_is_staged_and_records_why(repo: Repo, smista: Smista) -> None:
    repo.stage("parser.py", PARSER)
    done = smista("commit", "-y")
    assert done.code == 0, done.err
    subject = repo.git("log", "-1", "--format=%s")
    assert "parse" in subject and subject.startswith("feat")
    assert repo.git("show", "HEAD:parser.py") + "\n" == PARSER
    record = json.loads(repo.git("notes", "--ref=smista", "show", "HEAD"))
    assert record["v"] == 1 and record["phase"] == "commit"
    assert record["model"] == "builtin/rules" and record["cost_usd"] == "0"
    assert record["outcome"] == "unseen" and record["verdict"] == "ok"


def test_a_dry_run_changes_nothing_and_tells_the_plan_that_the_real_run_keeps(
    repo: Repo, smista: Smista
) -> None:
    repo.stage("parser.py", PARSER)
    before = (repo.git("rev-parse", "HEAD"), index_of(repo), repo.git("for-each-ref"))
    plan = smista("commit", "-n", "--json").json
    assert (repo.git("rev-parse", "HEAD"), index_of(repo), repo.git("for-each-ref")) == before
    smista("commit", "-y")
    assert json.loads(repo.git("notes", "--ref=smista", "show", "HEAD"))["plan"] == plan["id"]


def test_the_plan_as_json_has_the_fixed_keys(repo: Repo, smista: Smista) -> None:
    repo.stage("parser.py", PARSER)
    plan = smista("commit", "--dry-run", "--json").json
    assert plan["v"] == 1 and plan["phase"] == "commit" and len(plan["id"]) == 64
    labels = {"type", "kind", "scope", "size", "flags", "tier", "confidence", "evidence"}
    assert labels <= plan["labels"].keys()
    assert {"signal", "value", "points_to"} <= plan["labels"]["evidence"][0].keys()
    decision = {"model", "effort", "rule", "fallbacks", "tier", "original_tier", "trace"}
    assert decision <= plan["decision"].keys()
    assert {"stage", "name", "outcome", "why"} <= plan["decision"]["trace"][0].keys()
    assert {"included", "excluded", "redactions"} <= plan["context"].keys()
    assert {"low_usd", "high_usd", "tokens_in", "tokens_out_max"} <= plan["estimate"].keys()
    assert plan["permissions"] == ["make a commit", "write git notes"]


def test_the_preview_reads_as_the_design_has_it(repo: Repo, smista: Smista) -> None:
    repo.stage("parser.py", PARSER)
    lines = smista("commit", "-n").out.splitlines()
    heads = [
        "Detected task: ",
        "Selected model: ",
        "Matched rule: ",
        "Included context:",
        "Excluded context:",
    ]
    heads += ["Estimated cost: ", "Required permissions:"]
    found = [next(line for line in lines if line.startswith(head)) for head in heads]
    assert [lines.index(line) for line in found] == sorted(lines.index(line) for line in found)


def test_the_same_state_gives_the_same_plan(repo: Repo, smista: Smista) -> None:
    repo.stage("parser.py", PARSER)
    first, second = smista("commit", "-n", "--json").json, smista("commit", "-n", "--json").json
    assert first == second
    repo.stage("parser.py", PARSER + "# more\n")
    assert smista("commit", "-n", "--json").json["id"] != first["id"]


@pytest.mark.parametrize(
    ("prepare", "said", "hint"),
    [
        (lambda repo: None, "nothing to commit", "change something"),
        (lambda repo: repo.write("new.py", "x = 1\n"), "nothing is staged", "git add"),
        (lambda repo: repo.write("README.md", "# Other\n"), "nothing is staged", "commit -a"),
    ],
    ids=["clean", "untracked", "modified"],
)
def test_nothing_staged_says_what_to_do(repo: Repo, smista: Smista, prepare, said: str, hint: str) -> None:
    prepare(repo)
    done = smista("commit", "-y")
    assert done.code == 3
    assert said in done.err and hint in done.err


def test_without_a_terminal_it_asks_for_yes(repo: Repo, smista: Smista) -> None:
    repo.stage("parser.py", PARSER)
    done = smista("commit")
    assert done.code == 2
    assert "git smista commit -y" in done.err
    assert repo.git("log", "--format=%s") == "docs: start the readme"


def test_outside_a_repository(tmp_path: Path, smista: Smista, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for yes in ((), ("-y",)):
        done = smista("commit", *yes)
        assert done.code == 3 and "not inside a git repository" in done.err


def test_in_a_bare_repository(
    repo: Repo, tmp_path: Path, smista: Smista, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    monkeypatch.chdir(tmp_path / "bare.git")
    done = smista("commit", "-y")
    assert done.code == 3 and "is bare" in done.err and "a commit needs a work tree" in done.err


def test_all_takes_tracked_files_and_leaves_untracked_ones(repo: Repo, smista: Smista) -> None:
    repo.write("README.md", "# Sample\n\n## Install\n\nRun it.\n")
    repo.write("new.py", "x = 1\n")
    assert smista("commit", "-a", "-y").code == 0
    assert repo.git("show", "--name-only", "--format=%s").split("\n")[-1] == "README.md"
    assert repo.git("status", "--porcelain") == "?? new.py"


def test_paths_after_the_dashes_are_gits_own(repo: Repo, smista: Smista) -> None:
    repo.stage("parser.py", PARSER)
    repo.stage("other.py", "def other():\n    pass\n")
    done = smista("commit", "-y", "--", "parser.py")
    assert done.code == 0, done.err
    assert repo.git("show", "--name-only", "--format=") == "parser.py"
    assert "parse" in repo.git("log", "-1", "--format=%s")
    assert repo.git("status", "--porcelain") == "A  other.py"


def test_git_arguments_pass_through(repo: Repo, smista: Smista) -> None:
    repo.stage("parser.py", PARSER)
    assert smista("commit", "-y", "--", "--signoff", "--author", "Eve <eve@example.org>").code == 0
    assert repo.git("log", "-1", "--format=%an") == "Eve"
    assert "Signed-off-by: Ada Test" in repo.git("log", "-1", "--format=%B")


def test_amend_describes_the_whole_commit(repo: Repo, smista: Smista) -> None:
    repo.stage("parser.py", PARSER)
    repo.commit("wip")
    repo.stage("parser.py", PARSER + "\n\ndef join(words):\n    return ' '.join(words)\n")
    done = smista("commit", "--amend", "-y")
    assert done.code == 0, done.err
    assert repo.git("rev-list", "--count", "HEAD") == "2"
    message = repo.git("log", "-1", "--format=%B")
    assert "parse" in message and "join" in message


def test_amend_of_the_first_commit(repo: Repo, smista: Smista) -> None:
    repo.stage("README.md", "# Sample\n\n## Usage\n\nLike this.\n")
    done = smista("commit", "--amend", "-y")
    assert done.code == 0, done.err
    assert repo.git("rev-list", "--count", "HEAD") == "1"
    assert repo.git("log", "-1", "--format=%s").startswith("docs")


def test_amend_carries_the_records_along(repo: Repo, smista: Smista) -> None:
    repo.stage("parser.py", PARSER)
    smista("commit", "-y")
    repo.stage("parser.py", PARSER + "# note\n")
    smista("commit", "--amend", "-y")
    assert len(repo.git("notes", "--ref=smista", "show", "HEAD").splitlines()) == 2


def test_the_first_commit_of_a_repository(
    tmp_path: Path, smista: Smista, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = Repo(tmp_path)
    fresh.git("init", "-q")
    fresh.stage("parser.py", PARSER)
    monkeypatch.chdir(tmp_path)
    done = smista("commit", "-y")
    assert done.code == 0, done.err
    assert "parse" in fresh.git("log", "-1", "--format=%s")


def test_detached_head(repo: Repo, smista: Smista) -> None:
    repo.git("checkout", "-q", "--detach")
    repo.stage("parser.py", PARSER)
    assert smista("commit", "-y").code == 0
    assert repo.git("rev-list", "--count", "HEAD") == "2"


def test_from_a_folder_below(repo: Repo, smista: Smista, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("src/parser.py", PARSER)
    repo.stage("other.py", "def other():\n    pass\n")
    monkeypatch.chdir(repo.path / "src")
    assert smista("commit", "-y", "--", "parser.py").code == 0
    assert repo.git("show", "--name-only", "--format=") == "src/parser.py"


def test_a_linked_worktree_commits_its_own_index(
    repo: Repo, smista: Smista, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.stage("main_only.py", "def main_only():\n    pass\n")
    repo.git("worktree", "add", "-q", "../linked", "-b", "side")
    linked = Repo(repo.path.parent / "linked")
    linked.stage("parser.py", PARSER)
    monkeypatch.chdir(linked.path)
    assert smista("commit", "-y").code == 0
    assert linked.git("show", "--name-only", "--format=") == "parser.py"
    assert repo.git("status", "--porcelain") == "A  main_only.py"


def test_a_submodule_bump_is_named_with_both_commits(repo: Repo, smista: Smista, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    library = Repo(tmp_path / "library")
    library.git("init", "-q")
    library.stage("a.txt", "1\n")
    old = library.commit("one")
    repo.git("submodule", "add", "-q", str(library.path), "vendor-lib")
    repo.commit("build: add the library")
    library.stage("a.txt", "2\n")
    new = library.commit("two")
    Repo(repo.path / "vendor-lib").git("pull", "-q")
    repo.git("add", "vendor-lib")
    done = smista("commit", "-y")
    assert done.code == 0, done.err
    message = repo.git("log", "-1", "--format=%B")
    assert "vendor-lib" in message and old[:7] in message and new[:7] in message


def test_a_merge_keeps_the_message_that_git_prepared(repo: Repo, smista: Smista) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("side.py", "x = 1\n")
    repo.commit("feat: side")
    repo.git("checkout", "-q", "main")
    repo.stage("main.py", "y = 1\n")
    repo.commit("feat: main")
    repo.git("merge", "-q", "--no-commit", "side")
    done = smista("commit", "-y")
    assert done.code == 0, done.err
    assert "no model is asked" in done.err
    assert repo.git("log", "-1", "--format=%s") == "Merge branch 'side'"
    assert repo.git("rev-list", "--parents", "-1", "HEAD").count(" ") == 2


@pytest.mark.parametrize("cleanup", ["strip", "scissors"])
@pytest.mark.parametrize("words", ["merge -q side", "rebase -q side", "cherry-pick side"])
def test_after_a_conflict_the_message_is_the_one_that_was_there(
    repo: Repo, smista: Smista, words: str, cleanup: str
) -> None:
    """And git's list of the conflicts, which an editor's run takes out, is not in it."""
    part_ways(repo, "docs: tell it\n\n#12 wants it")
    repo.git("config", "commit.cleanup", cleanup)
    with pytest.raises(AssertionError):
        repo.git(*words.split())
    repo.stage("README.md", "# Both\n")
    done = smista("commit", "-y")
    assert done.code == 0, done.err
    told = "Merge branch 'side'" if "merge" in words else "docs: tell it\n\n#12 wants it"
    assert repo.git("log", "-1", "--format=%B").rstrip() == told


def test_conflicts_are_refused_before_anything_is_asked(repo: Repo, smista: Smista) -> None:
    part_ways(repo, "docs: tell it")
    with pytest.raises(AssertionError):
        repo.git("merge", "-q", "side")
    done = smista("commit", "-y")
    assert done.code == 3
    assert "conflicts" in done.err and "git add" in done.err


def test_a_failing_hook_keeps_the_message_and_the_index(repo: Repo, smista: Smista) -> None:
    hook = repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho 'lint says no' >&2\nexit 1\n")
    hook.chmod(0o755)
    repo.stage("parser.py", PARSER)
    before = index_of(repo)
    done = smista("commit", "-y")
    assert done.code == 3
    assert "lint says no" in done.err
    assert index_of(repo) == before
    assert repo.git("log", "--format=%s") == "docs: start the readme"
    hook.unlink()
    kept = next(line for line in done.err.splitlines() if "git commit -F" in line).split("-F ")[1].strip("`")
    repo.git("commit", "-q", "-F", kept)
    assert "parse" in repo.git("log", "-1", "--format=%s")


def test_hooks_run_and_see_that_the_commit_is_ours(repo: Repo, smista: Smista) -> None:
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"):
        repo.write(f".git/hooks/{name}", f"#!/bin/sh\necho {name} $SMISTA_ACTIVE >> ran\n").chmod(0o755)
    repo.stage("parser.py", PARSER)
    assert smista("commit", "-y").code == 0
    ran = (repo.path / "ran").read_text().split("\n")
    assert ran[:4] == ["pre-commit 1", "prepare-commit-msg 1", "commit-msg 1", "post-commit 1"]


def test_a_hook_that_rewrites_the_message_has_the_last_word(repo: Repo, smista: Smista) -> None:
    repo.write(".git/hooks/commit-msg", '#!/bin/sh\nsed -i "1s/^/JIRA-1 /" "$1"\n').chmod(0o755)
    repo.stage("parser.py", PARSER)
    assert smista("commit", "-y").code == 0
    assert repo.git("log", "-1", "--format=%s").startswith("JIRA-1 ")


@pytest.mark.parametrize("key", ["commit.template", "commit.verbose", "commit.cleanup"])
def test_commit_settings_do_not_spoil_the_message(repo: Repo, smista: Smista, key: str) -> None:
    template = repo.path.parent / "template.txt"
    template.write_text("# What and why\n\nTicket:\n")
    value = {"commit.template": str(template), "commit.verbose": "true", "commit.cleanup": "scissors"}[key]
    repo.git("config", key, value)
    repo.stage("parser.py", PARSER)
    assert smista("commit", "-y").code == 0
    message = repo.git("log", "-1", "--format=%B")
    assert "parse" in message and "Ticket" not in message and "diff --git" not in message


def test_commits_are_signed_as_git_is_told_to(repo: Repo, smista: Smista, tmp_path: Path) -> None:
    import subprocess

    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    for name, value in (("gpg.format", "ssh"), ("user.signingKey", str(key)), ("commit.gpgSign", "true")):
        repo.git("config", name, value)
    repo.stage("parser.py", PARSER)
    assert smista("commit", "-y").code == 0
    assert "-----BEGIN SSH SIGNATURE-----" in repo.git("cat-file", "commit", "HEAD")


def test_json_prints_one_object_and_nothing_else(repo: Repo, smista: Smista) -> None:
    repo.stage("parser.py", PARSER)
    done = smista("commit", "-y", "--json")
    result = done.json
    assert result["commit"] == repo.git("rev-parse", "HEAD")
    assert result["message"].strip() == repo.git("log", "-1", "--format=%B").strip()
    assert result["record"]["model"] == "builtin/rules"


def test_why_finds_the_record_after_a_cherry_pick(repo: Repo, smista: Smista) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("parser.py", PARSER)
    smista("commit", "-y")
    picked = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "-q", "main")
    repo.stage("other.txt", "1\n")
    repo.commit("chore: other")
    repo.git("cherry-pick", picked)
    done = smista("why")
    assert done.code == 0 and "found by patch-id" in done.out
    assert "builtin/rules" in done.out


def test_why_of_a_commit_without_a_record(repo: Repo, smista: Smista) -> None:
    done = smista("why")
    assert done.code == 3
    assert "no routing record" in done.err and "git fetch" in done.err


def test_a_name_with_a_newline_is_committed_and_shown_safely(repo: Repo, smista: Smista) -> None:
    repo.stage("a\nb\x1b[31m.txt", "hello\n")
    shown = smista("commit", "-n").out
    assert "\x1b" not in shown and "a\\nb" in shown
    assert smista("commit", "-y").code == 0
    assert repo.git("ls-files", "-z").split("\0")[1] == "a\nb\x1b[31m.txt"
    assert "\x1b" not in repo.git("log", "-1", "--format=%B")


def test_a_secret_is_flagged_and_never_repeated(repo: Repo, smista: Smista) -> None:
    value = "AKIA" + "QYLPMN5HFZWXKBTR"
    repo.stage("deploy.cfg", f"aws_access_key_id = {value}\nregion = eu-west-1\n")
    plan = smista("commit", "-n", "--json")
    assert "secret" in plan.json["labels"]["flags"]
    assert plan.json["context"]["redactions"][0]["path"] == "deploy.cfg"
    done = smista("commit", "-y")
    told = plan.out + done.out + done.err + repo.git("log", "-1", "--format=%B")
    assert value not in told + repo.git("notes", "--ref=smista", "show", "HEAD")


@pytest.mark.parametrize("words", [["-y", "--candidates", "3"], ["-y", "--candidates", "10"]])
def test_candidates_want_somebody_who_chooses(repo: Repo, smista: Smista, words: list[str]) -> None:
    repo.stage("parser.py", PARSER)
    done = smista("commit", *words)
    assert done.code == 2 and "--candidates" in done.err
    assert repo.git("rev-list", "--count", "HEAD") == "1"


@pytest.mark.parametrize("words", [["-m", "hi"], ["--", "-m", "hi"], ["--", "-F", "file"]])
def test_a_message_of_ones_own_is_for_git_commit(repo: Repo, smista: Smista, words: list[str]) -> None:
    repo.stage("a.py", "x = 1\n")
    done = smista("commit", "-y", *words)
    assert done.code == 2 and "git commit -m" in done.err and "--hint" in done.err
