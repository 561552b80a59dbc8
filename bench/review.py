"""Time and tokens of a review against a scripted server on this machine: the whole command, as a person runs it.

python bench/review.py --files 300 --lines 68 --answer-s 0.5
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.servers import script
from tests.servers.server import WireServer
from tests.servers.wires import OpenAIWire

MODEL = "openai/gpt-5.4-mini"


def main() -> None:
    """Print one line for the plan alone, the review by rules alone, the review by a model, and the same again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--lines", type=int, default=68)
    parser.add_argument("--answer-s", type=float, default=0.5)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, WireServer(OpenAIWire()) as server:
        server.default = script.Say('{"findings": []}', pause_s=words.answer_s, streamed=False)
        repo = _repository(Path(folder), words.files, words.lines)
        environment = _environment(Path(folder), server)
        rules = {**environment, "SMISTA_CONFIG": "/nonexistent", "OLLAMA_HOST": "http://127.0.0.1:9"}
        for name, env, more in (
            ("plan", environment, ["-n"]),
            ("by rules", rules, []),
            ("by a model", environment, []),
            ("the same again", environment, []),
        ):
            before = len(server.chats)
            began_s = time.perf_counter()
            command = [sys.executable, "-m", "smista_git", "review", "HEAD~1..HEAD", "--json", *more]
            done = subprocess.run(command, cwd=repo, env=env, capture_output=True, text=True, check=False)
            seconds = time.perf_counter() - began_s
            chats = server.chats[before:]
            sent = sum(len(chat.body) for chat in chats)
            tokens = sum(p["tokens"]["in"] for p in json.loads(done.stdout).get("parts", []))
            print(
                f"{name:15} {seconds:6.2f} s  exit {done.returncode}  {len(chats):3} requests  {sent:8} bytes  {tokens:7} tokens"
            )


def _repository(folder: Path, files: int, lines: int) -> Path:
    repo = folder / "repo"
    for number in range(files):
        path = repo / f"pkg{number % 12}" / f"mod{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        body = (f"def f_{number}_{i}(x):\n    return x + {i}\n" for i in range(lines // 2))
        path.write_text("".join(body))
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (
        ["init", "-q"],
        ["commit", "-q", "--allow-empty", "-m", "start"],
        ["add", "."],
        ["commit", "-qm", "feat: add"],
    ):
        subprocess.run([*git, *command], cwd=repo, check=True)
    return repo


def _environment(folder: Path, server: WireServer) -> dict[str, str]:
    config = folder / "config.toml"
    config.write_text(
        "version = 1\n[tiers]\n" + "".join(f'{t} = "{MODEL}"\n' for t in ("light", "standard", "heavy"))
    )
    return {
        **os.environ,
        "SMISTA_CONFIG": str(config),
        "SMISTA_STATE_DIR": str(folder / "state"),
        "OPENAI_BASE_URL": server.base_url,
        "OPENAI_API_KEY": "key-for-the-bench",
    }


if __name__ == "__main__":
    main()
