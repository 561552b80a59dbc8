"""Pairs of a task and how big it was, from any repository's history: the author's words, and the lines that it took."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.typed_history import CONVENTIONAL, git, name_of
from smista_git.change.paths import role_of

BOTS = ("[bot]", "renovate", "dependabot", "greenkeeper", "semantic-release")
MACHINE_MADE = re.compile(
    r"(?i)^(?:Merge |Revert |fixup!|squash!|release\b|v?\d+\.\d+\.\d+|bump (?:version|the)|\[?release\]?|update dependency|lock file)"
)
TRAILER = re.compile(
    r"(?mi)^(?:[A-Z][\w-]*-by|Change-Id|Differential Revision|Reviewed By|PiperOrigin\S*|fbshipit\S*|Pull Request resolved|"
    r"Reviewed|Co-authored-by|Signed-off-by|Pulled By|Bug|Git-\S+|GitOrigin\S*|Summary|Test Plan)\s*:.*$|^-{3,}$|<!--.*?-->"
)
CLOSES = re.compile(
    r"(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?|see|ref|related to|part of):? *"
    r"(?:[\w./-]*#\d+|https?://\S+)(?:,? *(?:and )?#\d+)*\.?"
)
NUMBER = re.compile(r"\s*\((?:#|!|gh-)\d+\)|^\s*(?:[A-Z]{2,}-\d+|#\d+|\[[^\]]{1,30}\])[:\s-]*")
# What people write to get the job done. Tests and documents follow from it and are not what makes it hard.
COUNTED = frozenset({"source", "style", "migration", "build", "ci", "config", "manifest", "other", "example"})
SMALL_LINES, BIG_LINES = 8, 80
MOST_LETTERS = 6000


@dataclass(frozen=True, slots=True)
class Pair:
    """A task in words, and what it took: ``lines`` and ``files`` of code, ``all_lines`` with tests and documents.

    ``source`` is the file that it was read from, or empty for a commit.
    """

    repository: str
    commit: str
    text: str
    lines: int
    files: int
    all_lines: int
    source: str = ""

    @property
    def size(self) -> int:
        """0, 1 or 2: light, standard or heavy work, by lines and files."""
        if self.lines <= SMALL_LINES and self.files <= 2 and self.all_lines <= 120:
            return 0
        return 2 if self.lines > BIG_LINES or self.files > 8 else 1


def pairs_of(repository: Path, most: int) -> list[Pair]:
    """At most ``most`` commits of one repository, drawn evenly over its history; those of machines are left out."""
    wanted = random.Random(11)
    chosen = list(_messages(repository))
    if len(chosen) > most:
        chosen = wanted.sample(chosen, most)
    texts = dict(chosen)
    return [
        Pair(name_of(repository), commit, texts[commit], *sizes)
        for commit, sizes in measure_commits(repository, list(texts))
    ]


def _messages(repository: Path) -> Iterator[tuple[str, str]]:
    """Each commit with the text of its task."""
    out = git(repository, "log", "--first-parent", "-z", "--format=%H%x01%P%x01%an%x01%B")
    for record in out.decode("utf-8", "replace").split("\0"):
        if record.count("\x01") < 3:
            continue
        commit, parents, author, message = record.split("\x01", 3)
        if any(mark in author.lower() for mark in BOTS):
            continue
        text = task_of(message, merge=" " in parents)
        if text:
            yield commit.strip(), text


def task_of(message: str, *, merge: bool = False) -> str:
    """The message as somebody would ask for the work; empty where a machine wrote it."""
    message = message.replace("\r", "").strip()
    subject, _, body = message.partition("\n")
    if merge and subject.startswith(("Merge pull request", "Merge #", "Auto merge")):
        subject, _, body = body.strip().partition("\n")
        subject = re.sub(r"^\d+: | r=\w+.*$", "", subject)
    match = CONVENTIONAL.match(subject)
    subject = NUMBER.sub("", match["rest"] if match else subject).strip()
    if not subject or MACHINE_MADE.match(subject):
        return ""
    body = CLOSES.sub("", TRAILER.sub("", body))
    body = re.sub(r"\n{3,}", "\n\n", body).strip()
    # A squashed merge lists its own commits: that says how long it took, which no task knows beforehand.
    body = "" if re.match(r"[*-] ", body) and "\n\n* " in f"\n\n{body}" else body
    return f"{subject[:1].upper()}{subject[1:]}\n\n{body}".strip()[:MOST_LETTERS]


def measure_commits(repository: Path, commits: Sequence[str]) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Each commit with its counts; past a commit whose objects are missing, which git dies of, it starts anew."""
    rest = list(commits)
    while rest:
        found = list(_one_process(repository, rest))
        yield from found[:-1]
        rest = rest[max(len(found), 1) :]
        if found and not rest:
            yield found[-1]


def _one_process(repository: Path, commits: Sequence[str]) -> Iterator[tuple[str, tuple[int, int, int]]]:
    command = ["git", "-C", str(repository), "diff-tree", "--stdin", "--always", "--root", "-r", "-M"]
    done = subprocess.run(
        [*command, "--diff-merges=first-parent", "--numstat", "-z"],
        input="\n".join(commits).encode() + b"\n",
        capture_output=True,
        check=False,
    )
    known = set(commits)
    current, rows = "", list[str]()
    for token in done.stdout.decode("utf-8", "replace").replace("\n", "\0").split("\0"):
        if token in known:
            if current:
                yield current, _measure(rows)
            current, rows = token, []
        elif token:
            rows.append(token)
    if current:
        yield current, _measure(rows)


def _measure(rows: Iterable[str]) -> tuple[int, int, int]:
    lines = files = all_lines = 0
    tokens = iter(rows)
    for token in tokens:
        fields = token.split("\t")
        if len(fields) != 3 or not fields[0].isdigit():
            continue
        path = fields[2]
        if not path:
            next(tokens, "")
            path = next(tokens, "")
        count = int(fields[0]) + int(fields[1])
        role = role_of(path)
        if role in COUNTED:
            lines += count
            files += 1
        if role not in {"lockfile", "vendored", "generated", "asset"}:
            all_lines += count
    return lines, files, all_lines
