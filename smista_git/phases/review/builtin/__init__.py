"""``builtin/rules`` as a reviewer: for nothing, at once, and silent about what it is not sure of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from smista_git.change.model import Change
from smista_git.phases.review.builtin.addressed import addressed
from smista_git.phases.review.builtin.dangers import dangers
from smista_git.phases.review.builtin.dependencies import dependencies
from smista_git.phases.review.builtin.files import file_facts
from smista_git.phases.review.builtin.leftovers import leftovers
from smista_git.phases.review.builtin.lines import Sheet, on_file, sheet_of
from smista_git.phases.review.builtin.suites import switched_off, untested
from smista_git.phases.review.finding import Finding, merged, sorted_findings
from smista_git.plan.redact import Place

# Beyond so many of one kind in one file the point is made.
MOST_OF_A_KIND = 3
UNREAD_ROLES = frozenset({"vendored", "generated", "lockfile"})


def review_by_rules(
    change: Change,
    *,
    secrets: Sequence[Place] = (),
    sizes: Mapping[str, int] | None = None,
    lockfiles: Set[str] = frozenset(),
) -> tuple[Finding, ...]:
    """The findings of all rules, worst first. Machine-written and vendored files are looked at from outside only.

    ``sizes`` are the bytes of new blobs by object name, ``lockfiles`` the lockfiles after the change.
    """
    sheets = [sheet_of(file) for file in change.files]
    found = [
        *_secrets(sheets, secrets),
        *(finding for sheet in sheets for finding in _of_sheet(sheet, sizes or {})),
        *dependencies(change, sheets, lockfiles),
        *untested(sheets),
    ]
    return sorted_findings(_folded(merged(found)))


def _of_sheet(sheet: Sheet, sizes: Mapping[str, int]) -> Iterator[Finding]:
    yield from file_facts(sheet, sizes)
    if sheet.role in UNREAD_ROLES or sheet.file.generated or sheet.file.binary:
        return
    for rule in (leftovers, dangers, switched_off, addressed):
        yield from rule(sheet)


def _secrets(sheets: Iterable[Sheet], secrets: Sequence[Place]) -> Iterator[Finding]:
    """One finding a line that gained a secret; what was there before is no news."""
    for sheet in sheets:
        mine = [place for place in secrets if place.path in sheet.file.paths]
        places = {place.line: place.rule for place in mine if place.side == "new"}
        severity = "warning" if sheet.role in ("test", "example") else "error"
        why = "Whoever can read the repository can use it, for as long as history is kept: take it out and revoke it."
        for added in sheet.added:
            if added.line.new_line in places and not added.moved:
                rule = places[added.line.new_line]
                yield added.finding("secret", severity, "secrets", f"A secret is committed ({rule})", why)  # type: ignore[arg-type]
        if any(place.side == "name" for place in mine) and sheet.file.status != "deleted":
            yield on_file(sheet.file, "secret", "error", "secrets", "A secret stands in the file's name", why)


def _folded(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The first findings of each kind in each file; the last one kept says how many more there are."""
    totals = Counter((f.path, f.rule) for f in findings)
    seen: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        key = (finding.path, finding.rule)
        seen[key] += 1
        if seen[key] < MOST_OF_A_KIND or totals[key] == MOST_OF_A_KIND:
            yield finding
        elif seen[key] == MOST_OF_A_KIND:
            more = totals[key] - MOST_OF_A_KIND
            yield replace(finding, why=f"{finding.why} There are {more} more like it in this file.")
