"""``git smista changelog``, step by step: which commits, what they say, which are listed, and into which file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from smista_git.forge.links import links_of
from smista_git.git.repository import Repository
from smista_git.phases.changelog.document import bare_version
from smista_git.phases.changelog.entries import Entry, entries_of, read_commits
from smista_git.phases.changelog.links import Links
from smista_git.phases.changelog.release import Release, Wording, grouped, merged_duplicates
from smista_git.workflow.changelog_history import Span, Tag, commits_of, release_tags, span_of
from smista_git.workflow.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class ChangelogOptions:
    """What the command line asked for."""

    range: str | None = None
    paths: tuple[str, ...] = ()
    tag_pattern: str | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ChangelogJob:
    """A changelog that is being made: ``entries`` are all that history tells, oldest first."""

    repo: Repository
    settings: Settings
    options: ChangelogOptions
    tags: tuple[Tag, ...]
    span: Span
    entries: tuple[Entry, ...]
    links: Links | None
    wording: Wording
    notices: tuple[str, ...] = ()


def read_changelog(options: ChangelogOptions, *, cwd: Path | None = None) -> ChangelogJob:
    """The job for what the command line asked for. No model is asked, and nothing of providers is loaded.

    Raises: NotARepository, PolicyError, UsageError, NothingToDo.
    """
    repo = Repository.discover(cwd)
    settings = load_settings(repo.root, os.environ)
    tags = release_tags(repo, options.tag_pattern)
    span = span_of(repo, options.range, tags, whole=options.whole)
    paths = _from_root(repo, options.paths, cwd or Path.cwd())
    placed = tags if options.whole or options.range else ()
    commits = commits_of(repo, span.revisions, paths=paths, tags=placed)
    entries = merged_duplicates(entries_of(list(read_commits(commits))))
    return ChangelogJob(
        repo,
        settings,
        options,
        tuple(tags),
        span,
        tuple(entries),
        links_for(repo),
        Wording({}),
        _notices(repo),
    )


def releases_of(job: ChangelogJob) -> Iterator[Release]:
    """The releases of the job, newest first; what no tag holds yet comes before all of them."""
    by_tag: dict[str | None, list[Entry]] = {}
    for entry in job.entries:
        if job.wording.lists(entry):
            by_tag.setdefault(entry.release, []).append(entry)
    names = [tag.name for tag in job.tags]
    tags = {tag.name: tag for tag in job.tags}
    order = sorted(by_tag, key=lambda name: len(names) if name is None else names.index(name), reverse=True)
    for name in order:
        tag = tags[name] if name else None
        yield Release(
            version=bare_version(tag.name) if tag else None,
            date=_date(tag.time_s) if tag else None,
            groups=grouped(by_tag[name], job.wording),
            previous=_previous(job, name),
            tag=name,
        )


def _previous(job: ChangelogJob, name: str | None) -> str | None:
    names = [tag.name for tag in job.tags]
    if name is None:
        return job.span.since.name if job.span.since else (names[-1] if names else None)
    at = names.index(name)
    return names[at - 1] if at else None


def links_for(repo: Repository) -> Links | None:
    """The forge's addresses, from ``origin`` or the only remote there is."""
    urls = {
        key: values[-1]
        for key, values in repo.settings().items()
        if key.endswith(".url") and key.startswith("remote.")
    }
    url = urls.get("remote.origin.url") or (next(iter(urls.values())) if len(urls) == 1 else None)
    return links_of(url) if url else None


def _from_root(repo: Repository, paths: Sequence[str], cwd: Path) -> tuple[str, ...]:
    """Paths as git takes them from the root, whatever folder the person stands in."""
    return tuple(os.path.relpath(cwd / path, repo.root).replace(os.sep, "/") for path in paths)


def _notices(repo: Repository) -> tuple[str, ...]:
    if not repo.place.shallow:
        return ()
    return (
        "this clone is shallow: commits older than it holds are missing; `git fetch --unshallow` brings them",
    )


def _date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
