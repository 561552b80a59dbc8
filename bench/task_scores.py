"""What answers about tasks are worth: AUROC of "not light", beside length alone; coverage; big ones called light."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.task_pairs import Pair
from smista_git.classify.labels import TIERS
from smista_git.classify.task.task import decide

Odds = tuple[float, float, float]
LONG = (0, 40, 100)  # words: any task, one with a body, one as long as an issue
SURE = 0.6


@dataclass(frozen=True, slots=True)
class Answer:
    """A task, the probabilities of its tiers, and what was said of it: the tier (0, 1 or 2) and how sure."""

    pair: Pair
    odds: Odds
    tier: int
    confidence: float


def answer_of(pair: Pair, odds: Odds) -> Answer:
    """What the tool says where these are the odds."""
    tier, confidence = decide(odds)
    return Answer(pair, odds, TIERS.index(tier), confidence)


def auroc(scores: Sequence[float], truths: Sequence[bool]) -> float:
    """The chance that a true one scores above a false one; ties count half."""
    ranked = sorted(range(len(scores)), key=lambda at: scores[at])
    ranks, start = [0.0] * len(scores), 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and scores[ranked[end]] == scores[ranked[start]]:
            end += 1
        for at in ranked[start:end]:
            ranks[at] = (start + end + 1) / 2
        start = end
    yes = sum(truths)
    no = len(truths) - yes
    if not yes or not no:
        return float("nan")
    return (sum(r for r, t in zip(ranks, truths, strict=True) if t) - yes * (yes + 1) / 2) / (yes * no)


def interval(area: float, yes: int, no: int) -> tuple[float, float]:
    """The 95 % interval of an AUROC by Hanley and McNeil, each task taken as independent of the others."""
    if not yes or not no:
        return float("nan"), float("nan")
    first, second = area / (2 - area), 2 * area * area / (1 + area)
    spread = (yes - 1) * (first - area * area) + (no - 1) * (second - area * area)
    error = 1.96 * math.sqrt(max((area * (1 - area) + spread) / (yes * no), 0.0))
    return max(area - error, 0.0), min(area + error, 1.0)


def print_scores(answers: Sequence[Answer]) -> None:
    """Figures for all tasks and for the long ones."""
    for least in LONG:
        part = [a for a in answers if len(a.pair.text.split()) > least]
        if part:
            _print_part(part, f"tasks of more than {least} words" if least else "every task")


def _print_part(part: Sequence[Answer], title: str) -> None:
    ends = [a for a in part if a.pair.size != 1]
    truths = [a.pair.size == 2 for a in ends]
    ours = auroc([1 - a.odds[0] for a in ends], truths)
    length = auroc([len(a.pair.text) for a in ends], truths)
    low, high = interval(ours, sum(truths), len(truths) - sum(truths))
    print(f"{title}: {len(part)}; small against big: {len(truths)}", end="; ")
    print(f"AUROC {ours:.3f} ({low:.3f} to {high:.3f}), length alone {length:.3f}")
    said = [(a.pair.size, a.tier, a.confidence) for a in part]
    sure = sum(tier == 0 and how >= SURE for _, tier, how in said)
    print(f"  light with confidence: {sure / len(said):.3f}", end="; ")
    shares = Counter(tier for _, tier, _ in said)
    print("  tiers: " + ", ".join(f"{TIERS[t]} {shares[t] / len(said):.3f}" for t in range(3)), end="; ")
    print(
        "truth: "
        + ", ".join(f"{n} {Counter(s[0] for s in said)[t] / len(said):.3f}" for t, n in enumerate(TIERS))
    )
    for level in (0.5, SURE, 0.7, 0.8):
        above = [truth == tier for truth, tier, sure in said if sure >= level]
        right = sum(above) / len(above) if above else float("nan")
        print(f"  confidence >= {level}: right {right:.3f}, answers {len(above) / len(said):.3f}")
    print(f"  ECE {_ece(said):.3f}", end="; ")
    big = [s for s in said if s[0] == 2]
    lost = sum(tier == 0 and sure >= SURE for _, tier, sure in big)
    print(f"big tasks called light with confidence: {lost / max(len(big), 1):.3f} of {len(big)}")


def _ece(said: Sequence[tuple[int, int, float]]) -> float:
    error = 0.0
    for at in range(10):
        inside = [s for s in said if at / 10 < s[2] <= (at + 1) / 10]
        error += abs(sum(t == a for t, a, _ in inside) - sum(c for *_, c in inside))
    return error / len(said)
