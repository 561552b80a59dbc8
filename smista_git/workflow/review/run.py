"""Runs a review: rules first, then whoever the policy names, then one report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from smista_git.phases.review.finding import Finding, merged, sorted_findings
from smista_git.phases.review.report import PartReport, Report
from smista_git.route.decision import BUILTIN
from smista_git.workflow.review.asking import Asked, Asking, Watcher, report_by_rules
from smista_git.workflow.review.review import Part, ReviewJob
from smista_git.workflow.review.suggestions import SuggestionCheck


def run_review(job: ReviewJob, parts: Sequence[Part], *, watcher: Watcher) -> Report:
    """The report; a part that failed, or was stopped by Ctrl-C, is missing in it and named."""
    asked_about = [part for part in parts if part.plan.request.messages]
    by_rules = [report_by_rules(part) for part in parts if not part.plan.request.messages]
    results: list[Asked] = []
    interrupted = False
    if asked_about:
        with SuggestionCheck(job.session.repo, job.subject, job.reading.change) as check:
            asking = Asking(job, asked_about, check, watcher)
            results += asking.results()
            interrupted = asking.interrupted
    reports = [result.report for result in sorted(results, key=lambda r: r.part.group)]
    return _report(job, results, [*reports, *by_rules], interrupted=interrupted)


def _report(
    job: ReviewJob, results: Sequence[Asked], parts: Sequence[PartReport], *, interrupted: bool
) -> Report:
    claimed = [finding for result in results for finding in result.judged.findings]
    findings = sorted_findings(merged([*job.by_rules, *claimed]))
    fresh = tuple(finding for finding in findings if finding.fingerprint not in job.known)
    change = job.reading.change
    return Report(
        subject=job.subject.name,
        files=len(change.files),
        added=change.added,
        deleted=change.deleted,
        findings=fresh,
        parts=tuple(parts),
        unanchored=sum(result.judged.unanchored for result in results),
        dropped=dict(sum((Counter(result.judged.dropped) for result in results), Counter())),
        known=len(findings) - len(fresh),
        failures=tuple(dict.fromkeys(part.failure for part in parts if part.failure)),
        interrupted=interrupted,
        notices=job.notices,
    )


def by_rules_only(parts: Sequence[Part]) -> bool:
    """True where no model is to be asked at all."""
    return all(part.plan.decision.model == BUILTIN or not part.plan.request.messages for part in parts)


def new_findings(report: Report, known: frozenset[str]) -> tuple[Finding, ...]:
    """The findings that none of the fingerprints speaks of."""
    return tuple(finding for finding in report.findings if finding.fingerprint not in known)
