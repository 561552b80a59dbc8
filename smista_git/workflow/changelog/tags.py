"""The tags of a repository that name releases: which ones do, in which order, and which is the last before a commit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from smista_git.git.process import decode
from smista_git.git.repository import Repository

VERSION_TAG = re.compile(r"(?:release[-/])?[vV]?\d+(?:\.\d+)+(?:[-.+_]?[0-9A-Za-z][0-9A-Za-z.+-]*)?")
_NAMED_TAG = re.compile(
    rf"(?P<lead>[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z][A-Za-z0-9]*)*[-_@/]){VERSION_TAG.pattern}"
)
PRE_RELEASE = re.compile(
    r"\d[-._]?(?:alpha|beta|rc|pre|preview|dev|next|canary|nightly|snapshot|a|b|c|m)[-._]?\d*", re.I
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that names a release: the commit it stands on, and when that was made or tagged, in seconds."""

    name: str
    oid: str
    time_s: int
    subject: str = ""
    annotated: bool = False


def release_tags(repo: Repository, pattern: str | None, *, merged: str = "HEAD") -> list[Tag]:
    """The tags that name releases and lie in the history of ``merged``, oldest first.

    ``pattern`` is a glob such as ``pkg-v*``; without one a tag counts if it is a version, or, where hardly any
    is, a version behind the one name that nearly all have: ``jq-1.7``.
    """
    form = (
        "--format=%(refname:strip=2)%00%(*objectname)%(objectname)%00%(creatordate:unix)"
        "%00%(if)%(*objectname)%(then)%(*subject)%(else)%(subject)%(end)"
    )
    words = ["for-each-ref", form, f"--merged={merged}", "--sort=creatordate", f"refs/tags/{pattern or '*'}"]
    if pattern is None:
        words[-1] = "refs/tags"
    done = repo.run(*words, ok=(0, 128, 129))
    tags = []
    size = 64 if repo.place.object_format == "sha256" else 40
    for line in done.stdout.split(b"\n")[:-1]:
        name, oids, seconds, subject = decode(line).split("\0")
        tags.append(Tag(name, oids[:size], int(seconds or 0), subject, annotated=len(oids) > size))
    if pattern:
        return tags
    plain, named = [tag for tag in tags if VERSION_TAG.fullmatch(tag.name)], _of_one_name(tags)
    return named if len(named) > 10 * len(plain) else plain


def newest_pattern(repo: Repository) -> str | None:
    """A pattern that the newest tag of this history fits, whatever it names; None where there is none."""
    form = "--format=%(refname:strip=2)"
    name = repo.ask("for-each-ref", "--count=1", "--sort=-creatordate", "--merged=HEAD", form, "refs/tags")
    return f"{re.split(r'(?<=[@/vV_-])[0-9]', name)[0]}*" if name else None


def _of_one_name(tags: Sequence[Tag]) -> list[Tag]:
    """The tags that are a version behind a name, where nearly all have the same; none where packages have their own."""
    leads = [(match["lead"], tag) for tag in tags if (match := _NAMED_TAG.fullmatch(tag.name))]
    (lead, count), *_ = Counter(lead for lead, _ in leads).most_common(1) or [("", 0)]
    return [tag for own, tag in leads if own == lead] if count > len(leads) * 0.9 else []


def final_tags(tags: Sequence[Tag]) -> list[Tag]:
    """Those that are no pre-releases, in their order; all where there is nothing else."""
    return [tag for tag in tags if not PRE_RELEASE.search(tag.name)] or list(tags)


def last_release(repo: Repository, tags: Sequence[Tag], oid: str) -> Tag | None:
    """The nearest release before a commit; pre-releases count only where there is nothing else."""
    final = final_tags(tags)
    if not final:
        return None
    names = {tag.name: tag for tag in final}
    described = repo.ask(
        "describe", "--tags", "--abbrev=0", *(f"--match={name}" for name in list(names)[-50:]), oid
    )
    return names.get(described or "")
