"""Text in a change that speaks to whoever reviews it, and signs that hide text from a reader.

A model may obey such text; these rules do not read it, they only recognise it. Programs that talk to models are full
of prompts, and linters of sentences about reports: so a sentence must order a verdict on this change, or tell its
reader to forget what it was told.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Set

from smista_git.phases.review.builtin.disguise import decoded, readings
from smista_git.phases.review.builtin.lines import Added, Sheet, on_file
from smista_git.phases.review.finding import Finding, Severity

_WHO = r"(?:(?:code )?reviewers?|ai|llms?|(?:language |ai )models?|assistants?|agents?|bots?|copilot|chatgpt|gpt|claude|gemini)"
_THE = r"the (?:pr|pull request|merge request|change|commit|diff|code|file|rest)\b"
_HERE = r"\b(?:this|the) (?:file|line|change|diff|patch|code|pr|pull request|merge request|commit|function|module)\b"
_WHAT = r"\b(?:findings?|issues?|vulnerabilit\w+|problems?|secrets?|anything|errors?|warnings?)\b"
_ORDERS = re.compile(
    "|".join(
        (
            # Forget what you were told, in the languages that models read best.
            r"\b(?:ignore|disregard|forget|override (?:all|your|my|these))\b.{0,20}\b(?:previous|prior|above|earlier|preceding|all (?:of )?(?:your|the)|your)\b"
            r".{0,15}\b(?:instructions?|prompts?|directives|guidelines|system rules)\b",
            r"\b(?:ignoriere?|vergiss)\b.{0,20}\b(?:vorherig|bisherig|obig|vorig|deine)\w*.{0,15}\b(?:anweisung|instruktion|vorgabe|regel)",
            r"\b(?:ignore[zr]?|oublie[zr]?)\b.{0,20}\binstructions? (?:précédente|antérieure|ci-dessus)",
            r"\b(?:ignora|ignore|olvida|dimentica|esqueça)\b.{0,25}\b(?:instrucciones|istruzioni|instruções)\b.{0,12}\b(?:anterior|previa|precedent)",
            r"\b(?:игнорируй|забудь)(?:те)?\b.{0,20}\b(?:предыдущ|прежн|все)\w*.{0,12}\b(?:инструкци|указани)",
            r"(?:忽略|无视|無視|忘记|忘記).{0,8}(?:之前|以前|以上|先前|上述|所有|前面).{0,8}(?:指令|指示|说明|說明|提示|命令)",
            r"(?:以前|これまで|上記|前|すべて).{0,4}の?(?:指示|命令|プロンプト).{0,4}(?:を無視|は無視|を忘れ)",
            r"(?:이전|위의|모든).{0,6}(?:지시|명령|지침).{0,6}(?:무시|잊)",
            # Give this verdict.
            rf"\b(?:note|message|instructions?|attention|dear|hey|hello|hi)\b[ ,:-]{{1,3}}(?:(?:to|for) )?(?:the |any |all )?{_WHO}\b.{{0,80}}"
            r"\b(?:approve|ignore|skip|do not|don't|must|report|say|answer|respond|output)\b",
            rf"\b{_WHO}[,:] ?(?:please )?(?:approve|do not (?:report|flag|review|mention)|don't (?:report|flag|review))\b",
            rf"\b{_WHO} (?:please|must|should|shall|is to|are to) (?:please )?(?:approve (?:this|it\b|{_THE})|(?:ignore|skip) (?:this\b|{_THE})"
            r"|not (?:report|flag|mention)|do not (?:report|flag|review)|don't (?:report|flag|review))",
            r"\bapprove (?:this|the) (?:pr|pull request|merge request|change|commit|diff|code)\b.{0,40}(?:without|immediately|now|!|$)",
            r"\b(?:respond|reply|answer) with (?:no|zero|an empty)\b.{0,12}\b(?:findings|issues|problems|list|array)\b",
            rf"\b(?:report|return|output) (?:no|zero) {_WHAT}.{{0,20}}{_HERE}",
            rf"\b(?:do not|don't|never) (?:report|flag|mention|review)\b.{{0,30}}{_WHAT}.{{0,20}}{_HERE}",
            rf"\b(?:do not|don't|never) (?:report|flag|mention|review) {_HERE}",
            r"\byou are (?:now )?(?:a|an|the) (?:\w+ )?(?:code )?reviewers?\b.{0,60}\b(?:approve|ignore|must|always|never|no longer)\b",
        )
    ),
    re.IGNORECASE,
)  # fmt: skip
# Each order has one of these in it; to look for them first is what makes the rest affordable.
_STEMS = (
    "ignor", "disregard", "forget", "override all", "override your", "override my", "override these", "approve", "skip", "vergiss", "oublie", "olvida", "dimentica", "esqueça",
    "забуд", "игнор", "reply with", "answer with", "respond with", "report no", "report zero", "you are", "attention",
    *(f"{no} {verb}" for no in ("not", "'t", "never") for verb in ("report", "flag", "mention", "review")),
    *(f"{what} {to}" for what in ("note", "message", "instruction", "instructions") for to in ("to", "for", "ai")),
    *(f"{hi} {who}" for hi in ("dear", "hey", "hello", "hi") for who in ("ai", "rev", "cl", "co", "llm", "ass", "gpt", "the")),
    "hey,", "hello,", "hi,", "忽略", "无视", "無視", "忘", "무시", "잊",
)  # fmt: skip
# The marks of chat templates: at home in programs that talk to models, not in a comment.
_CHAT_MARKS = re.compile(
    r"<\|(?:im_start|im_end|system|endoftext|start_header_id)\|>|\[/?INST\]|<</?SYS>>", re.IGNORECASE
)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TAGS = re.compile("[\U000e0000-\U000e007f]|[\u200b\u2060\ufeff]{3,}|(?<=[a-z])[\u200b\u2060\ufeff](?=[a-z])")
_MARKS = re.compile(r"^\s*(?:#+|//+|/?\*+|--+|<!--|;+|\"\"\")\s*")
_WHY = (
    "It is written to steer whoever, or whatever, judges the change. Nothing in a diff changes a verdict here; "
    "a person should look at why it is there."
)


def addressed(sheet: Sheet) -> Iterator[Finding]:
    """Findings about text that addresses the reviewer, and about text that hides."""
    severity: Severity = "warning" if sheet.role in ("test", "docs") else "error"
    names = [re.sub(r"[-_./ ]+", " ", path) for path in sheet.file.paths]
    if any(_suspects(text) and _ORDERS.search(text) for name in names for text in readings(name)):
        title = "A file name speaks to the reviewer"
        yield on_file(sheet.file, "addresses-reviewer", severity, "prompt-injection", title, _WHY)
    lines = [added for added in sheet.added if not added.moved]
    if not lines:
        return
    title = "Text in the change speaks to the reviewer"
    for added in _speaking(lines):
        yield added.finding("addresses-reviewer", severity, "prompt-injection", title, _WHY)
    for added in lines:
        yield from _hidden(sheet, added)


def _speaking(lines: list[Added]) -> list[Added]:
    """The lines that give orders, also those that begin a sentence which the next line ends."""
    whole = "\n".join(added.text for added in lines)
    told = {at for at, text in decoded(whole) if _ORDERS.search(text)}
    told |= {at for at in _rows_with(_CHAT_MARKS, whole) if lines[at].comment}
    for reading in readings(whole):
        rows = reading.split("\n")
        suspects = _suspects(reading)
        told |= {at for at in suspects if _ORDERS.search(rows[at])}
        told |= {first for at in suspects for first in (at - 1, at) if _joined(lines, rows, first, told)}
    return [lines[at] for at in sorted(told)]


def _joined(lines: list[Added], rows: list[str], at: int, told: Set[int]) -> bool:
    """Whether a row and the one below it, which stands there in the file too, give an order only together."""
    if at < 0 or at + 1 >= len(rows) or not told.isdisjoint((at, at + 1)):
        return False
    if (lines[at + 1].line.new_line or 0) - (lines[at].line.new_line or 0) != 1:
        return False
    return _ORDERS.search(f"{rows[at].rstrip()} {_MARKS.sub('', rows[at + 1]).strip()}") is not None


def _rows_with(pattern: re.Pattern[str], text: str) -> set[int]:
    """The rows, counted from 0, in which the pattern is found."""
    return {text.count("\n", 0, found.start()) for found in pattern.finditer(text)}


def _suspects(text: str) -> list[int]:
    """The rows, counted from 0, that could give an order."""
    text = text.lower()
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    rows = set()
    for stem in _STEMS:
        at = text.find(stem)
        while at >= 0:
            row = bisect_right(starts, at) - 1
            rows.add(row)
            at = text.find(stem, starts[row + 1]) if row + 1 < len(starts) else -1
    return sorted(rows)


def _hidden(sheet: Sheet, added: Added) -> Iterator[Finding]:
    if sheet.role != "docs" and _BIDI.search(added.text):
        yield added.finding(
            "bidi", "error", "security", "Signs that turn the direction of writing",
            "The line reads otherwise than it runs (Trojan Source, CVE-2021-42574).",
        )  # fmt: skip
    elif _TAGS.search(added.text):
        yield added.finding(
            "hidden-text", "warning" if sheet.role == "test" else "error", "prompt-injection", "Invisible characters that can carry text",
            "A model reads them, a person does not see them.",
        )  # fmt: skip
