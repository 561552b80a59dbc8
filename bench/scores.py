"""What a set of answers is worth: accuracy, macro-F1, confusion, calibration, coverage at each confidence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Answers = Sequence[tuple[str, Mapping[str, float]]]  # the author's type, and the probability of each type
BINS = 10
LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9)


def report(answers: Answers, types: Sequence[str]) -> None:
    """Print every figure, each type counting the same (balanced) where it says so."""
    shares = _weights([truth for truth, _ in answers], types)
    judged = [(truth, max(p, key=lambda t: p[t]), max(p.values()), shares[truth]) for truth, p in answers]
    plain = sum(truth == said for truth, said, _, _ in judged) / len(judged)
    balanced = _mean([(truth == said, weight) for truth, said, _, weight in judged])
    low, high = interval(plain, len(judged))
    print(
        f"  commits {len(judged)}  accuracy {plain:.3f} ({low:.3f} to {high:.3f})  balanced accuracy {balanced:.3f}",
        end="  ",
    )
    print(f"macro-F1 {macro_f1(judged, types):.3f}", end="  ")
    print(f"ECE {ece([(*j[:3], 1.0) for j in judged]):.3f}  balanced ECE {ece(judged):.3f}")
    for level in LEVELS:
        above = [(truth == said, weight) for truth, said, sure, weight in judged if sure >= level]
        share = sum(weight for _, weight in above) / sum(j[3] for j in judged)
        print(f"  confidence >= {level}: right {_mean(above):.3f}, answers {share:.3f}")
    _print_confusion(judged, types)


def interval(share: float, count: int) -> tuple[float, float]:
    """Wilson's interval of a share among so many, at 95 %; it takes the commits for independent."""
    z = 1.96
    middle, spread = (
        share + z * z / (2 * count),
        z * math.sqrt(share * (1 - share) / count + (z / count / 2) ** 2),
    )
    return (middle - spread) / (1 + z * z / count), (middle + spread) / (1 + z * z / count)


def _weights(truths: Sequence[str], types: Sequence[str]) -> dict[str, float]:
    present = [t for t in types if t in truths]
    return {t: len(truths) / len(present) / truths.count(t) for t in present}


def _mean(pairs: Sequence[tuple[bool, float]]) -> float:
    total = sum(weight for _, weight in pairs)
    return sum(weight for right, weight in pairs if right) / total if total else 0.0


def macro_f1(judged: Sequence[tuple[str, str, float, float]], types: Sequence[str]) -> float:
    """The mean F1 over the types that occur, each commit weighted so that types count the same."""
    scores = []
    for type_ in {truth for truth, *_ in judged} & set(types):
        hits = sum(w for truth, said, _, w in judged if truth == said == type_)
        said_so = sum(w for _, said, _, w in judged if said == type_)
        are_so = sum(w for truth, _, _, w in judged if truth == type_)
        scores.append(2 * hits / (said_so + are_so))
    return sum(scores) / len(scores)


def ece(judged: Sequence[tuple[str, str, float, float]]) -> float:
    """Expected calibration error over ten bins of equal width."""
    total, error = sum(weight for *_, weight in judged), 0.0
    for at in range(BINS):
        inside = [j for j in judged if at / BINS < j[2] <= (at + 1) / BINS]
        right = sum(w for truth, said, _, w in inside if truth == said)
        error += abs(right - sum(sure * w for _, _, sure, w in inside))
    return error / total


def _print_confusion(judged: Sequence[tuple[str, str, float, float]], types: Sequence[str]) -> None:
    said_types = [t for t in types if any(t in j[:2] for j in judged)]
    print("  " + " " * 9 + "".join(f"{t:>9}" for t in said_types) + "   (rows: the author, in per cent)")
    for truth in said_types:
        row = [said for real, said, *_ in judged if real == truth]
        if row:
            cells = "".join(f"{100 * row.count(t) / len(row):9.0f}" for t in said_types)
            print(f"  {truth:>9}{cells}   n={len(row)}")
