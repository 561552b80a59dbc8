"""What would be written into the changelog: what it lacks, and the release that is cut."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from smista_git.errors import GateTripped, NothingToDo, Refused
from smista_git.phases.changelog.by_hand import Edit
from smista_git.phases.changelog.cut import cut
from smista_git.phases.changelog.document import bare_version, is_list, parse_document
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.heading import Target
from smista_git.phases.changelog.merge import Merged, merge
from smista_git.phases.changelog.missing import missing
from smista_git.phases.changelog.release_subject import release_subject
from smista_git.phases.changelog.version import Suggestion
from smista_git.workflow.changelog.changelog import ChangelogJob, collected, day_of, style_of
from smista_git.workflow.changelog.file import ChangelogFile, read_file, write_file
from smista_git.workflow.changelog.listed import Listed
from smista_git.workflow.changelog.own import Seen, Written, entries_written, seen_by_author
from smista_git.workflow.changelog.tags import Tag, final_tags
from smista_git.workflow.changelog.versioning import version_of

OTHER_FORMS = (
    ".org",
    ".textile",
    ".html",
    ".htm",
    ".json",
    ".yml",
    ".yaml",
    ".rdoc",
    ".pod",
    ".tex",
)
# How many past releases show what the commit of one is called.
RELEASES = 5


@dataclass(frozen=True, slots=True)
class Update:
    """What would be written: the new text, what was added, and the version that it releases, if it does.

    ``seen`` are entries that the file lacks and that are older than ``edit``, the last one by hand: these stay out.
    """

    file: ChangelogFile
    text: str
    added: tuple[tuple[str, Entry], ...]
    release: Suggestion | None = None
    notices: tuple[str, ...] = ()
    seen: tuple[Entry, ...] = ()
    edit: Edit | None = None

    @property
    def changes(self) -> bool:
        """True when the file would not be the same."""
        return self.text != self.file.text


def update_of(
    job: ChangelogJob,
    *,
    release: str | None = None,
    today: date | None = None,
    at: Callable[[int], None] = lambda done: None,
) -> Update:
    """The file with what it lacks, and with a release cut where one is asked for. Nothing is written yet.

    ``at`` is told how many releases of the history are done.
    """
    _refuse_unknown(job)
    text, added = job.file.text, list[tuple[str, Entry]]()
    written = entries_written(job.repo, job.span, job.file, job.fragments)
    tags = {tag.name: tag for tag in job.tags}
    seen, older = Seen(), list[Entry]()
    for done, listed in enumerate(reversed([listed for listed in job.found if listed.entries])):
        at(done)
        target = _target(job, tags.get(listed.release or ""))
        entries = listed.entries
        if target.version is None:
            seen = _seen(job, listed, written)
            older = [e for e in missing(job.document, entries, target, listed=written.has) if seen.covers(e)]
            entries = tuple(entry for entry in entries if entry not in set(older))
        merged = _merged(job, text, entries, target, written)
        text, added = merged.text, added + list(merged.added)
    update = Update(job.file, text, tuple(added), seen=tuple(older), edit=seen.edit)
    if release is None:
        return update
    return _released(job, update, release, today or datetime.now(UTC).date())


def compared(job: ChangelogJob) -> tuple[ChangelogJob, Update | None]:
    """The job, its entries saying whether the file lacks them, and what the file would get.

    Only where it is about what is to come, and there is a file of a known form to compare it with.
    """
    if not job.file.exists or job.options.range or job.options.whole:
        return job, None
    job = collected(job)
    try:
        update = update_of(job)
    except Refused:
        return job, None
    lacks = {id(entry) for _, entry in update.added}
    found = (
        replace(listed, entries=tuple(replace(e, missing=id(e) in lacks) for e in listed.entries))
        for listed in job.found
    )
    return replace(job, found=tuple(found)), update


def _seen(job: ChangelogJob, listed: Listed, written: Written) -> Seen:
    """What the last edit of the section to come speaks for. Whoever names a range asks for all that is in it."""
    rule = job.options.since_edit or job.settings.policy.changelog.since_edit
    if rule == "auto" and (job.options.range or job.options.whole):
        return Seen()
    entries = (*listed.entries, *(entry for entry, _ in listed.left_out))
    section = job.document.unreleased()
    return seen_by_author(job.repo, job.span, job.document, section, entries, written.edits, rule=rule)


def _refuse_unknown(job: ChangelogJob) -> None:
    """Raises: Refused, for a file whose form is not known, so that nobody can say where an entry goes."""
    name = job.file.shown
    if job.file.path.suffix.lower() in OTHER_FORMS:
        raise Refused(
            f"{name} is neither Markdown, reStructuredText nor AsciiDoc; other forms are not supported",
            hint="print the entries, `git smista changelog`, or shape them: `--template FILE`",
        )
    if not job.document.sections and is_list(job.file.text):
        raise Refused(
            f"{name} has no heading that names a release, so where an entry goes is not known",
            hint="write `## Unreleased` where new entries go, then run this again",
        )


def _released(job: ChangelogJob, update: Update, release: str, today: date) -> Update:
    text = update.text
    wanted = version_of(job, release, today)
    document = parse_document(text)
    section = document.unreleased()
    if section is None or not section.items:
        known = document.release(wanted.version)
        if known is None or known.unreleased:
            at = f"HEAD is {job.span.release.name}; " if job.span.release else ""
            raise NothingToDo(
                f"{at}there is nothing to release as {wanted.version}",
                hint="see what there is, and what is not listed: `git smista changelog --left-out`",
            )
    previous = job.span.since.name if job.span.since else None
    text = cut(
        text,
        version=wanted.version,
        tag=wanted.tag,
        previous=previous,
        date=today.isoformat(),
        links=job.links,
    )
    return replace(update, text=text, release=wanted, notices=tuple(_uncommitted(job)))


def _uncommitted(job: ChangelogJob) -> Iterator[str]:
    """What to know of a file that holds changes which are in no commit yet: they are released too."""
    if not job.file.exists or not job.file.path.resolve().is_relative_to(job.repo.root.resolve()):
        return
    name = os.path.relpath(job.file.path.resolve(), job.repo.root.resolve())
    if job.repo.run("--literal-pathspecs", "status", "--porcelain", "--", name).stdout:
        yield f"{name} had changes that are not committed; they are part of this release"


def write(update: Update) -> None:
    """Put the update on disk. Raises: Refused, when the file changed meanwhile or cannot be written."""
    now = read_file(update.file.path)
    if now.text != update.file.text:
        raise Refused(f"{update.file.shown} changed while it was read", hint="run this again")
    write_file(update.file.path, update.text)


def next_steps(job: ChangelogJob, update: Update) -> list[str]:
    """What to type after the file was written: how to look at it, or how to make the release."""
    name, known = shlex.quote(update.file.shown), _tracked(job)
    add = [] if known else [f"git add {name}"]
    if update.release is None:
        return [f"look at it, `git diff {name}`" if known else f"look at {name}, then `{add[0]}`"]
    subject, tag = shlex.quote(_subject(job, update.release)), shlex.quote(update.release.tag)
    annotated = f"-a -m {tag} " if any(tag.annotated for tag in job.tags[-1:]) else ""
    return [*add, f"git commit -m {subject} {name}", f"git tag {annotated}{tag}"]


def _subject(job: ChangelogJob, release: Suggestion) -> str:
    """What the commit of the release is called, as those of the newest ones are."""
    past = [(tag.name, tag.subject) for tag in final_tags(job.tags)[-RELEASES:]]
    entries = job.entries
    conventional = sum(entry.conventional for entry in entries) * 2 >= len(entries)
    return release_subject(past, release.tag, conventional=conventional)


def _tracked(job: ChangelogJob) -> bool:
    return bool(job.repo.ask("ls-files", "--error-unmatch", "--", str(job.file.path)))


def check(update: Update) -> None:
    """Raises: GateTripped, naming the entries that the file lacks."""
    if not update.added:
        return
    lines = "\n".join(f"  {section or 'Changes'}: {entry.text}" for section, entry in update.added)
    count = len(update.added)
    raise GateTripped(
        f"{update.file.shown} lacks {count} {'entry' if count == 1 else 'entries'}:\n{lines}",
        hint="add them: `git smista changelog --write`",
    )


def _merged(
    job: ChangelogJob, text: str, entries: Sequence[Entry], target: Target, written: Written
) -> Merged:
    style, ending = style_of(job), job.file.path.suffix
    if ending == ".rst":
        # It has no other headings than underlined ones; in Markdown this mark would open a code block.
        style = replace(style, underline="~", escapes=False)
    elif ending in (".adoc", ".asciidoc"):
        tail = style.tail.replace("[{ref}]({url})", "{url}[{ref}]")
        style = replace(style, bullet="*", form="=== {}", tail=tail, escapes=False)
    return merge(
        text,
        entries,
        target=target,
        wording=job.wording,
        style=style,
        links=job.links,
        listed=written.has,
    )


def _target(job: ChangelogJob, tag: Tag | None) -> Target:
    if tag is None and job.span.release is not None and not job.options.whole:
        tag = job.span.release
    return Target(bare_version(tag.name), day_of(tag.time_s)) if tag else Target()
