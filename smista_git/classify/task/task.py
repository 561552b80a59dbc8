"""Labels of a task in free text: what is wanted, and how strong a model it deserves."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from smista_git.classify.labels import TIERS, Evidence, Tier
from smista_git.classify.task.prose import LINK
from smista_git.classify.task.signals import NAME, PATH, read_task, words_of
from smista_git.classify.task.words import COMMON, INTENT_WORDS, QUESTION, RISKY, SILENT, VAGUE

TaskIntent = Literal["plan", "edit", "test", "review", "document", "commit", "changelog", "explain"]
Odds = tuple[float, float, float]  # of light, standard and heavy

MOST_LETTERS = 20_000
CARRIERS = 6
FAMILIAR_SHARE = 0.2  # of the words must be known: below it the language may not be ours
SHORT_WORDS = 6
DEAR = 3.2  # how often the chance of heavy work is taken off the confidence of "light"
VAGUE_SIGNAL = "short and names nothing"
UNSURE: Odds = (0.0, 0.5, 0.5)  # what a text says that says nothing: sent up, without confidence
VAGUE_SHARE = 0.25  # how much of the answer is UNSURE where a short text names nothing; light it is never
PLAINLY_SMALL = -0.3  # a word of this weight or less makes a short text concrete: typo, readme, badge
# History holds edits alone, so what the other intents add, where the first word
# says them, and what a missing file adds, is set by hand.
BY_INTENT: Mapping[str, float] = {"plan": 1.5, "review": 0.5, "explain": -0.6}
MISSING_FILE = 0.4
# Lines of code do not show what is at stake, so a word of risk in the title or the body adds this, once.
RISK = 1.0


@dataclass(frozen=True, slots=True)
class TaskModel:
    """``weights`` by signal, and the two ``cuts``: added for "at least standard", and for "heavy"."""

    weights: Mapping[str, float]
    cuts: tuple[float, float]


@dataclass(frozen=True, slots=True)
class TaskLabels:
    """What a text asks for; ``confidence`` in [0, 1] is that of the tier, ``tier`` has not been raised by it yet.

    ``odds`` are the probabilities of light, standard and heavy.
    """

    intent: TaskIntent
    tier: Tier
    confidence: float
    evidence: tuple[Evidence, ...]
    runner_up: TaskIntent | None = None
    odds: Odds = UNSURE

    def to_json(self) -> dict[str, Any]:
        """The JSON shape of the labels of a task."""
        return {
            "intent": self.intent,
            "tier": self.tier,
            "confidence": round(self.confidence, 2),
            "probabilities": {tier: round(p, 3) for tier, p in zip(TIERS, self.odds, strict=True)},
            "runner_up": self.runner_up,
            "evidence": [
                {"signal": e.signal, "value": e.value, "points_to": e.points_to} for e in self.evidence
            ],
        }


@cache
def shipped_model() -> TaskModel:
    """The model that comes with the package."""
    data = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return TaskModel(data["weights"], (data["cuts"][0], data["cuts"][1]))


def classify_task(text: str, *, known_paths: Sequence[str] = ()) -> TaskLabels:
    """The labels of a task; ``known_paths`` are files of the repository, which make what names them concrete.

    A text with nothing to go by is heavy without confidence: unsure is sent up.
    """
    text = text[:MOST_LETTERS]
    linkless = LINK.sub(" ", text)
    words = words_of(linkless)
    if not words:
        return TaskLabels("edit", "heavy", 0.0, (Evidence("words", 0, "heavy"),))
    intent, runner_up, heard = find_intent(text, words)
    signals, missing = _concrete(text, known_paths)
    score, evidence = _weigh(signals)
    risks = tuple(Evidence("risk", word, "heavier") for word in words if word in RISKY)[:1]
    asked = words[0] in INTENT_WORDS[intent]
    added = (
        (BY_INTENT.get(intent, 0.0) if asked else 0.0)
        + (MISSING_FILE if missing else 0.0)
        + (RISK if risks else 0.0)
    )
    odds, doubts = _doubt(_odds(score + added), linkless, words)
    tier, confidence = decide(odds, vague=any(doubt.signal == VAGUE_SIGNAL for doubt in doubts))
    told = (*heard, *doubts, *missing, *risks, *evidence)
    return TaskLabels(intent, tier, confidence, told, runner_up, odds)


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


def _concrete(text: str, known_paths: Sequence[str]) -> tuple[dict[str, float], tuple[Evidence, ...]]:
    """The signals, and whether the text names files of which none is here; such names make nothing concrete."""
    signals = read_task(text)
    named = set(PATH.findall(LINK.sub(" ", text)))
    if not named or not known_paths:
        return signals, ()
    known = {*known_paths, *(path.rpartition("/")[2] for path in known_paths)}
    if named & known:
        return signals, ()
    signals.pop("named files", None)
    return signals, (Evidence("names files that are not here", len(named), "heavier"),)


def _weigh(signals: Mapping[str, float]) -> tuple[float, tuple[Evidence, ...]]:
    """The score, and the signals that carried it, strongest first."""
    weights = shipped_model().weights
    parts = [(value * weights[name], name) for name, value in signals.items() if name in weights]
    loud = sorted(parts, key=lambda part: (-abs(part[0]), part[1]))[:CARRIERS]
    evidence = (
        Evidence(name, round(signals[name], 3), "heavier" if part > 0 else "light")
        for part, name in loud
        if part
    )
    # Sorted, so that the sum does not hang on the order in which the words came.
    return math.fsum(part for part, _ in parts), tuple(evidence)


def _odds(score: float) -> Odds:
    above, heavy = (1 / (1 + math.exp(-score - cut)) for cut in shipped_model().cuts)
    return 1 - above, above - heavy, heavy


def _doubt(odds: Odds, text: str, words: Sequence[str]) -> tuple[Odds, tuple[Evidence, ...]]:
    """The odds drawn towards "unsure" where the words are strange, or few and vague; and why."""
    known = sum(1 for word in words if _is_known(word)) / len(words)
    strange = 1 - min(1.0, known / FAMILIAR_SHARE)
    reasons = []
    if strange:
        reasons.append(Evidence("known words", round(known, 2), "heavier"))
    if len(words) < SHORT_WORDS and not PATH.search(text) and not NAME.search(text) and not _small(words):
        reasons.append(Evidence(VAGUE_SIGNAL, True, "heavier"))
        strange = max(strange, VAGUE_SHARE)
    light, standard, heavy = (p * (1 - strange) + u * strange for p, u in zip(odds, UNSURE, strict=True))
    return (light, standard, heavy), tuple(reasons)


def _is_known(word: str) -> bool:
    if word in COMMON or word in SILENT or word in VAGUE or f"word {word}" in shipped_model().weights:
        return True
    return any(word in table for table in INTENT_WORDS.values())


def _small(words: Sequence[str]) -> bool:
    weights = shipped_model().weights
    said = [
        f"{place} {word}"
        for at, word in enumerate(words)
        for place in (("first", "word") if at == 0 else ("word",))
        if word not in VAGUE
    ]
    return any(weights.get(signal, 0.0) <= PLAINLY_SMALL for signal in said)


def decide(odds: Odds, *, vague: bool = False) -> tuple[Tier, float]:
    """The likeliest tier and how sure; the stronger one of two that tie.

    To call heavy work light is the dear mistake: light is said only where it is likelier than the others together and
    the text is not vague, and the chance of heavy work is taken off the confidence of that answer again.
    """
    light = odds[0] > sum(odds[1:]) and not vague
    at = 0 if light else max((1, 2), key=lambda tier: (odds[tier], tier))
    return TIERS[at], max(odds[at] - DEAR * odds[2], 0.0) if at == 0 else odds[at]
