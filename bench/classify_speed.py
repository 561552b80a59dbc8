"""How long a range takes to classify beside ``git log --raw --numstat`` on it, and one staged diff of ordinary size.

    python -m bench.classify_speed REPO... [--commits 1000] [--runs 5]
    python -m bench.classify_speed --staged [--runs 9]

The commands take turns, and a first round, which warms the caches, is thrown away. Wall seconds are medians, their
ratio is the median of the pairs; processor seconds are the least of all runs, children included, and are what to look
at where others use the machine. Memory is the peak of git's processes and of ours, each added up, pages that forks
share counted in each of them. The staged diff has 5 files and about 200 changed lines: what is measured in the
process begins where all is loaded, and holds reading, secrets, labels and concerns.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.replay import Measured, measure

OURS = (sys.executable, "-m", "smista_git", "classify")
FILES, LINES = 5, 20
# Prints the milliseconds of each further classification, in one line.
WITHIN = """
import sys, time
from smista_git.workflow.classifying.change import classify_index
classify_index()
for _ in range(int(sys.argv[1])):
    start = time.perf_counter()
    classify_index()
    print(1000 * (time.perf_counter() - start))
"""


def main() -> None:
    """Print a line for each repository, or the lines of a staged diff."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repositories", nargs="*", type=Path, metavar="REPO")
    parser.add_argument("--commits", type=int, default=1000, help="so many by first parents")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--staged", action="store_true")
    options = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    for repository in options.repositories:
        print(_line(repository, options.commits, options.runs), flush=True)
    if options.staged:
        with tempfile.TemporaryDirectory(prefix="smista-bench-") as folder:
            _staged(Path(folder), options.runs)


def _line(repository: Path, commits: int, runs: int) -> str:
    span = _range(repository, commits)
    walk = ["git", "log", "--raw", "--numstat", "--no-merges", span]
    pairs = _in_turns(walk, [*OURS, span, "--json"], repository, runs)
    git, ours = zip(*pairs, strict=True)
    wall = [statistics.median(run.wall_s for run in side) for side in (git, ours)]
    cpu = [min(run.cpu_s for run in side) for side in (git, ours)]
    ratio = statistics.median(b.wall_s / a.wall_s for a, b in pairs)
    count = _git(repository, "rev-list", "--count", "--no-merges", span)
    return (
        f"{_name(repository)}: {count} commits, git log {wall[0]:.2f} s, classify {wall[1]:.2f} s, {ratio:.1f} times; "
        f"of processors {cpu[0]:.2f} s and {cpu[1]:.2f} s; "
        f"peak {max(run.own_mib for run in ours)} MiB and git {max(run.git_mib for run in ours)} MiB"
    )


def _in_turns(
    one: list[str], other: list[str], folder: Path, runs: int
) -> Sequence[tuple[Measured, Measured]]:
    pairs = [(measure(one, folder), measure(other, folder)) for _ in range(runs + 1)]
    return pairs[1:]


def _range(repository: Path, commits: int) -> str:
    """The newest commits, so many by first parents; of a shorter history all but the first."""
    names = _git(repository, "rev-list", "--first-parent", f"--max-count={commits + 1}", "HEAD").split()
    return f"{names[-1]}..HEAD"


def _name(repository: Path) -> str:
    return next(part for part in reversed(repository.resolve().parts) if part not in ("repo", ".git"))


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _staged(folder: Path, runs: int) -> None:
    """Classification within the process, then whole commands beside the import of click alone."""
    _stage(folder)
    os.environ["PYTHONDONTWRITEBYTECODE"] = ""  # as an install, whose bytecode is there
    words = [sys.executable, "-c", WITHIN, str(runs)]
    said = subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True).stdout
    times = [float(line) for line in said.splitlines()]
    print(f"staged, all loaded: {statistics.median(times):.1f} ms, least {min(times):.1f} ms")
    rows = {"import click": [sys.executable, "-c", "import click"], "classify": [*OURS, "--json"]}
    walls: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(runs + 1):
        for name, command in rows.items():
            start = time.perf_counter()
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            walls[name].append(1000 * (time.perf_counter() - start))
    for name, found in walls.items():
        print(f"{name}, whole: {statistics.median(found[1:]):.0f} ms, least {min(found[1:]):.0f} ms")


def _stage(folder: Path) -> None:
    """A history of one commit, and five edited files in the index."""
    _git(folder, "init", "-q", "-b", "main")
    for stage in (False, True):
        for number in range(FILES):
            lines = (_code(number, at, edited=stage and at % 2 == 0) for at in range(2 * LINES))
            (folder / f"part{number}.py").write_text("".join(lines))
        _git(folder, "add", ".")
        if not stage:
            name = ("-c", "user.name=A", "-c", "user.email=a@example.org")
            _git(folder, *name, "commit", "-q", "-m", "feat: start")


def _code(number: int, at: int, *, edited: bool) -> str:
    size = f"count + {at}" if edited else f"count * {at}"
    return f"def load_{at}(path, count):\n    return read(path, {size}, part={number})\n\n\n"


if __name__ == "__main__":
    main()
