"""Text in a change that speaks to whoever reviews it, and signs that hide text from a reader.

A model may obey such text; these rules do not read it, they only recognise it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smista_git.phases.review.builtin.lines import Sheet, on_file
from smista_git.phases.review.finding import Finding, Severity

_WHO = r"(?:reviewers?|ai|llms?|(?:language |ai )?models?|assistants?|agents?|bots?|copilot|chatgpt|gpt|claude|gemini)"
_ADDRESSED = re.compile(
    "|".join(
        (
            r"\b(?:ignore|disregard|forget|override)\b.{0,20}\b(?:previous|prior|above|earlier|preceding|all|your)\b"
            r".{0,15}\b(?:instructions?|prompts?|rules|directives|guidelines)\b",
            rf"\b(?:note|message|instructions?|attention|dear|hey|hello|hi)\b[ ,:-]{{1,3}}(?:(?:to|for) )?(?:the |any |all )?{_WHO}\b.{{0,80}}"
            r"\b(?:approve|ignore|skip|do not|don't|must|report|say|answer|respond|output)\b",
            rf"\b{_WHO}\b(?:[,:] ?(?:please )?| (?:please|must|should|shall|is to|are to) )(?:approve|not (?:report|flag|review|mention)|"
            r"ignore (?:this|the)|skip (?:this|the)|do not (?:report|flag|review)|don't (?:report|flag|review))\b",
            r"\bapprove (?:this|the) (?:pr|pull request|merge request|change|commit|diff|code)\b.{0,40}(?:without|immediately|now|!|$)",
            r"\b(?:report|return|output|respond with|reply with|answer with) (?:no|zero|an empty)\b.{0,12}\b(?:findings|issues|problems|list|array)\b",
            r"\b(?:do not|don't|never) (?:report|flag|mention) (?:any|this|these|the following)\b.{0,40}\b(?:findings?|issues?|vulnerabilit\w+|problems?|secrets?|lines?|file)\b",
            r"\byou are (?:now )?(?:a|an|the) (?:helpful |senior |expert )?(?:code )?(?:reviewer|ai|assistant|language model)\b",
            r"<\|(?:im_start|im_end|system|endoftext)\|>|\[/?INST\]|<<SYS>>",
        )
    ),
    re.IGNORECASE,
)  # fmt: skip
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TAGS = re.compile("[\U000e0000-\U000e007f]|[\u200b\u2060\ufeff]{3,}")
_WHY = (
    "It is written to steer whoever, or whatever, judges the change. Nothing in a diff changes a verdict here; "
    "a person should look at why it is there."
)


def addressed(sheet: Sheet) -> Iterator[Finding]:
    """Findings about text that addresses the reviewer, and about text that hides."""
    severity: Severity = "warning" if sheet.role in ("test", "docs") else "error"
    if any(_ADDRESSED.search(re.sub(r"[-_./ ]+", " ", path)) for path in sheet.file.paths):
        yield on_file(
            sheet.file,
            "addresses-reviewer",
            severity,
            "prompt-injection",
            "A file name speaks to the reviewer",
            _WHY,
        )
    for added in sheet.added:
        if added.moved:
            continue
        if _ADDRESSED.search(added.text):
            yield added.finding(
                "addresses-reviewer",
                severity,
                "prompt-injection",
                "Text in the change speaks to the reviewer",
                _WHY,
            )
        if sheet.role != "docs" and _BIDI.search(added.text):
            yield added.finding(
                "bidi", "error", "security", "Signs that turn the direction of writing",
                "The line reads otherwise than it runs (Trojan Source, CVE-2021-42574).",
            )  # fmt: skip
        elif _TAGS.search(added.text):
            yield added.finding(
                "hidden-text", "error", "prompt-injection", "Invisible characters that can carry text",
                "A model reads them, a person does not see them.",
            )  # fmt: skip
