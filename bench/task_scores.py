"""What answers about tasks are worth: AUROC of "not light", beside length alone; coverage; big ones called light."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bench.task_pairs import Pair

Answer = tuple[Pair, tuple[float, float, float]]
LONG = (0, 40, 100)  # words: any task, one with a body, one as long as an issue
TIERS = ("light", "standard", "heavy")
SURE = 0.6


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


def print_scores(answers: Sequence[Answer]) -> None:
    """Figures for all tasks and for the long ones."""
    for least in LONG:
        part = [a for a in answers if len(a[0].text.split()) > least]
        if part:
            _print_part(part, f"tasks of more than {least} words" if least else "every task")


def _print_part(part: Sequence[Answer], title: str) -> None:
    ends = [a for a in part if a[0].size != 1]
    truths = [pair.size == 2 for pair, _ in ends]
    ours = auroc([1 - p[0] for _, p in ends], truths)
    length = auroc([len(pair.text) for pair, _ in ends], truths)
    print(f"{title}: {len(part)}; small against big: AUROC {ours:.3f}, length alone {length:.3f}")
    said = [(pair.size, max(range(3), key=lambda at: p[at]), max(p)) for pair, p in part]
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
