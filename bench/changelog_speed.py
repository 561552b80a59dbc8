"""How long a changelog takes, and how much memory, as history grows: ours beside git-cliff, in turns, on made histories.

    python bench/changelog_speed.py --peer DIR/bin/git-cliff [--commits 10000 100000] [--runs 3] [--folder DIR]

Each history is written by ``git fast-import``: conventional and plain subjects, merged pull requests, bodies with
footers, a tag every 200 commits, small files that change. ``all`` is every release (what git-cliff does by default),
``last`` the commits since the last release. A row has medians of wall seconds, of the peak memory of the command itself
without the git that it runs (``own``) and of the largest process (``peak``), and of what was printed.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

RELEASE_EVERY = 200
MERGE_EVERY = 10
START_S = 1_500_000_000
TYPES = ("feat", "fix", "fix", "chore", "docs", "refactor", "test", "ci", "perf", "build")
VERBS = ("add", "handle", "drop", "allow", "show", "read", "mend", "speed up", "rename", "check")
NOUNS = ("cache", "login", "window", "socket", "parser", "index", "router", "theme", "export", "queue")
Measured = tuple[float, float, float, int]
# Runs the command line in this very process and leaves its own peak, without its children's, where it is told to.
OURS = """
import os, resource, sys
from smista_git.cli.main import run
code = run(sys.argv[1:])
with open(os.environ["OWN_PEAK"], "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
sys.exit(code)
"""


def subject_of(number: int, chance: random.Random) -> str:
    """A subject as people write them: three of four conventional, some with a pull request's number."""
    said = f"{chance.choice(VERBS)} the {chance.choice(NOUNS)} of the {chance.choice(NOUNS)} {number % 977}"
    pull = f" (#{number})" if chance.random() < 0.3 else ""
    if chance.random() < 0.25:
        return said.capitalize() + pull
    scope = f"({chance.choice(NOUNS)})" if chance.random() < 0.5 else ""
    return f"{chance.choice(TYPES)}{scope}: {said}{pull}"


def message_of(number: int, chance: random.Random) -> bytes:
    """The message of a commit; every tenth is the merge of a pull request, every third has a body."""
    said = subject_of(number, chance)
    if number % MERGE_EVERY == 0:
        said = f"Merge pull request #{number} from ada/topic\n\n{said}"
    elif number % 3 == 0:
        said += f"\n\nBecause it was so for long.\nAnd more.\n\nCloses #{number}"
    return said.encode()


def stream_of(commits: int) -> Iterator[bytes]:
    """The history as ``git fast-import`` reads it; the commit before each merge is on a branch of its own."""
    chance = random.Random(commits)
    main = 0
    for number in range(1, commits + 1):
        side = number % MERGE_EVERY == MERGE_EVERY - 1
        at = START_S + number * 600
        message, content = message_of(number, chance), b"%d\n" % number
        yield f"commit refs/heads/{'side' if side else 'main'}\nmark :{number}\n".encode()
        yield f"author A{number % 50} <a{number % 50}@example.org> {at} +0000\n".encode()
        yield b"committer Ada <ada@example.org> %d +0000\ndata %d\n%s\n" % (at, len(message), message)
        yield f"from :{main}\n".encode() if main else b""
        yield f"merge :{number - 1}\n".encode() if number % MERGE_EVERY == 0 else b""
        yield f"M 100644 inline src/{number % 20}/file{number % 400}.py\ndata {len(content)}\n".encode()
        yield content + b"\n"
        main = main if side else number
        if number % RELEASE_EVERY == 0:
            major, minor = divmod(number // RELEASE_EVERY, 100)
            yield f"reset refs/tags/v{major}.{minor}.0\nfrom :{main}\n\n".encode()


def made(folder: Path, commits: int) -> Path:
    """A repository with a history of so many commits; one that is there already is taken as it is."""
    path = folder / f"history-{commits}"
    if not path.exists():
        subprocess.run(["git", "init", "-q", "-b", "main", path], check=True)
        words = ["git", "fast-import", "--quiet", "--force"]
        subprocess.run(words, cwd=path, input=b"".join(stream_of(commits)), check=True)
        subprocess.run(["git", "pack-refs", "--all"], cwd=path, check=True)
    return path


def run(words: Sequence[str | Path], cwd: Path) -> Measured:
    """Wall seconds, own and largest peak memory in MiB, and bytes printed by one run."""
    with tempfile.TemporaryFile() as out, tempfile.NamedTemporaryFile("r") as own:
        start_s = time.monotonic()
        # The bytecode that an install has lies there after the first run.
        env = {**os.environ, "OWN_PEAK": own.name, "PYTHONDONTWRITEBYTECODE": ""}
        process = subprocess.Popen(words, cwd=cwd, stdout=out, stderr=subprocess.DEVNULL, env=env)
        _, status, used = os.wait4(process.pid, 0)
        wall_s = time.monotonic() - start_s
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{words[0]} ended with {process.returncode}")
        peak = used.ru_maxrss / 1024
        return wall_s, int(own.read() or used.ru_maxrss) / 1024, peak, out.seek(0, os.SEEK_END)


def rows_of(path: Path, peer: Path | None, runs: int) -> Iterator[tuple[str, list[Measured]]]:
    """Every command with its runs; the commands take turns, and a first round is thrown away."""
    ours: list[str | Path] = [sys.executable, "-c", OURS, "changelog"]
    commands: dict[str, list[str | Path]] = {"git log": ["git", "log"], "all": [*ours, "--all"], "last": ours}
    if peer:
        commands["git-cliff"] = [peer]
    found: dict[str, list[Measured]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, words in commands.items():
            measured = run(words, path)
            found[name] += [measured] if turn else []
    yield from found.items()


def main() -> None:
    """Print a row for each history and command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--peer", type=lambda text: Path(text).resolve())
    parser.add_argument("--commits", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    folder = args.folder or Path(tempfile.mkdtemp(prefix="changelog-speed-"))
    print(f"{'commits':>8} {'command':10} {'seconds':>8} {'own MiB':>8} {'peak MiB':>9} {'printed KB':>11}")
    for commits in args.commits:
        for name, measured in rows_of(made(folder, commits), args.peer, args.runs):
            wall_s, own, peak, size = (median(values) for values in zip(*measured, strict=True))
            print(f"{commits:8} {name:10} {wall_s:8.2f} {own:8.1f} {peak:9.1f} {size / 1000:11.1f}")


if __name__ == "__main__":
    main()
