"""What holds of a model's claims: on a changed line, about this change, not contradicted by it, and worth a reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from smista_git.change.model import Change, Line
from smista_git.change.paths import role_of
from smista_git.phases.review.anchor import Anchor, Anchors
from smista_git.phases.review.finding import Finding
from smista_git.phases.review.reply import Claim, read_reply
from smista_git.plan.verdict import Problem, Verdict

# What a formatter or a linter owns; nobody wants to read it from a reviewer.
_STYLE = re.compile(
    r"\b(?:indent(?:ed|ation)?|trailing (?:white ?space|comma)|white ?space|blank lines?|line (?:length|too long)|"
    r"(?:single|double) quotes|quote style|semi-?colons?|import (?:order|sorting)|camel ?case|snake_case|"
    r"naming convention|newline at (?:the )?end|end of file|PEP ?8|code style|formatting|type hints?|docstrings?)\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"^(?:please )?(?:consider|ensure|make sure|verify|double-check|check (?:that|if)|it (?:is|would be) (?:good|better)|"
    r"you (?:may|might|could|should) (?:want|consider)|add (?:more )?(?:comments?|documentation)|improve|refactor)\b",
    re.IGNORECASE,
)
_UNUSED = re.compile(
    r"`?(?P<name>[A-Za-z_]\w{2,})`? is (?:never|not) (?:used|called|read)|unused \w+ `?(?P<other>[A-Za-z_]\w{2,})`?",
    re.IGNORECASE,
)
_UNDEFINED = re.compile(
    r"`?(?P<name>[A-Za-z_]\w{2,})`? (?:is|was) (?:not |never |un)(?:defined|imported|declared)|missing import (?:of |for )?`?(?P<other>[A-Za-z_]\w{2,})`?",
    re.IGNORECASE,
)
_UNTESTED = re.compile(r"\b(?:no|missing|lacks?|without) (?:unit )?tests?\b", re.IGNORECASE)
_DEFINES = r"\b(?:def|class|function|func|fn|const|let|var|import|from|use|type|struct|interface|enum|as|require)\b[^\n]*\b{0}\b|\b{0}\b\s*(?::=|=(?!=)|:)"
_WORDS = re.compile(r"[A-Za-z]{3,}")
_HUMP = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{3,}")


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings that hold; how many claims had no place in the diff, and how many fell for which reason."""

    findings: tuple[Finding, ...] = ()
    unanchored: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)


def verify_reply(text: str, anchors: Anchors) -> Verdict:
    """Whether an answer can be used: its form is right, and if it claims anything, something of it has a place."""
    claims, problems = read_reply(text)
    if claims and not any(anchors.find(c.path, c.quote, line=c.line) for c in claims):
        detail = (
            "No quote is a changed line of the diff. Copy one added or removed line of the file exactly into "
            'quote, or answer {"findings": []}.'
        )
        problems = (*problems, Problem("unanchored", detail))
    return Verdict(text, problems)


def judge(
    text: str,
    change: Change,
    anchors: Anchors,
    *,
    source: str,
    applies: Callable[[Anchor, str], bool] = lambda anchor, suggestion: False,
) -> Judged:
    """The findings of an answer. ``applies`` says whether a suggestion, put in place of a quote, is a patch that applies."""
    claims, _ = read_reply(text)
    court = _Court(change, anchors)
    kept: list[Finding] = []
    unanchored, dropped = 0, Counter[str]()
    for claim in claims:
        anchor = anchors.find(claim.path, claim.quote, line=claim.line)
        if anchor is None:
            unanchored += 1
        elif objection := court.objection(claim, anchor):
            dropped[objection] += 1
        else:
            usable = (
                claim.suggestion is not None and anchor.side == "new" and applies(anchor, claim.suggestion)
            )
            kept.append(_finding(claim, anchor, source, claim.suggestion if usable else None))
    return Judged(tuple(kept), unanchored, dict(dropped))


def _finding(claim: Claim, anchor: Anchor, source: str, suggestion: str | None) -> Finding:
    return Finding(
        path=anchor.path,
        line=anchor.line,
        last_line=anchor.last_line,
        side=anchor.side,
        severity=claim.severity,
        category=claim.category,
        title=claim.title,
        why=claim.why,
        quote=anchor.quote,
        suggestion=suggestion,
        source=source,
        nth=anchor.nth,
    )


class _Court:
    """Knows the change, and hears one claim after the other."""

    def __init__(self, change: Change, anchors: Anchors) -> None:
        self._anchors = anchors
        self._tested = any(role_of(path) == "test" for path in change.paths)
        self._new = {f.path: _side(line for hunk in f.hunks for line in hunk.lines) for f in change.files}

    def objection(self, claim: Claim, anchor: Anchor) -> str | None:
        """Why the claim does not hold, in one word, or None."""
        said = f"{claim.title}. {claim.why}"
        if claim.severity != "error" and _STYLE.search(claim.title):
            return "style"
        if claim.severity == "note" and _ADVICE.match(claim.title):
            return "advice"
        if (
            len(_WORDS.findall(claim.title)) < 2
            or len(_WORDS.findall(claim.why)) < 3
            or claim.why == claim.quote
        ):
            return "says nothing"
        if not _grounded(said, self._anchors.around(anchor), anchor):
            return "not about this code"
        return "contradicted" if self._contradicted(claim, anchor) else None

    def _contradicted(self, claim: Claim, anchor: Anchor) -> bool:
        """True where the change itself shows that the claim is wrong."""
        text = self._new[anchor.path]
        if (name := _named(_UNUSED, claim.title)) and len(re.findall(rf"\b{name}\b", text)) > 1:
            return True
        if (name := _named(_UNDEFINED, claim.title)) and re.search(_DEFINES.replace("{0}", name), text):
            return True
        return self._tested and _UNTESTED.search(claim.title) is not None


def _side(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines if line.kind != "-")


def _named(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return (found["name"] or found["other"]) if found else None


def _grounded(said: str, hunk: Sequence[Line], anchor: Anchor) -> bool:
    """Whether the words of a claim have anything to do with the code around it, and are not just a copy of it."""
    spoken = {w.lower()[:6] for w in _HUMP.findall(said)}
    written = {w.lower()[:6] for line in hunk for w in _HUMP.findall(line.text)}
    written |= {w.lower()[:6] for w in _HUMP.findall(anchor.path)}
    return bool(spoken & written) and bool(spoken - written)
