"""Words that tell what a task wants and how hard it is: a table to read and to add to, with their weights."""

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

_HARD = """
architecture=1.2 redesign=1.6 design=0.8 rewrite=1.5 refactor=0.6 migrate=1.1 migration=1.1 protocol=0.8 distributed=1.2 concurrency=1.2
concurrent=1 race=1 deadlock=1.3 thread=0.5 threads=0.5 async=0.5 memory=0.5 leak=0.9 performance=0.7 optimize=0.7 optimization=0.8
security=0.9 vulnerability=1 auth=0.9 authentication=0.9 authorization=0.9 oauth=0.9 permission=0.5 permissions=0.5 encryption=1 crypto=1
payment=1 billing=0.9 schema=0.6 database=0.5 transaction=0.7 consistency=0.9 compatibility=0.6 backward=0.5 breaking=0.8 api=0.3
implement=0.5 support=0.3 integrate=0.7 integration=0.5 framework=0.5 engine=0.5 compiler=0.8 parser=0.5 algorithm=0.8 system=0.3
entire=0.8 whole=0.5 across=0.5 all=0.2 every=0.3 multiple=0.3 several=0.3 investigate=0.8 intermittent=1 flaky=0.7 sporadic=0.9 sometimes=0.5
randomly=0.7 feature=0.4 proposal=0.6 plugin=0.4 platform=0.4 cross=0.3 scale=0.6 scalable=0.8 cache=0.4 caching=0.5 infrastructure=0.7
"""

_LIGHT = """
typo=-2 typos=-2 spelling=-1.8 misspelled=-1.8 rename=-0.6 bump=-1.3 comment=-0.7 comments=-0.6 readme=-1 docs=-0.7 documentation=-0.6
docstring=-1 whitespace=-1.5 indentation=-1.2 format=-0.6 formatting=-0.9 lint=-0.9 link=-0.7 links=-0.6 broken=-0.2 grammar=-1.5 wording=-1.3
version=-0.4 label=-0.6 color=-0.5 colour=-0.5 icon=-0.6 changelog=-1 license=-0.8 unused=-0.8 import=-0.3 imports=-0.4 deprecated=-0.2
message=-0.3 text=-0.4 tooltip=-0.5 example=-0.4 simple=-0.3 simply=-0.4 minor=-0.8 trivial=-1.2 small=-0.5 missing=-0.2 wrong=-0.1 gitignore=-1
"""


def _list(words: str) -> frozenset[str]:
    return frozenset(words.split())


QUESTION = _list("why how what where when which who is are does do can could should would")
COMMON = _list("the a an to in of and for is on it with when not this be should at from into by or as that")
VAGUE = _list(
    "maybe perhaps somehow something better improve nicer faster stuff everything properly clean weird"
)


def _weights(words: str) -> dict[str, float]:
    return {word: float(weight) for word, weight in (pair.split("=") for pair in words.split())}


HARD = _weights(_HARD)
LIGHT = _weights(_LIGHT)
INTENT_WORDS: dict[Any, dict[str, float]] = {
    intent: _weights(words) for intent, words in (row.split(": ") for row in _INTENTS.strip().split("\n"))
}
