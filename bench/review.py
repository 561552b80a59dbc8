"""Time and tokens of a review against a scripted server on this machine: the whole command, as a person runs it.

python bench/review.py --files 300 --lines 68 --answer-s 0.5 [--peers DIR]

With --peers the same range is reviewed by gito (gito.bot on PyPI), which is installed once into DIR. Both get the same
empty answer. Tokens are an estimate for both alike: the letters of all messages sent, divided by four.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.servers import script
from tests.servers.server import WireServer
from tests.servers.wires import OpenAIWire

MODEL = "gpt-5.4-mini"
LETTERS_A_TOKEN = 4


def main() -> None:
    """Print one line a way: the plan alone, by rules alone, by a model, the same again, and by the peer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--lines", type=int, default=68)
    parser.add_argument("--answer-s", type=float, default=0.5)
    parser.add_argument("--peers", type=Path, metavar="DIR")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, WireServer(OpenAIWire()) as server:
        repo = _repository(Path(folder), words.files, words.lines)
        ours = _environment(Path(folder), server)
        rules = {**ours, "SMISTA_CONFIG": "/nonexistent", "OLLAMA_HOST": "http://127.0.0.1:9"}
        review = [sys.executable, "-m", "smista_git", "review", "HEAD~1..HEAD", "--json"]
        server.default = script.Say('{"findings": []}', pause_s=words.answer_s, streamed=False)
        for name, env, command in (
            ("plan", ours, [*review, "-n"]),
            ("by rules", rules, review),
            ("by a model", ours, review),
            ("the same again", ours, review),
        ):
            _measure(name, command, repo=repo, env=env, server=server)
        if words.peers:
            server.default = script.Say("[]", pause_s=words.answer_s, streamed=False)
            gito = _gito(words.peers.resolve())
            theirs = _peers_environment(Path(folder), gito, server)
            command = [str(gito), "review", "--what", "HEAD", "--against", "HEAD~1"]
            _measure("gito", command, repo=repo, env=theirs, server=server)


def _measure(
    name: str, command: Sequence[str], *, repo: Path, env: Mapping[str, str], server: WireServer
) -> None:
    before, began_s = len(server.chats), time.perf_counter()
    done = subprocess.run(command, cwd=repo, env=dict(env), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began_s
    chats = server.chats[before:]
    letters = sum(_letters(chat.body) for chat in chats)
    print(
        f"{name:15} {seconds:6.2f} s  exit {done.returncode}  {len(chats):3} requests  {letters // LETTERS_A_TOKEN:7} tokens"
    )
    if done.returncode:
        print(done.stderr[-400:])


def _letters(body: bytes) -> int:
    """The letters of the messages, without the JSON around them."""
    return sum(len(str(message["content"])) for message in json.loads(body)["messages"])


def _gito(folder: Path) -> Path:
    """The peer's program, installed into the folder when it is not there yet."""
    program = folder / "gito" / "bin" / "gito"
    if not program.exists():
        venv.create(folder / "gito", with_pip=True)
        pip = program.with_name("pip")
        subprocess.run([pip, "install", "-q", "gito.bot"], check=True)
        # It ships the encoding that gito's tokenizer would fetch from the network at run time.
        subprocess.run([pip, "install", "-q", "--no-deps", "litellm"], check=True)
    return program


def _peers_environment(folder: Path, program: Path, server: WireServer) -> dict[str, str]:
    """As its documentation names them; a HOME of its own keeps a user's settings out."""
    encodings = next(program.parents[1].glob("lib/*/site-packages/litellm/litellm_core_utils/tokenizers"))
    return {
        "TIKTOKEN_CACHE_DIR": str(encodings),
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LLM_API_TYPE": "openai",
        "LLM_API_KEY": "key-for-the-bench",
        "LLM_API_BASE": server.base_url,
        "MODEL": MODEL,
    }


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
    tiers = "".join(f'{tier} = "openai/{MODEL}"\n' for tier in ("light", "standard", "heavy"))
    config.write_text(f"version = 1\n[tiers]\n{tiers}")
    return {
        **os.environ,
        "SMISTA_CONFIG": str(config),
        "SMISTA_STATE_DIR": str(folder / "state"),
        "OPENAI_BASE_URL": server.base_url,
        "OPENAI_API_KEY": "key-for-the-bench",
    }


if __name__ == "__main__":
    main()
