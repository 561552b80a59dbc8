"""CI files: jobs, steps, triggers, runners and settings of a workflow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.bumps import bumps_in
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.paths import base_name, folder, stem
from smista_git.phases.builtin_message.reading import Block, Reading
from smista_git.phases.builtin_message.settings import key_facts
from smista_git.phases.builtin_message.wording import speakable

_STEP = regex(r"""^\s*-\s+name:\s*["']?(?P<name>[^"'#]+?)["']?\s*$""")
_JOB = regex(r"^ {2}(?P<name>[\w-]+):\s*$")
_RUNNER = regex(r"^\s*(?:-\s+)?(?:runs-on|os|image|runner)\s*:\s*(?P<name>[\w.:/-]+)\s*$")
_RUNNER_KEYS = frozenset({"runs-on", "os", "image", "runner"})
_TRIGGER = regex(
    r"^ {2}(?P<name>push|pull_request|workflow_dispatch|schedule|release|pull_request_target|workflow_call|merge_group):"
)
_PERMISSION = regex(
    r"^\s*(?P<name>contents|id-token|pull-requests|issues|packages|actions|checks|security-events):\s*(?P<value>read|write|none)\s*$"
)
_GENERIC = {
    "if": "condition", "run": "command", "env": "environment", "with": "inputs", "uses": "action", "name": "name",
    "id": "id", "shell": "shell", "steps": "steps", "on": "trigger", "jobs": "jobs", "needs": "dependency",
}  # fmt: skip
_RUN = regex(r"^\s*(?:-\s+)?run:\s*(?P<name>[\w./ =:-]{2,40})\s*$")


def workflow_facts(readings: Sequence[Reading], *, values: bool) -> Iterator[Fact]:
    """What changed in workflows, each named by its file."""
    for reading in readings:
        if reading.role != "ci" or reading.file.status in {"added", "deleted"}:
            continue
        name, noun = workflow_name(reading.path)
        if not speakable(name):
            continue
        where = f"{name} {noun}".strip()
        found = list(_of_workflow(reading, where))
        keys = key_facts(reading, topic="ci", name=where, values=values) if len(found) < 2 else ()
        told = [
            f for f in keys if f.objects[0] not in _GENERIC and not (found and f.objects[0] in _RUNNER_KEYS)
        ]
        yield from (*found, *told) if found or told or bumps_in(reading) else _of_steps(reading, where)


def _of_steps(reading: Reading, where: str) -> Iterator[Fact]:
    """The steps, by name, of which only a condition, a command or an environment changed."""
    for block in reading.blocks:
        named = next((m["name"] for x in reversed(block.before) if (m := _STEP.match(x))), "")
        step = named if speakable(named, limit=40) else ""
        noun = _part(block)
        verb = "add" if not block.removed else "remove" if not block.added else "change"
        home = f"{step} step" if step else where
        if noun:
            to = {"add": "to", "remove": "from", "change": "of" if step else "in"}[verb]
            yield Fact("ci", verb, (), noun, tail=f"{to} {home}", weight=3.5, path=reading.path)
        else:
            yield Fact("ci", "update", (), home, weight=2, path=reading.path)


def _part(block: Block) -> str:
    """What of a step the block is about, by its first key, or ""."""
    lines = [line.strip(" -") for line in block.added or block.removed]
    return next((noun for key, noun in _GENERIC.items() if any(x.startswith(f"{key}:") for x in lines)), "")


def workflow_name(path: str) -> tuple[str, str]:
    """How people call a CI file, and the noun that goes with it."""
    if "/workflows/" in path:
        return stem(path), "workflow"
    if "/actions/" in path:
        return base_name(folder(path)), "action"
    return ("dependabot", "config") if "dependabot" in path else (base_name(path), "")


def _of_workflow(reading: Reading, where: str) -> Iterator[Fact]:
    for verb, to, side, other in (("add", "to", "added", "removed"), ("remove", "from", "removed", "added")):
        mine, theirs = _names(reading, side), _names(reading, other)
        for kind, weight in (("job", 5.5), ("step", 4.5), ("trigger", 4.5)):
            names = tuple(n for n in mine[kind] if n not in theirs[kind] and speakable(n, limit=40))
            if names and not (kind == "step" and len(mine["job"]) > len(theirs["job"])):
                yield Fact("ci", verb, names, kind, tail=f"{to} {where}", weight=weight, path=reading.path)
    yield from _swapped(reading, where)


def _names(reading: Reading, side: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"job": [], "step": [], "trigger": []}
    for block in reading.blocks:
        for line in block.added if side == "added" else block.removed:
            if match := _STEP.match(line):
                found["step"].append(match["name"])
            elif match := _TRIGGER.match(line):
                found["trigger"].append(match["name"])
            elif (match := _JOB.match(line)) and _is_job(block, line):
                found["job"].append(match["name"])
    return found


def _is_job(block: Block, line: str) -> bool:
    lines = (*block.removed, *block.added)
    return any("runs-on:" in x or "uses:" in x or "steps:" in x for x in lines) and len(lines) > 2


def _swapped(reading: Reading, where: str) -> Iterator[Fact]:
    for block in reading.blocks:
        for pattern, verb, weight in ((_RUNNER, "use", 4.5), (_RUN, "run", 2.5)):
            old = [m["name"].strip() for x in block.removed if (m := pattern.match(x))]
            new = [m["name"].strip() for x in block.added if (m := pattern.match(x))]
            came = tuple(n for n in dict.fromkeys(new) if n not in old)
            if came and (old or verb == "run"):
                yield Fact("ci", verb, came[:2], tail=f"in {where}", weight=weight, path=reading.path)
        granted = [m for x in block.added if (m := _PERMISSION.match(x))]
        if granted and not any(_PERMISSION.match(x) for x in block.removed):
            names = tuple(f"{m['name']}" for m in granted)
            yield Fact("ci", "grant", names, "permission", tail=f"to {where}", weight=4.5, path=reading.path)
