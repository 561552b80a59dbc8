"""Short ways for the tests of this room: a plan, a judge, and an observer that remembers."""

from __future__ import annotations

from decimal import Decimal

from smista_git.classify.labels import Labels, Tier
from smista_git.plan.plan import Context, Estimate, Plan
from smista_git.plan.request import Message, Request
from smista_git.plan.verdict import Problem, Verdict
from smista_git.providers.registry import Providers
from smista_git.route.decision import Decision
from tests.providers.ways import KEY
from tests.servers.server import WireServer

GOOD = "docs: tell how to run it"
BY_RULES = "docs: update the readme"
OLLAMA = "ollama/qwen2.5-coder"
OPENAI = "openai/gpt-4o-mini"
ANTHROPIC = "anthropic/claude-sonnet-5-5"
NO_CONTEXT = Context()
LABELS = Labels("docs", "docs", None, "small", (), "light", 0.9, ())


def plan(
    model: str,
    *fallbacks: str,
    escalation: str | None = None,
    tier: Tier = "light",
    floors: tuple[str, ...] = (),
    context: Context = NO_CONTEXT,
    text: str = "A line was added to the readme.",
    timeout_s: float = 5.0,
) -> Plan:
    """A plan for a commit message."""
    decision = Decision(model, "low", fallbacks, None, tier, tier, (), (), escalation, floors)
    request = Request(
        (Message("system", "You write."), Message("user", text)), effort="low", timeout_s=timeout_s
    )
    return Plan("commit", LABELS, decision, context, Estimate(Decimal(0), Decimal(0), 100, 64), request)


def verify(text: str) -> Verdict:
    """Good is what begins with a type and ends with the line."""
    answer = text.strip()
    ok = answer.startswith("docs: ") and "\n" not in answer
    return Verdict(answer, () if ok else (Problem("format", "Begin with the type `docs: `, on one line."),))


def providers_for(*servers: WireServer) -> Providers:
    """Providers whose endpoints are these servers; what has none is on a port where nobody listens."""
    tables = {
        "ollama": {"base_url": "http://127.0.0.1:9"},
        "openai": {"base_url": "http://127.0.0.1:9/v1"},
        "anthropic": {"base_url": "http://127.0.0.1:9"},
    }
    tables |= {s.wire.name: {"base_url": s.base_url} for s in servers}
    return Providers.from_settings({"providers": tables}, {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY})


class Told:
    """An observer that keeps what it was told, a line a call."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.streamed = ""
        self.errors: list[Exception] = []

    def started(self, model: str, why: str) -> None:
        self.lines.append(f"started {model}: {why}")

    def text(self, chunk: str) -> None:
        self.streamed += chunk

    def failed(self, model: str, error: Exception, next_step: str) -> None:
        self.errors.append(error)
        self.lines.append(f"failed {model}: {type(error).__name__}: {next_step}")

    def waiting(self, seconds: float, why: str) -> None:
        self.lines.append(f"waiting {seconds:g} s: {why}")

    def verified(self, model: str, verdict: Verdict) -> None:
        self.lines.append(f"verified {model}: {'ok' if verdict.ok else verdict.problems[0].rule}")
