"""Whether a model's commit message may be used: its form, and whether what it claims is in the change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from smista_git.change.model import Change
from smista_git.change.pattern import regex
from smista_git.classify.habits import Habits, Style
from smista_git.classify.labels import COMMIT_TYPES, Labels
from smista_git.phases.commit_message import INSTRUCTIONS
from smista_git.phases.message_clean import clean_message
from smista_git.phases.message_format import (
    SUBJECT_WIDTH,
    format_problem,
    is_trailer,
    parse_header,
    split_message,
)
from smista_git.phases.said import Said
from smista_git.phases.vocabulary import Claim, Known, claims_of
from smista_git.plan.verdict import Problem, Verdict

# From this confidence on the labels may contradict a message.
SURE = 0.8
_MOST_CLAIMS_NAMED = 5

_USUAL_SCOPES = ("deps", "deps-dev", "release", "cli", "lint", "tests")

_SORT_OF_WORK = frozenset(
    (
        "typo", "typos", "spelling", "grammar", "wording", "comment", "comments", "comma", "release", "releases", "dependencies",
        "dependency", "deps", "group", "format", "formatting", "lint", "linting", "linter", "clippy", "prettier", "whitespace", "indentation",
        "unused", "dead", "rename", "revert", "reverts", "security", "warnings", "warning", "syntax", "merge", "bump",
    )
)  # fmt: skip

# The types that can be said of a change which the labels are sure about; a type that is missing here is never contradicted.
_CODE_TYPES = frozenset({"feat", "fix", "refactor", "perf", "style", "chore", "build", "revert"})
_FITTING: dict[str, frozenset[str]] = {
    "docs": frozenset({"docs", "chore", "style", "revert", "build"}),
    "test": frozenset({"test", "chore", "refactor", "fix", "style", "ci", "build", "revert"}),
    "ci": frozenset({"ci", "build", "chore", "fix", "docs", "test", "revert"}),
    "feat": _CODE_TYPES,
    "fix": _CODE_TYPES,
    "refactor": _CODE_TYPES,
    "perf": _CODE_TYPES,
}

_PLACEHOLDER = regex(
    r"<(?:type|scope|subject|description|body|summary|message|optional[^>]*|your[^>]*|insert[^>]*)>"
    r"|\[(?:type|scope|subject|description|body|optional[^\]]*|your[^\]]*|insert[^\]]*|redacted:[^\]]*)\]"
    r"|\{\{?(?:type|scope|subject|description|body|summary|message)\}?\}"
    r"|\b(?:lorem ipsum|your (?:message|description|text) here)\b|\b(?:type|subject|type\(scope\))(?:\(scope\))?: ?(?:subject|description|short description)\b"
    r"|\.\.\.\Z|…\Z",
    re.I,
)
_CHAT = regex(
    r"\bI(?:'m|'ve|'ll|’m|’ve|’ll)?\b(?= (?:have|am|will|can|would|could|cannot|think|see|don|made|added|need|apolog|hope)\b|'m|'ve|'ll)"
    r"|\bI(?:'m|'ve|'ll|’m|’ve|’ll)\b"
    r"|\bas an ai\b|\b(?:sorry|apologi[sz]e)\b|\bcommit message\b.{0,40}\b(?:above|below|follows|for (?:this|the|your))\b"
    r"|\A(?:sure|certainly|of course|here (?:is|are)|here's|okay|let me|the (?:changes?|diff|commit) (?:is|are|shows?))\b"
    r"|\b(?:the|this) (?:diff|commit message)\b|\blet me know\b|\byou (?:can|should|could|asked|provided)\b",
    re.I,
)
_CASED_I = regex(r"\bi\b")
_HEADING = regex(r"^(?:#{1,6} \S|\*\*[^*\n]+\*\*:?\s*$|={3,}\s*$)", re.M)
_CONTROL = regex("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd]")
_FOOTERS = regex(
    r"(?:BREAKING[ -]CHANGE|refs?|closes?|fixes|fixed|resolves?|see|see-also|related|part-of|reverts?)(?:: | #)",
    re.I,
)

_VAGUE_VERBS = "update|change|modify|improve|edit|fix|adjust|refactor|tweak|clean ?up|enhance|rework|make|add|misc|various|minor|general|small|some|several|new|other|more|do"
_VAGUE_WORDS = (
    "files?|code|codebase|changes?|things?|stuff|project|updates?|improvements?|fix(?:es)?|edits?|tweaks?|cleanups?|"
    "repo|repository|source|multiple|misc|miscellaneous|various|minor|small|some|several|general|the|a|an|and|or|in|of|to|for|"
    "with|on|this|subject|message|description|summary|title|example|commit|work|wip|bugs?|issues?|content|contents|version|new|feature|features|functionality|it"
)
_GENERIC = regex(rf"(?:\b(?:{_VAGUE_VERBS}|{_VAGUE_WORDS})(?:d|s|ed|ing)?\b\W*)+", re.I)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A cleaned message and all it is held against."""

    message: str
    subject: str
    body: str
    known: Known
    labels: Labels
    habits: Habits
    said: Said
    style: Style
    max_subject: int

    @property
    def text(self) -> str:
        """The subject without its prefix: the part that is prose."""
        header = parse_header(self.subject)
        return header.text if header is not None else self.subject


def check_message(
    text: str,
    *,
    change: Change,
    labels: Labels,
    habits: Habits,
    said: Said,
    style: Style | None = None,
    max_subject: int = SUBJECT_WIDTH,
) -> Verdict:
    """The cleaned message with everything that is wrong with it; ``style`` is the history's where None is given."""
    style = habits.style if style is None else style
    message = clean_message(text, style=style, said=said.hint)
    subject, body = split_message(message)
    if not subject:
        return Verdict("", (Problem("empty", "Answer with a commit message: the answer held none."),))
    known = Known(change, (said.hint, said.branch or "", said.remark))
    asked = _Asked(message, subject, body, known, labels, habits, said, style, max_subject)
    return Verdict(message, tuple(_problems(asked)))


def _problems(asked: _Asked) -> Iterator[Problem]:
    if problem := format_problem(asked.subject, asked.style):
        yield Problem("format", problem)
    if len(asked.subject) > asked.max_subject:
        yield Problem(
            "length",
            f"Shorten the first line to {asked.max_subject} characters; it has {len(asked.subject)}.",
        )
    for check in (_type, _scope, _claims, _echo, _generic, _unrelated, _placeholder, _talk, _after):
        yield from check(asked)


def _type(asked: _Asked) -> Iterator[Problem]:
    header = parse_header(asked.subject) if asked.style == "conventional" else None
    fitting = _FITTING.get(asked.labels.type)
    if header is None or fitting is None or asked.labels.confidence < SURE:
        return
    if header.type not in fitting and header.type not in (asked.labels.type, asked.labels.runner_up):
        yield Problem("type", f'Use the type "{asked.labels.type}", not "{header.type}": the files say so.')


def _scope(asked: _Asked) -> Iterator[Problem]:
    header = parse_header(asked.subject) if asked.style == "conventional" else None
    if header is None or header.scope is None:
        return
    usual = {*asked.habits.scopes, asked.labels.scope or "", *COMMIT_TYPES, *_USUAL_SCOPES}
    words = re.findall(r"\w+", header.scope)
    known = asked.known.has_word(header.scope) or (words and all(map(asked.known.has_word, words)))
    if header.scope not in usual and not known:
        yield Problem("scope", f'Leave the scope "{header.scope}" out: no changed file has it in its name.')


def _claims(asked: _Asked) -> Iterator[Problem]:
    claims = claims_of(f"{asked.text}\n{asked.body}")
    unknown = [claim for claim in claims if not asked.known.holds(claim)]
    for claim in unknown[:_MOST_CLAIMS_NAMED]:
        yield Problem(f"unsupported-{claim.sort}", _unsupported(claim))


def _unsupported(claim: Claim) -> str:
    return f'Leave out "{claim.text}": it is neither in the diff nor in what the author said.'


def _echo(asked: _Asked) -> Iterator[Problem]:
    """A subject of the history may come again where each word after its verb fits this change, and only there."""
    mine = _plain(asked.subject)
    if any(mine == _plain(example) for example in asked.habits.examples):
        words = _plain(asked.text).split()[1:]
        telling = [word for word in words if len(word) > 3 and not _GENERIC.fullmatch(word)]
        if not telling or not all(map(asked.known.has_stem, telling)):
            yield Problem("echo", "Do not repeat a subject of the history: describe this change.")
    elif len(mine.split()) >= 3 and any(
        f" {mine} " in f" {line} " for line in _instructions(asked.max_subject)
    ):
        yield Problem("echo", "Do not repeat the instructions: describe this change.")


def _generic(asked: _Asked) -> Iterator[Problem]:
    if _GENERIC.fullmatch(asked.text.strip(" .!")) and _plain(asked.text) not in _plain(asked.said.hint):
        yield Problem("generic", "Say what changed: name the part and what happens to it.")


def _unrelated(asked: _Asked) -> Iterator[Problem]:
    """A subject none of whose words is in the change, in whatever form, was not written about it.

    Words for a sort of work (a typo, a release) need not be there; a change that shows no text cannot tell.
    """
    telling = [word for word in _plain(asked.text).split() if len(word) > 2 and not _GENERIC.fullmatch(word)]
    if not telling or not asked.known.shows_text or _SORT_OF_WORK.intersection(telling):
        return
    if not claims_of(asked.text) and not any(map(asked.known.has_stem, telling)):
        yield Problem("unrelated", "Use words of the diff: name the part that changed as the files do.")


def _placeholder(asked: _Asked) -> Iterator[Problem]:
    if match := _PLACEHOLDER.search(asked.message):
        yield Problem("placeholder", f'Replace "{match[0]}" by real words, or leave it out.')


def _talk(asked: _Asked) -> Iterator[Problem]:
    if match := _CHAT.search(asked.text) or _CHAT.search(asked.body):
        yield Problem("chat", f'Write the message only, nothing to the reader: leave out "{match[0]}".')


def _after(asked: _Asked) -> Iterator[Problem]:
    if _CONTROL.search(asked.message):
        yield Problem("control", "Use plain text: there are control characters in the message.")
    if _HEADING.search(asked.body) or "```" in asked.message:
        yield Problem("markdown", "Write plain text: no headings and no code fences.")
    if trailers := _invented_trailers(asked):
        yield Problem("trailer", f'Leave out the line "{trailers[0]}": nobody asked for it.')


def _invented_trailers(asked: _Asked) -> list[str]:
    """Footers in the last paragraph that neither the standard nor the person knows."""
    last = asked.body.split("\n\n")[-1].split("\n")
    if not all(is_trailer(line) for line in last) or not asked.body:
        return []
    return [line for line in last if not _FOOTERS.match(line) and line.lower() not in asked.said.hint.lower()]


def _instructions(max_subject: int) -> tuple[str, ...]:
    return tuple(_plain(line.format(width=max_subject)) for line in INSTRUCTIONS)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
