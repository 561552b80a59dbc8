"""How quiet the builtin reviewer is: findings a commit over the last commits of repositories, by rule.

python bench/review_quiet.py --commits 300 REPO.git...   # --show RULE prints each finding of a rule
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from smista_git.change.parse import parse_change
from smista_git.change.paths import is_lockfile
from smista_git.classify.secrets.secrets import scan_change
from smista_git.errors import GitFailed
from smista_git.git.diffs import RawDiff
from smista_git.git.repository import Repository
from smista_git.phases.review.builtin import review_by_rules


def main() -> None:
    """Print a line a repository, then the rules of all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=300)
    parser.add_argument("--show", nargs="*", default=[])
    parser.add_argument("--secrets", action="store_true")
    words = parser.parse_args()
    rules: Counter[str] = Counter()
    for path in words.repositories:
        mine, commits, silent = _count(path, words.commits, words.show, secrets=words.secrets)
        rules += mine
        levels: Counter[str] = Counter()
        for rule, n in mine.items():
            levels[rule.split()[0]] += n
        total = sum(mine.values())
        print(
            f"{path.parent.name:44} {commits:5} commits {total:5} findings {silent / max(commits, 1):6.1%} silent {dict(levels)}"
        )
    for rule, n in rules.most_common():
        print(f"{n:6} {rule}")


def _count(path: Path, limit: int, show: list[str], *, secrets: bool) -> tuple[Counter[str], int, int]:
    repo = Repository.discover(path)
    locks = repo.run("ls-tree", "-r", "-z", "--name-only", "HEAD").stdout.decode("utf-8", "surrogateescape")
    lockfiles = frozenset(name for name in locks.split("\0") if is_lockfile(name))
    rules: Counter[str] = Counter()
    commits = silent = 0
    for commit, diff in _diffs(repo, limit):
        change = parse_change(diff.raw, diff.numstat, diff.patch)
        found = review_by_rules(change, secrets=scan_change(change) if secrets else (), lockfiles=lockfiles)
        commits += 1
        silent += not found
        for finding in found:
            rules[f"{finding.severity} {finding.rule}"] += 1
            if finding.rule in show or "all" in show:
                print(
                    f"  {commit[:10]} {finding.severity} {finding.path}:{finding.line} {finding.rule}: {finding.quote.strip()[:110]}"
                )
    return rules, commits, silent


def _diffs(repo: Repository, limit: int) -> Iterator[tuple[str, RawDiff]]:
    """The last commits with their diffs, newest first, up to one whose blobs are not here."""
    try:
        yield from repo.history_diffs(f"--max-count={limit}", "HEAD")
    except GitFailed as error:
        print(f"  stopped early: {error}")


if __name__ == "__main__":
    main()
