"""A patch is read within bounds of size and memory, and always split exactly."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from smista_git.git.bounded import READ_TIMES, BoundedPatch, shortened
from smista_git.git.diffs import RawDiff, collect
from smista_git.git.repository import Repository
from tests.conftest import Repo
from tests.git.conftest import PACKAGE_ROOT


def test_the_patch_is_bounded_and_cut_between_files(repo: Repo) -> None:
    for number in range(50):
        repo.stage(f"f{number:02}.txt", f"{number} " * 200 + "\n")
    whole = Repository.discover().staged_diff()
    short = Repository.discover().staged_diff(limit_bytes=10_000)
    assert (short.raw, short.numstat) == (whole.raw, whole.numstat)
    assert short.truncated and not whole.truncated
    assert 5_000 < len(short.patch) <= 10_000
    assert whole.patch.startswith(short.patch)
    assert whole.patch[len(short.patch) :].startswith((b"@@ ", b"diff --git "))
    assert "10000 bytes" in short.notices[0]


def test_a_huge_file_does_not_crowd_out_the_small_ones(repo: Repo) -> None:
    repo.stage("a-huge.txt", "old\n" * 9 + "same\n" * 20 + "x\n" * 30_000)
    repo.stage("z-small.txt", "1\n")
    repo.commit("feat: two")
    repo.stage("a-huge.txt", "new\n" * 9 + "same\n" * 20 + "y\n" * 30_000)
    repo.stage("z-small.txt", "2\n")
    diff = Repository.discover().staged_diff(limit_bytes=40_000)
    assert diff.truncated
    assert b"-old\n+new\n" in diff.patch.replace(b"-old\n" * 9 + b"+new\n" * 9, b"-old\n+new\n")
    assert b"+y\n" not in diff.patch
    assert diff.patch.endswith(b"-1\n+2\n")
    assert b"30009\t30009\ta-huge.txt\0" in diff.numstat


def test_a_long_history_diff_is_bounded_per_commit(repo: Repo) -> None:
    repo.stage("big.txt", "x\n" * 200_000)
    repo.commit("feat: big")
    repo.stage("small.txt", "1\n")
    repo.commit("feat: small")
    cuts = [diff.truncated for _, diff in Repository.discover().history_diffs("HEAD", limit_bytes=5_000)]
    assert cuts == [False, True, False]


def test_a_diff_that_is_left_unread_does_not_end_the_history(repo: Repo) -> None:
    for number in range(3):
        repo.stage("big.txt", f"{number} and more\n" * 300_000)
        repo.commit("feat: big")
    read = list(Repository.discover().history_diffs("HEAD", limit_bytes=5_000))
    assert [commit for commit, _ in read] == repo.git("rev-list", "HEAD").split()
    assert [diff.truncated for _, diff in read] == [True, True, True, False]


PARTS = (
    b":100644 100644 " + b"1" * 40 + b" " + b"2" * 40 + b" R100\0old\nname\0new\tname\0"
    b":000000 100644 " + b"0" * 40 + b" " + b"3" * 40 + b" A\0:100644\0",
    b"0\t0\t\0old\nname\0new\tname\0-\t-\t:100644\0",
    b"diff --git a/x b/x\n0\t0\t\0\0:\n",
)


@given(st.lists(st.integers(0, sum(map(len, PARTS)) + 1), max_size=8))
def test_the_stream_splits_the_same_wherever_reads_end(cuts: list[int]) -> None:
    data = PARTS[0] + PARTS[1] + b"\0" + PARTS[2]
    edges = [0, *sorted(cuts), len(data)]
    chunks = [data[start:end] for start, end in pairwise(edges)]
    assert collect(chunks) == RawDiff(*PARTS)


FILE = b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@@ -9 +9 @@\n-c\n+d\n"


def test_shortening_never_leaves_half_a_line() -> None:
    found = {shortened(FILE, limit) for limit in range(len(FILE) + 1)}
    assert found == {b"", FILE[: FILE.index(b"@@ -1")], FILE[: FILE.index(b"@@ -9")], FILE}


@given(st.lists(st.integers(1, 60), max_size=30), st.integers(50, 2000), st.integers(1, 50))
def test_what_is_kept_does_not_depend_on_where_reads_end(hunks: list[int], limit: int, size: int) -> None:
    whole = b"".join(
        b"diff --git a/%d b/%d\n" % (n, n) + b"".join(b"@@ -%d +1 @@\n+x\n" % k for k in range(count))
        for n, count in enumerate(hunks)
    )
    assume(len(whole) <= READ_TIMES * limit)
    at_once, in_pieces = BoundedPatch(limit_bytes=limit), BoundedPatch(limit_bytes=limit)
    at_once.feed(whole)
    for start in range(0, len(whole), size):
        if not in_pieces.full:
            in_pieces.feed(whole[start : start + size])
    kept = at_once.finish()
    assert in_pieces.finish() == kept
    assert len(kept) <= limit
    assert at_once.cut == in_pieces.cut == (kept != whole)
    assert set(kept.splitlines()) <= set(whole.splitlines())


def test_reading_ends_after_a_multiple_of_the_bound() -> None:
    patch = BoundedPatch(limit_bytes=100)
    pieces = 0
    while not patch.full:
        patch.feed(b"diff --git a/x b/x\n" if pieces == 0 else b"+a line of one file that never ends\n")
        pieces += 1
    assert pieces < 100
    assert patch.cut and patch.finish() in (b"", b"diff --git a/x b/x\n")


MEASURE = """
import re, resource, sys, time
from pathlib import Path
from smista_git.git.repository import Repository
start = time.perf_counter()
diff = Repository.discover(Path(sys.argv[1])).staged_diff()
# ru_maxrss counts what the parent held when it forked; the status of the process itself does not.
status = Path("/proc/self/status")
peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if status.exists():
    peak_kib = int(re.search("VmHWM:[^0-9]*([0-9]+)", status.read_text())[1])
print(len(diff.raw), len(diff.patch), peak_kib // 1024)
"""


def test_ten_megabytes_five_thousand_files_and_a_huge_binary_fit(repo: Repo) -> None:
    for number in range(5000):
        repo.write(f"many/{number % 50}/f{number}.txt", f"{number}\n" * 20)
    for number in range(10):
        repo.write(f"text{number}.txt", f"a line of text {number}\n" * 52_000)
    with open(repo.path / "huge.bin", "wb") as file:
        file.write(b"\0\1")
        file.truncate(200 << 20)
    repo.git("-c", "core.compression=0", "add", "--all")
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(repo.path)],
        capture_output=True, check=True, env={**os.environ, "PYTHONPATH": str(PACKAGE_ROOT)},
    )  # fmt: skip
    raw_bytes, patch_bytes, peak_mib = map(int, done.stdout.split())
    assert raw_bytes > 5000 * 100
    assert patch_bytes > 10 << 20
    assert peak_mib < 100
