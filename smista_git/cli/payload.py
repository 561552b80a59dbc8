"""What a request holds, as text: every byte of every message, with a line before each that says whose turn it is."""

from __future__ import annotations

import json

from smista_git.plan.plan import Plan


def payload_text(plan: Plan) -> str:
    """The messages and the schema of the plan's request; nothing where the builtin writer needs no request."""
    request = plan.request
    turns = [f"=== {message.role}\n{message.text}\n" for message in request.messages]
    if request.schema is not None:
        turns.append(f"=== schema\n{json.dumps(request.schema, indent=2)}\n")
    return "".join(turns)
