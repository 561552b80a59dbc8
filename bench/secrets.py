"""Recall and precision of secret detection on labelled corpora, and how often clean commits are flagged.

    python bench/secrets.py leaky DIR            a checkout of leaky-repo (.leaky-meta/secrets.csv: counts a file)
    python bench/secrets.py baseline DIR FILE    a detect-secrets baseline: results[file][].line_number
    python bench/secrets.py creddata DIR         meta/*.csv and data/, as CredData's download script lays them out
    python bench/secrets.py commits REPO...      share of the last --commits commits whose diff is flagged
    python bench/secrets.py speed                milliseconds on an ordinary diff of 20 KB

A line counts once. True: a labelled line that a finding touches. False: a finding's line that no label covers.
Values are never printed: ``--show`` gives rule, place and length.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from smista_git.classify.secrets import secrets

Finder = Callable[[str, str | None], Iterable[tuple[str, int, int]]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One file with its labels: groups of lines (one secret each), lines that do not count, or bare counts."""

    name: str
    text: str
    true: tuple[range, ...] = ()
    neutral: frozenset[int] = frozenset()
    quota: tuple[int, int] | None = None


@dataclass(slots=True)
class Score:
    """Sums over files."""

    found: int = 0
    missed: int = 0
    false: int = 0

    def line(self, name: str) -> str:
        """One line of the table."""
        recall = self.found / max(1, self.found + self.missed)
        precision = self.found / max(1, self.found + self.false)
        return (
            f"{name:34} true {self.found:5} missed {self.missed:5} false {self.false:5}"
            f"  recall {recall:.2f}  precision {precision:.2f}"
        )


def leaky(root: Path) -> Iterator[Labelled]:
    """Files of leaky-repo; findings beyond risk + informative lines count as false."""
    for row in csv.reader((root / ".leaky-meta/secrets.csv").read_text().splitlines()):
        if row and not row[0].startswith("#"):
            yield Labelled(row[0], read(root / row[0]), quota=(int(row[1]), int(row[2])))


def baseline(root: Path, file: Path) -> Iterator[Labelled]:
    """Files of a detect-secrets baseline; an entry marked ``is_secret: false`` is no label."""
    for name, rows in sorted(json.loads(file.read_text())["results"].items()):
        lines = {r["line_number"] for r in rows if r.get("is_secret") is not False}
        yield Labelled(name, read(root / name), true=tuple(range(n, n + 1) for n in sorted(lines)))


def creddata(root: Path, part: str) -> Iterator[Labelled]:
    """Files of CredData that are there: T is true, F is false, X (neither) and bare UUIDs are neutral."""
    rows: dict[str, list[dict[str, str]]] = {}
    for meta in sorted((root / "meta").glob("*.csv")):
        if part != "all" and (int(meta.stem[:8], 16) % 2 == 0) != (part == "even"):
            continue
        with meta.open(newline="") as handle:
            for row in csv.DictReader(handle):
                rows.setdefault(row["FilePath"], []).append(row)
    for name, marks in rows.items():
        if (root / name).is_file():
            spans = [
                (
                    "X" if m["Category"] == "UUID" else m["GroundTruth"],
                    range(int(m["LineStart"]), int(m["LineEnd"]) + 1),
                )
                for m in marks
            ]
            true = sorted({r for label, r in spans if label == "T"}, key=lambda r: (r.start, r.stop))
            neutral = frozenset(n for label, r in spans if label == "X" for n in r)
            yield Labelled(name, read(root / name), true=tuple(true), neutral=neutral)


def read(path: Path) -> str:
    """The text of a file, every byte kept, line ends as in git."""
    return path.read_bytes().decode("utf-8", "surrogateescape").replace("\r\n", "\n")


FINDERS: dict[str, Finder] = {
    "both": lambda text, path: ((f.rule, f.start, f.end) for f in secrets.scan(text, path=path)),
    "own": lambda text, path: ((f.rule, f.start, f.end) for f in secrets.scan_own(text, path=path)),
    "engine": lambda text, _: secrets.engine_spans(text),
}


def measure(files: Iterable[Labelled], finder: Finder, *, show: set[str]) -> Score:
    """The score of one finder over a corpus."""
    total, rules = Score(), Counter[tuple[str, bool]]()
    for file in files:
        touched = touched_lines(file, finder)
        score = by_quota(file, touched) if file.quota else by_lines(file, touched, rules, show)
        total.found += score.found
        total.missed += score.missed
        total.false += score.false
    if "rules" in show:
        for (rule, good), number in sorted(rules.items()):
            print(f"   {rule:32} {'true' if good else 'false':6} {number}")
    return total


def touched_lines(file: Labelled, finder: Finder) -> dict[int, tuple[str, int, int]]:
    """Line number to (rule, lines of the finding, first line) for each line that a finding covers."""
    lines: dict[int, tuple[str, int, int]] = {}
    for rule, start, end in finder(file.text, file.name):
        first = file.text.count("\n", 0, start) + 1
        last = first + file.text.count("\n", start, end)
        for number in range(first, last + 1):
            lines.setdefault(number, (rule, last - first + 1, first))
    return lines


def by_quota(file: Labelled, touched: dict[int, tuple[str, int, int]]) -> Score:
    """Score by counts: a finding of several lines counts once."""
    risk, informative = file.quota or (0, 0)
    found = len({first for _, _, first in touched.values()})
    return Score(min(found, risk), max(0, risk - found), max(0, found - risk - informative))


def by_lines(
    file: Labelled,
    touched: dict[int, tuple[str, int, int]],
    rules: Counter[tuple[str, bool]],
    show: set[str],
) -> Score:
    """Score by lines; a finding of several lines is false once."""
    score, covered = Score(), {n for r in file.true for n in r}
    for group in file.true:
        hit = [n for n in group if n in touched]
        score.found += bool(hit)
        score.missed += not hit
        if hit:
            rules[touched[hit[0]][0], True] += 1
        elif "missed" in show:
            print(f"   missed {file.name}:{group.start}")
    wrong = {
        (first, rule)
        for n, (rule, _, first) in touched.items()
        if n not in covered and n not in file.neutral and first not in covered
    }
    score.false += len(wrong)
    for first, rule in sorted(wrong):
        rules[rule, False] += 1
        if "false" in show:
            print(f"   false  {file.name}:{first} {rule}")
    return score


def commits(repos: list[Path], number: int, *, show: set[str]) -> None:
    """Print, a repository, the share of commits whose diff is flagged."""
    from smista_git.change.parse import parse_change
    from smista_git.git.repository import Repository

    all_seen = all_flagged = 0
    for path in repos:
        repository = Repository.discover(path)
        out = subprocess.run(
            ["git", "-C", str(path), "rev-list", "--no-merges", f"-{number}", "HEAD"],
            capture_output=True, text=True, check=True,
        ).stdout.split()  # fmt: skip
        flagged = 0
        for rev in out:
            diff = repository.commit_diff(rev)
            found = secrets.scan_change(parse_change(diff.raw, diff.numstat, diff.patch))
            flagged += bool(found)
            for finding in found if "false" in show else ():
                print(f"   {rev[:12]} {finding.path}:{finding.line} {finding.side} {finding.rule}")
        print(f"{path.parent.name:44} {flagged:4} of {len(out):4}  {100 * flagged / max(1, len(out)):.1f} %")
        all_seen, all_flagged = all_seen + len(out), all_flagged + flagged
    print(f"{'all':44} {all_flagged:4} of {all_seen:4}  {100 * all_flagged / max(1, all_seen):.1f} %")


def speed(repo: Path) -> None:
    """Print the median milliseconds of 50 scans of 20 KB of an ordinary repository's newest patches."""
    out = subprocess.run(
        ["git", "-C", str(repo), "log", "-p", "-200"], capture_output=True, check=True
    ).stdout
    text = out.decode("utf-8", "surrogateescape")[:20_000]
    for name, finder in FINDERS.items():
        list(finder(text, None))
        times = []
        for _ in range(50):
            begin = time.perf_counter()
            list(finder(text, None))
            times.append(time.perf_counter() - begin)
        print(f"{name:8} {1000 * sorted(times)[25]:.2f} ms for {len(text)} characters")


def main() -> int:
    """Run one measurement; 0 when it ran."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["leaky", "baseline", "creddata", "commits", "speed"])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--by", choices=list(FINDERS), help="one finder only; all by default")
    parser.add_argument(
        "--part", choices=["all", "even", "odd"], default="all", help="half of CredData by repo id"
    )
    parser.add_argument("--commits", type=int, default=300)
    parser.add_argument("--show", nargs="*", default=[], choices=["missed", "false", "rules"])
    args = parser.parse_args()
    if args.what == "commits":
        commits(args.paths, args.commits, show=set(args.show))
    elif args.what == "speed":
        speed(args.paths[0])
    else:
        for name in [args.by] if args.by else FINDERS:
            files = {
                "leaky": lambda: leaky(args.paths[0]),
                "baseline": lambda: baseline(args.paths[0], args.paths[-1]),
                "creddata": lambda: creddata(args.paths[0], args.part),
            }[args.what]()
            print(measure(files, FINDERS[name], show=set(args.show)).line(f"{args.what} {name}"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
