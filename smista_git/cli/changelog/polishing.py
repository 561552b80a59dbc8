"""Entries reworded by a model: what is asked, and each entry before and after."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from smista_git.cli.console import talk
from smista_git.cli.options import override_of

if TYPE_CHECKING:
    from smista_git.phases.changelog.polish import Rewording
    from smista_git.plan.plan import Plan
    from smista_git.workflow.changelog.changelog import ChangelogJob


def polished(job: ChangelogJob, words: dict[str, Any]) -> ChangelogJob | None:
    """The job with its entries reworded, each shown before and after; None where only the plans were to be shown."""
    from smista_git.cli.progress import Progress
    from smista_git.workflow.changelog.polish import plan_polish, reworded, with_texts
    from smista_git.workflow.changelog.update import update_of

    writes = words["write"] or words["release"]
    entries = [entry for _, entry in update_of(job).added] if writes else list(job.entries)
    override = override_of(words["model"], words["tier"], words["effort"])
    polish = plan_polish(job, entries, override=override)
    if words["dry_run"]:
        _show_plans([batch.plan for batch in polish.batches], as_json=words["as_json"])
        return None
    for entry, why in polish.kept:
        talk(f"as it is: {entry.text} ({why})", dim=True)
    for line in polish.bill():
        talk(line, dim=True)
    texts = {}
    deadline_s = job.settings.policy.changelog.deadline_s
    try:
        for entry, rewording in reworded(polish, deadline_s=deadline_s, observer=Progress()):
            texts[entry] = rewording.text
            _show_rewording(rewording)
    except KeyboardInterrupt:
        _tell_interrupted(job, len(texts), len(entries))
        raise
    return with_texts(job, texts)


def _show_rewording(rewording: Rewording) -> None:
    """Before and after, or why the entry stays; nothing where the model left it as it was."""
    if rewording.before != rewording.after:
        talk(f"- {rewording.before}", dim=True)
        talk(f"  as it is: {rewording.objection}" if rewording.objection else f"+ {rewording.after}")


def _tell_interrupted(job: ChangelogJob, done: int, total: int) -> None:
    talk(
        f"\n{job.file.shown} is as it was; {done} of {total} entries were reworded, and the answers are kept"
    )
    talk("next: run it again, which asks for the rest alone; or without --polish", dim=True)


def _show_plans(plans: list[Plan], *, as_json: bool) -> None:
    from smista_git.plan.preview import preview

    if as_json:
        click.echo(
            json.dumps({"v": 1, "plans": [plan.to_json() for plan in plans]}, indent=2, ensure_ascii=False)
        )
    else:
        click.echo("\n\n".join(preview(plan) for plan in plans) or "nothing to reword")
