"""The mapping of foreign exceptions is complete."""

from __future__ import annotations

import inspect
import time
from types import ModuleType

import anthropic
import httpcore
import httpcore2
import httpx
import httpx2
import ollama
import openai
import pytest

from smista_git.errors import AccessRefused, BadReply, ProviderError, TimedOut, Unreachable
from smista_git.providers import failures
from smista_git.providers.base import Endpoint
from smista_git.providers.failures import ANTHROPIC, NETWORK, OLLAMA, OPENAI, PYTHON, translate

HERE = Endpoint("openai", "openai", "http://127.0.0.1:1")


def exceptions_of(*modules: ModuleType) -> set[type[Exception]]:
    """Every exception class that a module shows, warnings aside."""
    return {
        member
        for module in modules
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Exception)
        and not issubclass(member, Warning)
        and member.__module__ != "builtins"
    }


@pytest.mark.parametrize(
    ("modules", "table"),
    [
        ((openai, openai._exceptions), OPENAI),
        ((anthropic, anthropic._exceptions), ANTHROPIC),
        ((ollama, ollama._types), OLLAMA),
        ((httpx, httpx._exceptions), NETWORK),
        ((httpx2, httpx2._exceptions), NETWORK),
    ],
    ids=["openai", "anthropic", "ollama", "httpx", "httpx2"],
)
def test_every_exception_has_an_entry_below_the_root(
    modules: tuple[ModuleType, ...], table: failures.Table
) -> None:
    foreign = {e for e in exceptions_of(*modules) if e.__module__.partition(".")[0] == modules[0].__name__}
    assert len(foreign) >= 2
    roots = {e for e in foreign if not foreign.intersection(e.__mro__[1:])}
    assert {e.__name__ for e in roots} - set(table) == set()
    assert {e.__name__ for e in foreign - roots if not _below(roots, e) & set(table)} == set()


def _below(roots: set[type[BaseException]], exception: type[BaseException]) -> set[str]:
    """The names of a class and its bases, without the roots of the SDK's tree and what lies above them."""
    return {base.__name__ for base in exception.__mro__ if not any(issubclass(root, base) for root in roots)}


@pytest.mark.parametrize(("table", "module"), [(OPENAI, openai), (ANTHROPIC, anthropic)])
def test_no_entry_is_for_a_class_that_is_gone(table: failures.Table, module: ModuleType) -> None:
    known = {e.__name__ for e in exceptions_of(module, module._exceptions)}
    assert set(table) - known == set()


@pytest.mark.parametrize(("core", "http"), [(httpcore, httpx), (httpcore2, httpx2)])
def test_every_exception_of_the_transport_has_a_namesake(core: ModuleType, http: ModuleType) -> None:
    inner = {e.__name__ for e in exceptions_of(core) if "NotAvailable" not in e.__name__}
    assert inner
    assert {name for name in inner if not hasattr(http, name)} <= {"ConnectionNotAvailable", "UnmappedError"}


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (httpx.ConnectError("no"), Unreachable),
        (httpx2.ReadTimeout("late"), TimedOut),
        (ConnectionRefusedError("no"), Unreachable),
        (TimeoutError("late"), TimedOut),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), BadReply),
        (
            openai.OAuthError(
                response=httpx2.Response(401, request=httpx2.Request("POST", "http://x")), body={}
            ),
            AccessRefused,
        ),
        (anthropic.CredentialsError("none"), AccessRefused),
    ],
)
def test_translate(raised: Exception, expected: type[ProviderError]) -> None:
    assert type(translate(raised, (OPENAI, ANTHROPIC, NETWORK, PYTHON), HERE)) is expected


def test_a_wrapped_error_of_ours_comes_out_as_it_is() -> None:
    ours = BadReply("the server sent more than 16 MiB")
    try:
        try:
            raise ours
        except BadReply as exc:
            raise anthropic.APIConnectionError(request=httpx2.Request("POST", "http://x")) from exc
    except anthropic.APIConnectionError as wrapped:
        assert translate(wrapped, (ANTHROPIC,), HERE) is ours


def test_retry_after_as_a_date() -> None:
    headers = {"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}
    assert failures.retry_after_s(headers, now_s=784111777 - 90) == pytest.approx(90)
    assert failures.retry_after_s(headers, now_s=time.time()) == 0
    assert failures.retry_after_s({"retry-after-ms": "1500"}) == 1.5
    assert failures.retry_after_s({}) is None
    assert failures.retry_after_s({"retry-after": "1.2.3"}) is None
