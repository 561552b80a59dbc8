"""Which version is released: the one asked for, if it may be, or the one that the changes and past tags suggest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise

from smista_git.errors import UsageError
from smista_git.phases.changelog.calendar import Day, by_calendar, dated, next_by_calendar
from smista_git.phases.changelog.document import bare_version
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.version import (
    PRE_LABELS,
    Bump,
    Past,
    Suggestion,
    needed,
    order_key,
    suggest,
    zero_habits,
)
from smista_git.workflow.changelog.changelog import ChangelogJob
from smista_git.workflow.changelog.history import gathered_of
from smista_git.workflow.changelog.tags import Tag, final_tags

# How far back the habits before 1.0 are learned: releases, and commits at most.
HABIT_RELEASES, HABIT_COMMITS = 10, 2000


def version_of(job: ChangelogJob, release: str, today: date) -> Suggestion:
    """The version asked for, or the one that fits: ``auto``, or the next pre-release by its label.

    Raises: UsageError for one that is none, that is out, or that is older than one that is.
    """
    if release in ("auto", *PRE_LABELS):
        return _suggested(job, "" if release == "auto" else release, (today.year, today.month, today.day))
    if not any(c.isdigit() for c in release) or any(c.isspace() for c in release):
        labels = ", ".join(PRE_LABELS)
        raise UsageError(
            f"{release!r} is no version",
            hint=f"write one such as 1.2.0, or auto; {labels} for the next pre-release",
        )
    version = bare_version(release)
    tag = release if release != version else _lead(job) + version
    _refuse_old(job, tag, version)
    return Suggestion(version, tag, "as asked for")


def _suggested(job: ChangelogJob, label: str, today: Day) -> Suggestion:
    entries = [entry for listed in job.found for entry in (*listed.entries, *(e for e, _ in listed.left_out))]
    scheme = job.settings.policy.changelog.version
    past = dated((tag.name, _day(tag)) for tag in job.tags)
    if scheme == "calver" or (scheme is None and by_calendar(past)):
        if label:
            raise UsageError(
                f"there is no next {label} where versions count by the calendar",
                hint="write the version itself, such as 2024.5.0rc1",
            )
        return next_by_calendar(past, lead=_lead(job), today=today, bump=needed(entries)[0])
    tags = [tag.name for tag in job.tags] or _in_file(job)
    return suggest(entries, Past(tags, _lead(job), _zero_habits(job)), label=label)


def _lead(job: ChangelogJob) -> str:
    """What stands before the number in a tag: as in the last one, else as the pattern of tags has it, else ``v``."""
    versions = Past([tag.name for tag in job.tags]).versions()
    if versions:
        return str(versions[-1]["lead"])
    pattern = job.options.tag_pattern or job.settings.policy.changelog.tags or "v*"
    lead = pattern.removesuffix("*")
    return "v" if any(c in lead for c in "*?[") else lead


def _in_file(job: ChangelogJob) -> list[str]:
    """The versions that the file has sections of, oldest first: what was released where nothing was tagged."""
    return [s.version for s in reversed(job.document.sections) if s.version and not s.unreleased]


def _zero_habits(job: ChangelogJob) -> Mapping[Bump, Bump]:
    finals = final_tags(job.tags)[-HABIT_RELEASES - 1 :]
    if len(finals) < 2 or bare_version(finals[-1].name).partition(".")[0] != "0":
        return {}
    return zero_habits(_steps(job, finals))


def _steps(job: ChangelogJob, finals: Sequence[Tag]) -> Iterator[tuple[str, str, Sequence[Entry]]]:
    """Each release and the one before it, with what changed between them."""
    before = {newer.name: older.name for older, newer in pairwise(finals)}
    revisions = (finals[-1].oid, f"^{finals[0].oid}")
    for name, gathered in gathered_of(job.repo, revisions, finals, limit=HABIT_COMMITS):
        if name in before:
            yield before[name], name, gathered.entries()


def _day(tag: Tag) -> Day:
    made = datetime.fromtimestamp(tag.time_s, UTC)
    return made.year, made.month, made.day


def _refuse_old(job: ChangelogJob, tag: str, version: str) -> None:
    """Raises: UsageError, for a version that is out, or that is older than one that this history or the file holds."""
    if job.repo.resolve(f"refs/tags/{tag}") is not None:
        raise UsageError(
            f"the tag {tag} is there already", hint=f"see what it holds: `git smista changelog {tag}`"
        )
    lead = tag.removesuffix(version)
    same = [t.name for t in job.tags if t.name.startswith(lead) and t.name[len(lead) :][:1].isdigit()]
    where = "this history"
    if not job.tags:
        lead, same, where = "", [bare_version(name) for name in _in_file(job)], "the file"
    newest = max(same, key=lambda name: order_key(name[len(lead) :]), default=None)
    if newest and order_key(version) < order_key(newest[len(lead) :]):
        raise UsageError(
            f"{version} is older than {newest}, which is part of {where}",
            hint="see which version fits: `git smista changelog --release auto -n`",
        )
