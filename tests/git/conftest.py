"""Hooks that look at the repository with this package, and tell the test what they saw."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Repo

PACKAGE_ROOT = Path(__file__).parents[2]

HOOK = """#!{python}
import json, os, sys
from pathlib import Path
sys.path.insert(0, {package!r})
from smista_git.git.repository import Repository
repo = Repository.discover()
diff = repo.staged_diff()
Path({seen!r}).write_text(json.dumps({{
    "raw": diff.raw.decode("utf-8", "surrogateescape"),
    "patch": diff.patch.decode("utf-8", "surrogateescape"),
    "root": str(repo.root),
    "git_dir": str(repo.git_dir),
    "index": str(repo.index_file()),
    "head": repo.head(),
    "environ": {{k: v for k, v in os.environ.items() if k.startswith(("GIT_", "SMISTA_"))}},
    "argv": sys.argv[1:],
}}))
{then}
"""


class Hooks:
    """Installs a Python hook; ``seen()`` is what it saw the last time it ran."""

    def __init__(self, repo: Repo, folder: Path) -> None:
        self.repo = repo
        self.report = folder / "seen.json"

    def install(self, name: str = "pre-commit", *, then: str = "") -> None:
        text = HOOK.format(python=sys.executable, package=str(PACKAGE_ROOT), seen=str(self.report), then=then)
        self.script(name, text)

    def script(self, name: str, text: str) -> None:
        hook = self.repo.path / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(text)
        hook.chmod(0o755)

    def seen(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.report.read_text())
        return found


@pytest.fixture
def hooks(repo: Repo, tmp_path: Path) -> Hooks:
    return Hooks(repo, tmp_path)


RECORD = re.compile(r":\d+ \d+ [0-9a-f]+ [0-9a-f]+ (?:[RC]\d*\0([^\0]+)|[A-Z]\d*)\0([^\0]+)\0")


def names(raw: bytes | str) -> list[str]:
    """The paths of ``--raw -z`` records, both sides of a rename."""
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "surrogateescape")
    assert not RECORD.sub("", text)
    return [path for pair in RECORD.findall(text) for path in pair if path]
