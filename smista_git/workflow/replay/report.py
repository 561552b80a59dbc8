"""What a replay comes to: counted as the rows go by, so that its memory does not grow with the history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from smista_git.classify.labels import TIERS
from smista_git.route.policy import Policy, Rule
from smista_git.workflow.replay.route import WHERES, Route, Row, Side

# A tier that takes more than this share decides nothing; with fewer commits than these it may be chance.
ALWAYS_SHARE = 0.95
ALWAYS_LEAST_COMMITS = 20
EXAMPLES = 20
_NOT_KNOWN = ("branch", "hook", "skill", "cost_limit_usd")


@dataclass(slots=True)
class Bill:
    """The sum of what is known, from the least to the most, and how many requests have no known price."""

    low_usd: Decimal = Decimal(0)
    high_usd: Decimal = Decimal(0)
    unknown: int = 0

    def add(self, route: Route) -> None:
        """Count one route."""
        if route.low_usd is None or route.high_usd is None:
            self.unknown += 1
        else:
            self.low_usd += route.low_usd
            self.high_usd += route.high_usd


@dataclass(slots=True)
class Tally:
    """What one policy did with the commits so far."""

    side: Side
    intent: str
    commits: int = 0
    wheres: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    tiers: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    later: Counter[str] = field(default_factory=Counter)
    bill: Bill = field(default_factory=Bill)

    def add(self, route: Route) -> None:
        """Count one route."""
        self.commits += 1
        self.wheres[route.where] += 1
        self.later.update(route.later)
        self.bill.add(route)
        if route.model is not None:
            self.models[route.model] += 1
            self.tiers[route.tier] += 1
        if route.rule is not None:
            self.rules[route.rule] += 1

    def never_fired(self) -> Iterator[tuple[str, str]]:
        """The rules for this intent that chose for no commit, each with why, in the order in which they are tried."""
        for rule in _rules_for(self.side.policy, self.intent):
            if not self.rules[rule.name]:
                yield rule.name, _why_never(rule, self.later[rule.name])

    def always(self) -> str | None:
        """The tier that takes nearly everything, or None."""
        if self.commits < ALWAYS_LEAST_COMMITS:
            return None
        return next((t for t, n in self.tiers.items() if n > ALWAYS_SHARE * self.commits), None)

    def to_json(self) -> dict[str, Any]:
        """The fixed JSON shape of one policy's part of the summary."""
        return {
            "policy": self.side.name,
            "wheres": {where: self.wheres[where] for where in WHERES},
            "tiers": {tier: self.tiers[tier] for tier in TIERS},
            "models": dict(ordered(self.models)),
            "rules": dict(ordered(self.rules)),
            "never_fired": [{"rule": name, "why": why} for name, why in self.never_fired()],
            "always_tier": self.always(),
            "low_usd": str(self.bill.low_usd),
            "high_usd": str(self.bill.high_usd),
            "unknown_prices": self.bill.unknown,
        }


@dataclass(slots=True)
class Summary:
    """The whole of a replay so far; ``moves`` counts changed routes by where they went from and to."""

    revisions: str
    intent: str
    total: int
    tallies: tuple[Tally, ...]
    commits: int = 0
    partial: bool = False
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    leaking: int = 0
    leaks: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, revisions: str, intent: str, total: int, sides: tuple[Side, ...]) -> Summary:
        """An empty summary."""
        return cls(revisions, intent, total, tuple(Tally(side, intent) for side in sides))

    def add(self, row: Row) -> None:
        """Count one commit; of the leaks the first ones are kept to be shown."""
        self.commits += 1
        for tally, route in zip(self.tallies, row.routes, strict=True):
            tally.add(route)
        if row.then is not None and row.changed:
            self.moves[_said(row.then), _said(row.now)] += 1
        if row.leaks:
            self.leaking += 1
            if len(self.leaks) < EXAMPLES:
                self.leaks.append((row.commit, "; ".join(row.leaks)))

    def warnings(self) -> Iterator[str]:
        """What somebody should look at; none of it is a regression."""
        now = self.tallies[-1]
        if (tier := now.always()) is not None:
            yield f"the {tier} tier takes {share(now.tiers[tier], now.commits)} of all commits: the tiers decide nothing"
        for name, why in now.never_fired():
            yield f'the rule "{name}" never fired: {why}'
        if now.bill.unknown:
            yield f"{now.bill.unknown} commits go to a model whose price is unknown; they are in no sum"

    def regressions(self, *, max_cost_increase: Decimal | None) -> Iterator[str]:
        """Why the policy should not be merged. ``max_cost_increase`` is in percent of the bill under the other one."""
        if self.leaking:
            yield f"sensitive work would go remote in {_commits(self.leaking)}"
        if max_cost_increase is None or len(self.tallies) < 2:
            return
        then, now = self.tallies[0].bill, self.tallies[-1].bill
        if now.unknown > then.unknown:
            yield f"the price of {now.unknown} commits is unknown, so the cost may rise by more than {max_cost_increase} %"
        for what, before, after in (
            ("least", then.low_usd, now.low_usd),
            ("most", then.high_usd, now.high_usd),
        ):
            if after > before * (1 + max_cost_increase / 100):
                yield f"the {what} that it costs rises from ${before:.4f} to ${after:.4f}, by more than {max_cost_increase} %"

    def to_json(self, *, max_cost_increase: Decimal | None) -> dict[str, Any]:
        """The fixed JSON shape of a summary; ``then`` is null where one policy is replayed by itself."""
        then = self.tallies[0].to_json() if len(self.tallies) > 1 else None
        return {
            "v": 1,
            "summary": {
                "range": self.revisions,
                "intent": self.intent,
                "commits": self.commits,
                "of": self.total,
                "partial": self.partial,
                "changed": self.moves.total(),
                "moves": [{"then": a, "now": b, "commits": n} for (a, b), n in ordered(self.moves)],
                "leaking": self.leaking,
                "then": then,
                "now": self.tallies[-1].to_json(),
                "warnings": list(self.warnings()),
                "regressions": list(self.regressions(max_cost_increase=max_cost_increase)),
            },
        }


def ordered(counts: Counter[Any]) -> list[tuple[Any, int]]:
    """The counts, largest first, ties by name: the same on any machine."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def share(part: int, whole: int) -> str:
    """``12.5 %``."""
    return f"{100 * part / whole if whole else 0:.1f} %"


def _commits(count: int) -> str:
    return "one commit" if count == 1 else f"{count} commits"


def _said(route: Route) -> str:
    """A route in few words: who is asked, how hard, and where it may still go."""
    if route.model is None:
        return "refused"
    beyond = [model for model in (*route.fallbacks, route.escalation) if model]
    others = f", then {' '.join(dict.fromkeys(beyond))}" if beyond else ""
    return f"{route.model} ({route.effort}){others}"


def _rules_for(policy: Policy, intent: str) -> list[Rule]:
    return [rule for rule in policy.rules if not rule.intent or intent in rule.intent]


def _why_never(rule: Rule, later: int) -> str:
    if later:
        return f"it held for {_commits(later)}, and another rule came first each time"
    unknown = [key for key in _NOT_KNOWN if getattr(rule, key)]
    if unknown:
        return f"it held for no commit; it asks for {' and '.join(unknown)}, which a replay may not know"
    return "it held for no commit"
