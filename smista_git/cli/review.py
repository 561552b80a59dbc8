"""``git smista review``: what is wrong with a change, line by line, by rules and by the models of the policy."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from smista_git.cli.console import printable, talk
from smista_git.cli.options import dry_run_option, json_option, override_of, routing_options
from smista_git.wording import counted

if TYPE_CHECKING:
    from smista_git.phases.review.report import Report
    from smista_git.workflow.review.review import Part, ReviewJob

FORMATS = ("text", "json", "sarif", "rdjson", "markdown")
LEVELS = ("error", "warning", "note", "never")
COULD_NOT = 3
GATE = 1


@click.command(
    name="review",
    epilog="""
\b
Examples:
  git smista review                          what is staged
  git smista review main..HEAD               what this branch added since it left main
  git smista review main..HEAD -n            who would review what, and what it would cost
  git smista review HEAD --fail-on warning   exit with 1 for warnings too
  git smista review main..HEAD --format sarif > review.sarif

Exit codes: 0 nothing at or above --fail-on; 1 findings at or above it; 3 what was to be reviewed by a model
could not be, and the rest is clean; 2 usage; 130 interrupted.
""",
)
@click.argument("rev", required=False, metavar="[REV|RANGE]")
@click.option("--staged", is_flag=True, help="Review the index; the default without REV.")
@click.option(
    "--since-last", is_flag=True, help="Leave out commits that a review with --notes has seen, by patch-id."
)
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", help="How to print the findings."
)
@click.option("--fail-on", type=click.Choice(LEVELS), help="Exit with 1 for findings of this level or above.")
@click.option("--notes", is_flag=True, help="Keep the review in refs/notes/smista-review.")
@click.option(
    "--hook", metavar="NAME", help="Run as this git hook: short deadline, on_failure of the policy holds."
)
@click.option("--post", type=click.Choice(("github", "gitlab")), help="Comment on the branch's pull request.")
@click.option("--show-payload", is_flag=True, help="Print, byte for byte, what would be sent. Send nothing.")
@routing_options
@dry_run_option
@json_option
def command(**words: Any) -> None:
    """Review the index, a commit, or what a branch added.

    A..B and A...B mean the same: what B added since it left A, never what A gained meanwhile. Each file is routed
    by the policy; rules that need no model go first. A finding always lies on a changed line, which it quotes.
    """
    from smista_git.errors import UsageError
    from smista_git.workflow.review.review import ReviewOptions, plan_review, read_review
    from smista_git.workflow.session import open_session

    if words["rev"] and words["staged"]:
        raise UsageError("--staged and a revision exclude each other", hint="name one of them")
    override = override_of(words["model"], words["tier"], words["effort"])
    options = ReviewOptions(words["rev"], words["since_last"], words["hook"], override)
    job = read_review(open_session(), options)
    for notice in job.notices:
        talk(f"note: {notice}")
    parts = plan_review(job)
    if words["show_payload"] or words["dry_run"]:
        for line in _told(parts):
            talk(line)
    if words["show_payload"]:
        _show_payload(parts)
    elif words["dry_run"]:
        _show_plan(
            job, parts, as_json=words["as_json"] or words["format_"] == "json", post=bool(words["post"])
        )
    else:
        _review(job, parts, words)


def _told(parts: tuple[Part, ...]) -> list[str]:
    """Why work stays here or is not sent, each reason once."""
    from smista_git.plan.told import told

    return list(dict.fromkeys(line for part in parts for line in told(part.plan)))


def _review(job: ReviewJob, parts: tuple[Part, ...], words: dict[str, Any]) -> None:
    from smista_git.cli.review_preview import total_line
    from smista_git.cli.review_progress import ReviewProgress
    from smista_git.workflow.review.run import run_review

    with ReviewProgress(late=bool(words["hook"])) as progress:
        if any(part.plan.request.messages for part in parts):
            for line in _told(parts):
                progress.say(line)
            progress.say(total_line(parts))
        with _ended_by_sigterm():
            report = run_review(job, parts, watcher=progress)
    click.echo(_rendered(report, "json" if words["as_json"] else words["format_"]))
    if words["notes"]:
        _keep(job, report)
    if words["post"] and not report.interrupted:
        _post(job, report, words["post"])
    code = _exit_code(job, report, words["fail_on"])
    if code:
        raise click.exceptions.Exit(code)


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """A CI job that is cancelled gets what was found so far, as somebody who presses Ctrl-C does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _rendered(report: Report, format_: str) -> str:
    if format_ == "json":
        return json.dumps(report.to_json(), indent=2, ensure_ascii=True)
    if format_ == "sarif":
        from smista_git.forge.sarif import sarif

        return json.dumps(sarif(report), indent=2, ensure_ascii=True)
    if format_ == "rdjson":
        from smista_git.forge.rdjson import rdjson

        return json.dumps(rdjson(report), indent=2, ensure_ascii=True)
    if format_ == "markdown":
        from smista_git.forge.markdown import markdown

        return markdown(report)
    from smista_git.cli.review_text import report_text

    return report_text(report)


def _exit_code(job: ReviewJob, report: Report, fail_on: str | None) -> int:
    """130 when stopped; else 1 for findings, whatever else went wrong; else 3 where models were wanted in vain."""
    settings = job.session.settings.policy.review
    for failure in report.failures:
        talk(f"could not review everything: {failure}")
    if report.interrupted:
        return 130
    if report.trips(fail_on or settings.fail_on):
        return GATE
    if report.complete:
        return 0
    if job.options.hook and settings.on_failure == "open":
        talk('the commit goes on: [review] on_failure is "open"')
        return 0
    return COULD_NOT


def _keep(job: ReviewJob, report: Report) -> None:
    from smista_git.workflow.review.notes import keep_review

    keep_review(job.session.repo, job.subject, report)


def _post(job: ReviewJob, report: Report, forge: Any) -> None:
    import os

    from smista_git.workflow.review.post import post_review

    done = post_review(job, report, forge, os.environ)
    refused = f", {done.refused} refused and put into the summary" if done.refused else ""
    talk(
        f"{forge}: {counted(done.comments, 'comment')} made{refused}, {done.present} there before, summary {done.summary}"
    )


def _show_plan(job: ReviewJob, parts: tuple[Part, ...], *, as_json: bool, post: bool) -> None:
    """The plans; with ``post`` also what would be posted of what the rules found, since no model is asked."""
    from smista_git.cli.review_preview import preview_json, preview_post, preview_text

    would = preview_post(job) if post else None
    if as_json:
        shown = preview_json(parts) | ({"post": would} if would else {})
        click.echo(json.dumps(shown, indent=2, ensure_ascii=True))
        return
    click.echo(preview_text(parts))
    if would:
        click.echo(
            f"\nWould be posted, before any model was asked:\n{printable(json.dumps(would, indent=2))}"
        )


def _show_payload(parts: tuple[Part, ...]) -> None:
    from smista_git.cli.payload import payload_text

    for part in parts:
        click.echo(payload_text(part.plan), nl=False)
