"""``git smista changelog``, step by step: which commits, what they say, which are listed, and into which file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from smista_git.forge.links import links_of
from smista_git.git.process import decode
from smista_git.git.repository import Repository
from smista_git.phases.changelog.document import Document, bare_version, parse_document
from smista_git.phases.changelog.entries import Entry, entries_of, read_commits, with_own_references
from smista_git.phases.changelog.links import Links
from smista_git.phases.changelog.listing import Listing, Paths
from smista_git.phases.changelog.release import Release, Wording, grouped, merged_duplicates
from smista_git.phases.changelog.style import Style
from smista_git.phases.conventional_types import TYPES
from smista_git.route.policy import ChangelogSettings
from smista_git.workflow.changelog.file import ChangelogFile, find_file, inside, read_file
from smista_git.workflow.changelog.history import Span, Tag, commits_of, paths_of, release_tags, span_of
from smista_git.workflow.changelog.teaching import listing_of, sorted_by_change
from smista_git.workflow.settings import Settings, load_settings

# Beyond so many commits paths and diffs are not read: the words of the messages decide alone.
MOST_WITH_PATHS = 3000


@dataclass(frozen=True, slots=True)
class ChangelogOptions:
    """What the command line asked for."""

    range: str | None = None
    paths: tuple[str, ...] = ()
    tag_pattern: str | None = None
    whole: bool = False
    file: str | None = None
    template: str | None = None


@dataclass(frozen=True, slots=True)
class ChangelogJob:
    """A changelog that is being made: ``entries`` are those to list, oldest first, ``left_out`` all others."""

    repo: Repository
    settings: Settings
    options: ChangelogOptions
    tags: tuple[Tag, ...]
    span: Span
    entries: tuple[Entry, ...]
    left_out: tuple[Entry, ...]
    links: Links | None
    wording: Wording
    file: ChangelogFile
    notices: tuple[str, ...] = ()

    @property
    def document(self) -> Document:
        """The file as it is."""
        return parse_document(self.file.text)


def read_changelog(options: ChangelogOptions, *, cwd: Path | None = None) -> ChangelogJob:
    """The job for what the command line asked for. No model is asked, and nothing of providers is loaded.

    Raises: NotARepository, PolicyError, UsageError, NothingToDo, Refused for a file in conflict.
    """
    here = cwd or Path.cwd()
    repo = Repository.discover(cwd)
    settings = load_settings(repo.root, os.environ)
    said = settings.policy.changelog
    tags = release_tags(repo, options.tag_pattern or said.tags)
    span = span_of(repo, options.range, tags, whole=options.whole)
    paths = _from_root(repo, options.paths, here)
    file = read_file(_path(repo, options, said, here, paths))
    placed = tags if options.whole or options.range else ()
    commits = commits_of(repo, span.revisions, paths=paths, tags=placed)
    links = links_for(repo, forge=said.forge) if said.links else None
    found = with_own_references(entries_of(list(read_commits(commits))), links.place if links else "")
    entries = merged_duplicates(found)
    wording = wording_of(said)
    chosen, left_out = _chosen(repo, settings, file, tags, span, entries, wording)
    return ChangelogJob(
        repo,
        settings,
        options,
        tuple(tags),
        span,
        chosen,
        left_out,
        links,
        wording,
        file,
        _notices(repo),
    )


def _chosen(
    repo: Repository,
    settings: Settings,
    file: ChangelogFile,
    tags: Sequence[Tag],
    span: Span,
    entries: list[Entry],
    wording: Wording,
) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """The entries that people would list, and the others."""
    few = len(entries) <= MOST_WITH_PATHS
    document = parse_document(file.text)
    teaches = sum(1 for s in document.sections if s.version and s.items) >= 2
    plain = any(not entry.conventional for entry in entries)
    paths: Paths = paths_of(repo, span.revisions) if few and entries and (teaches or plain) else {}
    listing = Listing()
    if teaches and entries:
        listing, paths = listing_of(repo, document, tags, paths)
    if few:
        entries = sorted_by_change(repo, entries, least=settings.policy.min_confidence)
    said = [wording.says(entry) for entry in entries]
    chosen = [
        listing.lists(entry, paths) if says is None else says
        for entry, says in zip(entries, said, strict=True)
    ]
    pairs = list(zip(entries, chosen, strict=True))
    return tuple(e for e, yes in pairs if yes), tuple(e for e, yes in pairs if not yes)


def releases_of(job: ChangelogJob) -> Iterator[Release]:
    """The releases of the job, newest first; what no tag holds yet comes before all of them."""
    by_tag: dict[str | None, list[Entry]] = {}
    for entry in job.entries:
        by_tag.setdefault(entry.release, []).append(entry)
    at = {tag.name: index for index, tag in enumerate(job.tags)}
    first = newcomers_of(job)
    for name in sorted(by_tag, key=lambda name: at[name] if name else len(at), reverse=True):
        tag = job.tags[at[name]] if name else None
        yield Release(
            version=bare_version(tag.name) if tag else None,
            date=day_of(tag.time_s) if tag else None,
            groups=grouped(by_tag[name], job.wording),
            previous=_previous(job, name, at),
            tag=name,
            newcomers=tuple(dict.fromkeys(entry.author for entry in by_tag[name] if entry.email in first)),
        )


def newcomers_of(job: ChangelogJob) -> frozenset[str]:
    """The addresses of those who have no commit before the span."""
    if not job.settings.policy.changelog.contributors:
        return frozenset()
    here = {entry.email for entry in job.entries}
    if job.span.base is None:
        return frozenset(here)
    done = job.repo.run("log", "--format=%aE", job.span.base, "--")
    return frozenset(here - set(decode(done.stdout).split("\n")))


def wording_of(said: ChangelogSettings) -> Wording:
    """How the policy wants sections named, and what it always or never lists."""
    names = {TYPES.get(kind, kind): name for kind, name in said.sections.items()}
    always, never = (
        frozenset(TYPES.get(kind, kind) for kind in kinds) for kinds in (said.include, said.exclude)
    )
    return Wording(names, said.order, always, never)


def style_of(job: ChangelogJob) -> Style:
    """The style of what is printed, and of a file that has none of its own."""
    said = job.settings.policy.changelog
    return Style(
        tail=" ([{ref}]({url}))" if job.links else " ({ref})",
        scope="**{}:** " if said.scopes else "",
        authors=said.authors,
    )


def _path(
    repo: Repository, options: ChangelogOptions, said: ChangelogSettings, cwd: Path, paths: Sequence[str]
) -> Path:
    if options.file is None and said.file is not None and not paths:
        return inside(repo.root, said.file, key="file")
    return find_file(repo.root, options.file, cwd=cwd, folders=paths)


def _previous(job: ChangelogJob, name: str | None, at: dict[str, int]) -> str | None:
    if name is None:
        return job.span.since.name if job.span.since else (job.tags[-1].name if job.tags else None)
    return job.tags[at[name] - 1].name if at[name] else None


def links_for(repo: Repository, *, forge: str | None = None) -> Links | None:
    """The forge's addresses, from ``origin`` or the only remote there is."""
    names = (key for key in repo.settings() if key.startswith("remote.") and key.endswith(".url"))
    urls = {key: repo.settings()[key][-1] for key in names}
    url = urls.get("remote.origin.url") or (next(iter(urls.values())) if len(urls) == 1 else None)
    return links_of(url, forge=forge) if url else None


def _from_root(repo: Repository, paths: Sequence[str], cwd: Path) -> tuple[str, ...]:
    """Paths as git takes them from the root, whatever folder the person stands in."""
    return tuple(os.path.relpath(cwd / path, repo.root).replace(os.sep, "/") for path in paths)


def _notices(repo: Repository) -> tuple[str, ...]:
    if not repo.place.shallow:
        return ()
    return ("this clone is shallow, so older commits are missing; `git fetch --unshallow` brings them",)


def day_of(seconds: int) -> str:
    """The day of a moment, as ISO 8601 writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
