"""CI files in which a stranger's text becomes a command."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smista_git.phases.review.builtin.lines import Sheet
from smista_git.phases.review.finding import Finding

_STRANGERS = re.compile(
    r"\$\{\{[^}]*\bgithub\.(?:event\.(?:issue|pull_request|comment|review|discussion|head_commit|commits)\b[\w.*\[\]]*"
    r"\.(?:title|body|message|ref|label|name|email)|head_ref)\b[^}]*\}\}"
)
# As a value of its own, as under `env:`, the text is passed on and not run.
_VALUE = re.compile(r"^\s*(?:-\s+)?(?!run\b|script\b)[\w-]+\s*:")


def injections(sheet: Sheet) -> Iterator[Finding]:
    """Findings about titles, names and texts of strangers put into a workflow's script."""
    if not sheet.file.path.startswith(".github/") or sheet.language != "yaml":
        return
    for added in sheet.added:
        if (
            not added.moved
            and not added.comment
            and _STRANGERS.search(added.text)
            and not _VALUE.match(added.text)
        ):
            yield added.finding(
                "workflow-injection", "warning", "security", "A stranger's text becomes part of a command",
                "Whoever opens a pull request chooses it, and so what runs here; pass it through `env:`.",
            )  # fmt: skip
