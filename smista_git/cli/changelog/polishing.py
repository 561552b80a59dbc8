"""Entries reworded by a model: what is asked, and each entry before and after."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from smista_git.cli.console import redraws, styled, talk
from smista_git.cli.options import override_of
from smista_git.cli.progress import Progress

if TYPE_CHECKING:
    from smista_git.phases.changelog.entries import Entry
    from smista_git.phases.changelog.polish import Rewording
    from smista_git.plan.verdict import Verdict
    from smista_git.workflow.changelog.changelog import ChangelogJob
    from smista_git.workflow.changelog.polish import Polish


def polished(job: ChangelogJob, words: dict[str, Any]) -> ChangelogJob | None:
    """The job with its entries reworded, each shown before and after; None where only the plans were to be shown."""
    from smista_git.workflow.changelog.polish import plan_polish, reworded, with_texts
    from smista_git.workflow.changelog.update import update_of

    writes = words["write"] or words["release"]
    entries = [entry for _, entry in update_of(job).added] if writes else list(job.entries)
    override = override_of(words["model"], words["tier"], words["effort"])
    polish = plan_polish(job, entries, override=override)
    if words["dry_run"]:
        _show_plan(polish, as_json=words["as_json"])
        return None
    for entry, why in polish.kept:
        talk(f"as it is: {entry.text} ({why})", dim=True)
    for line in polish.bill():
        talk(line, dim=True)
    found: dict[Entry, Rewording] = {}
    watch = Watch(len(entries) - len(polish.kept))
    try:
        for entry, rewording in reworded(
            polish, deadline_s=job.settings.policy.changelog.deadline_s, observer=watch
        ):
            found[entry] = rewording
            watch.show(rewording)
    except KeyboardInterrupt:
        watch.clear()
        talk(f"{job.file.shown} is as it was; {len(found)} of {watch.total} entries are done, and kept")
        talk("next: run it again, which asks for the rest alone; or without --polish", dim=True)
        raise
    watch.clear()
    if entries:
        _tell_polish(list(found.values()), watch.total, by_rules=polish.by_rules)
    return with_texts(job, {entry: rewording.text for entry, rewording in found.items()})


class Watch(Progress):
    """Shows how far the rewording is on a line that is written over, and each entry before and after."""

    def __init__(self, total: int) -> None:
        super().__init__(quiet=True)
        self.total, self.done = total, 0
        self._live = redraws()
        self._told: set[str] = set()

    def started(self, model: str, why: str) -> None:
        """Who else than the first is asked is said once; the question itself is a step of many."""
        if why in ("fallback", "one tier up") and model not in self._told:
            self._told.add(model)
            self.clear()
            talk(f"asking {model} too ({why})", dim=True)
        if self._live:
            step = f"{self.done + 1} of {self.total}"
            click.echo(f"\r\x1b[K{styled(f'asking {model}: {step} ...', dim=True)}", err=True, nl=False)

    def failed(self, model: str, error: Exception, next_step: str) -> None:
        """Says in one line what went wrong and what comes next."""
        self.clear()
        super().failed(model, error, next_step.replace("writing it by rules", "the entry stays as it is"))

    def waiting(self, seconds: float, why: str) -> None:
        """Says how long nothing will happen."""
        self.clear()
        super().waiting(seconds, why)

    def verified(self, model: str, verdict: Verdict) -> None:
        """Silent: what is wrong with an answer is shown at its entry."""

    def show(self, rewording: Rewording) -> None:
        """Before and after, or why the entry stays; nothing where the model left it as it was."""
        self.done += 1
        if not rewording.changes and not rewording.objection:
            return
        self.clear()
        talk(f"- {rewording.before}", dim=True)
        talk(f"  as it is: {rewording.objection}" if rewording.objection else f"+ {rewording.after}")

    def clear(self) -> None:
        """Take the line away, so that what follows starts at the left."""
        if self._live:
            click.echo("\r\x1b[K", err=True, nl=False)


def _tell_polish(found: list[Rewording], total: int, *, by_rules: bool) -> None:
    """What came of it in all, and what would help where that is little."""
    if by_rules:
        talk("no model to ask, so every entry stays as it is; `git smista doctor` says what is missing")
        return
    changed, refused = sum(one.changes for one in found), sum(bool(one.objection) for one in found)
    told = f"{changed} of {total} {'entry' if total == 1 else 'entries'} reworded"
    told += f"; {refused} refused, which stay as they are" if refused else ""
    talk(f"{told}; {total - len(found)} not asked for, run it again" if total > len(found) else told)
    if refused * 2 > len(found):
        talk("  most of what this model says is refused: a larger one does better", dim=True)


def _show_plan(polish: Polish, *, as_json: bool) -> None:
    """All questions as one plan; as JSON each of them, which is what would be sent."""
    from smista_git.plan.preview import preview

    if as_json:
        plans = [batch.plan.to_json() for batch in polish.batches]
        click.echo(json.dumps({"v": 1, "plans": plans}, indent=2, ensure_ascii=False))
    else:
        plan = polish.plan()
        click.echo(preview(plan) if plan else "nothing to ask: every answer is there")
