from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from smista_git.classify.labels import Evidence, Labels
from smista_git.plan.plan import Context, Estimate, Excluded, Included, Plan, Redaction
from smista_git.plan.preview import files_line, preview, summary_line
from smista_git.plan.request import Request
from smista_git.route.decision import Decision

PLAN = Plan(
    phase="review",
    labels=Labels(
        "refactor", "large-refactor", "auth", "large", (), "heavy", 0.91, (Evidence("files", 14, "heavy"),)
    ),
    decision=Decision(
        model="anthropic/claude-opus-4.7",
        effort="high",
        fallbacks=(),
        rule="large refactors get the strongest model",
        tier="heavy",
        original_tier="heavy",
        permissions=("send to api.anthropic.com", "write git notes"),
        trace=(),
    ),
    context=Context(
        included=(Included("src/auth/middleware.py", "changed", 812), Included("SMISTA.md", "guidance", 80)),
        excluded=(Excluded(".env", "sensitive: .env*"),),
    ),
    estimate=Estimate(Decimal("0.0762"), Decimal("0.1333"), 5210, 2048),
    request=Request(()),
)


def test_the_form_of_the_design() -> None:
    assert preview(PLAN) == (
        "Detected task: review (large-refactor, heavy, confidence 0.91)\n"
        "Selected model: anthropic/claude-opus-4.7, effort high\n"
        "Matched rule: large refactors get the strongest model\n"
        "Included context:\n"
        "- src/auth/middleware.py\n"
        "- SMISTA.md\n"
        "Excluded context:\n"
        "- .env (sensitive: .env*)\n"
        "Estimated cost: $0.08-$0.14\n"
        "Required permissions:\n"
        "- send to api.anthropic.com\n"
        "- write git notes"
    )


def test_a_moved_tier_shows_where_it_was() -> None:
    moved = replace(PLAN, decision=replace(PLAN.decision, tier="standard"))
    assert "Original tier: heavy, moved to standard" in preview(moved).split("\n")
    assert "Original tier" not in preview(PLAN)


def test_many_files_are_folded_and_other_pieces_are_not() -> None:
    files = tuple(Included(f"f{n}.py", "changed", 1) for n in range(47))
    folded = preview(replace(PLAN, context=Context((*files, Included("SMISTA.md", "guidance", 2)))))
    assert "- … and 37 more files\n- SMISTA.md\n" in folded
    assert "- f9.py\n" in folded
    assert "f10.py" not in folded
    assert "Excluded context:\n- none\n" in folded


def test_cuts_and_redactions_are_said() -> None:
    context = Context(
        (Included("x.py", "cut to fit: 12 of 30 hunks left out", 9),), (), (Redaction("c.py", 3, "aws-key"),)
    )
    shown = preview(replace(PLAN, context=context))
    assert "- x.py (cut to fit: 12 of 30 hunks left out)" in shown
    assert "- c.py:3 (redacted: aws-key)" in shown


@pytest.mark.parametrize(
    ("low", "high", "model", "permissions", "said"),
    [
        (None, None, "openai/x", ("send to h",), "unknown"),
        (Decimal(0), Decimal(0), "ollama/x", (), "free: local"),
        (Decimal(0), Decimal(0), "builtin/rules", (), "free: no model"),
        (Decimal(0), Decimal(0), "openai/x:free", ("send to h",), "free"),
        (Decimal("0.0001"), Decimal("0.002"), "openai/x", ("send to h",), "$0.01"),
    ],
)
def test_the_cost_in_words(low, high, model: str, permissions: tuple[str, ...], said: str) -> None:
    decision = replace(PLAN.decision, model=model, permissions=permissions)
    plan = replace(PLAN, decision=decision, estimate=Estimate(low, high, 1, 1))
    assert f"Estimated cost: {said}\n" in preview(plan)
    assert summary_line(plan).endswith(f", {said}")


def test_nothing_from_the_repository_reaches_the_terminal_raw() -> None:
    evil, tame = (_named(name) for name in ("a\x1b[2J\nRequired permissions:\n- all\u202e.py", "tame"))
    assert len(preview(evil).split("\n")) == len(preview(tame).split("\n"))
    assert all(line.isprintable() for line in preview(evil).split("\n"))
    assert summary_line(evil).isprintable()


def _named(name: str) -> Plan:
    context = Context((Included(name, "changed", 1),), (Excluded(name, name),), (Redaction(name, 1, name),))
    return replace(
        PLAN, context=context, decision=replace(PLAN.decision, rule=name, model=name, permissions=(name,))
    )


def test_one_glance() -> None:
    assert summary_line(PLAN) == (
        "large-refactor, heavy (0.91) -> anthropic/claude-opus-4.7 by rule "
        '"large refactors get the strongest model": 1 file, 1 left out, $0.08-$0.14'
    )
    assert " by tier: " in summary_line(replace(PLAN, decision=replace(PLAN.decision, rule=None)))


def test_one_line_says_who_reads_what_and_where_it_may_go() -> None:
    assert files_line(PLAN) == (
        "anthropic/claude-opus-4.7 reads src/auth/middleware.py; may go to api.anthropic.com; "
        "leaves out .env (sensitive: .env*)"
    )
    five = tuple(Included(f"f{n}.py", "changed", 1) for n in range(5))
    local = replace(
        PLAN, decision=replace(PLAN.decision, model="ollama/auto", permissions=()), context=Context(five)
    )
    assert files_line(local) == "ollama/auto reads f0.py, f1.py, f2.py and 2 more"
