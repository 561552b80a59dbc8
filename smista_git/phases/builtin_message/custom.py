"""How a repository words its recurring commits, learned from its own subjects: bumps and releases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from smista_git.change.pattern import regex
from smista_git.classify.habits import Habits
from smista_git.classify.labels import COMMIT_TYPES
from smista_git.phases.builtin_message.bumps import where
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.release import Version
from smista_git.phases.builtin_message.wording import imperative

_SUBJECT = regex(r"^(?:(?P<type>[a-z]+)(?:\([^)]*\))?!?:\s+)?(?P<text>.*?)(?:\s+\(#\d+\))?$")
_BUMP = regex(
    r"^(?P<verb>bump|update|upgrade|up)\s+(?P<lead>dependency\s+)?[@\w./-]+\s+(?P<from>from\s+\S+\s+)?to\s+v?\d",
    re.I,
)
_FROM = regex(r"^from \S.*? (?=to \S)")
_NUMBER = r"v?\d+\.\d+[\w.+-]*"
_RELEASE = regex(
    rf"^(?P<before>[A-Za-z][A-Za-z -]*?)(?P<v1>v?)(?P<one>{_NUMBER})(?:(?P<between>\s*(?:→|->|=>|to)\s*)(?P<v2>v?)(?P<two>{_NUMBER}))?$"
)


def customary(fact: Fact, habits: Habits, versions: Sequence[Version]) -> Fact:
    """The fact in the words that the repository uses for its like; unchanged where it has none."""
    if fact.topic == "bump" and fact.verb == "bump":
        return _bump(fact, habits)
    if fact.topic == "release" and len({v.new for v in versions}) == 1:
        return _release(fact, habits, versions[0])
    return fact


def _bump(fact: Fact, habits: Habits) -> Fact:
    forms = Counter(
        (m["verb"].lower(), (m["lead"] or "").strip().lower(), bool(m["from"]))
        for text in _texts(habits)
        if (m := _BUMP.match(text[1]))
    )
    (verb, lead, from_too), count = forms.most_common(1)[0] if forms else (("bump", "", True), 0)
    if count and verb != "up":
        lead = lead if len(fact.objects) == 1 else ""
        noun = "action" if lead and ".github/" in fact.path else ""
        tail = fact.tail if from_too else _FROM.sub("", fact.tail)
        fact = replace(fact, verb=verb, lead="" if noun else lead, noun=noun, tail=tail)
    folder = where(fact.path)
    if folder and any(" in /" in text for _, text in _texts(habits)):
        fact = replace(fact, tail=f"{fact.tail} {folder}".strip())
    return fact


def _release(fact: Fact, habits: Habits, version: Version) -> Fact:
    """A form is customary from its second use on; it must start with a verb, or with a type that is one."""
    forms: Counter[tuple[str, str, str]] = Counter()
    for kind, text in _texts(habits):
        match = _RELEASE.match(text)
        if match is None or re.search(r"\b(dep|from)", text):
            continue
        before = match["before"]
        if kind and kind not in COMMIT_TYPES and imperative(kind):
            before = f"{kind} {before}"
        if imperative(before.split(" ")[0] or "-") and before.strip().lower() != "v":
            forms[(before, match["between"] or "", match["v1"])] += 1
    (before, between, mark), count = forms.most_common(1)[0] if forms else (("", "", ""), 0)
    if count < 2 or (between and not version.old):
        return fact
    verb, _, rest = before.strip().partition(" ")
    old, new = version.old.removeprefix("v"), version.new.removeprefix("v")
    said = f"{old}{between}{new}" if between else mark + new
    return replace(fact, verb=verb.lower(), objects=(f"{rest} {said}".strip(),), tail="")


def _texts(habits: Habits) -> Iterator[tuple[str, str]]:
    for subject in habits.examples:
        match = _SUBJECT.match(subject)
        if match:
            yield match["type"] or "", match["text"]
