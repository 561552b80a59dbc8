"""Texts of issues with how big their work was, out of public collections, for `task.py` and `train_task.py`.

    python -m bench.task_texts fixes REPO > fixes.jsonl
    python -m bench.task_texts points REPO > points.jsonl
    python -m bench.task_texts hours REPO MIRRORS > hours.jsonl
    python -m bench.task_texts times REPO > times.jsonl

``fixes``: REPO is a clone of RosePasta/Denchmark_BRs, 4,577 bug reports of 193 projects with the lines that fixed each.
``points``: a clone of morakotch/datasets, 23,313 issues of 16 projects with story points; small is what lies at or
below the first quarter of its project, big at or above the third. ``hours``: a clone of
multi-swe-bench/multi-swe-bench, whose annotators estimated the time of pull requests; the words are those of the
commit that merged each, found in MIRRORS, a folder of clones named OWNER+NAME. Under 15 minutes is small, over an hour
big; two annotators are averaged. ``times``: the reports of the first collection that `task_times.tsv` tells the time
of; the same bounds.

One JSON object a line: text, size (0, 1 or 2), repository, and lines and files of code where they are known.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from bench.task_pairs import BIG_LINES, COUNTED, SMALL_LINES, Pair, measure_commits, task_of
from bench.typed_history import git
from smista_git.change.paths import role_of

Row = dict[str, Any]
LINES = (0, SMALL_LINES + 1, BIG_LINES + 1)  # stand in for an estimate
CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOURS = {"<15 分钟：": 0.0, "15 分钟 -- 1": 1.0, "1-4 小时：": 2.0, "4 小时以上": 3.0}
TIMES = Path(__file__).with_name("task_times.tsv")
SIZES = {"15m": 0, "1h": 1, "4h": 2, "more": 2}
REPORTS = "JSonSet/simplejson"
MERGED = re.compile(r"Merge pull request #(\d+)|.*\(#(\d+)\)\s*$")


def read_texts(path: Path) -> list[Pair]:
    """The texts of a file; where only the size is known, lines and files stand in for it."""
    rows = [json.loads(row) for row in path.read_text("utf-8").split("\n") if row.strip()]
    return [
        Pair(r.get("repository", path.name), str(at), r["text"], LINES[r["size"]], 1, 1, path.name)
        for at, r in enumerate(rows)
    ]


def size_of(lines: int, files: int) -> int:
    """0, 1 or 2, as for commits."""
    return Pair("", "", "", lines, files, lines).size


def fixes(repository: Path) -> Iterator[Row]:
    """Bug reports with the lines of code that fixed them."""
    for name in _names(repository, REPORTS):
        report = _json(repository, name)
        if report is None:
            continue
        counts = [
            count
            for file in (report["commit"].get("changed_files") or {}).values()
            if (count := _code_lines(file))
        ]
        if counts:
            yield {
                "text": _words(report),
                "size": size_of(sum(counts), len(counts)),
                "repository": name.split("/")[2].replace("+", "/"),
                "lines": sum(counts),
                "files": len(counts),
            }


def times(repository: Path) -> Iterator[Row]:
    """Bug reports with the time that their fix was judged to take."""
    for _, owner, number, time in read_times():
        report = _json(repository, f"{REPORTS}/{owner.replace('/', '+')}/{number}.json")
        if report is not None:
            yield {"text": _words(report), "size": SIZES[time], "repository": owner}


def read_times() -> list[list[str]]:
    """Part, repository, report and time, of each report whose time is known."""
    rows = TIMES.read_text("utf-8").splitlines()
    return [row.split("\t") for row in rows if not row.startswith("#")]


def held_out() -> set[str]:
    """The repositories, in lower case, whose times judge weights and teach none."""
    return {repository.lower() for part, repository, *_ in read_times() if part == "held out"}


def _words(report: Row) -> str:
    text = report["BR"]["BR_text"]
    return f"{(text['BRsummary'] or '').strip()}\n\n{_unmarked(text['BRdescription'] or '')}".strip()


def _names(repository: Path, folder: str) -> list[str]:
    out = git(repository, "ls-tree", "-r", "-z", "--name-only", "HEAD", folder)
    return [name for name in out.decode().split("\0") if name]


def _json(repository: Path, name: str) -> Any:
    try:
        found = git(repository, "show", f"HEAD:{name}")
    except subprocess.CalledProcessError:  # a snapshot without its largest files
        return None
    return json.loads(found.decode("utf-8", "replace"), strict=False)


def _code_lines(file: Row) -> int:
    names = [str(file.get(key) or "").replace("\\", "/") for key in ("file_new_name", "file_old_name")]
    path = next((name for name in names if name not in {"", "None"}), "")
    if role_of(path) not in COUNTED:
        return 0
    lists = (
        hunk.get(key)
        for hunk in (file.get("hunks") or {}).values()
        for key in ("added_lines", "deleted_lines")
    )
    return sum(len(str(lines).split(",")) for lines in lists if lines)


def _unmarked(text: str) -> str:
    """The Markdown that the collection's marks once were."""
    text = re.sub(r"^ ", "", text, flags=re.MULTILINE)
    text = re.sub(
        r"<denchmark-h:h(\d)>(.*?)</denchmark-h>",
        lambda m: "#" * int(m[1]) + f" {m[2]}",
        text,
        flags=re.DOTALL,
    )
    text = re.sub(r"<denchmark-link:([^>]*)>(.*?)</denchmark-link>", r"[\2](\1)", text, flags=re.DOTALL)
    text = re.sub(r"<denchmark-code>(.*?)</denchmark-code>", r"```\n\1\n```", text, flags=re.DOTALL)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def points(repository: Path) -> Iterator[Row]:
    """Issues with story points, small and big within their own project."""
    for name in _names(repository, "storypoint/IEEE TSE2018/dataset"):
        if not name.endswith(".csv"):
            continue
        rows = list(
            csv.DictReader(io.StringIO(git(repository, "show", f"HEAD:{name}").decode("utf-8", "replace")))
        )
        known = sorted(float(row["storypoint"]) for row in rows)
        low, high = known[len(known) // 4], known[len(known) * 3 // 4]
        for row in rows:
            value = float(row["storypoint"])
            body = (
                ""
                if row["description"] == "NULL"
                else re.sub(r"\{html\}|</?\w+[^>]*>", " ", row["description"])
            )
            yield {
                "text": f"{row['title']}\n\n{body}".strip(),
                "size": 0 if value <= low < high and value < high else 2 if value >= high else 1,
                "repository": f"points/{Path(name).stem}",
            }


def hours(repository: Path, mirrors: Path) -> Iterator[Row]:
    """Pull requests with the time that annotators thought they take, in the words of the commit that merged each."""
    clones = {path.name.replace("+", "-").lower(): path for path in mirrors.iterdir() if "+" in path.name}
    for name, wanted in sorted(_estimates(repository).items()):
        clone = clones.get(name.lower())
        if clone is not None:
            clone = clone / "repo" if (clone / "repo").is_dir() else clone
            yield from _merged(clone, name, wanted)


def _merged(clone: Path, name: str, wanted: dict[int, float]) -> Iterator[Row]:
    words = dict[str, tuple[int, str]]()
    found = set[int]()
    for record in git(clone, "log", "-z", "--format=%H%x01%B").decode("utf-8", "replace").split("\0"):
        commit, _, message = record.partition("\x01")
        match = MERGED.match(message.strip().split("\n")[0])
        number = int(match[1] or match[2]) if match else -1
        if number in wanted and number not in found:
            found.add(number)
            words[commit.strip()] = (number, task_of(message, merge=message.lstrip().startswith("Merge ")))
    for commit, (lines, files, _) in measure_commits(clone, list(words)):
        number, text = words[commit]
        if text:
            mean = wanted[number]
            size = 0 if mean <= 0.5 else 1 if mean < 1.5 else 2
            yield {"text": text, "size": size, "repository": name, "lines": lines, "files": files}


def _estimates(repository: Path) -> dict[str, dict[int, float]]:
    """The mean estimate of each pull request, by repository and number."""
    found = dict[str, dict[int, float]]()
    for name in _names(repository, "docs/manual-verification/annotation-results"):
        if name.endswith(".xlsx"):
            for row in _sheet(git(repository, "show", f"HEAD:{name}")):
                match = re.match(r"\d+_[a-z+]+_(.+)-(\d+)\s*$", row[1].strip()) if len(row) > 1 else None
                said = [hours for cell in row for start, hours in HOURS.items() if cell.startswith(start)]
                if match and said:
                    found.setdefault(match[1], {})[int(match[2])] = sum(said) / len(said)
    return found


def _sheet(data: bytes) -> Iterator[list[str]]:
    """The texts of each row of the first sheet; empty cells are left out where the file leaves them out."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        shared = "xl/sharedStrings.xml"
        texts = (
            [_text(e) for e in ElementTree.fromstring(book.read(shared))] if shared in book.namelist() else []
        )
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    for row in sheet.iter(f"{CELL}row"):
        yield [
            texts[int(cell.findtext(f"{CELL}v") or 0)]
            if cell.get("t") == "s"
            else _text(cell) or cell.findtext(f"{CELL}v") or ""
            for cell in row
        ]


def _text(element: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{CELL}t"))


def main() -> None:
    """Print the texts of one collection."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("fixes", "points", "hours", "times"))
    parser.add_argument("repository", type=Path)
    parser.add_argument(
        "mirrors", type=Path, nargs="?", help="for hours: a folder of clones named OWNER+NAME"
    )
    options = parser.parse_args()
    if options.what == "hours" and options.mirrors is None:
        parser.error("hours needs the folder of clones")
    rows = {"fixes": fixes, "points": points, "times": times}.get(options.what)
    for row in rows(options.repository) if rows else hours(options.repository, options.mirrors):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
