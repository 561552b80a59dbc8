"""What a person wrote of a task, without what was pasted or what a form asked for."""

from __future__ import annotations

import re

from smista_git.change.pattern import regex

_FENCED = regex(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_COMMENT = regex(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DETAILS = regex(r"</?(?:details|summary|br|p|code|pre|kbd|sub|img|a|div|h\d)\b[^>]*>", re.IGNORECASE)
LINK = regex(r"https?://\S+")
# Whole lines that somebody pasted: a console, a traceback, a log, a patch, versions, a box to tick.
_PASTED = regex(
    r"^(?: {4,}|\t)\s*\S.*$|^\s*(?:>>>|\.\.\.|\$|In \[\d*\]|Out\[\d*\])[ :].*$|^\s*File \"[^\"\n]*\", line \d+.*$"
    r"|^\s*Traceback \(most recent call last\).*$|^\s*[\w.]+(?:Error|Exception|Warning)(?::.*)?$|^\s+at \S+.*$"
    r"|^(?:diff --git|index [0-9a-f]{7,}|@@ |\+\+\+ |--- )\S*.*$|^\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*$"
    r"|^\s*[-*]?\s*\**[\w. /()-]{1,40}?(?:version|python|os|platform|system|operating system|environment)\**\s*[:=].{0,80}$"
    r"|^\s*[-*]?\s*[A-Za-z][\w.-]*\s*(?:==|[:=]|\s)\s*v?\d+\.\d[\w.+-]*\s*$|^\s*[-*]\s*\[[ xX]\].*$",
    re.MULTILINE | re.IGNORECASE,
)
# The headings of forms say nothing of the task below them.
_FORM = regex(
    r"^\s*(?:#{1,6}\s*|\*{2}|_{2})?(?:describe the (?:bug|issue|problem|solution|feature)|(?:bug|feature) (?:report|request|description)"
    r"|(?:steps |how |code )?to reproduce|reproduc\w*(?: steps| code(?: example)?)?|steps|minimal \S*\s*example"
    r"|(?:expected|actual|current|desired|observed)\b[\w ]{0,20}|what (?:happened|did you)\b.*|additional (?:context|info\w*)|environment|versions?"
    r"|system info\w*|your environment|error (?:message|output|log)s?|logs?|output|screenshots?|summary|description|problem|motivation|context"
    r"|describe alternatives.*|is your feature request.*|possible solution|proposed (?:solution|change)|code of conduct|checklist)"
    r"[\s:?]*(?:\*{2}|_{2})?[\s:?]*$",
    re.MULTILINE | re.IGNORECASE,
)


def prose_of(text: str) -> str:
    """The text without code, console output, links and the headings of forms; of its first line only links go."""
    title, newline, body = text.strip().partition("\n")
    title = LINK.sub(" ", title).strip()
    if not newline:
        return title
    for pattern in (_COMMENT, _FENCED, _DETAILS, LINK, _PASTED, _FORM):
        body = pattern.sub(" ", body)
    return f"{title}\n{body.strip()}".rstrip()
