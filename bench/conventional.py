"""Our reading of commit messages beside that of the npm package conventional-commits-parser.

    npm install --prefix DIR conventional-commits-parser conventional-changelog-conventionalcommits
    python bench/conventional.py DIR REPO... [--commits N] [--show FIELD]

Prints, for each field, how many messages both read alike, and examples of those that they do not.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from smista_git.git.repository import Repository
from smista_git.phases.conventional import parse_message

ORACLE = Path(__file__).with_suffix("").with_name("conventional_oracle.mjs")


def messages_of(folder: Path, limit: int) -> list[str]:
    """The newest messages of a repository, merges excluded."""
    repo = Repository.discover(folder)
    data = repo.run("log", "--no-merges", f"-n{limit}", "-z", "--format=%B").stdout
    return [text for text in data.decode("utf-8", "replace").split("\0") if text.strip()]


def ours(text: str) -> dict[str, Any]:
    """What we read, in the fields that both have."""
    message = parse_message(text)
    said = message.said
    return {
        "type": said.type,
        "scope": said.scope,
        "subject": said.text if said.type else None,
        "breaking": said.breaking,
        "references": sorted({r.number for r in said.references}),
    }


def theirs(parsed: dict[str, Any]) -> dict[str, Any]:
    """What the oracle reads, in the same fields; what only the form differs in is made alike."""
    subject = parsed.get("subject")
    if subject:
        subject = subject.strip()
        message = parse_message(f"x: {subject}")
        subject = message.said.text
    numbers = {int(r["issue"]) for r in parsed.get("references") or [] if str(r["issue"]).isdigit()}
    return {
        "type": parsed["type"].lower() if parsed.get("type") else None,
        "scope": (parsed.get("scope") or "").strip() or None,
        "subject": subject,
        "breaking": bool(parsed.get("notes")),
        "references": sorted(numbers),
    }


def main() -> None:
    """Compare, and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", type=Path)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=1000)
    parser.add_argument("--show")
    args = parser.parse_args()
    texts = [text for folder in args.repositories for text in messages_of(folder, args.commits)]
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run(
        ["node", ORACLE, args.modules.resolve()], input=lines, capture_output=True, text=True, check=True
    )
    alike: Counter[str] = Counter()
    for text, line in zip(texts, done.stdout.splitlines(), strict=True):
        one, other = ours(text), theirs(json.loads(line))
        for field, value in one.items():
            alike[field] += value == other[field]
            if value != other[field] and field == args.show:
                print(f"{value!r:40} {other[field]!r:40} {text.splitlines()[0][:100]!r}")
    for field, count in alike.items():
        print(f"{field:12} {count} of {len(texts)} alike")


if __name__ == "__main__":
    main()
