"""How good the messages are: `python bench/message.py REPO [--last 200]` on any repository, bare or not.

Each of the last commits that are no merges is written again from its diff alone, with what its author had written
before it as the only history; the figures hold that against what the author wrote.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

# In place of this folder, whose secrets.py would stand before the standard library's.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.history import Written, change_of, has_parent, last_commits, past_commits
from smista_git.change.model import Change
from smista_git.classify.classify import classify
from smista_git.classify.habits import Habits, PastCommit, learn_habits
from smista_git.classify.labels import COMMIT_TYPES, Labels
from smista_git.phases.builtin_message import write_message
from smista_git.phases.message_check import check_message
from smista_git.phases.said import Said

HISTORY = 200
_PREFIX = re.compile(r"^(?:(?P<type>[A-Za-z]+)(?:\((?P<scope>[^()]+)\))?!?: +)?(?P<text>.*)$")
_REFERENCES = re.compile(r"\s*\((?:(?:clos|fix|resolv)\w* )?#\d+\)|^:\w+:\s*", re.IGNORECASE)

Writer = Callable[[Change, Labels, Habits], str]


@dataclass(frozen=True, slots=True)
class Score:
    """One message held against its author's subject; the type and the scope are None where the author gave none."""

    sha: str
    author: str
    message: str
    problems: tuple[str, ...]
    unfounded: tuple[str, ...]
    type_right: bool | None
    author_scope: str | None
    scope: str | None
    rouge_text: float
    rouge_subject: float
    seconds: float


def rouge_l(candidate: str, reference: str) -> float:
    """ROUGE-L F1: the longest common subsequence of words over the mean length; case and signs do not count."""
    one, two = (re.findall(r"[a-z0-9]+", text.lower()) for text in (candidate, reference))
    if not one or not two:
        return 0.0
    row = [0] * (len(two) + 1)
    for word in one:
        above = 0
        for at, other in enumerate(two, 1):
            above, row[at] = row[at], above + 1 if word == other else max(row[at], row[at - 1])
    return 2 * row[-1] / (len(one) + len(two))


def parts(subject: str) -> tuple[str | None, str | None, str]:
    """Type, scope and text of a subject; a word before a colon that is no commit type belongs to the text."""
    match = _PREFIX.match(_REFERENCES.sub("", subject.strip()))
    assert match is not None, "every part of the pattern is optional"
    if match["type"] is None or match["type"].lower() not in COMMIT_TYPES:
        return None, None, _REFERENCES.sub("", subject.strip())
    return match["type"].lower(), match["scope"], match["text"]


def score(
    written: Written, change: Change, labels: Labels, habits: Habits, message: str, seconds: float
) -> Score:
    """What a message is worth: its faults, and how near it comes to what the author wrote."""
    subject = message.split("\n", 1)[0]
    author_type, author_scope, author_text = parts(written.subject)
    mine_type, mine_scope, text = parts(subject)
    verdict = check_message(message, change=change, labels=labels, habits=habits, said=Said())
    return Score(
        sha=written.sha[:9],
        author=written.subject,
        message=message,
        # An empty commit has no words of its own to hold a message against.
        problems=tuple(
            f"{p.rule}: {p.detail}" for p in verdict.problems if change.files or p.rule != "unrelated"
        ),
        unfounded=tuple(unfounded(message, change)),
        type_right=None if author_type is None else author_type == (mine_type or labels.type),
        author_scope=author_scope,
        scope=mine_scope or labels.scope,
        rouge_text=rouge_l(text, author_text),
        rouge_subject=rouge_l(subject, _REFERENCES.sub("", written.subject)),
        seconds=seconds,
    )


_NAME = re.compile(r"[A-Za-z0-9_$@][\w$@./:#+~^<>=*?!-]*[\w$]|\d+")
_VERSIONED = re.compile(r"^v(?=\d)")  # a repository may write v1.2 for the 1.2 of its manifest
_LIKE_A_NAME = re.compile(r"[_\d/@$]|\w\.\w|[a-z][A-Z]|^--|::|^[A-Z]{2,}$")


def unfounded(message: str, change: Change) -> list[str]:
    """The identifiers, file names and numbers of a message that stand nowhere in the change, prefix apart."""
    head, *body = message.split("\n")
    text = "\n".join((_PREFIX.sub(lambda m: m["text"], head), *body)).removeprefix("BREAKING CHANGE")
    names = [
        n.rstrip(".:,") for n in _NAME.findall(text.replace("BREAKING CHANGE:", "")) if _LIKE_A_NAME.search(n)
    ]
    known = _text_of(change).lower()
    return [n for n in names if n.lower() not in known and _VERSIONED.sub("", n.lower()) not in known]


def _text_of(change: Change) -> str:
    lines = (x for f in change.files for h in f.hunks for x in (h.section, *(line.text for line in h.lines)))
    names = (x for f in change.files for x in (*f.paths, f.old_oid, f.new_oid))
    return "\n".join((*names, *lines))


def measure(
    repo: Path, cases: Sequence[tuple[Written, tuple[PastCommit, ...]]], write: Writer
) -> list[Score]:
    """A score for each commit, in order; any function that writes a message can stand in for the builtin one."""
    return [_measure_one(repo, write, case) for case in cases]


def _measure_one(repo: Path, write: Writer, case: tuple[Written, tuple[PastCommit, ...]]) -> Score:
    written, past = case
    change = change_of(repo, written.sha)
    habits = learn_habits(past)
    labels = classify(change, habits=habits)
    start = time.perf_counter()
    message = write(change, labels, habits)
    return score(written, change, labels, habits, message, time.perf_counter() - start)


def cases_of(repo: Path, last: int) -> list[tuple[Written, tuple[PastCommit, ...]]]:
    """The last commits with the history before each, newest first."""
    commits = [c for c in last_commits(repo, last) if has_parent(repo, c.sha)]
    if not commits:
        return []
    history = past_commits(repo, commits[0].sha, last + HISTORY)
    return [(commit, history[at + 1 : at + 1 + HISTORY]) for at, commit in enumerate(commits)]


def figures(scores: Sequence[Score]) -> dict[str, str]:
    """The figures over some scores, ready to print."""
    typed = [s.type_right for s in scores if s.type_right is not None]
    scoped = [s for s in scores if s.author_scope is not None]
    said = [s for s in scoped if s.scope is not None]
    right = [s for s in said if s.scope == s.author_scope]
    return {
        "messages": str(len(scores)),
        "valid": _share(sum(not s.problems for s in scores), len(scores)),
        "names not in the diff": str(sum(len(s.unfounded) for s in scores)),
        "type accuracy": _share(sum(typed), len(typed)),
        "scope accuracy": _share(len(right), len(scoped)),
        "scope precision": _share(len(right), len(said)),
        "scope coverage": _share(len(said), len(scoped)),
        "ROUGE-L F1, text": f"{_mean(s.rouge_text for s in scores):.3f}",
        "ROUGE-L F1, subject": f"{_mean(s.rouge_subject for s in scores):.3f}",
        "milliseconds, median": f"{statistics.median([s.seconds for s in scores] or [0]) * 1000:.2f}",
        "milliseconds, most": f"{max((s.seconds for s in scores), default=0) * 1000:.2f}",
    }


def _share(some: int, whole: int) -> str:
    return f"{100 * some / whole:.1f} % ({some} of {whole})" if whole else "none"


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def _print_beside(
    model: str, builtin: Sequence[Score], repo: Path, cases: Sequence[tuple[Written, tuple[PastCommit, ...]]]
) -> None:
    """The builtin writer and a model on the same commits; a model's message counts as it came, cleaned, valid or not."""
    from bench.model_writer import writer

    asked = figures(measure(repo, cases, writer(model)))
    print(f"\n{'on ' + str(len(cases)) + ' commits':24}{'builtin/rules':28}{model}")
    for name, figure in figures(builtin).items():
        print(f"{name:24}{figure:28}{asked[name]}")


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the figures; 1 when a message is not valid or names what the diff does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repo", type=Path)
    parser.add_argument("--last", type=int, default=200)
    parser.add_argument("--show", action="store_true", help="print each message below its author's")
    parser.add_argument("--model", metavar="PROVIDER/NAME", help="also ask this model, see its environment")
    parser.add_argument("--model-last", type=int, default=20, help="how many commits to ask it about")
    args = parser.parse_args(argv)
    cases = cases_of(args.repo, args.last)
    with ProcessPoolExecutor(max_workers=2) as pool:
        scores = list(pool.map(partial(_measure_one, args.repo, write_message), cases, chunksize=8))
    for s in scores:
        if args.show:
            print(f"{s.rouge_text:.2f} {s.sha} {s.author}\n     {s.message.splitlines()[0]}")
        for fault in (*s.problems, *(f"not in the diff: {name}" for name in s.unfounded)):
            print(f"{s.sha} {fault}\n    {s.message!r}")
    for name, figure in figures(scores).items():
        print(f"{name:24}{figure}")
    if args.model:
        _print_beside(args.model, scores[: args.model_last], args.repo, cases[: args.model_last])
    return int(any(s.problems or s.unfounded for s in scores))


if __name__ == "__main__":
    raise SystemExit(main())
