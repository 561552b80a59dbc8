"""History as a changelog reads it: one git process, as it streams, each commit with its release and its merge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from smista_git.errors import NothingToDo, UsageError
from smista_git.git.objects import records
from smista_git.git.process import decode
from smista_git.git.repository import RANGE_HINT, Repository
from smista_git.phases.changelog.entries import Commit

FORMAT = "--format=%H%x00%P%x00%at%x00%aN%x00%aE%x00%s%x00%b"
FIELDS = 7


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that names a release: the commit it stands on, and when that was made or tagged, in seconds."""

    name: str
    oid: str
    time_s: int


@dataclass(frozen=True, slots=True)
class Span:
    """The commits to look at: ``base`` is excluded and may be None for the very start, ``tip`` is included.

    ``since`` is the tag that ``base`` is, ``release`` the tag that ``tip`` stands on.
    """

    base: str | None
    tip: str
    since: Tag | None = None
    release: Tag | None = None

    @property
    def revisions(self) -> tuple[str, ...]:
        """The range as git takes it."""
        return (self.tip, f"^{self.base}") if self.base else (self.tip,)


def release_tags(repo: Repository, pattern: str | None, *, merged: str = "HEAD") -> list[Tag]:
    """The tags that name releases and lie in the history of ``merged``, oldest first.

    ``pattern`` is a glob such as ``pkg-v*``; without one a tag counts if there is a version in it.
    """
    form = "--format=%(refname:strip=2)%00%(*objectname)%(objectname)%00%(creatordate:unix)"
    words = ["for-each-ref", form, f"--merged={merged}", "--sort=creatordate", f"refs/tags/{pattern or '*'}"]
    if pattern is None:
        words[-1] = "refs/tags"
    done = repo.run(*words, ok=(0, 128, 129))
    tags = []
    for line in done.stdout.split(b"\n")[:-1]:
        name, oid, seconds = decode(line).split("\0")
        size = 64 if repo.place.object_format == "sha256" else 40
        if pattern or VERSION_TAG.fullmatch(name):
            tags.append(Tag(name, oid[:size], int(seconds or 0)))
    return tags


VERSION_TAG = re.compile(r"(?:release[-/])?[vV]?\d+(?:\.\d+)+(?:[-.+_]?[0-9A-Za-z][0-9A-Za-z.+-]*)?")
PRE_RELEASE = re.compile(
    r"\d[-._]?(?:alpha|beta|rc|pre|preview|dev|next|canary|nightly|snapshot|a|b|c|m)[-._]?\d*", re.I
)


def span_of(repo: Repository, given: str | None, tags: Sequence[Tag], *, whole: bool = False) -> Span:
    """The span that the command line means: a range, a tip, or everything since the last release."""
    base, tip = _ends(repo, given, tags)
    oid = repo.resolve(tip)
    if oid is None:
        if given is None:
            raise NothingToDo("there are no commits yet", hint="make the first one: `git smista commit`")
        raise UsageError(f"{tip!r} names no commit", hint=RANGE_HINT)
    release = next((tag for tag in reversed(tags) if tag.oid == oid), None)
    if base is not None or whole:
        base_oid = _known(repo, base) if base else None
        return Span(base_oid, oid, next((t for t in reversed(tags) if t.oid == base_oid), None), release)
    older = [tag for tag in tags if tag.oid != oid]
    last = last_release(repo, older, oid)
    return Span(last.oid if last else None, oid, last, release)


def last_release(repo: Repository, tags: Sequence[Tag], oid: str) -> Tag | None:
    """The nearest release before a commit; pre-releases count only where there is nothing else."""
    final = [tag for tag in tags if not PRE_RELEASE.search(tag.name)] or list(tags)
    if not final:
        return None
    names = {tag.name: tag for tag in final}
    described = repo.ask(
        "describe", "--tags", "--abbrev=0", *(f"--match={name}" for name in list(names)[-50:]), oid
    )
    return names.get(described or "")


def _ends(repo: Repository, given: str | None, tags: Sequence[Tag]) -> tuple[str | None, str]:
    if given is None:
        return None, "HEAD"
    if ".." not in given:
        return None, given
    base, _, tip = given.replace("...", "..").partition("..")
    return base or "HEAD", tip or "HEAD"


def _known(repo: Repository, rev: str) -> str:
    oid = repo.resolve(rev)
    if oid is None:
        raise UsageError(f"{rev!r} names no commit", hint=RANGE_HINT)
    return oid


def commits_of(
    repo: Repository,
    revisions: Sequence[str],
    *,
    paths: Sequence[str] = (),
    tags: Iterable[Tag] = (),
    limit: int | None = None,
) -> Iterator[Commit]:
    """The commits, newest first and children before parents, each with the release that holds it."""
    # With paths git leaves out merges and rewrites nothing else; parents are then those of the whole history.
    words = ["-c", "log.showSignature=false", "log", "-z", "--topo-order", "--encoding=UTF-8", FORMAT]
    if limit is not None:
        words.append(f"--max-count={limit}")
    with repo.stream(*words, *revisions, "--", *paths, hint=RANGE_HINT) as stdout:
        yield from _placed(_read(stdout), {tag.oid: tag.name for tag in tags})


def _read(stdout: object) -> Iterator[list[str]]:
    fields: list[str] = []
    for record in records(stdout):
        fields.append(decode(record))
        if len(fields) == FIELDS:
            yield fields
            fields = []


def _placed(rows: Iterator[list[str]], tags: Mapping[str, str]) -> Iterator[Commit]:
    """Each commit with the oldest release that holds it, and with the merge that brought it into the main line.

    Children come first, so all that is known of a commit is known when it comes; the marks of those still to come
    are all that is kept.
    """
    order: dict[str | None, int] = {None: 0}
    marks: dict[str, tuple[str | None, str | None, bool]] = {}
    for oid, parents_text, seconds, author, email, subject, body in rows:
        release, merge, main = marks.pop(oid, (None, None, not marks))
        if oid in tags:
            release = tags[oid]
            order.setdefault(release, len(order))
        parents = tuple(parents_text.split())
        for index, parent in enumerate(parents):
            on_main = main and index == 0
            via = None if on_main else (oid if main and index else merge)
            _mark(marks, parent, (release, via, on_main), order)
        yield Commit(
            oid, parents, int(seconds or 0), author, email, subject, body.rstrip("\n"), release, merge
        )


def _mark(
    marks: dict[str, tuple[str | None, str | None, bool]],
    parent: str,
    mark: tuple[str | None, str | None, bool],
    order: Mapping[str | None, int],
) -> None:
    old = marks.get(parent)
    if old is None:
        marks[parent] = mark
        return
    release = max(old[0], mark[0], key=lambda name: order[name])
    main = old[2] or mark[2]
    marks[parent] = (release, None if main else mark[1], main)


def paths_of(
    repo: Repository, revisions: Sequence[str], *, limit: int | None = None
) -> dict[str, tuple[str, ...]]:
    """The files that each commit of a range touched, by its full name; merges touch none of their own."""
    words = [
        "-c",
        "core.quotePath=false",
        "log",
        "-z",
        "--topo-order",
        "--no-merges",
        "--name-only",
        "--no-renames",
    ]
    words.append("--format=%x01%H")
    if limit is not None:
        words.append(f"--max-count={limit}")
    found: dict[str, list[str]] = {}
    current: list[str] = []
    with repo.stream(*words, *revisions, "--", hint=RANGE_HINT) as stdout:
        for record in records(stdout):
            text = decode(record).lstrip("\n")
            if text.startswith("\x01"):
                current = found.setdefault(text[1:], [])
            elif text:
                current.append(text)
    return {oid: tuple(paths) for oid, paths in found.items()}
