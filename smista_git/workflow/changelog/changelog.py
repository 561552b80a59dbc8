"""``git smista changelog``, step by step: which commits, what they say, which are listed, and into which file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from smista_git.forge.links import links_of
from smista_git.git.repository import Repository
from smista_git.phases.changelog.category import best_name_of, names_in_use, order_in_use
from smista_git.phases.changelog.document import Document, bare_version, parse_document
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.links import Links
from smista_git.phases.changelog.release import Release, Wording, grouped
from smista_git.phases.changelog.style import Style, learn_style
from smista_git.phases.conventional_types import TYPES
from smista_git.route.policy import ChangelogSettings, SinceEdit
from smista_git.wording import counted
from smista_git.workflow.changelog.file import (
    ChangelogFile,
    file_at,
    find_file,
    folder_of_package,
    inside,
    read_file,
)
from smista_git.workflow.changelog.fragments import fragments_of
from smista_git.workflow.changelog.history import Span, first_releases, span_of
from smista_git.workflow.changelog.listed import Listed, Reading
from smista_git.workflow.changelog.tags import Tag, newest_pattern, release_tags
from smista_git.workflow.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class ChangelogOptions:
    """What the command line asked for."""

    range: str | None = None
    paths: tuple[str, ...] = ()
    tag_pattern: str | None = None
    whole: bool = False
    file: str | None = None
    template: str | None = None
    since_edit: SinceEdit | None = None


@dataclass(frozen=True, slots=True)
class ChangelogJob:
    """A changelog that is being made. ``found`` has its releases, newest first; gone through, it asks git anew."""

    repo: Repository
    settings: Settings
    options: ChangelogOptions
    tags: tuple[Tag, ...]
    span: Span
    found: Iterable[Listed]
    links: Links | None
    wording: Wording
    file: ChangelogFile
    document: Document
    fragments: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of all releases that people would list, the newest release first."""
        return tuple(entry for listed in self.found for entry in listed.entries)


def read_changelog(options: ChangelogOptions, *, cwd: Path | None = None) -> ChangelogJob:
    """The job for what the command line asked for. No model is asked, and nothing of providers is loaded.

    Raises: NotARepository, PolicyError, UsageError, NothingToDo, Refused for a file in conflict.
    """
    here = cwd or Path.cwd()
    repo = Repository.discover(cwd)
    settings = load_settings(repo.root, os.environ)
    said = settings.policy.changelog
    tags = release_tags(repo, options.tag_pattern or said.tags)
    paths = _from_root(repo, options.paths, here)
    file = read_file(_path(repo, options, said, here, paths))
    document, wording = parse_document(file.text), wording_of(said)
    newest = next((s.version for s in document.sections if s.version and not s.unreleased), None)
    span = span_of(repo, options.range, tags, whole=options.whole, told=newest)
    links = links_for(repo, forge=said.forge) if said.links else None
    teacher, name = _teacher(repo, file, document, span)
    fragments = fragments_of(repo)
    found = Reading(
        repo,
        span,
        teacher,
        tuple(tags),
        wording,
        file=name,
        place=links.place if links else "",
        least=settings.policy.min_confidence,
        paths=paths,
        by_release=bool(options.whole or options.range),
    )
    return ChangelogJob(
        repo,
        settings,
        options,
        tuple(tags),
        span,
        found,
        links,
        wording,
        file,
        document,
        fragments,
        tuple(_notices(repo, file, tags, options.tag_pattern or said.tags, fragments)),
    )


def collected(job: ChangelogJob) -> ChangelogJob:
    """The job with its history gone through once and for all."""
    return replace(job, found=tuple(job.found))


def releases_of(job: ChangelogJob) -> Iterator[Release]:
    """The releases of the job that have something to list, newest first, as history comes."""
    at = {tag.name: index for index, tag in enumerate(job.tags)}
    newcomers = _Newcomers(job)
    wording = replace(job.wording, order=job.wording.order or order_in_use(job.document))
    names = names_in_use(job.document)
    tip = None if job.options.whole else job.span.release
    for listed in job.found:
        if not listed.entries:
            continue
        tag = job.tags[at[listed.release]] if listed.release else tip
        yield Release(
            version=bare_version(tag.name) if tag else None,
            date=day_of(tag.time_s) if tag else None,
            groups=grouped((_sectioned(entry, names) for entry in listed.entries), wording),
            previous=_previous(job, listed.release, at),
            tag=tag.name if tag else None,
            newcomers=newcomers.among(listed),
        )


class _Newcomers:
    """Who has their first commit in a release, where the policy wants them named."""

    def __init__(self, job: ChangelogJob) -> None:
        self._wanted = job.settings.policy.changelog.contributors
        self._first: Mapping[str, str | None] = {}
        if self._wanted:
            tags = job.tags if job.options.whole or job.options.range else ()
            self._first = first_releases(job.repo, job.span, tags)

    def among(self, listed: Listed) -> tuple[str, ...]:
        """The authors of its entries who are new in it, in the order of these."""
        if not self._wanted:
            return ()
        new = [e.author for e in listed.entries if self._first.get(e.email, "") == listed.release]
        return tuple(dict.fromkeys(new))


def wording_of(said: ChangelogSettings) -> Wording:
    """How the policy wants sections named, and what it always or never lists."""
    names = {TYPES.get(kind, kind): name for kind, name in said.sections.items()}
    always, never = (
        frozenset(TYPES.get(kind, kind) for kind in kinds) for kinds in (said.include, said.exclude)
    )
    return Wording(names, said.order, always, never)


def _sectioned(entry: Entry, names: Sequence[str]) -> Entry:
    """The entry under the name that the file has for its kind, where its past does not say more."""
    kind = "change" if entry.unsure else entry.kind
    return replace(entry, section=entry.section or best_name_of(kind, (), names) or "")


def printing_style(job: ChangelogJob) -> Style:
    """The style of what is printed: laid out as Keep a Changelog has it, worded as the file is."""
    own = learn_style(job.document, default=(said := style_of(job)))
    scope = said.scope or own.scope
    return replace(said, scope=scope, capital=own.capital, tense=own.tense)


def style_of(job: ChangelogJob) -> Style:
    """The style of a file that has none of its own."""
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


def _teacher(repo: Repository, file: ChangelogFile, document: Document, span: Span) -> tuple[Document, str]:
    """The changelog that teaches, and its name in the repository.

    Where there is none to write to, as in a bare repository, it is the one that the range began with.
    """
    if file.exists or span.base is None or (found := file_at(repo, span.base)) is None:
        return document, _name_of(repo, file)
    return parse_document(found[1]), found[0]


def _name_of(repo: Repository, file: ChangelogFile) -> str:
    """The file's name in the repository, as git writes it; empty where it lies outside."""
    path, root = file.path.resolve(), repo.root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else ""


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


def turned_round(job: ChangelogJob) -> str | None:
    """The range from its end to its start, where that is the one that holds commits."""
    base, dots, tip = (job.options.range or "").replace("...", "..").partition("..")
    if not dots or not job.span.base or not job.repo.ask("rev-list", "-1", job.span.base, f"^{job.span.tip}"):
        return None
    return f"{tip or 'HEAD'}..{base or 'HEAD'}"


def _notices(
    repo: Repository, file: ChangelogFile, tags: Sequence[Tag], pattern: str | None, fragments: Sequence[str]
) -> Iterator[str]:
    if repo.place.shallow:
        yield "this clone is shallow, so older commits and tags are missing; `git fetch --unshallow --tags` brings them"
    if not tags and pattern:
        yield f"no tag in this history is like {pattern!r}, so nothing counts as released"
    elif not tags and (other := newest_pattern(repo)):
        package = "" if file.exists else folder_of_package(repo, re.split(r"[@_/-]+[vV]?\*", other)[0])
        where = f"--path {package} " if package else ""
        yield f"no tag here is a version alone; name those of the releases: `{where}--tags '{other}'`"
    if fragments:
        folders = sorted({f"{name.partition('/')[0]}/" for name in fragments})
        has = "has" if len(folders) == 1 else "have"
        yield f"{' and '.join(folders)} {has} {counted(len(fragments), 'fragment')} of what is to come; the file lacks nothing of commits that wrote one"
    if not file.text.isascii() and any("\udc80" <= char <= "\udcff" for char in file.text):
        yield f"{file.shown} is not all UTF-8; its lines stay as they are, what is added is UTF-8"


def day_of(seconds: int) -> str:
    """The day of a moment, as ISO 8601 writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
