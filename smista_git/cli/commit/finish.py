"""What follows the dialogue: the plan alone, or the commit and its record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from smista_git.cli.commit.settle import How, Settled
from smista_git.cli.console import talk
from smista_git.cli.payload import payload_text

if TYPE_CHECKING:
    from smista_git.workflow.commit import CommitJob


def show(job: CommitJob, *, as_json: bool, payload: bool, indent: int | None = 2) -> None:
    """Print the plan, or the very bytes that would be sent, and do nothing; ``indent`` None is JSON on one line."""
    from smista_git.plan.preview import preview
    from smista_git.plan.told import told
    from smista_git.workflow.commit import plan_commit

    plan = plan_commit(job)
    for line in told(plan):
        talk(line)
    if payload:
        click.echo(payload_text(plan), nl=False)
    elif as_json:
        click.echo(json.dumps(plan.to_json(), indent=indent, ensure_ascii=False))
    else:
        click.echo(preview(plan))


def conclude(settled: Settled, how: How) -> None:
    """Commit, record, and say what was done."""
    from smista_git.workflow import commit

    job = settled.job
    replaced = job.session.repo.head() if job.options.scope.amend else None
    made = commit.conclude(job, settled.message, terminal=not how.as_json)
    result = keep_record(settled, made, replaced=replaced)
    if how.as_json:
        click.echo(json.dumps(result, ensure_ascii=False))


def keep_record(settled: Settled, made: str, *, replaced: str | None = None) -> dict[str, Any]:
    """Write the routing record of a commit that was made; what happened, in its JSON shape."""
    from smista_git.workflow import commit

    job, plan, outcome = settled.job, settled.plan, settled.outcome
    record, trouble = commit.record(job, plan, outcome, commit=made, person=settled.person, replaced=replaced)
    if trouble:
        talk(f"note: the routing record could not be written: {trouble}")
    return {"v": 1, "commit": made, "message": settled.message, "record": record}
