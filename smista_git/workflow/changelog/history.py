"""History as a changelog reads it: one git process, as it streams, each commit with its release and its merge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from smista_git.git.objects import record_blocks, records
from smista_git.git.process import decode
from smista_git.git.repository import RANGE_HINT, Repository
from smista_git.git.revisions import no_commit
from smista_git.phases.changelog.document import bare_version
from smista_git.phases.changelog.entries import Commit
from smista_git.phases.changelog.gather import Gathered
from smista_git.workflow.changelog.tags import Tag, last_release

FORMAT = "--format=%H%x00%P%x00%at%x00%aN%x00%aE%x00%s%x00%b"
FIELDS = 7
# A merge that names one of these brings a pull request, also where it was itself merged with others.
_NUMBER = re.compile(r"[#!]\d")
_Mark = tuple[str | None, str | None, bool]


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


def span_of(
    repo: Repository, given: str | None, tags: Sequence[Tag], *, whole: bool = False, told: str | None = None
) -> Span:
    """The span that the command line means: a range, a tip, or everything since the last release.

    A pre-release is one where the file has a section for it: ``told`` is the newest version that it has one for.
    """
    base, tip = _ends(repo, given, tags)
    oid = repo.resolve(tip)
    if oid is None:
        raise no_commit(repo, tip)
    release = next((tag for tag in reversed(tags) if tag.oid == oid), None)
    if base is not None or whole:
        base_oid = _known(repo, base) if base else None
        return Span(base_oid, oid, next((t for t in reversed(tags) if t.oid == base_oid), None), release)
    older = [tag for tag in tags if tag.oid != oid]
    last = last_release(repo, older, oid)
    named = next(
        (tag for tag in reversed(older) if told and bare_version(tag.name) == bare_version(told)), None
    )
    if named and given is None and (last is None or older.index(named) > older.index(last)):
        last = named
    return Span(last.oid if last else None, oid, last, release)


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
        raise no_commit(repo, rev)
    return oid


@dataclass(frozen=True, slots=True)
class Closed:
    """No further commit is of this release; None is what no tag holds yet."""

    release: str | None


def commits_of(
    repo: Repository,
    revisions: Sequence[str],
    *,
    tags: Iterable[Tag] = (),
    limit: int | None = None,
) -> Iterator[Commit | Closed]:
    """The commits, newest first and children before parents, each with the release that holds it.

    A release is said to be closed as soon as it is: at the latest after the last commit.
    """
    words = ["-c", "log.showSignature=false", "log", "-z", "--topo-order", "--encoding=UTF-8", FORMAT]
    if limit is not None:
        words.append(f"--max-count={limit}")
    with repo.stream(*words, *revisions, "--", hint=RANGE_HINT) as stdout:
        yield from placed(_rows(stdout, FIELDS), {tag.oid: tag.name for tag in tags})


def gathered_of(
    repo: Repository,
    revisions: Sequence[str],
    tags: Sequence[Tag],
    *,
    limit: int | None = None,
    wanted: frozenset[str] | None = None,
) -> Iterator[tuple[str | None, Gathered]]:
    """Each release with its commits, as soon as all of them have come.

    Of ``wanted`` commits alone, and all merges, since one may have brought a commit that is wanted.
    """
    held: dict[str | None, Gathered] = {}
    for one in commits_of(repo, revisions, tags=tags, limit=limit):
        if isinstance(one, Closed):
            yield one.release, held.pop(one.release, Gathered())
        elif wanted is None or len(one.parents) > 1 or one.oid in wanted:
            held.setdefault(one.release, Gathered()).add(one)


def first_releases(repo: Repository, span: Span, tags: Iterable[Tag]) -> dict[str, str | None]:
    """The release that holds the first commit of each author who is new in the span, by address."""
    words = ["-c", "log.showSignature=false", "log", "-z", "--topo-order", "--format=%H%x00%P%x00%aE"]
    found: dict[str, str | None] = {}
    with repo.stream(*words, *span.revisions, "--", hint=RANGE_HINT) as stdout:
        rows = ([oid, parents, "0", "", email, "", ""] for oid, parents, email in _rows(stdout, 3))
        for one in placed(rows, {tag.oid: tag.name for tag in tags}):
            if not isinstance(one, Closed):
                found[one.email] = one.release
    if span.base is not None:
        for line in decode(repo.run("shortlog", "-s", "-e", span.base, "--").stdout).split("\n"):
            found.pop(line.rpartition("<")[2].rstrip(">"), None)
    return found


def touching(repo: Repository, revisions: Sequence[str], paths: Sequence[str]) -> frozenset[str]:
    """The commits that touch any of the paths, by their full names."""
    return frozenset(decode(repo.run("rev-list", *revisions, "--", *paths).stdout).split("\n"))


def _rows(stdout: object, size: int) -> Iterator[list[str]]:
    fields: list[str] = []
    for block in record_blocks(stdout):
        fields += decode(block).split("\0")
        whole = len(fields) - len(fields) % size
        yield from (fields[at : at + size] for at in range(0, whole, size))
        del fields[:whole]


def placed(rows: Iterable[list[str]], tags: Mapping[str, str]) -> Iterator[Commit | Closed]:
    """Each commit with the oldest release that holds it, and with the merge that brought it into the main line.

    Children come first, so all that is known of a commit is known when it comes; the marks of those still to come
    are all that is kept.
    """
    marks = _Marks()
    for oid, parents_text, seconds, author, email, subject, body in rows:
        before, merge, main = marks.taken(oid)
        release = tags.get(oid, before)
        parents = tuple(parents_text.split())
        for index, parent in enumerate(parents):
            on_main = main and index == 0
            brought = index and (main or _NUMBER.search(subject))
            via = None if on_main else (oid if brought else merge)
            marks.put(parent, (release, via, on_main))
        yield Commit(
            oid, parents, int(seconds or 0), author, email, subject, body.rstrip("\n"), release, merge
        )
        yield from (Closed(name) for name in marks.closed({before, release}))
    yield from (Closed(name) for name in marks.open)


class _Marks:
    """What is known of the commits still to come: release, merge, and whether they are on the main line."""

    def __init__(self) -> None:
        self._marks: dict[str, _Mark] = {}
        self._rank: dict[str | None, int] = {None: 0}
        self.open: dict[str | None, int] = {None: 0}
        self._emptied: set[str | None] = set()
        self._started = False

    def taken(self, oid: str) -> _Mark:
        """The mark of a commit that has come; the first one of all is on the main line."""
        mark = self._marks.pop(oid, None)
        if mark is None:
            mark = (None, None, not self._started)
        else:
            self._drop(mark[0])
        self._started = True
        return mark

    def put(self, oid: str, mark: _Mark) -> None:
        """Mark a commit as a parent of one that has come: the oldest release holds it, and the main line wins."""
        self._rank.setdefault(mark[0], len(self._rank))
        old = self._marks.get(oid)
        if old is not None:
            release = max(old[0], mark[0], key=self._rank.__getitem__)
            main = old[2] or mark[2]
            mark = (release, None if main else mark[1], main)
            self._drop(old[0])
        self._marks[oid] = mark
        self.open[mark[0]] = self.open.get(mark[0], 0) + 1

    def _drop(self, release: str | None) -> None:
        self.open[release] -= 1
        self._emptied.add(release)

    def closed(self, touched: set[str | None]) -> Iterator[str | None]:
        """The releases that no commit still to come is of; each is said once."""
        empty = [name for name in self._emptied | touched if self.open.get(name, 0) == 0]
        self._emptied.clear()
        for name in empty:
            self.open.pop(name, None)
            yield name


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
