"""How long a policy replay takes beside ``git log --raw --numstat`` on the same range, and how much memory.

    python bench/replay.py REPO... [--range HEAD] [--policy FILE]

Linux only: the memory of all processes of a run is sampled from /proc, twenty times a second. Each process is given
with its own peak, so that git's mapped packs, which both commands share, can be told from ours.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SAMPLE_S = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: seconds of wall clock and of all processors, and the highest resident memory, git's and ours, in MiB."""

    wall_s: float
    cpu_s: float
    git_mib: int
    own_mib: int


def main() -> None:
    """Measure each repository and print a line for each command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repositories", nargs="+", type=Path, metavar="REPO")
    parser.add_argument("--range", default="HEAD")
    parser.add_argument("--policy", help="replay this policy beside the one in force")
    options = parser.parse_args()
    beside = ["--policy", str(Path(options.policy).resolve())] if options.policy else []
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    for repository in options.repositories:
        commits = _commits(repository, options.range)
        print(f"{repository}: {commits} commits of {options.range}")
        git = ["git", "log", "--no-merges", "--raw", "--numstat", options.range]
        replay = [sys.executable, "-m", "smista_git", "policy", "replay", options.range, "--json", *beside]
        for name, command in (("git log", git), ("replay", replay)):
            found = measure(command, repository)
            print(
                f"  {name:<8} {found.wall_s:7.1f} s, {commits / found.wall_s:7.0f} commits a second, "
                f"{found.cpu_s:7.1f} s of processor, peak {found.own_mib} MiB and git {found.git_mib} MiB"
            )


def measure(command: list[str], folder: Path) -> Measured:
    """The run of a command in a folder, sealed off from the user's own configuration. Raises: on a failed run."""
    with tempfile.TemporaryDirectory(prefix="smista-bench-") as home:
        sealed = {"SMISTA_CONFIG": f"{home}/config.toml", "SMISTA_STATE_DIR": f"{home}/state", "HOME": home}
        sealed["PYTHONDONTWRITEBYTECODE"] = (
            ""  # the bytecode that an install has lies there after the first run
        )
        before = _cpu_s()
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=os.environ | sealed, stdout=subprocess.DEVNULL)
        peaks = {"git": 0, "own": 0}
        while process.poll() is None:
            for kind, kib in _memory(process.pid).items():
                peaks[kind] = max(peaks[kind], kib)
            time.sleep(SAMPLE_S)
        wall_s = time.perf_counter() - start
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {process.returncode}")
    return Measured(wall_s, _cpu_s() - before, peaks["git"] >> 10, peaks["own"] >> 10)


def _memory(pid: int) -> dict[str, int]:
    """The resident memory of the whole family now, in KiB, summed over git's processes and over the others."""
    sums = {"git": 0, "own": 0}
    for member in _family(pid):
        try:
            status = dict(
                line.split(":", 1) for line in Path(f"/proc/{member}/status").read_text().splitlines()
            )
        except OSError:
            continue
        kind = "git" if status["Name"].strip().startswith("git") and not _is_python(member) else "own"
        sums[kind] += int(status.get("VmRSS", "0 kB").split()[0])
    return sums


def _is_python(pid: int) -> bool:
    try:
        return "python" in os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return False


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _commits(repository: Path, revisions: str) -> int:
    count = ["git", "-C", str(repository), "rev-list", "--count", "--no-merges", revisions, "--"]
    return int(subprocess.run(count, capture_output=True, check=True).stdout)


if __name__ == "__main__":
    main()
