"""Words that tell what a task wants: a table to read and to add to, with weights set by hand.

How hard the work is, the weights of ``weights.json`` say, which were learned from histories.
"""

from __future__ import annotations

from typing import Any

_INTENTS = """
plan: plan=3 design=2.5 architecture=2 architect=2 propose=2 proposal=2 strategy=2 roadmap=2.5 rfc=2.5 approach=1 brainstorm=2 evaluate=1 research=1
edit: add=2 fix=2.5 implement=2.5 change=1.5 remove=2 rename=2 refactor=2.5 update=1.5 replace=2 support=1 make=1 move=1.5 delete=2 allow=1 create=1.5 migrate=2 convert=2 bump=2 upgrade=2 use=0.7 improve=1.5 optimize=2 handle=1 correct=2 introduce=1.5 extract=1.5 extend=1.5 enable=1.5 disable=1.5
test: test=2.5 tests=2.5 testing=2 coverage=2 unittest=3 pytest=2 mock=1 e2e=2 fixture=1.5 regression=1
review: review=3.5 audit=3 inspect=1.5 critique=3 lgtm=2 assess=1.5
document: document=3 docs=2.5 documentation=2.5 readme=2.5 docstring=3 docstrings=3 comment=1.5 tutorial=2.5 guide=1.5 typo=1
commit: commit=3 committing=2 stage=1 staged=1.5
changelog: changelog=4 release=0.7 notes=0.7
explain: explain=3.5 why=2 how=1.5 what=1.5 where=1.2 describe=2 understand=1.5 clarify=2 summarize=2.5 meaning=1.5
"""


def _list(words: str) -> frozenset[str]:
    return frozenset(words.split())


QUESTION = _list("why how what where when which who is are does do can could should would")
COMMON = _list("the a an to in of and for is on it with when not this be should at from into by or as that")
VAGUE = _list(
    """maybe perhaps somehow something better improve nicer faster stuff everything properly clean weird
    bug bugs fix fixes fixed issue issues problem problems please should none"""
)
RISKY = _list(
    """auth authentication authorization oauth permission permissions security vulnerability encryption crypto payment
    payments billing migration race deadlock concurrency concurrent transaction transactions"""
)
# Words that say how people write, not what they want: issues are full of them, and subjects of commits are not.
SILENT = _list(
    """a an the to in of for is on it with when not this be at from into by or as that was were are been being would
    could can will has have had do does did doing its their they we you he if then than there here what which who whom
    because so such but just only very more most some any per via about after before while until during under over up
    down out off no yes now still already again same other another these those them our your my his her me us one two
    may might must shall let lets make makes made use used uses using get gets got i'm don't doesn't isn't can't it's"""
)


def _weights(words: str) -> dict[str, float]:
    return {word: float(weight) for word, weight in (pair.split("=") for pair in words.split())}


INTENT_WORDS: dict[Any, dict[str, float]] = {
    intent: _weights(words) for intent, words in (row.split(": ") for row in _INTENTS.strip().split("\n"))
}
