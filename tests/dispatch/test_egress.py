"""Nothing leaves the machine that must stay, and there is one way out."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

import smista_git
from smista_git.dispatch.dispatch import dispatch
from smista_git.dispatch.egress import inspect, send_out
from smista_git.errors import EgressRefused
from smista_git.plan.plan import Context, Excluded, Redaction, payload_digest
from smista_git.plan.request import Message, Request
from smista_git.providers.clearance import Clearance
from tests.dispatch.plans import ANTHROPIC, BY_RULES, GOOD, OLLAMA, OPENAI, Told, plan, providers_for, verify
from tests.servers.server import WireServer

# Built from parts, so that no scanner takes this file for a leak.
SECRET = "ghp" + "_" + "R7tq2LwXv9ZkB4mNc8YpJ3hS6fDgA1eUo5iT"
KEPT = Context(excluded=(Excluded(".env", "sensitive: .env*"), Excluded("a b.pem", "sensitive: *.pem")))
ROOT = Path(smista_git.__file__).parent


def packed(path: str, body: str = "+TOKEN=1") -> str:
    return f"```diff\nmodified: {path} (+1 -0)\n@@ -1,0 +1,1 @@\n{body}\n```"


def git_diff(path: str) -> str:
    return f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n+x\n"


@pytest.mark.parametrize(
    "text",
    [
        packed(".env"),
        packed("old.txt -> .env"),
        packed(".env -> new.txt"),
        packed("a b.pem"),
        git_diff(".env"),
        "--- a/.env\n+++ /dev/null\n",
        "rename from .env\nrename to x\n",
        '+++ "b/a b.pem"\n',
    ],
)
def test_the_diff_of_a_path_that_stays_is_refused(text: str) -> None:
    with pytest.raises(EgressRefused, match="stays here"):
        inspect(plan(OPENAI, context=KEPT), plan(OPENAI, text=text).request)


@pytest.mark.parametrize(
    "text",
    [
        packed("README.md", "+see .env and a b.pem"),
        "modified: README.md (+1 -0)\nstays on this machine: .env",
        packed("docs/.env.md"),
        packed("notes.md", "+modified: .env (+1 -0)\n+@@ -1 +1 @@"),
    ],
)
def test_naming_a_path_that_stays_is_allowed(text: str) -> None:
    inspect(plan(OPENAI, context=KEPT), plan(OPENAI, text=text).request)


@pytest.mark.parametrize("where", ["user", "system", "assistant", "schema"])
def test_a_secret_anywhere_in_the_request_is_refused(where: str) -> None:
    asked = plan(OPENAI).request
    if where == "schema":
        asked = replace(asked, schema={"type": "object", "description": f"token = '{SECRET}'"})
    else:
        message = Message(where, f"one\ntwo\ntoken = '{SECRET}'")  # type: ignore[arg-type]
        asked = replace(asked, messages=(*asked.messages, message))
    with pytest.raises(EgressRefused, match="secret") as caught:
        inspect(plan(OPENAI), asked)
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value.__cause__)


def test_what_was_blotted_out_may_leave() -> None:
    the_plan = plan(OPENAI, context=Context(redactions=(Redaction("config.py", 3, "github-pat"),)))
    for text in ('token = "[redacted:github-pat:1]"', "password: [redacted:generic-password:2]"):
        inspect(the_plan, plan(OPENAI, text=text).request)


def test_a_floor_keeps_everything_here() -> None:
    with pytest.raises(EgressRefused, match="policy keeps"):
        inspect(plan(OPENAI, floors=("local",)), plan(OPENAI).request)


def test_what_is_refused_never_reaches_the_server(openai_server: WireServer) -> None:
    provider, name = providers_for(openai_server).provider_for(OPENAI)
    asked = plan(OPENAI, text=packed(".env")).request
    with pytest.raises(EgressRefused):
        send_out(plan(OPENAI, context=KEPT), provider, name, asked)
    assert not openai_server.raw
    assert send_out(plan(OPENAI, context=KEPT), provider, name, plan(OPENAI).request).text == GOOD


@pytest.mark.parametrize("model", [OPENAI, ANTHROPIC, "ollama/gpt-oss:120b-cloud"])
def test_a_remote_provider_answers_only_to_a_fitting_clearance(
    openai_server: WireServer, anthropic_server: WireServer, ollama_server: WireServer, model: str
) -> None:
    provider, name = providers_for(openai_server, anthropic_server, ollama_server).provider_for(model)
    asked = plan(model).request
    other = replace(asked, messages=(*asked.messages, Message("user", "one word more")))
    fitting = Clearance(provider.name, name, payload_digest(asked))
    for wrong in (
        None,
        replace(fitting, provider="elsewhere"),
        replace(fitting, model="another"),
        replace(fitting, payload_sha256=payload_digest(other)),
    ):
        with pytest.raises(EgressRefused, match="did not pass"):
            provider.complete(asked, name, clearance=wrong)
    with pytest.raises(EgressRefused, match="did not pass"):
        provider.complete(other, name, clearance=fitting)
    for server in (openai_server, anthropic_server, ollama_server):
        assert not server.raw
    assert provider.complete(asked, name, clearance=fitting).text == GOOD


def test_a_local_provider_does_not_answer_for_a_cloud_model(ollama_server: WireServer) -> None:
    provider, _ = providers_for(ollama_server).provider_for(OLLAMA)
    assert provider.local
    with pytest.raises(EgressRefused, match="did not pass"):
        provider.complete(plan(OLLAMA).request, "gpt-oss:120b-cloud")
    assert not ollama_server.chats


def test_dispatch_passes_over_every_remote_model_when_the_floor_is_local(
    openai_server: WireServer, anthropic_server: WireServer, ollama_server: WireServer
) -> None:
    the_plan = plan(OPENAI, OLLAMA, escalation=ANTHROPIC, floors=("local",))
    outcome = dispatch(
        the_plan,
        providers=providers_for(openai_server, anthropic_server, ollama_server),
        by_rules=lambda: BY_RULES,
        verify=verify,
        deadline_s=10,
        observer=Told(),
    )
    assert outcome.model == OLLAMA
    assert [a.error for a in outcome.attempts] == ["EgressRefused", None]
    assert not openai_server.raw
    assert not anthropic_server.raw


def test_a_secret_that_the_first_answer_brought_up_does_not_leave_with_the_repair(
    openai_server: WireServer,
) -> None:
    """The repair quotes the model's own answer: it is inspected too."""
    from tests.servers.script import Say

    openai_server.then(Say(f"token = '{SECRET}'"))
    outcome = dispatch(
        plan(OPENAI),
        providers=providers_for(openai_server),
        by_rules=lambda: BY_RULES,
        verify=verify,
        deadline_s=10,
        observer=Told(),
    )
    assert [a.error or a.outcome for a in outcome.attempts] == ["rejected", "EgressRefused", "ok"]
    assert len(openai_server.chats) == 1


# The package's own source: who may open a connection, and who may clear one.

NETWORK = {
    "socket", "ssl", "http", "urllib.request", "httpx", "httpx2", "httpcore", "httpcore2", "openai", "anthropic",
    "ollama", "asyncio", "requests", "aiohttp", "ftplib", "smtplib", "xmlrpc", "websockets",
}  # fmt: skip
MAY_CONNECT = {
    "providers/ollama.py",
    "providers/openai.py",
    "providers/anthropic.py",
    "providers/sdk.py",  # the transport of the last two
    "providers/probe.py",  # GET /api/tags and POST /api/show, which name a model
    "providers/locality.py",  # looks up names
    "forge/wire.py",  # posts a review to the forge that the person named
}


def modules() -> list[tuple[str, ast.Module]]:
    return [(str(p.relative_to(ROOT)), ast.parse(p.read_text())) for p in sorted(ROOT.rglob("*.py"))]


def imports(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def names(tree: ast.Module) -> set[str]:
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} | {
        n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)
    }


def strings(tree: ast.Module) -> set[str]:
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def test_only_the_wires_can_open_a_connection() -> None:
    found = {
        path
        for path, tree in modules()
        if any(name == known or name.startswith(f"{known}.") for name in imports(tree) for known in NETWORK)
    }
    assert found - MAY_CONNECT == set()
    assert {"providers/ollama.py", "providers/openai.py", "providers/anthropic.py"} <= found, (
        "the test sees them"
    )


def test_no_module_of_the_network_is_imported_by_its_name_alone() -> None:
    dynamic = {path for path, tree in modules() if {"import_module", "__import__"} & names(tree)}
    assert dynamic, "the test sees them"
    assert not {p for p in dynamic if NETWORK & {s.partition(".")[0] for s in strings(dict(modules())[p])}}


def test_only_the_gate_makes_a_clearance() -> None:
    makers = {
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Clearance"
    }
    assert makers == {"dispatch/egress.py", "providers/clearance.py"}


def test_only_the_registry_makes_a_provider_and_only_dispatch_calls_one() -> None:
    wires = {"OllamaProvider", "OpenAIProvider", "AnthropicProvider"}
    assert {path for path, tree in modules() if wires & names(tree)} == {"providers/registry.py"}
    callers = {
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "complete"
    }
    assert callers == {"dispatch/egress.py", "dispatch/attempts.py", "dispatch/dispatch.py"}
    assert {path for path, tree in modules() if "send_out" in names(tree)} == {"dispatch/attempts.py"}


def functions(path: str) -> dict[str, ast.FunctionDef]:
    tree = dict(modules())[path]
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_wire_demands_its_clearance_before_anything_else() -> None:
    first = functions("providers/wire.py")["complete"].body[1]  # behind the docstring
    assert isinstance(first, ast.If)
    assert "demand" in {n.id for n in ast.walk(first) if isinstance(n, ast.Name)}
    for wire in ("ollama", "openai", "anthropic"):
        assert "complete" not in functions(f"providers/{wire}.py"), "no wire has a way of its own"


def test_a_request_is_frozen_between_the_gate_and_the_wire() -> None:
    with pytest.raises(AttributeError):
        Request(()).messages = ()  # type: ignore[misc]
