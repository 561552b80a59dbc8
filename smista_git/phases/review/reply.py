"""What a model answered, read with suspicion: a list of claims, or what is wrong with the answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from smista_git.phases.review.finding import CATEGORIES, SEVERITIES, Category, Severity
from smista_git.plan.verdict import Problem

MOST_CLAIMS = 50
LONGEST_TEXT = 1200
LONGEST_TITLE = 160
LONGEST_SUGGESTION = 4000
_FENCED = re.compile(r"^```\w*\n(.*?)\n?```\s*$", re.DOTALL)
_FENCE = re.compile(r"```(?:json)?\s*\n(.*?)\n?```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a model says it found; ``line`` is its own guess and only chooses between equal lines."""

    path: str
    quote: str
    severity: Severity
    category: Category
    title: str
    why: str
    suggestion: str | None
    line: int | None = None


def read_reply(text: str) -> tuple[tuple[Claim, ...], tuple[Problem, ...]]:
    """The claims of an answer, at most 50, and what is wrong with its form."""
    try:
        data = json.loads(_bare(text))
    except (ValueError, RecursionError):
        return (), (Problem("format", 'The answer must be one JSON object: {"findings": [...]}.'),)
    found = data.get("findings") if isinstance(data, dict) else data
    if not isinstance(found, list):
        return (), (Problem("format", 'The answer must have a list under "findings"; it may be empty.'),)
    claims = [claim for item in found[:MOST_CLAIMS] if (claim := _claim(item)) is not None]
    if found and not claims:
        return (), (Problem("format", "Each finding needs path, quote, severity, category, title and why."),)
    return tuple(claims), ()


def _bare(text: str) -> str:
    """The JSON of an answer that may stand in a fence or between two sentences."""
    text = text.strip()
    if text.startswith(("{", "[")):
        return text
    if match := _FENCE.search(text):
        return match[1]
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text


def _claim(item: Any) -> Claim | None:
    if not isinstance(item, dict):
        return None
    path, quote, title, why = (_text(item.get(key)) for key in ("path", "quote", "title", "why"))
    if not (path and quote and title and why):
        return None
    severity, category = item.get("severity"), item.get("category")
    suggestion, line = item.get("suggestion"), item.get("line")
    return Claim(
        path=path,
        quote=quote,
        severity=severity if severity in SEVERITIES else "note",
        category=category if category in CATEGORIES else "other",
        title=" ".join(title.split())[:LONGEST_TITLE],
        why=why.strip()[:LONGEST_TEXT],
        suggestion=_suggestion(suggestion),
        line=line if isinstance(line, int) and not isinstance(line, bool) else None,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value.strip() else ""


def _suggestion(value: Any) -> str | None:
    """The text to put in place, without a fence around it and line ends at its end; too long a one is none."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_SUGGESTION:
        return None
    found = _FENCED.match(value.strip("\n"))
    return (found[1] if found else value).rstrip("\n")
