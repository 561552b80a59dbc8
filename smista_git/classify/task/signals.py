"""Signals of a task in free text: its length and structure, what it names, and its words."""

from __future__ import annotations

import math
import re

from smista_git.change.pattern import regex
from smista_git.classify.task.hints import hints_of
from smista_git.classify.task.prose import LINK, prose_of
from smista_git.classify.task.words import SILENT

WORD = regex(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?")
PATH = regex(r"(?<![\w/])(?:[\w.-]+/)*[\w-]+\.[A-Za-z]{1,5}\b|(?:[\w.-]+/){1,}[\w.-]+")
NAME = regex(r"`[^`\n]+`|\b[a-z]+[A-Z]\w+\b|\b\w+_\w+\b|\b\w+\(\)")
_STEP = regex(r"^\s*(?:[-*+]|\d+[.)]|\[[ x]\])\s+\S", re.MULTILINE)
_FENCE = regex(r"^\s*```", re.MULTILINE)
_ERROR = regex(
    r"\bTraceback\b|\b\w+(?:Error|Exception)\b|^\s+at \S+|\bpanic(?:ked)?\b|\bsegfault\b|\bstack ?trace\b",
    re.MULTILINE,
)

# Length saturates: beyond these, more words only say that somebody took care. What is pasted does not count.
MOST_WORDS, MOST_TITLE_WORDS, MOST_COUNT = 400, 16, 20
BODY_SHARE = 0.6  # what a word of the body weighs beside one of the title, before the body's length thins it


def words_of(text: str) -> list[str]:
    """The words, in lower case."""
    return [word.lower().replace("’", "'") for word in WORD.findall(text)]


def read_task(text: str) -> dict[str, float]:
    """Each signal by its name; the first line is the title, the rest the body."""
    said = prose_of(text)
    title, _, body = said.partition("\n")
    first, every = words_of(title), words_of(said)
    counts = {
        "steps": len(_STEP.findall(said)),
        "names": len(set(NAME.findall(said))),
        "named files": len(set(PATH.findall(said))),
    }
    signals = {name: math.log1p(min(count, MOST_COUNT)) for name, count in counts.items() if count}
    facts = {
        "body": bool(body.strip()),
        "very short": len(every) < 4,
        "code block": len(_FENCE.findall(text)) > 1,
        "error output": _ERROR.search(text) is not None,
        "one name in the title": len(set(NAME.findall(title))) == 1,
        "links": LINK.search(text) is not None,
        "questions": "?" in said,
        "and": "and" in first or "," in title,
    }
    signals.update({name: 1.0 for name, holds in facts.items() if holds})
    signals["words"] = math.log1p(min(len(every), MOST_WORDS))
    signals["title words"] = math.log1p(min(len(first), MOST_TITLE_WORDS))
    signals.update(_spoken(first, every))
    if body.strip():
        signals.update(hints_of(text))
    return signals


def _spoken(first: list[str], every: list[str]) -> dict[str, float]:
    """Words of the title in full, those of the body the less the longer it is, the first word once more."""
    share = BODY_SHARE / (1 + math.log1p(max(0, len(every) - 20) / 40))
    said = {f"word {word}": share for word in every if word not in SILENT}
    said.update({f"word {word}": 1.0 for word in first if word not in SILENT})
    if first:
        said[f"first {first[0]}"] = 1.0
    return said
