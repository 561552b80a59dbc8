"""From the command to the first byte at the model's server, side by side with opencommit, in one interleaved run.

    python bench/startup.py --peers ~/.cache/smista-bench --runs 20

Every contender commits a one-line staged change of its own clone of the same small repository, against the same server
on loopback, in a sealed HOME. Reported are the seconds from starting the command to the first byte of the request
that carries the question. The last rows are the whole of a commit that asks no model, beside ``git commit``'s own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from model_server import MODEL, ModelServer

OPENCOMMIT = "opencommit@3.3.10"
NOBODY = "http://127.0.0.1:9"  # the discard port: refused at once
LIMIT_S = 60
COMMITS_BEFORE = 30
OLLAMA, OPENAI, ANTHROPIC = "ollama", "openai", "anthropic"
MODELS = {OLLAMA: MODEL, OPENAI: "gpt-4o-mini", ANTHROPIC: "claude-sonnet-4-6"}


@dataclass(slots=True)
class Contender:
    """A command to time, in its own repository; ``route`` is None where no model is asked."""

    name: str
    route: str | None
    argv: list[str]
    environ: Mapping[str, str]
    repository: Path
    to_question_s: list[float] = field(default_factory=list)
    to_anything_s: list[float] = field(default_factory=list)
    whole_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)


def main() -> None:
    """Run the measurement and print the table, or JSON."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="smista-bench-") as folder, ModelServer() as server:
        arena = Path(folder)
        contenders = _contenders(arena, server.url, _opencommit(options.peers, arena))
        for number in range(options.runs + 1):
            for contender in contenders:
                _run(contender, server, number, keep=number > 0)  # the first of each only warms the caches
        report = {"facts": _facts(options.runs), "rows": [_row(c) for c in contenders]}
    print(json.dumps(report, indent=2) if options.json else _table(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=15, help="measured runs of each, after one to warm up")
    parser.add_argument("--peers", type=Path, help="folder to keep opencommit in; a temporary one otherwise")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _opencommit(peers: Path | None, arena: Path) -> str:
    """The path of opencommit's program: on PATH, in the peers' folder, or freshly installed there by npm."""
    found = shutil.which("opencommit")
    if found and peers is None:
        return found
    folder = peers or arena / "peers"
    program = folder / "node_modules/.bin/opencommit"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), OPENCOMMIT]
        subprocess.run(npm, check=True, stdout=sys.stderr)
    return str(program)


def _contenders(arena: Path, url: str, opencommit: str) -> list[Contender]:
    template = _sample_repository(arena)
    home = arena / "home"

    def clone(name: str) -> Path:
        return Path(shutil.copytree(template, arena / name.replace(" ", "-")))

    made: list[Contender] = []
    for route in (OLLAMA, OPENAI, ANTHROPIC):
        ours = _ours_environ(home, url, route)
        peers = _peers_environ(home, url, route)
        checking = {k: v for k, v in peers.items() if k != "OCO_TEST_SKIP_VERSION_CHECK"}
        commit = ["git", "smista", "commit", "-y"]
        made.append(Contender("git smista commit", route, commit, ours, clone(f"smista {route}")))
        peer = [opencommit, "--yes"]
        made.append(Contender("opencommit", route, peer, peers, clone(f"opencommit {route}")))
        if route == OLLAMA:
            shipped = "opencommit, asking npm for updates"
            made.append(Contender(shipped, route, peer, checking, clone("opencommit shipped")))
    alone = _ours_environ(home, NOBODY, None)
    made.append(
        Contender("git smista commit", None, ["git", "smista", "commit", "-y"], alone, clone("builtin"))
    )
    plain = ["git", "commit", "-m", "docs: say hello to the reader"]
    made.append(Contender("git commit", None, plain, alone, clone("git")))
    return made


def _sealed(home: Path) -> dict[str, str]:
    passed = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    programs = str(Path(sys.executable).parent)
    return {
        **passed,
        "PATH": f"{programs}{os.pathsep}{passed.get('PATH', os.defpath)}",
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_EDITOR": "false",
        "OLLAMA_HOST": NOBODY,
    }


def _ours_environ(home: Path, url: str, route: str | None) -> dict[str, str]:
    """A user's config that names the model, as somebody who uses that server would write it."""
    config = home / f"config-{route}.toml"
    tiers = (
        "".join(f'{tier} = "{route}/{MODELS[route]}"\n' for tier in ("light", "standard", "heavy"))
        if route
        else ""
    )
    config.write_text(f"version = 1\n\n[tiers]\n{tiers}" if route else "version = 1\n")
    environ = {**_sealed(home), "SMISTA_CONFIG": str(config), "SMISTA_STATE_DIR": str(home / "state")}
    return (
        environ
        | {
            OLLAMA: {"OLLAMA_HOST": url},
            OPENAI: {"OPENAI_BASE_URL": f"{url}/v1", "OPENAI_API_KEY": "bench"},
            ANTHROPIC: {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "bench"},
            None: {},
        }[route]
    )


def _peers_environ(home: Path, url: str, route: str) -> dict[str, str]:
    """opencommit at its best: no push, no check for updates, no first-run questions."""
    address = {OLLAMA: url, OPENAI: f"{url}/v1", ANTHROPIC: url}[route]
    return {
        **_sealed(home),
        "OCO_AI_PROVIDER": route,
        "OCO_API_URL": address,
        "ANTHROPIC_BASE_URL": url,
        "OCO_API_KEY": "bench",
        "OCO_MODEL": MODELS[route],
        "OCO_GITPUSH": "false",
        "OCO_TEST_SKIP_VERSION_CHECK": "true",
    }


def _sample_repository(arena: Path) -> Path:
    """A repository with thirty commits over a dozen files, and the HOME that it is committed in."""
    home = arena / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Bench\n\temail = bench@example.org\n[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n"
    )
    root = arena / "template"
    root.mkdir()
    git = _git_in(root, _sealed(home))
    git("init", "-q")
    for number in range(COMMITS_BEFORE):
        name = root / f"part{number % 12}.py"
        name.write_text(f"def part_{number}():\n    return {number}\n")
        git("add", ".")
        git("commit", "-q", "-m", f"feat(part{number % 12}): return {number}")
    return root


def _git_in(root: Path, environ: Mapping[str, str]) -> Callable[..., None]:
    def git(*args: str) -> None:
        subprocess.run(["git", *args], cwd=root, env=dict(environ), check=True, capture_output=True)

    return git


def _run(contender: Contender, server: ModelServer, number: int, *, keep: bool) -> None:
    (contender.repository / "README.md").write_text(f"Hello, reader {number}.\n")
    _git_in(contender.repository, contender.environ)("add", "README.md")
    server.seen.clear()
    cpu_before_s = _cpu_of_children_s()
    start_s = time.monotonic()
    done = subprocess.run(
        contender.argv,
        cwd=contender.repository,
        env=dict(contender.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=LIMIT_S,
        check=False,
    )
    whole_s = time.monotonic() - start_s
    cpu_s = _cpu_of_children_s() - cpu_before_s
    _check(contender, done, server)
    if not keep:
        return
    contender.whole_s.append(whole_s)
    contender.cpu_s.append(cpu_s)
    if contender.route is not None:
        contender.to_anything_s.append(server.seen[0].first_byte_s - start_s)
        contender.to_question_s.append(next(s.first_byte_s for s in server.seen if s.asks) - start_s)


def _cpu_of_children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _check(contender: Contender, done: subprocess.CompletedProcess[bytes], server: ModelServer) -> None:
    """A figure counts only for a run that committed, and that asked exactly when it should."""
    status = subprocess.run(
        ["git", "status", "--porcelain"],
        cwd=contender.repository,
        env=dict(contender.environ),
        capture_output=True,
        check=True,
    )
    asked = any(seen.asks for seen in server.seen)
    if done.returncode != 0 or status.stdout.strip() or asked != (contender.route is not None):
        said = done.stdout.decode(errors="replace")[-2000:]
        sys.exit(f"{contender.name} ({contender.route}): exit {done.returncode}, asked: {asked}\n{said}")


def _row(contender: Contender) -> dict[str, object]:
    row: dict[str, object] = {"command": contender.name, "route": contender.route or "no model"}
    for name in ("to_question_s", "to_anything_s", "whole_s", "cpu_s"):
        times = getattr(contender, name)
        if times:
            row[name] = {
                "median": round(statistics.median(times), 3),
                "min": round(min(times), 3),
                "max": round(max(times), 3),
            }
    return row


def _facts(runs: int) -> dict[str, object]:
    def version(*argv: str) -> str:
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()

    return {
        "runs": runs,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "python": platform.python_version(),
        "node": version("node", "--version"),
        "git": version("git", "--version").removeprefix("git version "),
        "peer": OPENCOMMIT,
    }


def _table(report: Mapping[str, object]) -> str:
    rows, facts = report["rows"], report["facts"]
    assert isinstance(rows, list)
    assert isinstance(facts, dict)
    lines = [
        f"{'route':<10} {'command':<36} {'to the question':>22} {'whole command':>22} {'processor time':>22}"
    ]
    for row in rows:
        times = (f"{_three(row.get(name)):>22}" for name in ("to_question_s", "whole_s", "cpu_s"))
        lines.append(f"{row['route']:<10} {row['command']:<36} {' '.join(times)}")
    lines += [
        "",
        "seconds: median (least-most); processor time is that of the command and its children",
        ", ".join(f"{k} {v}" for k, v in facts.items()),
    ]
    return "\n".join(lines)


def _three(times: dict[str, float] | None) -> str:
    return f"{times['median']:.3f} ({times['min']:.3f}-{times['max']:.3f})" if times else "-"


if __name__ == "__main__":
    main()
