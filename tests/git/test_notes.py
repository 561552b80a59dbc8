"""Records in notes: exact, never lost among writers, and found again after the commit got another name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from smista_git.errors import GitFailed
from smista_git.git import notes
from smista_git.git.patch_id import patch_id
from smista_git.git.repository import Repository
from tests.conftest import Repo
from tests.git.conftest import PACKAGE_ROOT

REF = notes.DEFAULT_REF


def record_of(found: Repository, rev: str = "HEAD") -> list[object]:
    return [record["n"] for record in notes.read_records(found, rev)]


def test_what_was_appended_is_read_back_exactly(repo: Repo) -> None:
    found = Repository.discover()
    assert notes.read_note(found, "HEAD") is None
    line = '{"path": "odd \udcff name", "trailing": "  "}   '
    notes.append_line(found, "HEAD", line)
    notes.append_line(found, "HEAD", "# second")
    assert notes.read_note(found, "HEAD") == line.encode("utf-8", "surrogateescape") + b"\n# second\n"
    shown = repo.git("notes", "--ref=smista", "show", "HEAD")
    assert shown == line + "\n# second"
    assert repo.git("fsck", "--strict") == ""


def test_a_record_carries_its_patch_id(repo: Repo) -> None:
    found = Repository.discover()
    notes.append_record(found, "HEAD", {"v": 1, "rule": "größe\nnewline"})
    [record] = notes.read_records(found, "HEAD")
    assert record == {"v": 1, "rule": "größe\nnewline", "patch_id": patch_id(found, "HEAD")}
    assert (notes.read_note(found, "HEAD") or b"").count(b"\n") == 1


def test_a_note_of_another_tool_is_appended_to(repo: Repo) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"not json, no newline")
    repo.git("notes", "--ref=smista", "add", "-C", blob, "HEAD")
    found = Repository.discover()
    notes.append_record(found, "HEAD", {"n": 1})
    assert (notes.read_note(found, "HEAD") or b"").startswith(b'not json, no newline\n{"n":1')
    assert record_of(found) == [1]


WRITER = """
import sys
from smista_git.git import notes
from smista_git.git.repository import Repository
repo = Repository.discover()
for n in sys.argv[1:]:
    notes.append_record(repo, "HEAD", {"n": int(n)})
"""


def write_in_another_process(numbers: range) -> int:
    words = [sys.executable, "-c", WRITER, *map(str, numbers)]
    return subprocess.run(words, env={**os.environ, "PYTHONPATH": str(PACKAGE_ROOT)}, check=False).returncode


def test_twenty_writers_lose_nothing(repo: Repo) -> None:
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(write_in_another_process, [range(n * 3, n * 3 + 3) for n in range(20)]))
    assert statuses == [0] * 20
    assert sorted(map(int, map(str, record_of(Repository.discover())))) == list(range(60))


def test_a_writer_that_takes_no_turns_makes_us_read_again(repo: Repo) -> None:
    """Another git moves the ref after we read it: the compare and swap refuses, and the second try holds both."""
    found = Repository.discover()
    head = found.head() or ""
    tries: list[bytes] = []

    def change(present: notes.Notes) -> notes.Notes:
        tries.append(present.get(head, b""))
        if len(tries) <= 2:
            repo.git("notes", "--ref=smista", "append", "-m", f"theirs {len(tries)}", head)
        return {head: notes.joined(present.get(head, b""), b"ours\n")}

    assert notes.update(found, [head], change) == 1
    assert len(tries) == 3
    note = notes.read_note(found, head) or b""
    assert b"theirs 1\n" in note and b"theirs 2\n" in note and note.endswith(b"ours\n")


def test_a_held_lock_ends_in_an_error_that_names_it(repo: Repo) -> None:
    found = Repository.discover()
    table = repo.path / ".git/reftable/tables.list.lock"
    lock = table if table.parent.exists() else repo.path / ".git/refs/notes/smista.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    head = found.head() or ""
    with pytest.raises(GitFailed) as caught:
        notes.update(found, [head], lambda _: {head: b"x\n"}, patience_s=0.2)
    assert "cannot lock ref" in caught.value.stderr
    assert "\n" not in caught.value.message
    assert str(lock) in caught.value.hint


def test_fanned_out_trees_are_read_and_written(repo: Repo) -> None:
    """Git spreads notes over folders as they grow; here over 70,000 of them, two levels deep."""
    lines = ["commit refs/notes/smista\ncommitter A <a@b> 0 +0000\ndata 0\n"]
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b'{"n":0}\n')
    head = repo.git("rev-parse", "HEAD")
    for number in range(70_000):
        name = f"{(number * 2654435761) % 2**32:08x}{number:032x}"
        lines.append(f"M 100644 {blob} {name[:2]}/{name[2:4]}/{name[4:]}\n")
    lines.append(f"M 100644 {blob} {head[:2]}/{head[2:4]}/{head[4:]}\ndone\n")
    repo.git("fast-import", "--quiet", "--done", stdin="".join(lines).encode())
    found = Repository.discover()
    assert record_of(found) == [0]
    notes.append_line(found, "HEAD", '{"n":1}')
    assert record_of(found) == [0, 1]
    assert repo.git("notes", "--ref=smista", "show", "HEAD") == '{"n":0}\n{"n":1}'
    assert len(repo.git("notes", "--ref=smista", "list").splitlines()) == 70_001


def test_flat_trees_grow_into_fanned_ones(repo: Repo) -> None:
    found = Repository.discover()
    tree = repo.git("rev-parse", "HEAD^{tree}")
    oids = [repo.git("commit-tree", "-m", str(number), tree) for number in range(300)]
    wanted = {oid: f'{{"n":{number}}}\n'.encode() for number, oid in enumerate(oids)}
    assert notes.update(found, oids, lambda _: wanted) == 300
    notes.append_line(found, oids[7], '{"n":"more"}')
    assert "/" in repo.git("ls-tree", "-r", "--name-only", REF)
    assert record_of(found, oids[7]) == [7, "more"]
    assert record_of(found, oids[299]) == [299]
    assert len(list(notes.all_notes(found))) == 300


def test_notes_are_carried_over_a_rewrite(repo: Repo) -> None:
    found = Repository.discover()
    repo.stage("a.txt", "1\n")
    one = repo.commit("feat: a")
    repo.stage("b.txt", "1\n")
    two = repo.commit("feat: b")
    notes.append_record(found, one, {"n": 1})
    notes.append_record(found, two, {"n": 2})
    repo.git("reset", "-q", "--soft", "HEAD~2")
    new = repo.commit("feat: a and b")
    assert notes.copy_notes(found, [(one, new), (two, new)]) == 1
    assert record_of(found, new) == [1, 2]
    assert notes.copy_notes(found, [(one, new), (two, new)]) == 0
    assert record_of(found, one) == [1]
    assert not notes.copy_note(found, repo.git("rev-parse", "HEAD~1"), new)


def test_gits_own_rewrite_and_ours_agree(repo: Repo) -> None:
    repo.git("config", "notes.rewriteRef", REF)
    found = Repository.discover()
    notes.append_record(found, "HEAD", {"n": 1})
    old = repo.git("rev-parse", "HEAD")
    repo.git("commit", "-q", "--amend", "-m", "docs: say it better")
    assert record_of(found) == [1]
    assert not notes.copy_note(found, old, "HEAD")


def test_found_again_after_cherry_pick_amend_and_squash_of_one(repo: Repo) -> None:
    found = Repository.discover()
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("a.txt", "1\n")
    side = repo.commit("feat: a")
    notes.append_record(found, side, {"n": 1})
    repo.git("checkout", "-q", "main")
    repo.stage("other.txt", "1\n")
    repo.commit("feat: other")
    repo.git("cherry-pick", "side")
    assert [record["n"] for record in notes.find_by_patch_id(found, "HEAD")] == [1]
    repo.git("commit", "-q", "--amend", "-m", "feat: another message")
    assert [record["n"] for record in notes.find_by_patch_id(found, "HEAD")] == [1]
    repo.git("reset", "-q", "--hard", "HEAD^")
    repo.git("merge", "-q", "--squash", "side")
    repo.commit("feat: squashed")
    repo.git("branch", "-q", "-D", "side")
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "-q", "--prune=now")
    assert [record["n"] for record in notes.find_by_patch_id(found, "HEAD")] == [1]
    assert notes.find_by_patch_id(found, "HEAD^") == ()


def test_found_again_after_a_branch_was_squashed(repo: Repo) -> None:
    found = Repository.discover()
    repo.git("checkout", "-q", "-b", "side")
    for number in (1, 2):
        repo.stage("a.txt", f"{number}\n" * number)
        notes.append_record(found, repo.commit(f"feat: {number}"), {"n": number})
    repo.git("checkout", "-q", "main")
    repo.stage("other.txt", "1\n")
    repo.commit("feat: other")
    repo.git("merge", "-q", "--squash", "side")
    repo.commit("feat: squashed")
    assert notes.find_by_patch_id(found, "HEAD") == ()
    assert [record["n"] for record in notes.find_squashed(found, "HEAD")] == [2, 1]
    assert notes.find_squashed(found, "HEAD^") == ()


def test_an_empty_commit_has_no_patch_id(repo: Repo) -> None:
    repo.commit("chore: nothing")
    found = Repository.discover()
    assert patch_id(found, "HEAD") is None
    notes.append_record(found, "HEAD", {"n": 1})
    assert notes.find_by_patch_id(found, "HEAD") == ()
    assert json.loads(notes.read_note(found, "HEAD") or b"")["patch_id"] is None


def test_patch_ids_do_not_depend_on_configuration(repo: Repo) -> None:
    repo.stage("b.txt", "1\n2\n3\n")
    repo.commit("feat: b")
    repo.git("mv", "b.txt", "c.txt")
    repo.commit("refactor: rename")
    plain = patch_id(Repository.discover(), "HEAD")
    for key, value in {"diff.renames": "copies", "diff.noprefix": "true", "color.ui": "always"}.items():
        repo.git("config", key, value)
    assert patch_id(Repository.discover(), "HEAD") == plain


def test_any_ref_and_a_person_unknown_to_git(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    repo.git("config", "user.useConfigOnly", "true")
    found = Repository.discover()
    notes.append_line(found, "HEAD", "x", ref="refs/notes/elsewhere")
    assert notes.read_note(found, "HEAD", ref="refs/notes/elsewhere") == b"x\n"
    assert notes.read_note(found, "HEAD") is None
    assert repo.git("log", "-1", "--format=%cn", "refs/notes/elsewhere") == "smista"


def test_a_name_that_is_none(repo: Repo) -> None:
    with pytest.raises(GitFailed) as caught:
        notes.append_line(Repository.discover(), "no-such", "x")
    assert "no-such" in caught.value.message
