"""What a hook costs that has nothing to ask, beside ``python -c "import click"`` and ``git commit`` without hooks.

    python bench/hook.py --runs 20 [--json]

Every row is one command, in its own copy of the same small repository, in a sealed HOME; rows take turns within each
round, and the first round, which warms the caches, is thrown away. The hook rows start the script as git does, with
the arguments of the case; the commit rows are whole ``git commit -m`` runs; the last rows go through pre-commit and
prek, where those are installed beside this Python, with an entry that does nothing (``true``) and with ours.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("git-smista")
SETTINGS = "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n"
REBASED = 20


@dataclass(slots=True)
class Row:
    """A command to time; ``before`` is run untimed ahead of each run."""

    name: str
    argv: list[str]
    cwd: Path
    environ: Mapping[str, str]
    before: list[str] = field(default_factory=list)
    wall_s: list[float] = field(default_factory=list)


def main() -> None:
    """Run the measurement and print the table, or JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=20, help="measured runs of each, after one to warm up")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="smista-bench-") as folder:
        rows = _rows(Path(folder))
        for number in range(options.runs + 1):
            for row in rows:
                _run(row, keep=number > 0)
    click_s = statistics.median(rows[0].wall_s)
    shown = [
        {"name": r.name, "median_ms": round(statistics.median(r.wall_s) * 1000, 1),
         "least_ms": round(min(r.wall_s) * 1000, 1), "of_click": round(statistics.median(r.wall_s) / click_s, 2)}
        for r in rows
    ]  # fmt: skip
    facts = {
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "runs": options.runs,
        "git": _git_version(),
    }
    if options.json:
        print(json.dumps({"facts": facts, "rows": shown}, indent=2))
        return
    print(facts)
    print(f"{'':52} {'median ms':>10} {'least ms':>10} {'x click':>8}")
    for one in shown:
        print(f"{one['name']:52} {one['median_ms']:>10} {one['least_ms']:>10} {one['of_click']:>8}")


def _rows(arena: Path) -> list[Row]:
    environ = _sealed(arena)
    plain, ours = _repository(arena / "plain", environ), _repository(arena / "ours", environ)
    subprocess.run([PROGRAM, "hook", "install"], cwd=ours, env=environ, check=True, capture_output=True)
    hooks = ".git/hooks/"
    message = ".git/COMMIT_EDITMSG"
    guarded = {**environ, "SMISTA_ACTIVE": "1"}
    rows = [
        Row('python -c "import click"', [sys.executable, "-c", "import click"], plain, environ),
        Row("sh -c :", ["sh", "-c", ":"], plain, environ),
        Row("prepare-commit-msg, -m", [f"{hooks}prepare-commit-msg", message, "message"], ours, environ),
        Row("prepare-commit-msg, our own commit", [f"{hooks}prepare-commit-msg", message], ours, guarded),
        Row("post-commit, nothing pending", [f"{hooks}post-commit"], ours, environ),
        Row("post-rewrite, no notes", ["sh", "-c", f"echo a b | {hooks}post-rewrite amend"], ours, environ),
        Row("git-smista hook run, -m (as in pre-commit)",
            [str(PROGRAM), "hook", "run", "prepare-commit-msg", message, "message"], ours, environ),
        Row("commit-msg, no style in the policy", [f"{hooks}commit-msg", message], ours, environ),
        *_commits("git commit -m, no hooks", plain, environ),
        *_commits("git commit -m, message and record hooks", _message_only(arena, environ), environ),
        *_rebases(arena, environ),
    ]  # fmt: skip
    return rows + _runners(arena, environ)


def _commits(name: str, repo: Path, environ: Mapping[str, str]) -> list[Row]:
    before = ["sh", "-c", "date +%s%N >file.txt && git add file.txt"]
    return [Row(name, ["git", "commit", "-q", "-m", "chore: x"], repo, environ, before)]


def _message_only(arena: Path, environ: Mapping[str, str]) -> Path:
    repo = _repository(arena / "message", environ)
    names = [w for n in ("prepare-commit-msg", "post-commit", "post-rewrite") for w in ("--hook", n)]
    subprocess.run(
        [PROGRAM, "hook", "install", *names], cwd=repo, env=environ, check=True, capture_output=True
    )
    return repo


def _rebases(arena: Path, environ: Mapping[str, str]) -> list[Row]:
    rows = []
    for name, hooked in (
        (f"rebase of {REBASED}, no hooks", False),
        (f"rebase of {REBASED}, all hooks", True),
    ):
        repo = _repository(arena / f"rebase-{hooked}", environ)
        script = f"git switch -q -c side; for n in $(seq {REBASED}); do echo $n >s$n; git add .; git commit -qm $n; done"
        script += "; git branch start; git switch -q main; echo m >m; git add .; git commit -qm m; git switch -q side"
        subprocess.run(["sh", "-c", script], cwd=repo, env=environ, check=True)
        if hooked:
            subprocess.run(
                [PROGRAM, "hook", "install"], cwd=repo, env=environ, check=True, capture_output=True
            )
        before = ["git", "reset", "-q", "--hard", "start"]
        rows.append(Row(name, ["git", "rebase", "-q", "main"], repo, environ, before))
    return rows


def _runners(arena: Path, environ: Mapping[str, str]) -> list[Row]:
    rows = []
    for tool in ("pre-commit", "prek"):
        program = Path(sys.executable).with_name(tool)
        for what, entry in (("true", "true"), ("ours", f"{PROGRAM} hook run prepare-commit-msg")):
            if program.exists():
                repo = _repository(arena / f"{tool}-{what}", environ)
                (repo / ".pre-commit-config.yaml").write_text(_config(entry))
                install = [program, "install", "-t", "prepare-commit-msg"]
                subprocess.run(install, cwd=repo, env=environ, check=True, capture_output=True)
                words = [".git/hooks/prepare-commit-msg", ".git/COMMIT_EDITMSG", "message"]
                rows.append(Row(f"prepare-commit-msg of {tool}, -m, entry: {what}", words, repo, environ))
    return rows


def _config(entry: str) -> str:
    return (
        "repos:\n  - repo: local\n    hooks:\n      - id: it\n        name: it\n"
        f"        entry: '{entry}'\n        language: system\n        stages: [prepare-commit-msg]\n"
        "        always_run: true\n"
    )


def _sealed(arena: Path) -> dict[str, str]:
    home = arena / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(SETTINGS)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    ours = {
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_EDITOR": "true",
        "OLLAMA_HOST": "http://127.0.0.1:9",
    }
    return kept | ours


def _repository(path: Path, environ: Mapping[str, str]) -> Path:
    path.mkdir()
    script = "git init -q && echo a >file.txt && git add . && git commit -q -m 'chore: begin'"
    subprocess.run(["sh", "-c", script], cwd=path, env=environ, check=True)
    return path


def _run(row: Row, *, keep: bool) -> None:
    if row.before:
        subprocess.run(row.before, cwd=row.cwd, env=row.environ, check=True, capture_output=True)
    began_s = time.perf_counter()
    done = subprocess.run(row.argv, cwd=row.cwd, env=row.environ, capture_output=True, text=True, check=False)
    took_s = time.perf_counter() - began_s
    if done.returncode != 0:
        raise SystemExit(f"{row.name}: {done.stdout}{done.stderr}")
    if keep:
        row.wall_s.append(took_s)


def _git_version() -> str:
    return subprocess.run(
        [str(shutil.which("git")), "version"], capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    main()
