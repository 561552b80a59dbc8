"""Labels of a task in free text: what is wanted, and how strong a model it deserves."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from smista_git.change.pattern import regex
from smista_git.classify.labels import TIERS, Evidence, Tier
from smista_git.classify.task_words import COMMON, HARD, INTENT_WORDS, LIGHT, QUESTION, VAGUE

TaskIntent = Literal["plan", "edit", "test", "review", "document", "commit", "changelog", "explain"]

_WORD = regex(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PATH = regex(r"(?<![\w/])(?:[\w.-]+/)*[\w-]+\.[A-Za-z]{1,5}\b|(?:[\w.-]+/){1,}[\w.-]+")
_NAME = regex(r"`[^`\n]+`|\b[a-z]+[A-Z]\w+\b|\b\w+_\w+\b|\b\w+\(\)")
_STEP = regex(r"^\s*(?:[-*+]|\d+[.)]|\[[ x]\])\s+\S", re.MULTILINE)
_FENCE = regex(r"^\s*```", re.MULTILINE)
_ERROR = regex(
    r"\bTraceback\b|\b\w+(?:Error|Exception)\b|^\s+at \S+|\bpanic(?:ked)?\b|\bsegfault\b|\bstack ?trace\b",
    re.MULTILINE,
)
_AND_THEN = regex(r"\b(?:and then|then|also|as well as|after that|finally|plus)\b|;", re.IGNORECASE)

MOST_LETTERS = 20_000
KNOWN = COMMON | VAGUE | HARD.keys() | LIGHT.keys() | {w for table in INTENT_WORDS.values() for w in table}
FAMILIAR_SHARE = 0.2  # of the words must be known: below it the language may not be ours
# Scores at and above which the text asks for the tier.
STANDARD_AT, HEAVY_AT = -0.5, 2.2
STRANGE_WORDS = 2.8  # added to the score of a text of which no word is known


@dataclass(frozen=True, slots=True)
class TaskLabels:
    """What a text asks for; ``confidence`` in [0, 1] is that of the tier, ``tier`` has not been raised by it yet."""

    intent: TaskIntent
    tier: Tier
    confidence: float
    evidence: tuple[Evidence, ...]
    runner_up: TaskIntent | None = None

    def to_json(self) -> dict[str, Any]:
        """The JSON shape of the labels of a task."""
        return {
            "intent": self.intent,
            "tier": self.tier,
            "confidence": round(self.confidence, 2),
            "runner_up": self.runner_up,
            "evidence": [
                {"signal": e.signal, "value": e.value, "points_to": e.points_to} for e in self.evidence
            ],
        }


def classify_task(text: str, *, known_paths: Sequence[str] = ()) -> TaskLabels:
    """The labels of a task; ``known_paths`` are files of the repository, which make what names them concrete.

    A text with nothing to go by is heavy without confidence: unsure is sent up.
    """
    text = text[:MOST_LETTERS]
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return TaskLabels("edit", "heavy", 0.0, (Evidence("words", 0, "heavy"),))
    intent, runner_up, intent_evidence = find_intent(text, words)
    reasons = [*_shape_reasons(text, words), *_word_reasons(words, intent), *_file_reasons(text, known_paths)]
    score = sum(weight for weight, _ in reasons)
    known = min(1.0, _known_share(words) / FAMILIAR_SHARE)
    tier, confidence = _tier(score + STRANGE_WORDS * (1 - known), known)
    told = sorted(reasons, key=lambda reason: (-abs(reason[0]), reason[1].signal))
    return TaskLabels(intent, tier, confidence, (*intent_evidence, *(e for _, e in told)), runner_up)


def find_intent(
    text: str, words: Sequence[str]
) -> tuple[TaskIntent, TaskIntent | None, tuple[Evidence, ...]]:
    """The likeliest intent, the second, and the words that said so; the first words of a task weigh most."""
    scores: dict[TaskIntent, float] = {}
    heard: dict[TaskIntent, str] = {}
    for intent, known in INTENT_WORDS.items():
        for at, word in enumerate(words[:60]):
            if word in known:
                scores[intent] = scores.get(intent, 0.0) + known[word] * (
                    3.0 if at < 3 else 1.0 / (1 + at / 10)
                )
                heard.setdefault(intent, word)
    if text.rstrip().endswith("?") or (words and words[0] in QUESTION):
        scores["explain"] = scores.get("explain", 0.0) + 2.0
        heard.setdefault("explain", "?")
    if not scores:
        return "edit", None, ()
    ranked = sorted(scores, key=lambda intent: (-scores[intent], intent))
    winner = ranked[0]
    evidence = (Evidence("word", heard[winner], winner),)
    return winner, ranked[1] if len(ranked) > 1 else None, evidence


Reason = tuple[float, Evidence]


def _reason(weight: float, signal: str, value: str | int | float | bool) -> Reason:
    return weight, Evidence(signal, value, "light" if weight < 0 else "heavier")


def _shape_reasons(text: str, words: Sequence[str]) -> list[Reason]:
    """Length, steps, code and errors."""
    steps = len(_STEP.findall(text)) + len(_AND_THEN.findall(text))
    reasons = [_reason(0.45 * (math.log(len(words)) - 3.2), "words", len(words))]
    if len(words) < 6 and not _PATH.search(text) and not _NAME.search(text):
        reasons.append(_reason(1.0, "short and names nothing", True))
    if steps:
        reasons.append(_reason(0.5 * min(math.log1p(steps), 4), "steps", steps))
    if blocks := len(_FENCE.findall(text)) // 2:
        reasons.append(_reason(0.2 * min(blocks, 3), "code blocks", blocks))
    if _ERROR.search(text):
        reasons.append(_reason(0.35, "error output", True))
    if (questions := text.count("?")) > 1:
        reasons.append(_reason(0.15 * min(questions, 4), "questions", questions))
    return reasons


def _word_reasons(words: Sequence[str], intent: TaskIntent) -> list[Reason]:
    """Words of design and risk raise, words of small repairs lower; each word counts once."""
    heard = dict.fromkeys(words)
    reasons = [_reason(HARD[word], "word", word) for word in heard if word in HARD]
    reasons += [_reason(LIGHT[word], "word", word) for word in heard if word in LIGHT]
    reasons += [_reason(0.5, "hedge", word) for word in heard if word in VAGUE][:3]
    if intent == "plan":
        reasons.append(_reason(1.5, "intent", "plan"))
    if intent in {"commit", "changelog", "explain"}:
        reasons.append(_reason(-0.6, "intent", intent))
    return reasons


def _file_reasons(text: str, known_paths: Sequence[str]) -> list[Reason]:
    """One named file makes a task concrete, many make it wide; a file that does not exist says nothing."""
    named = dict.fromkeys(_PATH.findall(text))
    if not named:
        return []
    if known_paths:
        known = {*known_paths, *(path.rpartition("/")[2] for path in known_paths)}
        named = {name: None for name in named if name in known}
    if not named:
        return [_reason(0.4, "names files that are not here", True)]
    weight = -0.7 if len(named) == 1 else 0.25 * math.log1p(len(named) - 1)
    return [_reason(weight, "named files", len(named))]


def _known_share(words: Sequence[str]) -> float:
    """How many of the words the tables know, the commonest English ones included."""
    common = {
        "the",
        "a",
        "an",
        "to",
        "in",
        "of",
        "and",
        "for",
        "is",
        "on",
        "it",
        "with",
        "when",
        "not",
        "this",
        "be",
    }
    known = sum(
        1
        for w in words
        if w in common or w in HARD or w in LIGHT or any(w in t for t in INTENT_WORDS.values())
    )
    return known / len(words)


def _tier(score: float, known: float) -> tuple[Tier, float]:
    """The tier of a score, and how sure: by the distance to the nearest bound, less where the words are strange."""
    at = 0 if score < STANDARD_AT else 1 if score < HEAVY_AT else 2
    distance = min(abs(score - STANDARD_AT), abs(score - HEAVY_AT))
    confidence = 0.5 + 0.45 * (1 - math.exp(-1.1 * distance))
    return TIERS[at], confidence * (0.4 + 0.6 * known)
