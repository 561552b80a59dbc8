"""``git smista commit --split``: what is staged as one commit for each concern, all of them or none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from smista_git.cli.commit.dialogue import PART_QUESTION, ask_about_split, ask_which_two
from smista_git.cli.commit.finish import conclude, keep_record, show
from smista_git.cli.commit.settle import How, Settled, settle
from smista_git.cli.console import talk
from smista_git.wording import counted

if TYPE_CHECKING:
    from smista_git.workflow.commit import CommitJob
    from smista_git.workflow.splitting import Part, Split

MOST_SHOWN = 8  # paths of a part
LINE = "\n"


def commit_split(job: CommitJob, how: How, *, show_only: bool, payload: bool) -> None:
    """Split what the job would commit, and do with each part what ``commit`` does with the whole.

    Raises: click's Exit when the person leaves; UsageError, Refused, GitFailed as the steps do.
    """
    from smista_git.workflow.splitting import split_commit

    split = split_commit(job)
    if show_only:
        _show(split, as_json=how.as_json, payload=payload)
        return
    if len(split.parts) > 1:
        split = _agreed(split, how)
    if len(split.parts) > 1:
        _commit_parts(split, how)
    else:
        talk("one concern, one commit", dim=True)
        conclude(settle(job, how), how)


def _show(split: Split, *, as_json: bool, payload: bool) -> None:
    """Print the plan of each part, or what would be sent for it; as JSON one object a line, a line a part."""
    for number, part in enumerate(split.parts, 1):
        if not as_json and not payload:
            click.echo(f"{'' if number == 1 else LINE}{_head(number, part, split.parts)}")
        show(part.job, as_json=as_json, payload=payload, indent=None)


def _agreed(split: Split, how: How) -> Split:
    """The parts as the person wants them: as found, joined by twos, or all as one."""
    from smista_git.workflow.splitting import joined, whole

    while len(split.parts) > 1:
        _tell(split)
        answer = "split" if how.yes else ask_about_split()
        if answer == "split":
            return split
        if answer == "one":
            return whole(split)
        if answer == "quit":
            talk("nothing was committed; what is staged is as it was")
            raise click.exceptions.Exit(130)
        two = ask_which_two(len(split.parts))
        if two is None:
            talk(f"two different numbers from 1 to {len(split.parts)}, please")
        else:
            split = joined(split, two[0] - 1, two[1] - 1)
    return split


def _tell(split: Split) -> None:
    for number, part in enumerate(split.parts, 1):
        talk(_head(number, part, split.parts))
        for path in part.paths[:MOST_SHOWN]:
            talk(f"  {path}", dim=True)
        if len(part.paths) > MOST_SHOWN:
            talk(f"  … and {len(part.paths) - MOST_SHOWN} more", dim=True)


def _head(number: int, part: Part, parts: Sequence[Part]) -> str:
    labels = part.job.reading.labels
    return (
        f"{number} of {len(parts)}: {labels.kind}, {labels.tier} ({labels.confidence:.2f}), "
        f"{counted(len(part.job.reading.change.files), 'file')}"
    )


def _commit_parts(split: Split, how: How) -> None:
    """Settle every message first, then make all commits, then keep their records."""
    from smista_git.git.series import series
    from smista_git.workflow.commit import check_unchanged
    from smista_git.workflow.splitting import commit_part

    settled: list[Settled] = []
    for number, part in enumerate(split.parts, 1):
        talk(f"\n{_head(number, part, split.parts)}")
        settled.append(settle(part.job, how, question=PART_QUESTION))
    check_unchanged(split.whole)
    repo = split.whole.session.repo
    with series(repo, split.staged) as made:
        back = f"git reset --soft {made.before[:12]}" if made.before else "git update-ref -d HEAD"
        talk(f"\nto undo all of it later: {back}", dim=True)
        commits = [
            commit_part(made, part, each.message, terminal=not how.as_json)
            for part, each in zip(split.parts, settled, strict=True)
        ]
    for each, commit in zip(settled, commits, strict=True):
        result = keep_record(each, commit)
        if how.as_json:
            click.echo(json.dumps(result, ensure_ascii=False))
