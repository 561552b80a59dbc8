"""The second chance: the same question, the answer that failed, and what was wrong with it."""

from __future__ import annotations

from dataclasses import replace

from smista_git.plan.request import Message, Reply, Request
from smista_git.plan.verdict import Problem, Verdict

MAX_ANSWER_CHARS = 8000
CUT_SHORT = Problem("cut-short", "The answer was cut off at the limit on its length. Write a shorter one.")


def judged(reply: Reply, verdict: Verdict) -> Verdict:
    """The verdict, with a problem more when the model was stopped in the middle."""
    return replace(verdict, problems=(*verdict.problems, CUT_SHORT)) if reply.cut_short else verdict


def repair_request(request: Request, answer: str, verdict: Verdict) -> Request:
    """The request with the failed answer and a message that lists its problems behind it."""
    problems = "\n".join(f"- {p.detail}" for p in verdict.problems)
    remark = (
        "That answer cannot be used:\n"
        f"{problems}\n"
        "Answer the question again without these mistakes. Give the answer alone, nothing before or after it."
    )
    turns = (Message("assistant", answer[:MAX_ANSWER_CHARS] or "(nothing)"), Message("user", remark))
    return replace(request, messages=request.messages + turns)
