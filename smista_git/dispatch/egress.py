"""The gate: the one way from this package to a model that is not local.

What is inspected is what leaves: the messages and the schema of the very request that is sent, serialised as the
clearance's digest sees them. A clearance fits these bytes alone, and every remote provider demands one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from smista_git.classify.secrets.rules import LONGEST_LINE
from smista_git.classify.secrets.secrets import scan
from smista_git.errors import EgressRefused
from smista_git.plan.plan import Plan, payload_digest
from smista_git.plan.printable import printable
from smista_git.plan.request import Reply, Request
from smista_git.providers.base import OnText, Provider
from smista_git.providers.clearance import Clearance

# Lines of content stand behind a sign of their own (+, -, a space), so a header at the line's start is a header.
GIT_HEADER = re.compile(r"^(?:--- \"?a/|\+\+\+ \"?b/|rename (?:from|to) |copy (?:from|to) )([^\"\n]+)", re.M)
PACKED_HEADER = re.compile(r"^[a-z][a-z -]*: (.+) \([^\n]*\)\n@@ -", re.M)
PLACEHOLDER = re.compile(r"\W*(?:\[redacted:[^\]\n]+:\d+\]\W*)+")
HINT = "Nothing was sent. See `git smista commit --dry-run` for what the plan keeps here."


def send_out(
    plan: Plan, provider: Provider, model: str, request: Request, *, on_text: OnText | None = None
) -> Reply:
    """The answer of a provider that is not local, after the request was inspected.

    Raises: EgressRefused when the plan keeps the job here or the request holds what must stay; ProviderError.
    """
    inspect(plan, request)
    clearance = Clearance(provider.name, model, payload_digest(request))
    return provider.complete(request, model, on_text=on_text, clearance=clearance)


def inspect(plan: Plan, request: Request) -> None:
    """Returns when the request may leave the machine. Raises: EgressRefused, naming the first reason found."""
    if "local" in plan.decision.floors:
        raise EgressRefused(
            "The policy keeps this job on this machine; it was about to be sent out.", hint=HINT
        )
    text = "\n".join(m.text for m in request.messages)
    if request.schema is not None:
        text += "\n" + json.dumps(request.schema, ensure_ascii=False, indent=0)
    _refuse_excluded(plan, text)
    _refuse_secrets(text)


def _refuse_excluded(plan: Plan, text: str) -> None:
    why = {printable(e.path): e.why for e in plan.context.excluded}
    found = next((path for path in _paths_with_content(text) if path in why), None)
    if found is not None:
        raise EgressRefused(
            f"The diff of {found}, which stays here ({why[found]}), was about to be sent out.", hint=HINT
        )


def _paths_with_content(text: str) -> Iterator[str]:
    """Every path that heads a piece of a diff: in git's own form, and in the one that packing writes."""
    for match in GIT_HEADER.finditer(text):
        yield match[1].rstrip("\t")
    for match in PACKED_HEADER.finditer(text):
        yield from match[1].split(" -> ")


def _refuse_secrets(text: str) -> None:
    longest = max(map(len, text.split("\n")))
    if longest > LONGEST_LINE:
        # The own rules read no further in a line, and the engine alone is not enough.
        raise EgressRefused(
            f"A line of {longest} characters is too long to be searched for secrets; it was about to be sent out.",
            hint=HINT,
        )
    for finding in scan(text):
        if PLACEHOLDER.fullmatch(text[finding.start : finding.end]):
            continue
        raise EgressRefused(
            f"A secret ({finding.rule}, line {finding.line} of the request) was about to be sent out.",
            hint=HINT,
        )
